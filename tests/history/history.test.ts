import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { Resvg } from '@resvg/resvg-js';
import { createSignInDays } from '../../src/db/history/history-store.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import type { Person } from '../../sandbox/discord/index.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditLines, auditOf } from '../support/traces.js';
import { withDatabase } from '../support/database.js';
import { connect } from '../support/connect.js';
import { mayasPassword } from '../../sandbox/household.js';
import { botsDevices, codeIn, confirms } from '../support/quick-connect.js';
import { createRemoveOld } from '../../src/db/history/retention.js';
import { createForgetMember } from '../../src/db/members/forget-member.js';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';
import { createSignInPicture } from '../../src/drawing/sign-in-picture.js';
import { signInSvg } from '../../src/drawing/sign-in-svg.js';
import { createWords } from '../../src/words.js';
import { deletesAccount } from '../support/in-jellyfin.js';

const dayMs = 86_400_000;

afterEach(closeAll);

const history = async (bot: BotHousehold, options = {}, where = {}) =>
  (await bot.dad.types('/history', options, where)).answer();

describe('/history', () => {
  test('shows an admin who did what to whom, newest first, and nobody else anything', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.lock('maya');
    await (await bot.maya.types('/unlock')).answer();
    await bot.gran.presses('Approve');
    await bot.maya.sees(/is unlocked/, { in: 'dm' });
    const said = await history(bot);
    const lines = said.text.split('\n').filter((line) => /<t:\d+:f>/.test(line));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(new RegExp(`<@${bot.gran.id}>: unlock · \\*\\*maya\\*\\* · <@${bot.maya.id}> · done`));
    expect(lines[1]).toMatch(/approved/);
    expect(lines[2]).toMatch(new RegExp(`<@${bot.maya.id}>: asked for an unlock · \\*\\*maya\\*\\*$`));
    expect(lines[3]).toMatch(/link · \*\*maya\*\*/);
    expect(said.private).toBe(true);
    expect(said.pings).toEqual({ everyone: false, roles: [], users: [] });
    for (const person of [bot.gran, bot.maya])
      expect((await (await person.types('/history')).answer()).text).toMatch(/That is for admins\. Ask one of them/);
  });

  test('by account, and by member in the server; the filters stay with its pages', async () => {
    const bot = await startBot();
    bot.jellyfin.addUser('leo', { password: 'x', limit: 3 });
    await bot.links(bot.maya, 'maya');
    const fill = (count: number) =>
      withDatabase(bot.database, (db) => {
        const row = db.prepare(`INSERT INTO audit (at, actor_id, act, outcome, account_id, account_name)
          VALUES (?, ?, 'unlock', 'done', ?, 'leo')`);
        for (let at = 0; at < count; at += 1) row.run(Date.now(), bot.dad.id, bot.jellyfin.user('leo').Id);
      });
    fill(20);
    const said = await history(bot, { user: 'leo' });
    expect(said.text).toMatch(/History\*\* of \*\*leo\*\*/);
    expect(said.text).toMatch(/20 entries · page 1 of 3/);
    fill(5);
    const older = await bot.dad.presses('Older');
    await older.settled();
    const second = await bot.dad.sees(/page 2 of 3/);
    expect(second.text).toMatch(/of \*\*leo\*\*/);
    await (await bot.dad.presses('Older')).settled();
    const last = await bot.dad.sees(/20 entries · page 3 of 3/);
    expect(last.text.match(/unlock · \*\*leo\*\*/g)).toHaveLength(4);

    await history(bot);
    await bot.dad.selects('Only what one member did or asked for', bot.maya);
    const filtered = await bot.dad.sees(new RegExp(`History\\*\\* of <@${bot.maya.id}>`));
    expect(filtered.text).toMatch(/1 entry/);
    expect(filtered.text).not.toMatch(/leo/);
    expect((await history(bot, { user: bot.maya.mention })).text).toMatch(/History\*\* of <@\d+>[^]*1 entry/);
  });

  test('names its account with forty others, and one that is gone from Jellyfin, or while that is down', async () => {
    const bot = await startBot();
    for (let at = 0; at < 40; at += 1) bot.jellyfin.addUser(`aa${at}`, { password: 'x' });
    await bot.links(bot.maya, 'maya');
    const { Id: id } = bot.jellyfin.user('maya');
    expect((await history(bot, { user: id })).text).toMatch(/of \*\*maya\*\*/);
    const down = bot.jellyfin.faults.on({ path: /^\/Users/, status: 503, times: 99 });
    bot.passes(60_000);
    expect((await history(bot, { user: id })).text).toMatch(/of \*\*maya\*\*/);
    down();
    await deletesAccount(bot.jellyfin, 'maya');
    bot.passes(60_000);
    for (const user of [id, 'Maya']) {
      const said = await history(bot, { user });
      expect(said.text).toMatch(/of \*\*maya\*\*/);
      expect(said.text).toMatch(/link · \*\*maya\*\*/);
    }
    expect((await history(bot, { user: 'nobody' })).text).toMatch(/There is no Jellyfin account called nobody/);
  });

  test('says in the reader’s language what happened, refusals and all, in words of its own', async () => {
    const bot = await startBot({ locales: ['en', 'de'] });
    await bot.links(bot.maya, 'maya');
    const { Id: id } = bot.jellyfin.user('maya');
    withDatabase(bot.database, (db) => {
      const row = db.prepare(`INSERT INTO audit (at, actor_id, act, outcome, account_id, account_name)
        VALUES (?, ?, ?, ?, ?, 'maya')`);
      for (const [act, outcome] of [
        ['resetpw', 'tooManyRequests'],
        ['requests approve', 'adminsOnly'],
        ['lockout', 'not me'],
        ['temporary password', 'cut off'],
        ['prove', 'already'],
        ['Jellyfin account', 'memberNotLinked'],
        ['status keep', 'failed 73da685a'],
      ])
        row.run(Date.now(), bot.maya.id, act, outcome, id);
    });
    const endings = (text: string) =>
      text.split('\n').flatMap((line) => (/<t:\d+:f>/.test(line) ? [line.replace(/^.*?>: /, '')] : []));
    expect(endings((await history(bot)).text).slice(0, 7)).toEqual([
      'tried `/status` · **maya** · went wrong (`73da685a`)',
      'tried _Jellyfin account_ · **maya** · no: not linked',
      'proof of an account · **maya** · linked before',
      'temporary password · **maya** · taken away while in use',
      'lockout · **maya** · it was somebody else',
      'tried `/requests` · **maya** · no: not allowed',
      'tried `/resetpw` · **maya** · no: too often',
    ]);
    const erik = bot.discord.addPerson('Erik', { locale: 'de', roles: [bot.discord.roles['admin'] ?? ''] });
    expect(endings((await (await erik.types('/history')).answer()).text).slice(3, 7)).toEqual([
      'vorläufiges Passwort · **maya** · entfernt, als es benutzt wurde',
      'Sperre · **maya** · es war jemand anderes',
      'hat `/anfragen` versucht · **maya** · nein: nicht erlaubt',
      'hat `/neues-passwort` versucht · **maya** · nein: zu oft',
    ]);
  });

  test('a view is its own person’s, for a day', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    await history(bot);
    const aunt = bot.discord.addPerson('Aunt', { roles: [bot.discord.roles['admin'] ?? ''] });
    expect((await (await aunt.pressesRaw('history:csv:1')).answer()).text).toMatch(/or somebody else's/);
    bot.passes(dayMs + 1000);
    expect((await (await bot.dad.presses('As a file (CSV)')).answer()).text).toMatch(/over a day old/);
  });

  test('as a file: a spreadsheet reads it, and calculates nothing', async () => {
    const bot = await startBot();
    const name = '=cmd|calc "x", y';
    bot.jellyfin.addUser(name, { password: 'x', limit: 3 });
    await bot.links(bot.maya, name);
    await history(bot);
    const said = await (await bot.dad.presses('As a file (CSV)')).answer();
    const [file] = said.attachments;
    expect(file?.filename).toBe('latchkey-history.csv');
    const lines =
      Buffer.from(file?.bytes ?? [])
        .toString('utf8')
        .split('\r\n') ?? [];
    expect(lines[0]).toBe(
      '\uFEFFtime,actor,actor name,act,outcome,account,account id,member,member name,request,detail',
    );
    expect(lines[1]).toContain(`,link,done,"'=cmd|calc ""x"", y",`);
    expect(flatten(said.components).some(({ type }) => type === 13)).toBe(true);
  });

  test('as a file whose columns are named in the reader’s language', async () => {
    const bot = await startBot();
    const papa = bot.discord.addPerson('papa', { roles: [bot.discord.roles['admin'] ?? ''], locale: 'fr' });
    await bot.links(bot.maya, 'maya');
    await (await papa.types('/history')).answer();
    const [file] = (await (await papa.presses('En fichier (CSV)')).answer()).attachments;
    const [heading] = Buffer.from(file?.bytes ?? [])
      .toString('utf8')
      .split('\r\n');
    expect(heading).toBe(
      '\uFEFFheure,auteur,auteur (nom),action,résultat,compte,compte (id),membre,membre (nom),demande,détail',
    );
  });

  test('with a picture of failed sign-ins and lockouts, and words for who does not see it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    expect((await history(bot)).attachments).toEqual([]);
    withDatabase(bot.database, (db) => {
      const days = createSignInDays(db);
      days.add(Date.now(), { failed: 5, locked: 1 });
      days.add(Date.now() - 3 * dayMs, { failed: 2 });
      days.add(Date.now() - 40 * dayMs, { failed: 90 });
    });
    const said = await history(bot);
    expect(said.attachments.map(({ filename }) => filename)).toEqual(['sign-ins.png']);
    const gallery = flatten(said.components).find(({ type }) => type === 12);
    expect(gallery?.items?.[0]?.['description']).toBe(
      'Sign-ins that failed, the last 30 days. 7 failed sign-ins. 1 lockout.',
    );
    // In direct messages nobody but the two could be chosen.
    expect((await history(bot, {}, { in: 'dm' })).labels).not.toContain('Only what one member did or asked for');
  });

  test('is kept for as long as it says, and not longer', async () => {
    const bot = await startBot({ env: { HISTORY_TTL: '30d' } });
    await bot.links(bot.maya, 'maya');
    bot.passes(29 * dayMs);
    await bot.app.runJob('forget old');
    expect(auditOf(bot)).toHaveLength(1);
    bot.passes(2 * dayMs);
    await bot.app.runJob('forget old');
    expect(auditOf(bot)).toEqual([]);
  });
});

