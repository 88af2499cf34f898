import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import { styleText } from 'node:util';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { mayasPassword, startHousehold, type Household } from '../../sandbox/household.js';
import { startJellyfin, type Jellyfin } from '../../sandbox/jellyfin/index.js';
import { commandsFolder } from '../../src/installed.js';
import { commandJson } from '../../src/discord/command-data.js';
import { loadCommands } from '../../src/discord/load-commands.js';
import { openDatabase } from '../../src/db/database.js';
import { migrations } from '../../src/db/migrations/index.js';
import { dayMs, minuteMs } from '../../src/time.js';
import { createWords } from '../../src/words.js';
import { doctor as doctorHere, examine } from '../../src/cli/doctor.js';
import { lookAtDatabase, lookAtMachine, lookAtRescue } from '../../src/cli/doctor/this-computer.js';
import type { Config } from '../../src/config.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { isRootAmongOthers } from '../support/other-users.js';
import { testMachine } from '../support/test-machine.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { quickConnect } from '../support/quick-connect.js';
import { endAll, environment, program } from './latchkey.js';

afterAll(endAll);

interface Place {
  readonly home: Household;
  readonly folder: string;
  /** What `.env` is going to hold. */
  readonly settings: Record<string, string>;
  /** The environment beside it. */
  readonly env: Record<string, string>;
  mode: number;
  /** The text of `.env`; undefined for none. */
  text: ((settings: Record<string, string>) => string) | undefined;
  readonly ends: (() => unknown)[];
}

