import { afterEach, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { codeIn, confirms } from '../support/quick-connect.js';

afterEach(closeAll);

const dayMs = 86_400_000;
const address = '203.0.113.9';

/** How many rows each table has, of those that hold anything about what happened. */
const rows = (bot: BotHousehold) =>
  withDatabase(bot.database, (db) => {
    const tables = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
    const counts = tables.map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all().length] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  });
const written = (bot: BotHousehold) =>
  withDatabase(bot.database, (db) => {
    const tables = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
    return JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all()));
  });

/** A lockout that was denied and unlocked, a proof, and a temporary password whose time is over. */
async function lived(bot: BotHousehold): Promise<void> {
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya', address);
  await bot.app.runJob('lockouts');
  await (await bot.maya.pressesRaw('status:not-me:1')).answer();
  await (await bot.gran.types('/unlock', { user: 'maya' })).answer();
  await bot.app.runJob('lockouts');
  const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
  await confirms(bot.jellyfin, token, codeIn((await (await bot.maya.types('/link')).answer()).text));
  await bot.maya.sees(/That was \*\*maya\*\*/);
  await (await bot.maya.types('/resetpw')).answer();
  await bot.dad.presses('Approve');
  await bot.maya.sees(/\|\|`/, { in: 'dm' });
  for (const hours of [13, 13, 1]) {
    bot.passes(hours * 3_600_000);
    await bot.app.runJob('upkeep');
  }
}

test('after its time nothing is kept of what happened: no request, no lockout, no address', async () => {
  const bot = await startBot({ oneClock: true });
  await lived(bot);
  expect(written(bot)).toContain(address);
  expect(Object.keys(rows(bot))).toEqual(
    expect.arrayContaining(['requests', 'temp_passwords', 'lockouts', 'denials', 'account_notices', 'link_proofs']),
  );
  bot.passes(300 * dayMs);
  await bot.app.runJob('forget old');
  expect(Object.keys(rows(bot))).toEqual(expect.arrayContaining(['requests', 'lockouts', 'denials', 'audit']));
  bot.passes(500 * dayMs);
  await bot.app.runJob('forget old');
  expect(written(bot)).not.toContain(address);
  expect(Object.keys(rows(bot)).sort()).toEqual(
    ['links', 'log_position', 'members', 'migrations', 'sqlite_sequence'].sort(),
  );
});

test('what is not over is kept, however old it is', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  await bot.app.runJob('lockouts');
  await bot.jellyfin.lock('maya', address);
  await bot.app.runJob('lockouts');
  await (await bot.maya.types('/unlock')).answer();
  bot.passes(800 * dayMs);
  await bot.app.runJob('forget old');
  expect(rows(bot)).toMatchObject({ requests: 1, lockouts: 1, lockout_cards: 1 });
});
