import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import type { Person } from '../../sandbox/discord/index.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, auditOf } from '../support/traces.js';
import { withDatabase } from '../support/database.js';
import { connect } from '../support/connect.js';
import { mayasPassword } from '../../sandbox/household.js';
import { botsDevices, codeIn, confirms } from '../support/quick-connect.js';
import { createForgetMember } from '../../src/db/members/forget-member.js';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';

afterEach(closeAll);

test('somebody who is unlinked can be forgotten: nothing names them any more, and what happened is still there', async () => {
  const bot = await startBot();
  const { dad, maya } = bot;
  await bot.links(maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await maya.types('/unlock')).answer();
  await dad.presses('Approve');
  await maya.sees(/is unlocked/, { in: 'dm' });
  connect(bot, maya, 'root');
  maya.leaves();
  // Their links sleep from then on, and are links all the same.
  await bot.app.runJob('follow links');
  await (await dad.types('/unlink', { member: maya, user: 'maya' })).answer();
  expect((await (await dad.presses('Forget this person')).answer()).text).toMatch(/still owns an account/);
  withDatabase(bot.database, (db) => db.prepare('DELETE FROM links WHERE member_id = ?').run(maya.id));
  await dad.presses('Forget this person');
  await dad.sees(/is forgotten: nothing/);
  await bot.app.stop();
  withDatabase(bot.database, (db) => {
    const tables = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
    for (const table of tables)
      expect(JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all())).not.toContain(maya.id);
  });
  const rows = auditOf(bot).filter(({ act }) => act === 'ask unlock' || act === 'unlock');
  expect(new Set(rows.map(({ member_id }) => member_id)).size).toBe(1);
  expect(rows[0]?.member_id).toMatch(/^forgotten-[0-9a-f]{8}$/);
});

describe('a member is forgotten', () => {
  afterEach(closeAll);

  const hourMs = 3_600_000;

  /** Somebody leaves, and an admin presses *Forget this person*, on an answer to `/unlink` from some day before. */
  const forgets = async (bot: BotHousehold, person: Person) => {
    person.leaves();
    return presses(bot, person);
  };

  const presses = async (bot: BotHousehold, { id }: { readonly id: string }) => {
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
    await bot.dad.sees(/unlocked by somebody forgotten \([0-9a-f]{8}\)/, { in: bot.discord.adminChannelId });
  });

  test('what somebody waits for is cancelled when they are forgotten: nothing names them later, and nothing is said to them', async () => {
    const bot = await startBot();
    const { maya } = bot;
    await (await maya.types('/resetpw', { user: 'maya' })).answer();
    await (await maya.types('/status')).answer();
    await (await maya.presses('Ask an admin')).answer();
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
    const waiting = bot.dad
      .messages({ in: bot.discord.adminChannelId })
      .filter(({ labels }) => labels.includes('Deny'));
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
    bot.passes(23 * 60_000);
    await bot.restart();
    await bot.app.runJob('upkeep');
    expect(await botsDevices(bot.jellyfin)).toEqual([]);
    expect(namedIn(bot, bot.maya)).toEqual([]);
  });

  test('who is in the server, or is there again, is forgotten by nobody: the history tells what they do', async () => {
    const bot = await startBot();
    const admin = { roles: [bot.discord.roles['admin'] ?? ''] };
    const eve = bot.discord.addPerson('Eve', admin);
    await (await eve.types('/link', { member: bot.maya, user: 'maya' })).answer();
    const message = await (await eve.types('/help')).answer();
    for (const { id } of [eve, bot.gran]) {
      const pressed = await eve.pressesRaw(`unlink:forget:${id}`, { message });
      expect((await pressed.answer()).text).toMatch(/Only somebody who has left can be forgotten/);
    }
    expect(await presses(bot, eve)).toMatch(/is in the Discord server/);
    expect(auditLines(bot, eve)).toContain('Eve link done');
    expect(await forgets(bot, eve)).toMatch(/is forgotten/);
  });

  test('an admin who is in the middle of a rescue is not forgotten yet', async () => {
    const bot = await startBot();
    const eve = bot.discord.addPerson('Eve', { roles: [bot.discord.roles['admin'] ?? ''] });
    withDatabase(bot.database, (db) =>
      db
        .prepare(
          `INSERT INTO rescues (actor_id, account_id, account_name, started_at, channel_id) VALUES (?, 'a', 'boss', 1, 'c')`,
        )
        .run(eve.id),
    );
    expect(await forgets(bot, eve)).toMatch(/try again in a few minutes/);
    withDatabase(bot.database, (db) => db.exec('UPDATE rescues SET ended_at = 2'));
    expect(await forgets(bot, eve)).toMatch(/is forgotten/);
    expect(auditLines(bot).at(-1)).toBe('Dad forget done');
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
});

describe('the rows of a member', () => {
  const member = '123456789012345678';

  /** Columns that hold a member's id, by their names; what is no person's id is called otherwise. */
  const names = /^(member_id|actor_id|recipient_id|member_or_account_id|\w+_by)$/;

  interface Column {
    readonly name: string;
    readonly type: string;
    readonly notnull: number;
    readonly dflt_value: string | null;
    readonly pk: number;
  }

  test('no table keeps a forgotten member in any column, those of tables that come later included', () => {
    const db = new Database(':memory:');
    migrate(db, migrations);
    db.pragma('foreign_keys = OFF');
    db.pragma('ignore_check_constraints = ON');
    const tables = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
    const filled = tables.filter((table) => {
      const columns = db.prepare<[], Column>(`SELECT * FROM pragma_table_info('${table}')`).all();
      const set = columns.filter(
        ({ name, notnull, dflt_value: given, pk, type }) =>
          names.test(name) || (notnull === 1 && given === null && !(pk === 1 && type === 'INTEGER')),
      );
      if (!set.some(({ name }) => names.test(name))) return false;
      const values = set.map(({ name, type }) => (names.test(name) ? member : type === 'TEXT' ? 'x' : 1));
      const marks = set.map(() => '?').join();
      db.prepare(`INSERT INTO ${table} (${set.map(({ name }) => name).join()}) VALUES (${marks})`).run(values);
      return true;
    });
    expect(filled).toEqual(
      expect.arrayContaining(['audit', 'requests', 'lockouts', 'denials', 'link_proofs', 'rescues']),
    );
    createForgetMember(db)(member, 'forgotten-1');
    for (const table of filled)
      expect([table, JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all())]).toEqual([
        table,
        expect.not.stringContaining(member),
      ]);
    db.close();
  });
});
