import { afterEach, describe, expect, test } from '@jest/globals';
import { SqliteSignInDays } from '../../src/db/history/sign-in-day-store.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import { closeAll, startBot, type BotHousehold } from '../support/bot.js';
import { auditOf } from '../support/traces.js';
import { withDatabase } from '../support/database.js';
import { connect } from '../support/connect.js';

afterEach(closeAll);

const dayMs = 86_400_000;
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
    const headers = { authorization: `MediaBrowser Token="${bot.jellyfin.apiKey}"` };
    await fetch(`${bot.jellyfin.url}/Users/${id}`, { method: 'DELETE', headers });
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
      'tried _Jellyfin account_ · **maya** · no: linked to no account',
      'proof of an account · **maya** · linked before',
      'temporary password · **maya** · taken away while in use',
      'lockout · **maya** · it was somebody else',
      'tried `/requests` · **maya** · no: That is for admins. Ask one of them.',
      'tried `/resetpw` · **maya** · no: too often within an hour',
    ]);
    const erik = bot.discord.addPerson('Erik', { locale: 'de', roles: [bot.discord.roles['admin'] ?? ''] });
    expect(endings((await (await erik.types('/history')).answer()).text).slice(3, 7)).toEqual([
      'vorläufiges Passwort · **maya** · weggenommen, als es benutzt wurde',
      'Sperre · **maya** · es war jemand anderes',
      'hat `/anfragen` versucht · **maya** · nein: Das ist für Admins. Frag jemanden von ihnen.',
      'hat `/neues-passwort` versucht · **maya** · nein: zu oft in einer Stunde',
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
    expect(lines[0]).toBe('\uFEFFtime,actor,act,outcome,account,account id,member,request,detail');
    expect(lines[1]).toContain(`,link,done,"'=cmd|calc ""x"", y",`);
    expect(flatten(said.components).some(({ type }) => type === 13)).toBe(true);
  });

  test('with a picture of failed sign-ins and lockouts, and words for who does not see it', async () => {
    const bot = await startBot();
    await bot.links(bot.maya, 'maya');
    expect((await history(bot)).attachments).toEqual([]);
    withDatabase(bot.database, (db) => {
      const days = new SqliteSignInDays(db);
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

test('somebody who is unlinked can be forgotten: nothing names them any more, and what happened is still there', async () => {
  const bot = await startBot();
  const { dad, maya } = bot;
  await bot.links(maya, 'maya');
  await bot.jellyfin.lock('maya');
  await (await maya.types('/unlock')).answer();
  await dad.presses('Approve');
  await maya.sees(/is unlocked/, { in: 'dm' });
  connect(bot, maya, 'root');
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
    expect(stranger).toMatch(/do not know yet which Jellyfin account is yours/);
    expect(stranger).not.toMatch(/<\/(requests|unlink|history|rescue|unlock):/);
    await bot.links(bot.maya, 'maya');
    expect(await read()).toMatch(/<\/unlock:\d+> asks the admins/);
    const helper = await read(bot.gran);
    expect(helper).toMatch(/<\/requests:\d+>/);
    expect(helper).not.toMatch(/<\/(history|rescue|unlink):/);
    const admin = await read(bot.dad);
    expect(admin).toMatch(/<\/history:\d+>/);
    expect(admin).toMatch(/<\/rescue:\d+>/);
  });
});
