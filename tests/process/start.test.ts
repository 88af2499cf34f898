import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../kill/until.js';
import { ProcessHouse } from './process-house.js';
import { isRootAmongOthers } from '../support/other-users.js';

let house: ProcessHouse;
beforeAll(async () => {
  house = await ProcessHouse.start();
});
afterEach(() => house.tidy());
afterAll(() => house.close());

test('five mistakes in .env are named in one go, with no value printed, and an open file is warned about', async () => {
  const mistakes = {
    DISCORD_TOKEN: 'secret one two',
    DISCORD_GUILD_ID: 'the-household-7',
    DISCORD_ADMIN_ROLE_IDS: 'dads-4711',
    JELLYFIN_URL: 'jellyfin-at-home-9',
    REQUEST_TTL: 'a-fortnight-3',
  };
  const right = house.env();
  const given = Object.fromEntries(Object.entries(right).filter(([name]) => !(name in mistakes)));
  const folder = house.folder({ ...given, ...mistakes }, 0o644);
  const bot = await house.refused({}, folder);
  expect(bot.code).toBe(1);
  for (const [name, value] of Object.entries(mistakes)) {
    if (name !== 'DISCORD_TOKEN') expect(bot.said).toContain(name);
    expect(bot.said).not.toContain(value);
  }
  expect(bot.said).not.toContain(right.JELLYFIN_API_KEY);
});

test('without any .env, who starts it reads where the settings go; saved under another name, which file that is', async () => {
  const empty = await house.refused({}, house.folder());
  expect(empty.said).toMatch(
    /6 settings need a change:[\s\S]*There is no \.env in .*, and the environment does not say them either\. Run \S.* setup, .*latchkey\/, beside compose/,
  );
  const cloned = house.folder();
  writeFileSync(join(cloned, '.env.example'), 'DISCORD_TOKEN=\n');
  expect((await house.refused({}, cloned)).said).toMatch(
    / yet\. Run \S.* setup, which asks for them; or cp \.env\.example \.env && chmod 600 \.env, and write them there/,
  );
  writeFileSync(join(cloned, '.env.txt'), 'DISCORD_TOKEN=x\n');
  expect((await house.refused({}, cloned)).said).toMatch(
    /but \.env\.txt there has settings in it: cp \.env\.txt \.env/,
  );
  const told = await house.refused({}, house.folder({ DISCORD_ADMIN_CHANNEL_ID: '#admins' }));
  expect(told.said).toMatch(/DISCORD_ADMIN_CHANNEL_ID cannot be used as it is: write the id/);
  expect(told.said).toMatch(/They are read from .*\.env, and from the environment, which wins/);
});

test('in the language of the household, or of the terminal where nobody has said one', async () => {
  const settings = { LATCHKEY_LOCALE: 'de', REQUEST_TTL: 'morgen' };
  const household = await house.refused({}, house.folder(settings));
  expect(household.said).toMatch(/^Latchkey kann nicht starten:\n7 Einstellungen müssen geändert werden:$/m);
  expect(household.said).toMatch(/ {2}DISCORD_TOKEN fehlt: schreib das Token des Bots in einem Stück/);
  expect(household.said).toMatch(/ {2}REQUEST_TTL lässt sich so nicht verwenden: schreib eine Zahl und s, m, h oder d/);
  const database = join(house.folder(), 'jellyfin.db');
  const refused = await house.refused(
    {},
    house.folder({ ...house.env(), LATCHKEY_LOCALE: 'de', LATCHKEY_DB: database }),
  );
  expect(refused.said).toMatch(/^Latchkey kann nicht starten: .*jellyfin\.db ist Jellyfins eigene Datenbank\./m);
  const terminal = await house.refused({ LANG: 'de_DE.UTF-8' }, house.folder());
  expect(terminal.said).toMatch(
    /In .* gibt es keine \.env, und die Umgebung sagt sie auch nicht\. Starte \S.* setup, .*latchkey\//,
  );
});

const asRoot = isRootAmongOthers ? test : test.skip;

asRoot('a .env of another user is named with the command, and nothing in it is called missing', async () => {
  const folder = house.folder(house.env(), 0o600);
  chmodSync(folder, 0o755);
  const said = spawnSync(process.execPath, [resolve('dist/index.js')], {
    cwd: folder,
    encoding: 'utf8',
    uid: 65534,
    gid: 65534,
    env: { PATH: process.env.PATH },
  });
  expect(said.status).toBe(1);
  const told = `${said.stdout}${said.stderr}`;
  expect(told).toMatch(
    /\.env is there but cannot be read: it belongs to root, and this runs as nobody\. Run: sudo chown nobody /,
  );
  expect(told).not.toMatch(/is missing|settings need/);
});

