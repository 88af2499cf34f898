import { afterEach, expect, test } from '@jest/globals';
import { Routes, REST } from 'discord.js';
import { StartRefused } from '../../src/app.js';
import type { Household } from '../../sandbox/household.js';
import { closeAll, startBot } from '../support/bot.js';

afterEach(closeAll);

test('who may is told by the roles that come with the press, not by the roles that discord.js remembers', async () => {
  const bot = await startBot();
  const { discord, gran } = bot;
  discord.world.dispatch('GUILD_ROLE_DELETE', { guild_id: discord.guildId, role_id: discord.roles['helper'] ?? '' }, 1);
  expect((await (await gran.types('/requests')).answer()).text).toMatch(/Nothing is waiting/);
});

test('a role that somebody gets later does not let through what they pressed before', async () => {
  const bot = await startBot();
  const { discord, maya } = bot;
  const before = await maya.types('/requests');
  const hold = discord.faults.hold({ method: 'POST', path: new RegExp(`^/interactions/${before.id}/`) });
  await hold.arrived;
  maya.setRoles([discord.roles['helper'] ?? '']);
  expect((await (await maya.types('/requests')).answer()).text).toMatch(/Nothing is waiting/);
  hold.release();
  expect((await before.answer()).text).toMatch(/for helpers and admins/);
});

test('a bot that is thrown out while it is not connected finds that out when it comes back', async () => {
  const bot = await startBot();
  const { discord } = bot;
  discord.world.guilds.get(discord.guildId)?.members.delete(discord.botUserId);
  discord.gateway.invalidateSession(false);
  expect(await bot.app.ended).toMatch(/was removed from the server/);
});

test('a bot that connects anew and is still in the server stays', async () => {
  const bot = await startBot();
  const { discord } = bot;
  const identifies = discord.gateway.identifies;
  discord.gateway.invalidateSession(false);
  await discord.until(() => discord.gateway.identifies > identifies || undefined, 'the bot is back');
  const ended = bot.app.ended.then(() => 'ended');
  const said = bot.gran.types('/requests').then(async (each) => (await each.answer()).text);
  expect(await Promise.race([ended, said])).toMatch(/Nothing is waiting/);
});

const commandsPath = /^\/applications\/\d+\/commands/;

test('commands that Discord does not take end the start with a sentence', async () => {
  const before = ({ discord }: Household) => {
    discord.faults.on({
      method: 'PUT',
      path: commandsPath,
      status: 400,
      body: { code: 50035, message: 'Invalid Form Body' },
    });
  };
  const start = startBot({ before });
  await expect(start).rejects.toThrow(StartRefused);
  await expect(start).rejects.toThrow(/does not take the bot's commands: Invalid Form Body \(400, 50035\)/);
});

test('the button of an activity is left alone', async () => {
  const activity = { type: 4, name: 'launch', description: '', handler: 2, contexts: [0], integration_types: [0] };
  const before = async ({ discord }: Household) => {
    const rest = new REST({ api: discord.url }).setToken(discord.token);
    await rest.put(Routes.applicationCommands(discord.applicationId), { body: [activity] });
  };
  const bot = await startBot({ before });
  const { discord } = bot;
  const kept = () => discord.commands.find(({ body }) => body['type'] === 4)?.body;
  expect(kept()).toMatchObject({ name: 'launch', handler: 2 });
  const puts = () => discord.requests.filter(({ method }) => method === 'PUT').length;
  const written = puts();
  await bot.restart();
  expect(puts()).toBe(written);
});
