import { afterEach, describe, expect, test } from 'vitest';
import { REST, Routes } from 'discord.js';
import { createClient } from '../../src/discord/connection.js';
import { lookAtCommands } from '../../src/discord/deploy.js';
import { RestMessenger } from '../../src/discord/messenger.js';
import { type Discord, startDiscord } from '../../sandbox/discord/index.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { StartRefused } from '../../src/app/start-refused.js';
import type { Household } from '../../sandbox/household.js';

describe('the messenger', () => {
  const open: Discord[] = [];

  afterEach(async () => {
    await closeAll();
    for (const discord of open.splice(0)) await discord.close();
  });

  async function messengerOn() {
    const discord = await startDiscord();
    open.push(discord);
    const logged: object[] = [];
    const keep = (fields: object) => void logged.push(fields);
    const client = createClient(discord.url, discord.token);
    const messenger = new RestMessenger({
      rest: client.rest,
      botId: discord.botUserId,
      log: { info: keep, warn: keep, error: keep },
    });
    return { discord, messenger, logged };
  }

  test('an edit tells a message that is gone from one that is there but may not be changed', async () => {
    const { discord, messenger, logged } = await messengerOn();
    const place = await messenger.send(discord.generalChannelId, { content: 'one' }, 'n1');
    if (!place) throw new Error('nothing sent');
    expect(await messenger.edit(place, { content: 'two' })).toBe('edited');
    discord.faults.on({ method: 'PATCH', status: 403, body: { code: 50013, message: 'Missing Permissions' } });
    expect(await messenger.edit(place, { content: 'three' })).toBe('refused');
    expect(logged).toEqual([{ code: 50013, why: 'Missing Permissions' }]);
    discord.deleteMessage(place.messageId);
    expect(await messenger.edit(place, { content: 'four' })).toBe('gone');
  });

  test.each([400, 429] as const)(
    'an edit of a message that was edited too often (as %i) comes to an end',
    async (status) => {
      const { discord, messenger } = await messengerOn();
      const place = await messenger.send(discord.generalChannelId, { content: 'one' }, 'n1');
      if (!place) throw new Error('nothing sent');
      discord.ageMessage(place.messageId, 2 * 3_600_000);
      discord.refuseOldEdits(status);
      expect(await messenger.edit(place, { content: 'two' })).toBe('editLimitReached');
    },
  );

  test('an edit is not kept waiting for an hour', async () => {
    const { discord, messenger } = await messengerOn();
    const place = await messenger.send(discord.generalChannelId, { content: 'one' }, 'n1');
    if (!place) throw new Error('nothing sent');
    discord.faults.on({ method: 'PATCH', status: 429, retryAfterMs: 3_600_000 });
    expect(await messenger.edit(place, { content: 'two' })).toBe('editLimitReached');
  });

  test('what Discord refuses for good is said once and logged, without what was to be sent', async () => {
    const { discord, messenger, logged } = await messengerOn();
    for (const [status, code] of [
      [400, 200000],
      [400, 50008],
      [400, 50024],
      [404, 10004],
      [400, 50035],
    ] as const) {
      discord.faults.on({ method: 'POST', path: /messages$/, status, body: { code, message: 'no' } });
      expect(await messenger.send(discord.generalChannelId, { content: 'Maya' }, `n${code}`)).toBeUndefined();
      expect(logged.at(-1)).toEqual({ code, why: 'no' });
    }
  });

  test('a nonce that an older message in another channel has does not swallow a new message', async () => {
    const { discord, messenger } = await messengerOn();
    const other = discord.addChannel('elsewhere');
    await messenger.send(other, { content: 'old' }, 'r1t3');
    const place = await messenger.send(discord.generalChannelId, { content: 'new' }, 'r1t3');
    expect(discord.messagesIn(discord.generalChannelId).map(({ content, id }) => [content, id])).toEqual([
      ['new', place?.messageId],
    ]);
    expect(place?.channelId).toBe(discord.generalChannelId);
  });

  async function asked(): Promise<BotHousehold> {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    await bot.dad.sees(/asks to unlock/, { in: bot.discord.adminChannelId });
    return bot;
  }

  test('a card that Discord did not let the bot change is changed later, and not sent a second time', async () => {
    const bot = await asked();
    const path = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages/`);
    const off = bot.discord.faults.on({
      method: 'PATCH',
      path,
      times: 99,
      status: 403,
      body: { code: 50001, message: 'Missing Access' },
    });
    await bot.dad.presses('Approve');
    await bot.maya.sees(/is unlocked/, { in: 'dm' });
    await bot.app.runJob('upkeep');
    off.off();
    await bot.app.runJob('upkeep');
    const cards = bot.discord.messagesIn(bot.discord.adminChannelId);
    expect(cards).toHaveLength(1);
    expect(cards[0]?.text).toMatch(/Done: maya is unlocked/);
    expect(cards[0]?.labels).toEqual([]);
  });

  test('a card that may not be edited any more is followed by a new one that says how it ended', async () => {
    const bot = await asked();
    const [card] = bot.discord.messagesIn(bot.discord.adminChannelId);
    bot.discord.ageMessage(card?.id ?? '', 2 * 3_600_000);
    bot.discord.refuseOldEdits(400);
    await bot.dad.presses('Approve');
    await bot.dad.sees(/Done: maya is unlocked/, { in: bot.discord.adminChannelId });
  });

  test('a word that the place does not take leaves the member to hear it at their next command', async () => {
    const bot = await asked();
    bot.maya.closesDms();
    const path = new RegExp(`^/channels/${bot.discord.generalChannelId}/messages$`);
    bot.discord.faults.on({ method: 'POST', path, status: 400, body: { code: 200000, message: 'blocked by AutoMod' } });
    await bot.dad.presses('Approve');
    await bot.dad.sees(/could not be reached/, { in: bot.discord.adminChannelId });
    const next = await (await bot.maya.types('/status')).answer();
    expect(next.text).toMatch(/Your Jellyfin account maya is unlocked/);
  });

  test('nobody is asked for the direct messages of somebody who was forgotten', async () => {
    const { discord, messenger } = await messengerOn();
    expect(await messenger.openDm('forgotten-1a2b3c4d')).toBeUndefined();
    expect(discord.requests).toEqual([]);
  });

  test('direct messages that were opened too fast are opened a moment later', async () => {
    const bot = await startBot();
    const body = { code: 40003, message: 'You are opening direct messages too fast' };
    const fault = bot.discord.faults.on({ method: 'POST', path: /^\/users\/@me\/channels/, status: 403, body });
    await (await bot.dad.types('/link', { member: bot.maya, user: 'maya' })).answer();
    await bot.maya.sees(/You are linked/, { in: 'dm' });
    expect(fault.met).toBe(1);
  });

  test('a token that is refused, and a Discord in trouble, say nothing about the message', async () => {
    const { discord, messenger } = await messengerOn();
    for (const status of [405, 401]) {
      discord.faults.on({ method: 'POST', path: /messages/, status, body: { code: 0, message: `${status}` } });
      await expect(messenger.send(discord.generalChannelId, { content: 'one' }, 'n1')).rejects.toThrow();
    }
  });

  test('a message of somebody else with the same button is not taken for the bot’s own', async () => {
    const { discord, messenger } = await messengerOn();
    const components = [{ type: 1, components: [{ type: 2, style: 2, label: 'Look', custom_id: 'status:check:1' }] }];
    const sent = await messenger.send(discord.generalChannelId, { components }, 'n1');
    expect((await messenger.findOwn(discord.generalChannelId, ['status:check:1']))?.at).toEqual(sent);
    const [message] = discord.world.messagesIn(discord.generalChannelId);
    Object.assign(message ?? {}, { authorId: discord.addBot('Another bot') });
    expect(await messenger.findOwn(discord.generalChannelId, ['status:check:1'])).toBeUndefined();
  });

  test('a call whose connection breaks off is repeated half a second later', async () => {
    const { discord, messenger } = await messengerOn();
    discord.faults.on({ method: 'POST', path: /messages/, cut: 'before' });
    const before = performance.now();
    expect(await messenger.send(discord.generalChannelId, { content: 'one' }, 'n1')).toBeDefined();
    expect(performance.now() - before).toBeGreaterThan(490);
  });
});

describe('the connection', () => {
  afterEach(closeAll);

  test('who may is told by the roles that come with the press, not by the roles that discord.js remembers', async () => {
    const bot = await startBot();
    const { discord, gran } = bot;
    discord.world.dispatch(
      'GUILD_ROLE_DELETE',
      { guild_id: discord.guildId, role_id: discord.roles['helper'] ?? '' },
      1,
    );
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
    expect(await bot.app.ended).toMatch(/was removed from the Discord server/);
  });

  test('so does one that is connected at that moment; another server that it leaves is nothing to it', async () => {
    const bot = await startBot();
    const { discord } = bot;
    const ended = bot.app.ended;
    discord.world.dispatch('GUILD_DELETE', { id: '4242' }, 1);
    expect((await (await bot.gran.types('/requests')).answer()).text).toMatch(/Nothing is waiting/);
    expect(await Promise.race([ended, Promise.resolve('still there')])).toBe('still there');
    discord.world.dispatch('GUILD_DELETE', { id: discord.guildId }, 1);
    expect(await ended).toMatch(/was removed from the Discord server/);
  });

  test('what is typed while the bot ends is not begun any more', async () => {
    const bot = await startBot();
    const hold = bot.jellyfin.faults.hold({ path: /^\/Users/ });
    const first = await bot.gran.types('/unlock', { user: 'maya' });
    await hold.arrived;
    const stopping = bot.app.stop();
    const before = bot.discord.requests.length;
    await bot.gran.types('/requests');
    hold.release();
    await first.answer();
    await stopping;
    const taken = bot.discord.requests.slice(before).filter(({ path }) => /^\/interactions\//.test(path));
    expect(taken).toEqual([]);
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
    // Nor does the doctor count it among the bot's commands.
    const rest = new REST({ api: discord.url }).setToken(discord.token);
    const { count } = await lookAtCommands({ rest, applicationId: discord.applicationId, commands: [] });
    expect(count).toBe(discord.commands.length - 1);
  });
});
