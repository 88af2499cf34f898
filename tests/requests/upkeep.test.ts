import { afterEach, expect, test } from '@jest/globals';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

const hourMs = 3_600_000;

async function waiting(env: Record<string, string> = {}): Promise<BotHousehold> {
  const bot = await startBot({ env });
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await bot.maya.types('/unlock')).answer();
  await bot.dad.sees(/asks to unlock maya/);
  return bot;
}

const cards = (bot: BotHousehold) => bot.discord.messagesIn(bot.discord.adminChannelId);

test('nobody decides: a new message rings once, has the buttons, and the old card points to it', async () => {
  const bot = await waiting();
  bot.passes(12 * hourMs - 60_000);
  await bot.app.runJob('upkeep');
  expect(cards(bot)).toHaveLength(1);
  bot.passes(120_000);
  for (let n = 0; n < 3; n += 1) await bot.app.runJob('upkeep');
  const [old, reminder, ...others] = cards(bot);
  expect(others).toEqual([]);
  expect(reminder?.content).toMatch(/is still waiting: unlock maya/);
  expect(reminder?.labels).toEqual(['Approve', 'Deny']);
  expect(reminder?.pings.roles).toEqual([bot.discord.roles['helper'], bot.discord.roles['admin']]);
  expect(bot.gran.notifications).toHaveLength(2);
  expect(old?.labels).toEqual([]);
  expect(old?.content).toBe(
    `This request has a newer card below. https://discord.com/channels/${bot.discord.guildId}/${bot.discord.adminChannelId}/${reminder?.id ?? ''}`,
  );
  await bot.gran.presses('Approve');
  const done = await bot.dad.sees(/Done: maya is unlocked/);
  expect(done.id).toBe(reminder?.id);
});

test('still nobody: the request expires, its card loses the buttons, and the member is told how things stand', async () => {
  const bot = await waiting();
  bot.passes(24 * hourMs + 1000);
  await bot.app.runJob('upkeep');
  const [card, ...others] = cards(bot);
  expect(others).toEqual([]);
  expect(card?.content).toMatch(/Nobody decided in time/);
  expect(card?.labels).toEqual([]);
  const word = await bot.maya.sees(/Nobody decided about your request \(unlock maya\) in time/, { in: 'dm' });
  expect(word.labels).toEqual(['Show my account']);
  expect(auditLines(bot).at(-1)).toBe('latchkey expire done');
  expect((await (await bot.gran.pressesRaw('requests:approve:1')).answer()).text).toMatch(/already expired/);
  expect(bot.jellyfin.user('maya').Policy.IsDisabled).toBe(true);
  expect((await (await bot.maya.types('/unlock')).answer()).text).toMatch(/asked the admins/);
});

test('both times are the household’s to set', async () => {
  const bot = await waiting({ REQUEST_TTL: '2h', REQUEST_REMINDER: '30m' });
  bot.passes(31 * 60_000);
  await bot.app.runJob('upkeep');
  expect(cards(bot).at(-1)?.content).toMatch(/still waiting/);
  bot.passes(90 * 60_000);
  await bot.app.runJob('upkeep');
  await bot.maya.sees(/Nobody decided/, { in: 'dm' });
});

test('an expiry is told where the member asked when direct messages are closed, and by then to nobody else', async () => {
  const bot = await waiting();
  bot.maya.closesDms();
  bot.passes(25 * hourMs);
  await bot.app.runJob('upkeep');
  const word = await bot.maya.sees(/there is an answer to your request/, { in: bot.discord.generalChannelId });
  expect(word.pings.users).toEqual([bot.maya.id]);
  expect((await (await bot.maya.types('/status')).answer()).lines[0]).toMatch(/Nobody decided/);
});

test('a card that Discord would not take is sent by a later round, once', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  const path = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages$`);
  const fault = bot.discord.faults.on({
    method: 'POST',
    path,
    status: 403,
    body: { code: 50013, message: 'Missing Permissions' },
  });
  expect((await (await bot.maya.types('/unlock')).answer()).text).toMatch(/asked the admins/);
  await bot.discord.until(() => fault.met || undefined, 'the card is refused');
  for (let n = 0; n < 2; n += 1) await bot.app.runJob('upkeep');
  expect(cards(bot)).toHaveLength(1);
  await bot.gran.presses('Approve');
  await bot.maya.sees(/is unlocked/, { in: 'dm' });
});

test('a reminder that was refused comes with the next round', async () => {
  const bot = await waiting();
  bot.passes(13 * hourMs);
  const path = new RegExp(`^/channels/${bot.discord.adminChannelId}/messages$`);
  bot.discord.faults.on({ method: 'POST', path, status: 403, body: { code: 50013, message: 'Missing Permissions' } });
  await bot.app.runJob('upkeep');
  expect(cards(bot)).toHaveLength(1);
  await bot.app.runJob('upkeep');
  expect(cards(bot).at(-1)?.content).toMatch(/still waiting/);
});
