import { afterEach, describe, expect, test } from 'vitest';
import { createSignInDays } from '../../src/db/history/history-store.js';
import { flatten } from '../../sandbox/discord/payloads/components.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { auditOf } from '../support/traces.js';
import { withDatabase } from '../support/database.js';
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