/** What the bot says to nobody, who is not root, in a folder of this user's. */
function saidToNobody(folder: string, owner: number): string {
  chownSync(folder, owner, owner);
  chmodSync(folder, 0o755);
  const options = { cwd: folder, encoding: 'utf8', uid: 65_534, gid: 65_534, env: { PATH: process.env.PATH } } as const;
  const said = spawnSync(process.execPath, [resolve('dist/index.js')], options);
  return `${said.stdout}${said.stderr}`;
}

asRoot('where another user could lay a link, nobody is told a command that would give away what it leads to', () => {
  const link = house.folder();
  const roots = house.folder(house.env());
  chmodSync(roots, 0o755);
  symlinkSync(join(roots, '.env'), join(link, '.env'));
  const said = saidToNobody(link, 65_533);
  expect(said).toMatch(/\.env is there but cannot be read \(EACCES\)\. Run this as the user whose it is/);
  expect(said).not.toContain('chown');
  const closed = house.folder({ ...house.env(), LATCHKEY_DB: 'data/latchkey.db' }, 0o644);
  mkdirSync(join(closed, 'data'), { mode: 0o700 });
  chownSync(join(closed, '.env'), 65_534, 65_534);
  expect(saidToNobody(closed, 65_534)).toMatch(
    /data belongs to root, and this runs as nobody\. Run: sudo chown nobody /,
  );
  // Of the database alone, too.
  writeFileSync(join(closed, 'data', 'latchkey.db'), '', { mode: 0o600 });
  chownSync(join(closed, 'data'), 65_534, 65_534);
  expect(saidToNobody(closed, 65_534)).toMatch(
    /latchkey\.db belongs to root, and this runs as nobody\. Run: sudo chown nobody /,
  );
  const theirs = house.folder();
  mkdirSync(join(theirs, 'data'), { mode: 0o700 });
  chownSync(join(theirs, 'data'), 65_533, 65_533);
  const own = house.folder({ ...house.env(), LATCHKEY_DB: join(theirs, 'data', 'latchkey.db') }, 0o600);
  chownSync(join(own, '.env'), 65_534, 65_534);
  chownSync(theirs, 65_533, 65_533);
  chmodSync(theirs, 0o755);
  const told = saidToNobody(own, 65_534);
  expect(told).toMatch(/data belongs to 65533, and this runs as nobody\. Run it as that user \(sudo -u 65533\)/);
  expect(told).not.toContain('chown');
});

asRoot('where the database’s folder is a link to itself, root reads what to do, and no stack', async () => {
  const folder = house.folder({ ...house.env(), LATCHKEY_DB: 'data/latchkey.db' });
  symlinkSync('data', join(folder, 'data'));
  const { code, said } = await house.refused({}, folder);
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringMatching(/cannot start:\n.* leads nowhere\. See what lies there/),
  });
  expect(said).not.toContain('stack');
});

test('what is wrong with Jellyfin is named beside what is wrong with Discord, in sentences without a stack', async () => {
  const bot = await house.refused({
    ...house.env(),
    DISCORD_ADMIN_ROLE_IDS: '100000000000000002',
    JELLYFIN_URL: 'http://127.0.0.1:1',
  });
  expect(bot.said).toMatch(/There is no role 100000000000000002[\s\S]*JELLYFIN_URL/);
  expect(bot.said).not.toMatch(/ at .*:\d+:\d+|ECONNREFUSED.*stack/);
});

test('with Discord silent, what is wrong with Jellyfin is named all the same', async () => {
  const nobody = 'http://127.0.0.1:1';
  const bot = await house.refused({ ...house.env(), DISCORD_API_URL: `${nobody}/api`, JELLYFIN_URL: nobody });
  expect(bot.said).toMatch(/Discord does not answer[\s\S]*JELLYFIN_URL/);
});

test.each([
  [
    'another folder',
    () => mkdtempSync(join(tmpdir(), 'no-jellyfin-')),
    /does not look like Jellyfin's program data folder/,
  ],
  ['none', () => '/nowhere/at/all', /there is no folder \/nowhere\/at\/all here\. In a container/],
])('JELLYFIN_SERVER_DIR that names %s is warned about', async (_, place, words) => {
  const bot = await house.bot(house.folder(), house.env({ JELLYFIN_SERVER_DIR: place() }));
  expect(bot.output()).toMatch(words);
});