interface Said {
  readonly code: number | null;
  readonly text: string;
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

const words = createWords('en');
let place: Place;
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Households are not made anew where a test leaves them as they were. */
let kept: Household | undefined;

beforeEach(async () => {
  const home = (kept ??= await startHousehold());
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-doctor-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const { WATCH_LOCKOUTS: _watch, ...settings } = home.env('data/latchkey.db');
  const lines = (all: Record<string, string>) => Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
  place = { home, folder, settings, env: {}, mode: 0o600, text: (all) => lines(all).join(''), ends };
  home.discord.setBotOverwrite(home.discord.adminChannelId, { allow: ['ViewChannel', 'PinMessages'] });
});

/** The household of this test is spoilt for the next one. */
function spoils(): Household {
  kept = undefined;
  const { home } = place;
  ends.push(() => home.close());
  return home;
}
afterAll(() => kept?.close());

function writeSettings(): Record<string, string | undefined> {
  const { folder, settings, text, mode, env } = place;
  if (text) {
    writeFileSync(join(folder, '.env'), text(settings));
    chmodSync(join(folder, '.env'), mode);
  }
  return { ...environment(folder), LANG: 'en_GB.UTF-8', ...env };
}

/** `latchkey doctor` as a process. */
async function doctor(args: readonly string[] = ['--json'], uid?: number): Promise<Said> {
  const env = writeSettings();
  const { folder: cwd, text } = place;
  if (uid !== undefined) for (const each of ['', ...(text ? ['.env'] : [])]) chownSync(join(cwd, each), uid, uid);
  const child = spawn(process.execPath, [program, 'doctor', ...args], {
    ...{ cwd, env, ...(uid === undefined ? {} : { uid }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (!args.includes('--json')) return { code, text: said, faults: [], notes: [] };
  const { faults, findings } = JSON.parse(said) as { faults: number; findings: Finding[] };
  const all = told(findings);
  expect(all.faults).toHaveLength(faults);
  return { code, ...all, text: said };
}

/** The same look, without a start of the program, which costs more than all that is looked at. */
async function looked(): Promise<Omit<Said, 'code'>> {
  const env = writeSettings();
  const here = process.cwd();
  process.chdir(place.folder);
  try {
    return told(await examine(words, env));
  } finally {
    process.chdir(here);
  }
}

function told(findings: readonly Finding[]): Omit<Said, 'code'> {
  const codes = (state: string) => findings.filter((each) => each.state === state).map((each) => each.code);
  return { text: JSON.stringify(findings), faults: codes('fault'), notes: codes('note') };
}

/** A database of the bot's own, made so many days ago, its newest copy so many days old. */
function ownDatabase(copyDays?: number): string {
  const file = join(place.folder, 'data', 'latchkey.db');
  const log = { info: () => undefined, warn: () => undefined };
  openDatabase(file, migrations, log).close();
  if (copyDays === undefined) return file;
  const day = new Date(Date.now() - copyDays * 86_400_000).toISOString().slice(0, 10);
  mkdirSync(join(place.folder, 'data', 'backups'), { recursive: true });
  cpSync(file, join(place.folder, 'data', 'backups', `latchkey-${day}.db`));
  return file;
}

/** What is broken, how, and exactly what is to be named. */
const broken: readonly [string, () => unknown, readonly string[]][] = [
  ['no settings at all', () => (place.text = undefined), ['noFile']],
  [
    'settings under another name',
    () => {
      writeFileSync(join(place.folder, 'env.txt'), 'DISCORD_TOKEN=abc\n');
      place.text = undefined;
    },
    ['misnamed'],
  ],
  ['settings of the environment alone', () => inEnvironment(), []],
  [
    'settings of the environment, of which one is missing',
    () => (inEnvironment(), delete place.env['JELLYFIN_API_KEY']),
    ['setting:JELLYFIN_API_KEY'],
  ],
  ['a .env that others read', () => (place.mode = 0o644), ['file']],
  ['a name with a slip', () => (place.settings['JELYFIN_PUBLIC_URL'] = 'http://x'), ['unknownName']],
  [
    'a role by its name',
    () => (place.settings['DISCORD_ADMIN_ROLE_IDS'] = 'admins'),
    ['setting:DISCORD_ADMIN_ROLE_IDS'],
  ],
  ['no key', () => delete place.settings['JELLYFIN_API_KEY'], ['setting:JELLYFIN_API_KEY']],
  [
    'two settings at once',
    () => Object.assign(place.settings, { JELLYFIN_URL: 'jellyfin', REQUEST_TTL: 'soon' }),
    ['setting:JELLYFIN_URL', 'setting:REQUEST_TTL'],
  ],
  ['quotes that docker hands over', () => (place.env['REQUEST_TTL'] = '"24h"'), ['file']],
  ['a secret’s file that is not there', secretFileGone, ['setting:DISCORD_TOKEN_FILE']],
  ['a token of nobody', () => (place.settings['DISCORD_TOKEN'] = 'no.such.token'), ['tokenRefused']],
  [
    'a Discord that does not answer',
    () => (place.settings['DISCORD_API_URL'] = 'http://127.0.0.1:1/api'),
    ['unreachable'],
  ],
  ['another server', () => (place.settings['DISCORD_GUILD_ID'] = '10000000000000009'), ['notInServer']],
  ['a role that is gone', () => (place.settings['DISCORD_HELPER_ROLE_IDS'] = '10000000000000009'), ['roleUnknown']],
  ['a role that rings nowhere', () => silentRole(), ['roleNotPinged']],
  [
    'a channel that is gone',
    () => (place.settings['DISCORD_ADMIN_CHANNEL_ID'] = '10000000000000009'),
    ['channelUnknown'],
  ],
  ['a channel that is closed to the bot', () => overwrite({ deny: ['ViewChannel'] }), ['channelHidden']],
  [
    'a channel in which the bot may not write',
    () => overwrite({ allow: ['ViewChannel'], deny: ['SendMessages'] }),
    ['channelPermissions'],
  ],
  [
    'a channel that everybody reads',
    () => (place.settings['DISCORD_ADMIN_CHANNEL_ID'] = place.home.discord.generalChannelId),
    ['channelPublic'],
  ],
  [
    'a Jellyfin that is not there',
    () => (place.settings['JELLYFIN_URL'] = 'http://127.0.0.1:1'),
    ['jellyfinUnreachable'],
  ],
  ['a Jellyfin at another path', () => (place.settings['JELLYFIN_URL'] += '/media'), ['jellyfinWrongPath']],
  ['a Jellyfin that is too old', () => spoils().jellyfin.setVersion('10.9.11'), ['jellyfinTooOld']],
  ['a key that was revoked', () => spoils().jellyfin.revokeKey(), ['jellyfinKeyRefused']],
  ['somebody’s access token for a key', mayasToken, ['jellyfinKeyNotAdmin']],
  ['a clock that is wrong', wrongClock, ['clock']],
  ['another Jellyfin where people open it', anotherPublic, ['publicIsAnother']],
  ['a plugin that is gone', providerGone, ['providerGone']],
  ['a server folder that is not there', () => (place.settings['JELLYFIN_SERVER_DIR'] = '/not/there'), ['noFolder']],
  ['a server folder of nothing', () => (place.settings['JELLYFIN_SERVER_DIR'] = place.folder), ['noDatabase']],
  ['another database than SQLite', () => serverFolder(otherType), ['dbOtherType']],
  ['one command of two', () => (place.settings['JELLYFIN_STOP_COMMAND'] = 'node stop'), ['oneCommand']],
  [
    'commands of programs that are not there',
    () => Object.assign(place.settings, { JELLYFIN_STOP_COMMAND: 'stop-it now', JELLYFIN_START_COMMAND: 'start-it' }),
    ['noProgram', 'noProgram'],
  ],
  [
    'a database that is none',
    () => writeFileSync(ownDatabase(), 'not a database at all, but words'),
    ['ownDatabaseBad'],
  ],
  ['copies that are old', () => ownDatabase(9), ['copyOld']],
];

/** A server folder that the settings name; `database.xml` may say where its database is. */
function serverFolder(databaseXml?: string): string {
  const dir = mkdtempSync(join(place.folder, 'jellyfin-'));
  for (const part of ['data', 'config']) mkdirSync(join(dir, part), { recursive: true });
  writeFileSync(join(dir, 'data', 'jellyfin.db'), '');
  if (databaseXml !== undefined) writeFileSync(join(dir, 'config', 'database.xml'), databaseXml);
  place.settings['JELLYFIN_SERVER_DIR'] = dir;
  return dir;
}

const otherType =
  '<DatabaseConfigurationOptions><DatabaseType>Jellyfin-PgSql</DatabaseType></DatabaseConfigurationOptions>';

function inEnvironment(): void {
  Object.assign(place.env, place.settings);
  place.text = undefined;
}

function secretFileGone(): void {
  delete place.settings['DISCORD_TOKEN'];
  place.settings['DISCORD_TOKEN_FILE'] = join(place.folder, 'gone');
}

function silentRole(): void {
  const { discord } = spoils();
  discord.setRoleMentionable(discord.roles['helper'] ?? '', false);
}

function overwrite(options: Parameters<Household['discord']['setBotOverwrite']>[1]): void {
  const { discord } = spoils();
  discord.setBotOverwrite(discord.adminChannelId, options);
}

async function anotherPublic(): Promise<void> {
  const jellyfin = await startJellyfin({ version: '12.0' });
  ends.push(() => jellyfin.close());
  place.settings['JELLYFIN_PUBLIC_URL'] = jellyfin.url;
}

/** Another server in the place of the household's. */
async function anotherJellyfin(): Promise<Jellyfin> {
  const jellyfin = await startJellyfin({ version: '12.0' });
  ends.push(() => jellyfin.close());
  const { url, apiKey } = jellyfin;
  Object.assign(place.settings, { JELLYFIN_URL: url, JELLYFIN_PUBLIC_URL: url, JELLYFIN_API_KEY: apiKey });
  return jellyfin;
}

/** The household's server, as if its clock were ten minutes behind. */
async function wrongClock(): Promise<void> {
  const { url } = place.home.jellyfin;
  const server = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    void fetch(`${url}${request.url ?? ''}`, { headers: { authorization } }).then(async (answer) => {
      response.setHeader('date', new Date(Date.now() - 10 * minuteMs).toUTCString());
      response.setHeader('content-type', answer.headers.get('content-type') ?? 'text/plain');
      response.writeHead(answer.status).end(await answer.text());
    });
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  Object.assign(place.settings, { JELLYFIN_URL: `http://127.0.0.1:${port}`, JELLYFIN_PUBLIC_URL: '' });
}

async function mayasToken(): Promise<void> {
  const { token = '' } = await place.home.jellyfin.signIn('maya', mayasPassword);
  place.settings['JELLYFIN_API_KEY'] = token;
}

async function providerGone(): Promise<void> {
  await changesPolicy(spoils().jellyfin, 'maya', { AuthenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.Ldap' });
}

test.each(broken)('%s', async (_, spoil, faults) => {
  await spoil();
  const said = await looked();
  expect(said.faults).toEqual(faults);
  expect(said.text).not.toContain(place.home.discord.token);
  expect(said.text).not.toContain(place.home.jellyfin.apiKey);
});

test('of a set-up in order everything is told, each by its name', async () => {
  const { jellyfin } = place.home;
  const dir = serverFolder();
  Object.assign(place.settings, { JELLYFIN_STOP_COMMAND: 'node stop', JELLYFIN_START_COMMAND: 'node start' });
  ownDatabase(1);
  const { faults, text } = await looked();
  expect(faults).toEqual([]);
  expect((JSON.parse(text) as Finding[]).map(({ code }) => code)).toEqual([
    ...['node', 'file', 'settings', 'bot', 'channel', 'noCommands', 'server', 'key', 'neverLocks', 'quickConnect'],
    ...['folder', 'jellyfinDb', 'commandsThere', 'ownDatabase', 'copy'],
  ]);
  for (const told of ['#admins', jellyfin.url, dir, '1 of ']) expect(text).toContain(told);
});

test('what is broken is not said to be in order as well', async () => {
  const { discord, jellyfin } = spoils();
  discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'], deny: ['SendMessages'] });
  jellyfin.revokeKey();
  Object.assign(place.settings, { REQUEST_TTL: 'soon' });
  writeFileSync(ownDatabase(), 'not a database at all, but words');
  const { faults, text } = await looked();
  expect(faults).toEqual(['setting:REQUEST_TTL', 'channelPermissions', 'jellyfinKeyRefused', 'ownDatabaseBad']);
  const codes = (JSON.parse(text) as Finding[]).map(({ code }) => code);
  for (const fine of ['settings', 'channel', 'mayNotPin', 'key', 'ownDatabase']) expect(codes).not.toContain(fine);
});

test('the address that people use may lead to the same Jellyfin, or be out of reach from here', async () => {
  const { url } = place.home.jellyfin;
  place.settings['JELLYFIN_PUBLIC_URL'] = url.replace('127.0.0.1', 'localhost');
  const same = await looked();
  expect(same.faults).toEqual([]);
  expect(same.text).toContain('"publicUrl"');
  place.settings['JELLYFIN_PUBLIC_URL'] = 'http://127.0.0.1:1';
  const silent = await looked();
  expect(silent.faults).toEqual([]);
  expect(silent.notes).toContain('publicSilent');
});

test('a Node that is too old is a fault', () => {
  const t = words.forOperators('en');
  expect(told(lookAtMachine(t)).faults).toEqual([]);
  expect(told(lookAtMachine(t, '18.20.8')).faults).toEqual(['nodeUnfit']);
});

test('what is broken is named in one object, without a secret, and the exit code says so', async () => {
  await anotherPublic();
  place.settings['JELLYFIN_API_KEY'] = 'a-key-of-nobody';
  const { code, text, faults } = await doctor();
  expect({ code, faults }).toEqual({ code: 1, faults: ['publicIsAnother', 'jellyfinKeyRefused'] });
  expect(text).not.toContain(place.home.discord.token);
  expect(text).not.toContain('a-key-of-nobody');
});

test('a set-up in order has no fault, and says what is worth knowing', async () => {
  const { jellyfin } = spoils();
  await quickConnect(jellyfin, false);
  ownDatabase(1);
  const { code, faults, notes } = await doctor();
  expect({ code, faults }).toEqual({ code: 0, faults: [] });
  // Nobody has set a limit for root; the bot was never started.
  expect(notes).toEqual(['noCommands', 'neverLocks', 'quickConnectOff', 'noRescue']);
});

test('hours, apps that sign in the old way and cards that are not pinned are worth knowing', async () => {
  const jellyfin = await anotherJellyfin();
  jellyfin.addUser('leo', { password: 'leo-leo' });
  await changesPolicy(jellyfin, 'leo', { AccessSchedules: [{ DayOfWeek: 'Everyday', StartHour: 8, EndHour: 20 }] });
  const { discord } = place.home;
  discord.setBotOverwrite(discord.adminChannelId, { allow: ['ViewChannel'] });
  const { faults, notes } = await looked();
  expect(faults).toEqual([]);
  expect(notes).toEqual(expect.arrayContaining(['mayNotPin', 'accessHours', 'oldApps']));
});

test('a disk without room, and a database of which there is no copy after days', () => {
  const t = words.forOperators('en');
  const database = ownDatabase();
  const found = (days: number, leastFree?: number) =>
    told(lookAtDatabase({ database }, Date.now() + days * dayMs, t, leastFree)).faults;
  expect(found(1)).toEqual([]);
  expect(found(5, Infinity)).toEqual(['diskFull', 'noCopy']);
});

test('of the commands for a rescue both are wanted, each of a program that is there, or none', async () => {
  const t = words.forOperators('en');
  // Jellyfins that run meanwhile, as another test's, are no news here.
  const env = { ...process.env, LATCHKEY_TEST_MACHINE: JSON.stringify({ machine: testMachine }) };
  const found = async (jellyfin: object) =>
    (await lookAtRescue({ jellyfin } as Config, env, t)).map(({ code }) => code);
  const [there, gone] = [
    ['node', 'x'],
    ['/not/there', 'x'],
  ];
  expect(await found({})).toEqual(['noRescue']);
  expect(await found({ stopCommand: there, startCommand: there })).toEqual(['commandsThere']);
  expect(await found({ stopCommand: there })).toEqual(['oneCommand']);
  expect(await found({ startCommand: there })).toEqual(['oneCommand']);
  expect(await found({ stopCommand: gone, startCommand: gone })).toEqual(['noProgram']);
  const serverDir = serverFolder();
  expect(await found({ serverDir })).toEqual(['folder', 'jellyfinDb']);
  expect(await found({ db: join(serverDir, 'data', 'jellyfin.db') })).toEqual(['folder', 'jellyfinDb']);
});

test('a program is looked for as the system does, and the one that sudo runs as well', async () => {
  const t = words.forOperators('en');
  const bin = join(place.folder, 'bin');
  mkdirSync(join(bin, 'folder'), { recursive: true });
  for (const name of ['sudo', 'stop']) writeFileSync(join(bin, name), '', { mode: 0o755 });
  writeFileSync(join(bin, 'no-program'), '', { mode: 0o644 });
  const found = async (stopCommand: string[], env: Record<string, string> = { PATH: `/nowhere:${bin}` }) =>
    (await lookAtRescue({ jellyfin: { stopCommand, startCommand: ['stop'] } } as unknown as Config, env, t))
      .map(({ code, text }) => (code === 'noProgram' ? `missing: ${text}` : code))
      .join();
  expect(await found(['sudo', 'stop', 'x'])).toBe('commandsThere');
  expect(await found(['sudo', 'gone', 'x'])).toMatch(/^missing: .*gone/);
  expect(await found(['stop', 'gone'])).toBe('commandsThere');
  // What follows an option is for sudo to know.
  expect(await found(['sudo', '-n', 'gone'])).toBe('commandsThere');
  expect(await found(['sudo'])).toBe('commandsThere');
  for (const name of ['folder', 'no-program']) expect(await found([name])).toMatch(new RegExp(`^missing: .*${name}`));
  expect(await found([relative(process.cwd(), join(bin, 'sudo'))])).toBe('commandsThere');
  expect(await found(['stop'], { Path: bin })).toBe('commandsThere');
  expect(await found(['stop'], {})).toMatch(/^missing: .*stop/);
  // One that is named with its folder is there, or nowhere.
  const here = process.cwd();
  process.chdir(place.folder);
  expect(await found(['bin/sudo'], { PATH: '/nowhere' })).toMatch(/^missing: (?!.*sudo)/);
  expect(await found(['gone/sudo'], { PATH: bin })).toMatch(/gone/);
  process.chdir(here);
});

const asRoot = process.platform === 'linux' && isRootAmongOthers ? test : test.skip;
const nobody = 65_534;

asRoot('a .env that is closed is named with its owner, and nothing in it is said to be missing', async () => {
  writeSettings();
  place.text = undefined;
  place.env['REQUEST_TTL'] = 'soon';
  const { faults, text } = await doctor(['--json'], nobody);
  expect(faults).toEqual(['file', 'setting:REQUEST_TTL']);
  expect(text).toContain('it belongs to root, and this runs as nobody');
});

asRoot.each<[string, (file: string) => void, string]>([
  [
    'that is theirs, to open it',
    (file) => {
      chownSync(file, nobody, nobody);
      chmodSync(file, 0);
    },
    'it is yours, but closed. Run: sudo chown nobody',
  ],
  [
    'in whose place others could put a link, no command that changes a file',
    (file) => chmodSync(dirname(file), 0o777),
    'Run this as the user whose it is',
  ],
  [
    'that is a link, no command either',
    (file) => {
      renameSync(file, `${file}.real`);
      symlinkSync(`${file}.real`, file);
    },
    'Run this as the user whose it is',
  ],
])('who cannot read a .env is told, of one %s', async (_, prepare, told) => {
  writeSettings();
  prepare(join(place.folder, '.env'));
  place.text = undefined;
  expect((await doctor(['--json'], nobody)).text).toContain(told);
});

asRoot('folders that are closed to whoever runs it, and a jellyfin.db of another user’s', async () => {
  const dir = serverFolder();
  place.settings['LATCHKEY_DB'] = join(dir, 'own', 'latchkey.db');
  expect((await doctor(['--json'], nobody)).faults).toEqual(['folderClosed', 'dataClosed']);
  for (const each of ['', 'data', 'config']) chmodSync(join(dir, each), 0o755);
  delete place.settings['LATCHKEY_DB'];
  const db = join(dir, 'data', 'jellyfin.db');
  const notes = async () => {
    const said = await doctor(['--json'], nobody);
    expect(said.faults).toEqual([]);
    return said.notes;
  };
  // Anybody may write it, and it is root's; then it is their own, in a folder that they may not write.
  for (const [each, mode] of [
    [db, 0o666],
    [dirname(db), 0o777],
  ] as const)
    chmodSync(each, mode);
  expect(await notes()).toContain('notOurs');
  chownSync(db, nobody, nobody);
  chmodSync(dirname(db), 0o755);
  expect(await notes()).toContain('notOurs');
});

test('a Jellyfin that came after this Latchkey is no fault, and worth knowing', async () => {
  spoils().jellyfin.setVersion('13.0.1');
  const { faults, notes } = await looked();
  expect(faults).toEqual([]);
  expect(notes).toContain('newerServer');
});

test('commands of another version are named until a start registers those of this one', async () => {
  const { discord } = spoils();
  const register = async (body: readonly object[]) => {
    const answer = await fetch(`${discord.url}/v10/applications/${discord.applicationId}/commands`, {
      method: 'PUT',
      headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
  };
  const commands = (await loadCommands<object>(commandsFolder))({}).map(({ data }) => commandJson(data, words));
  const [left, ...others] = commands;
  await register([...others, { ...left, name: 'formerly' }]);
  const before = await looked();
  expect(before.notes).toContain('otherCommands');
  expect(before.text).toMatch(new RegExp(`not those of this version \\(${left?.name}, formerly\\)`));
  await register(commands);
  const after = await doctor();
  expect(after.notes).not.toContain('otherCommands');
  expect(after.text).toMatch(new RegExp(`${commands.length} commands are registered`));
  expect(after.code).toBe(0);
});

const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('another Jellyfin on this computer is worth knowing, the household’s own is not', async () => {
  const own = serverFolder();
  const other = serverFolder();
  place.settings['JELLYFIN_SERVER_DIR'] = own;
  const library = join(place.folder, 'jellyfin.dll');
  writeFileSync(library, 'setInterval(() => undefined, 1000)');
  place.env['LATCHKEY_TEST_MACHINE'] = JSON.stringify({ machine: { programs: ['jellyfin.dll'] } });
  const serves = (dir: string) => {
    const child = spawn(process.execPath, [library, '--datadir', dir, '--configdir', dir], {
      stdio: 'ignore',
      env: {},
    });
    ends.push(() => child.kill('SIGKILL'));
    return child.pid;
  };
  serves(own);
  const alone = await looked();
  expect(alone.notes).not.toContain('otherServer');
  const pid = serves(other);
  const both = await looked();
  expect(both.text).toContain(`Another Jellyfin runs on this computer, on files of its own (process ${pid})`);
  expect(both.faults).toEqual([]);
});

test('a command that it names is typed as Latchkey is installed, and leads further', async () => {
  await providerGone();
  const { text } = await doctor();
  expect(text).toContain('npm run latchkey -- rescue --own-provider maya');
  expect(text).not.toContain('/resetpw');
  place.text = undefined;
  rmSync(join(place.folder, '.env'));
  expect((await doctor()).text).toContain('Run npm run latchkey -- setup');
});

test('all in order is said in one line, with marks in colour at a terminal', async () => {
  const here = process.cwd();
  const env = writeSettings();
  process.chdir(place.folder);
  try {
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const shell = { argv: [], stdin: {}, stderr: stdout, stdout, env: { ...env, TERM: 'xterm' } };
    expect(await doctorHere(words, shell, {})).toBe(true);
    const said = String(stdout.read());
    expect(said).toMatch(/^All is in order\.$/m);
    expect(said).toContain(styleText('green', '✓'));
  } finally {
    process.chdir(here);
  }
});

test('it reads as one line each, in the language of the terminal', async () => {
  place.env['LC_ALL'] = 'de_DE.UTF-8';
  place.settings['JELLYFIN_URL'] = 'http://127.0.0.1:1';
  const { code, text } = await doctor([]);
  expect(code).toBe(1);
  expect(text).toMatch(/^✓ Einstellungen: Alle nötigen Einstellungen sind da$/m);
  expect(text).toMatch(/^✗ Jellyfin: .*JELLYFIN_URL/m);
  expect(text).toMatch(/^1 Fehler\.$/m);
});
