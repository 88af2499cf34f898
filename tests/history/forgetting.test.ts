import { afterEach, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { botsDevices, codeIn, confirms } from '../support/quick-connect.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

const hourMs = 3_600_000;

/** An admin presses *Forget this person*, on an answer to `/unlink` from some day before. */
const forgets = async (bot: BotHousehold, { id }: { readonly id: string }) => {
  const message = await (await bot.dad.types('/help')).answer();
  const pressed = await bot.dad.pressesRaw(`unlink:forget:${id}`, { message });
  return (await pressed.answer()).text;
};

/** The tables in which somebody is still named. */
const namedIn = (bot: BotHousehold, { id }: { readonly id: string }) =>
  withDatabase(bot.database, (db) => {
    const tables = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
    return tables.filter((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()).includes(id));
  });

const unlinks = async (bot: BotHousehold) =>
  (await bot.dad.types('/unlink', { member: bot.maya, user: 'maya' })).answer();

test('a helper who is forgotten is named by no lockout that they ended, and by no card drawn later', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya');
  await bot.app.runJob('lockouts');
  await (await bot.maya.pressesRaw('status:not-me:1')).answer();
  await bot.app.runJob('lockouts');
  await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  await bot.app.runJob('lockouts');
  await bot.gran.sees(new RegExp(`unlocked by <@${bot.gran.id}>`), { in: bot.discord.adminChannelId });
  withDatabase(bot.database, (db) =>
    db.prepare('UPDATE denials SET signed_out_by = ?, signed_out_at = 1, version = version + 1').run(bot.gran.id),
  );
  expect(await forgets(bot, bot.gran)).toMatch(/is forgotten/);
  expect(namedIn(bot, bot.gran)).toEqual([]);
  withDatabase(bot.database, (db) => db.exec('UPDATE lockout_cards SET version = version + 1'));
  await bot.app.runJob('lockouts');
  await bot.gran.sees(/unlocked by somebody forgotten \([0-9a-f]{8}\)/, { in: bot.discord.adminChannelId });
});

test('what somebody waits for is cancelled when they are forgotten: nothing names them later, and nothing is said to them', async () => {
  const bot = await startBot();
  const { maya } = bot;
  await (await maya.types('/resetpw', { user: 'maya' })).answer();
  await (await maya.types('/status')).answer();
  await (await maya.presses('Ask an admin to link me')).answer();
  await bot.app.runJob('upkeep');
  expect(await forgets(bot, maya)).toMatch(/is forgotten/);
  expect(namedIn(bot, maya)).toEqual([]);
  const before = maya.directMessages().length;
  bot.passes(25 * hourMs);
  await bot.app.runJob('upkeep');
  await bot.restart();
  await bot.app.runJob('upkeep');
  expect(namedIn(bot, maya)).toEqual([]);
  expect(maya.directMessages()).toHaveLength(before);
  const waiting = bot.dad.messages({ in: bot.discord.adminChannelId }).filter(({ labels }) => labels.includes('Deny'));
  expect(waiting).toEqual([]);
});

test('a temporary password goes to its end without naming its owner, who was forgotten', async () => {
  const bot = await startBot({ oneClock: true });
  const { maya } = bot;
  await bot.links(maya, 'maya');
  await (await maya.types('/resetpw')).answer();
  await bot.dad.presses('Approve');
  await maya.sees(/\|\|`/, { in: 'dm' });
  await bot.app.runJob('upkeep');
  await unlinks(bot);
  expect(await forgets(bot, maya)).toMatch(/is forgotten/);
  expect(namedIn(bot, maya)).toEqual([]);
  const before = maya.directMessages().length;
  for (const hours of [13, 13, 1]) {
    bot.passes(hours * hourMs);
    await bot.app.runJob('upkeep');
  }
  expect(namedIn(bot, maya)).toEqual([]);
  expect(maya.directMessages()).toHaveLength(before);
  expect(JSON.stringify(maya.directMessages().map(({ text }) => text))).not.toMatch(/\|\|`/);
  expect(auditLines(bot).at(-1)).toBe('latchkey temporary password expired');
});

test('a code that somebody had when they were forgotten links nobody, and leaves no device signed in', async () => {
  const bot = await startBot({ overrides: { proofPollMs: 20 } });
  const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
  const code = codeIn((await (await bot.maya.types('/link')).answer()).text);
  await bot.app.stop();
  await bot.restart();
  expect(await forgets(bot, bot.maya)).toMatch(/is forgotten/);
  expect(await confirms(bot.jellyfin, token, code)).toBe(200);
  bot.passes(15 * 60_000);
  await bot.restart();
  await bot.app.runJob('upkeep');
  expect(await botsDevices(bot.jellyfin)).toEqual([]);
  expect(namedIn(bot, bot.maya)).toEqual([]);
});

test('while something is being carried out for somebody, or on their decision, they are not forgotten yet', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await bot.maya.types('/unlock')).answer();
  await unlinks(bot);
  const setState = (state: string) =>
    withDatabase(bot.database, (db) =>
      db.prepare('UPDATE requests SET state = ?, decided_by = ?').run(state, bot.gran.id),
    );
  setState('approved');
  for (const person of [bot.maya, bot.gran]) expect(await forgets(bot, person)).toMatch(/try again in a few minutes/);
  setState('done');
  for (const person of [bot.maya, bot.gran]) expect(await forgets(bot, person)).toMatch(/is forgotten/);
});