test('a .env that others can read is warned about', async () => {
  const bot = await house.bot(house.folder(house.env(), 0o644), {});
  expect(bot.output()).toContain('chmod 600 .env');
});

test.each<[string, (given: Record<string, string>) => void, RegExp]>([
  ['a token that Discord refuses', (env) => (env.DISCORD_TOKEN = 'MTE.wrong.token'), /DISCORD_TOKEN/],
  [
    'a server that the bot is not in',
    (env) => (env.DISCORD_GUILD_ID = '100000000000000001'),
    /is not in the Discord server 100000000000000001.*https:\/\/discord\.com\/.*client_id=\d+/,
  ],
  [
    'a role that is not there',
    (env) => (env.DISCORD_ADMIN_ROLE_IDS = '100000000000000002'),
    /100000000000000002.*DISCORD_ADMIN_ROLE_IDS/,
  ],
  [
    'an admin channel that is not there',
    (env) => (env.DISCORD_ADMIN_CHANNEL_ID = '100000000000000003'),
    /100000000000000003.*DISCORD_ADMIN_CHANNEL_ID/,
  ],
  [
    'a Discord that does not answer',
    (env) => (env.DISCORD_API_URL = 'http://127.0.0.1:1/api'),
    /Discord does not answer \(ECONNREFUSED\)/,
  ],
])('%s ends the start with a sentence', async (_, change, sentence) => {
  const env = house.env();
  change(env);
  const bot = await house.refused(env);
  expect(bot.code).toBe(1);
  expect(bot.said).toMatch(/^Latchkey cannot start/);
  expect(bot.said).toMatch(sentence);
});

test('permissions that the bot lacks in the admin channel are named', async () => {
  const { discord } = house.home;
  discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages', 'AttachFiles'] });
  const bot = await house.refused(house.env());
  discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'] });
  expect(bot.code).toBe(1);
  expect(bot.said).toMatch(/still needs: .*Send Messages.*Attach Files/);
});

test('a role that cannot be pinged and an admin channel that all can see are warnings', async () => {
  const { discord } = house.home;
  const { admin = '' } = discord.roles;
  discord.setRoleMentionable(admin, false);
  discord.setOverwrite(discord.adminChannelId, discord.guildId, { allow: ['ViewChannel'] });
  const bot = await house.bot();
  discord.setRoleMentionable(admin, true);
  discord.setOverwrite(discord.adminChannelId, discord.guildId, { deny: ['ViewChannel'] });
  expect(bot.output()).toContain('The role admin cannot be pinged');
  expect(bot.output()).toContain('Everybody in the Discord server can see the admin channel');
});

test('a Jellyfin that is down does not stop the start: who starts the bot and whoever asks is told', async () => {
  const bot = await house.bot(house.folder(), house.env({ JELLYFIN_URL: 'http://127.0.0.1:1' }));
  const asked = await house.home.dad.types('/status');
  expect((await asked.answer()).text).toContain('I cannot reach the Jellyfin server right now');
  const said = await until(() => /I cannot reach the Jellyfin.*/.exec(bot.output())?.[0], bot.output.bind(bot));
  expect(said).toContain('Nobody listens at http://127.0.0.1:1.');
  expect(bot.output()).not.toContain('"stack"');
});

test('a second bot on the same database refuses to start, and the first one works on', async () => {
  const folder = house.folder();
  await house.bot(folder);
  const second = await house.refused(house.env(), folder);
  expect(second).toMatchObject({ code: 1, said: expect.stringContaining('Another bot is already running') });
  // The first one's: `latchkey health` would miss it for a minute.
  expect(existsSync(join(folder, 'latchkey.db.heartbeat'))).toBe(true);
  expect((await (await house.home.dad.types('/status')).answer()).text).toContain('Nobody is locked');
});

test('a second start registers no commands again', async () => {
  const folder = house.folder();
  await (await house.bot(folder)).kill('SIGTERM');
  const writes = () => house.home.discord.requests.filter(({ method }) => method === 'PUT').length;
  const before = writes();
  await house.bot(folder);
  expect(writes()).toBe(before);
  expect(before).toBeGreaterThan(0);
});