test('an act is one line, by how it ended, on the pages and in the file, in which people have names', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  withDatabase(bot.database, (db) => {
    const add = db.prepare('INSERT INTO audit (at, actor_id, act, outcome, account_id) VALUES (?, ?, ?, ?, ?)');
    for (const outcome of ['begun', 'done']) add.run(Date.now(), bot.dad.id, 'sign out', outcome, 'a');
    add.run(Date.now(), bot.dad.id, 'sign out', 'begun', 'b');
  });
  const shown = await (await bot.dad.types('/history')).answer();
  expect(shown.text.match(/signed out everywhere · \w+/g)).toEqual([
    'signed out everywhere · begun',
    'signed out everywhere · done',
  ]);
  const file = await (await bot.dad.presses('As a file (CSV)')).answer();
  const text = Buffer.from(file.attachments[0]?.bytes ?? []).toString('utf8');
  expect(text.match(/,Dad,sign out,\w+/g)).toEqual([',Dad,sign out,begun', ',Dad,sign out,done']);
});

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

describe('/help', () => {
  test('says what this person can do, and no more', async () => {
    const bot = await startBot();
    const read = async (person = bot.maya) => (await (await person.types('/help')).answer()).text;
    const stranger = await read();
    expect(stranger).toMatch(/Which Jellyfin account is yours/);
    expect(stranger).not.toMatch(/<\/(requests|unlink|history|rescue|unlock):/);
    await bot.links(bot.maya, 'maya');
    expect(await read()).toMatch(/<\/unlock:\d+> gets it unlocked[^]*<\/resetpw:\d+> asks the admins/);
    const helper = await read(bot.gran);
    expect(helper).toMatch(/<\/requests:\d+>/);
    expect(helper).not.toMatch(/<\/(history|rescue|unlink):/);
    await bot.links(bot.gran, 'maya');
    const owner = await read(bot.gran);
    expect(owner).toMatch(/help your own account, at once/);
    expect(owner).not.toMatch(/asks the admins/);
    const admin = await read(bot.dad);
    expect(admin).toMatch(/<\/history:\d+>/);
    expect(admin).toMatch(/<\/rescue:\d+>/);
  });
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

describe('the picture of sign-ins', () => {
  const words = { title: 'Sign-ins <& "more"', failed: '12 failed', locked: '2 lockouts', locale: 'en' };

  const days = Array.from({ length: 30 }, (_, at) => ({
    day: `2026-11-${`${at + 1}`.padStart(2, '0')}`,
    failed: at % 5,
    locked: at % 11 === 0 ? 1 : 0,
  }));

  const complaints: unknown[] = [];

  const log = { warn: (...said: unknown[]) => complaints.push(said) };

  const drawn = async (...given: Parameters<ReturnType<typeof createSignInPicture>['draw']>) => {
    const png = await createSignInPicture(log).draw(...given);
    if (!png) throw new Error(`nothing was drawn: ${JSON.stringify(complaints)}`);
    return png;
  };

  test('a picture is a PNG with the panel behind it, whatever is behind that', async () => {
    const png = await drawn(days, words);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
    expect(size).toEqual({ width: 1200, height: 450 });
  });

  test('words are drawn with the fonts of this project: other words make another picture', async () => {
    const [one, other, none] = await Promise.all(
      ['A household', 'Ein Haushalt äöü', ''].map((title) => drawn(days, { ...words, title })),
    );
    expect(one?.equals(other ?? Buffer.of())).toBe(false);
    expect((one?.length ?? 0) > (none?.length ?? 0)).toBe(true);
  });

  test('a bar stands for every day with failed sign-ins, a diamond for every day with lockouts', () => {
    const svg = signInSvg(days, words);
    const legend = 1;
    expect(svg.match(/fill="#8da4f0"/g)).toHaveLength(days.filter(({ failed }) => failed > 0).length + legend);
    expect(svg.match(/<polygon/g)).toHaveLength(days.filter(({ locked }) => locked > 0).length + legend);
    expect(svg).not.toContain('<& "more"');
  });

  test('several lockouts of a day have their number; one day a week has its name, the last one’s ends with the axis', () => {
    const numbers = (locked: number) =>
      signInSvg([{ day: '2026-11-01', failed: 0, locked }], words).match(/font-size="12" text-anchor="middle"[^>]*>/g);
    expect([numbers(1), numbers(2)?.length]).toEqual([null, 1]);
    const named = [...signInSvg(days, words).matchAll(/text-anchor="(\w+)"[^>]*>(Nov \d+)</g)];
    expect(named.map(([, anchor, name]) => `${name} ${anchor}`)).toEqual([
      ...['Nov 2 middle', 'Nov 9 middle', 'Nov 16 middle', 'Nov 23 middle'],
      'Nov 30 end',
    ]);
  });

  test('where the fonts have not the letters there is no picture of boxes; the words stand in its place', async () => {
    const said = { ...words, title: '登录' };
    expect(await createSignInPicture(log).draw(days, said)).toBeUndefined();
    expect(await createSignInPicture(log).draw(days, { ...words, failed: 'ล้มเหลว' })).toBeUndefined();
  });

  test.each(createWords('en').locales)('in %s the two legends stand side by side, whatever the counts', (locale) => {
    const t = createWords(locale).in(locale);
    const said = {
      failed: t('history.picture.failed', { count: 12_345 }),
      locked: t('history.picture.locked', { count: 67 }),
    };
    const svg = signInSvg([], { ...words, ...said });
    const [, failedLegend = ''] = /(<text[^>]*>[^<]*<\/text>)<polygon/.exec(svg) ?? [];
    expect(failedLegend).toContain(said.failed);
    const [, diamond = ''] = /<polygon points="([\d.]+),/.exec(svg) ?? [];
    expect(rightEdgeOf(failedLegend)).toBeLessThan(Number(diamond) - 7);
  });

  function rightEdgeOf(legend: string): number {
    const fontFiles = [createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="300" font-family="DejaVu Sans">${legend}</svg>`;
    const box = new Resvg(svg, {
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
    }).getBBox();
    if (!box || box.width < 50) throw new Error('the legend was not drawn');
    return box.x + box.width;
  }

  test('where the drawing library does not load there is no picture, and the log says why', async () => {
    complaints.length = 0;
    const picture = createSignInPicture(log, () => Promise.reject(new Error('no binary for this machine')));
    expect(await picture.draw(days, words)).toBeUndefined();
    expect(`${JSON.stringify(complaints)}`).toContain('could not be drawn');
  });
});
