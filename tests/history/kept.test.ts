import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { withDatabase } from '../support/database.js';
import { mayasPassword } from '../../sandbox/household.js';
import { botsDevices, codeIn, confirms } from '../support/quick-connect.js';
import { createRemoveOld } from '../../src/db/history/retention.js';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';

const dayMs = 86_400_000;

afterEach(closeAll);

describe('kept for a year', () => {
  afterEach(closeAll);

  const address = '203.0.113.9';
  const later = 1000;

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
      [
        'links',
        'log_position',
        'member_names',
        'members',
        'migrations',
        'password_log_position',
        'sqlite_sequence',
      ].sort(),
    );
  });

  test('a device of the bot’s own that could not be signed out is not forgotten before it is', async () => {
    const bot = await startBot({ oneClock: true, overrides: { proofPollMs: 20 } });
    const { token = '' } = await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
    const off = bot.jellyfin.faults.on({ path: /^\/Sessions\/Logout|^\/Devices/, status: 500 });
    await confirms(bot.jellyfin, token, codeIn((await (await bot.maya.types('/link')).answer()).text));
    await bot.maya.sees(/Done: you are linked/);
    bot.passes(800 * dayMs);
    await bot.app.runJob('forget old');
    off();
    await bot.app.runJob('upkeep');
    expect(await botsDevices(bot.jellyfin)).toEqual([]);
  });

  test('a request and a lockout that are not over are kept, however old they are', async () => {
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

  const account = { account_id: 'a', account_name: 'maya' };
  const member = { member_id: 'm' };

  /** A row of each table, over long ago. */
  const over = {
    requests: {
      id: 1,
      kind: 'reset',
      state: 'done',
      ...member,
      ...account,
      admin_account: 0,
      created_at: 1,
      ended_at: 1,
    },
    temp_passwords: {
      ...{ request_id: 1, account_id: 'a', ...member, begun_at: 1, shown_at: 1, expires_at: 1, ended_at: 1 },
      ...{ message_id: '1', scrub: 'ended', scrubbed_at: 1 },
    },
    lockout_cards: { id: 1, begun_at: 1 },
    lockouts: { id: 1, ...account, locked_at: 1, tries: '[]', card_id: 1, state: 'ended', ended_at: 1 },
    denials: { ...member, ...account, lockout_id: 1, at: 1 },
    account_notices: {
      account_key: 'a',
      account_name: 'maya',
      recipient_id: 'm',
      kind: 'pin',
      occasion_key: 'o',
      sent_at: 1,
    },
    rescues: { actor_id: 'm', ...account, started_at: 1, channel_id: 'c', ended_at: 1 },
    link_proofs: { ...member, device_id: 'd', begun_at: 1, expires_at: 1, ended_at: 1, signed_out_at: 1 },
    notices: { kind: 'greeting', subject_id: 's', recipient_id: 'm', delivery_status: 'told', owed_at: 1 },
  };

  test.each<[what: string, change: Partial<Record<keyof typeof over, object>>, kept: (keyof typeof over)[]]>([
    ['nothing that is over', {}, []],
    [
      'a request that nobody decided',
      { requests: { state: 'pending', ended_at: null } },
      ['requests', 'temp_passwords'],
    ],
    ['a request that is approved', { requests: { state: 'approved', ended_at: null } }, ['requests', 'temp_passwords']],
    ['a password that works still', { temp_passwords: { ended_at: null } }, ['requests', 'temp_passwords']],
    ['a password to be covered', { temp_passwords: { scrubbed_at: null } }, ['requests', 'temp_passwords']],
    [
      'a lock that lasts, with its card and who denied it',
      { lockouts: { state: 'locked', ended_at: null } },
      ['denials', 'lockout_cards', 'lockouts'],
    ],
    ['a PIN that is good still', { account_notices: { expires_at: later } }, ['account_notices']],
    ['a rescue that goes on', { rescues: { ended_at: null } }, ['rescues']],
    ['a code that can be confirmed', { link_proofs: { ended_at: null } }, ['link_proofs']],
    ['a device to be signed out', { link_proofs: { signed_out_at: null } }, ['link_proofs']],
    ['a message that is due', { notices: { delivery_status: 'due' } }, ['notices']],
    ['a message that is shown at the next command', { notices: { delivery_status: 'unreachable' } }, ['notices']],
  ])('of old rows %s is kept', (_what, change, kept) => {
    const db = new Database(':memory:');
    migrate(db, migrations);
    const tables = Object.keys(over) as (keyof typeof over)[];
    for (const table of tables) {
      const row = { ...over[table], ...change[table] };
      const names = Object.keys(row);
      db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (@${names.join(', @')})`).run(row);
    }
    createRemoveOld(db)(later, later);
    const left = tables.filter((table) => db.prepare(`SELECT * FROM ${table}`).get() !== undefined);
    expect(left.sort()).toEqual(kept);
    db.close();
  });
});
