import { pathToFileURL } from 'node:url';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { wrapped } from '../../src/cli/report.js';
import { rescueCommand } from '../../src/cli/rescue-command.js';
import { commandLine } from '../../src/server/server-location.js';
import { createWords } from '../../src/words.js';
import {
  commands,
  endAll,
  environment,
  folder,
  latchkey,
  machine,
  ownServer,
  presses,
  program,
  report,
  rescue,
  rescueProcess,
  type Said,
  server,
  signIn,
  withKey,
} from './latchkey.js';
import { isRootAmongOthers } from '../support/other-users.js';

afterAll(endAll);

test('the plan says what is the matter, what is there, and which of the four ways are open', async () => {
  const jellyfin = await server('10.10.7', { locked: true });
  const { url, serverDir, apiKey, dbPath } = jellyfin;
  const listening = process.listenerCount('SIGTERM');
  const said = await rescue(['alice', '--dry-run', '--url', url, ...withKey(apiKey), '--server-dir', serverDir]);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/No \.env in .*: I go by the command line/);
  for (const sentence of [
    `Jellyfin's address: ${url}`,
    'alice: locked after 3 wrong passwords',
    'Jellyfin 10.10.7 answers',
    `Its folder: ${serverDir}`,
    `Its database: ${dbPath}, which I may change`,
    'I was not told how to stop and start it',
    '1. API key: my key works',
    '2. PIN file: closed, as the account is locked',
    '3. Restart: closed, as a restart does not undo a lock in Jellyfin 10.10.7',
    '4. jellyfin.db: Jellyfin has to be stopped by you',
    'That is the plan. Nothing was changed.',
  ])
    expect(said.stdout).toContain(sentence);
  // Nor the object that `--json` is for.
  expect(said.stdout).not.toMatch(/\u001B|\{\{|undefined|"outcome"|Run this on Jellyfin's own computer/);
  // Nor does it leave this process listening.
  expect(process.listenerCount('SIGTERM')).toBe(listening);
  expect(await signIn(url, 'forgotten')).toBe(403);
  expect(jellyfin.calls.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/Users/Auth'))).toEqual([]);
});

test('a server that is named on the command line is not mixed with another one of the settings', async () => {
  const { url, serverDir, apiKey, dbPath } = await server('10.10.7');
  const other = folder();
  mkdirSync(join(other, 'data'));
  writeFileSync(join(other, 'data', 'jellyfin.db'), '');
  const cwd = folder({ JELLYFIN_DB: join(other, 'data', 'jellyfin.db'), JELLYFIN_LOG_DIR: other });
  const { stdout } = await rescue(
    ['alice', '--dry-run', '--url', url, ...withKey(apiKey), '--server-dir', serverDir],
    cwd,
  );
  expect(stdout).toContain(`Its database: ${dbPath}, which I may change`);
  expect(stdout).not.toContain(other);
});

test('a key that is no good, and a server that does not answer, are said once', async () => {
  const { url, serverDir } = await server('12.0', { key: false });
  const refused = await rescue(['alice', '--dry-run', '--url', url, ...withKey('old'), '--server-dir', serverDir]);
  expect(refused.stdout).toContain('1. API key: closed, as Jellyfin does not take my API key any more');
  expect(refused.stdout).toContain('if Jellyfin takes me for a caller on its own network');
  const away = await rescue(['alice', '--dry-run', '--url', 'http://127.0.0.1:1', ...withKey('old')]);
  expect(away.code).toBe(1);
  expect(away.stdout.match(/^Jellyfin: .*$/m)?.[0]).toMatch(/^Jellyfin: Nobody listens at http:\/\/127\.0\.0\.1:1\. /);
  expect(away.stdout).not.toMatch(/I cannot reach|try again later/);
  expect(away.stdout.match(/Jellyfin cannot be asked \(see above\)/g)).toHaveLength(3);
});

/** A folder of Jellyfin's with an empty database. */
function serverFolder(): string {
  const made = join(folder(), 'jellyfin');
  for (const part of ['data', 'config']) mkdirSync(join(made, part), { recursive: true });
  writeFileSync(join(made, 'data', 'jellyfin.db'), '');
  return made;
}

test('a folder that nobody named is looked for in the usual places, and the finding is shown', async () => {
  const cwd = folder({ DISCORD_GUILD_ID: 'not even a number' });
  const serverDir = serverFolder();
  const { url } = await server('10.11.8', { key: false });
  const network = `<NetworkConfiguration><InternalHttpPort>${new URL(url).port}</InternalHttpPort></NetworkConfiguration>`;
  writeFileSync(join(serverDir, 'config', 'network.xml'), network);
  const { code, stdout } = await rescue(['alice', '--dry-run'], cwd, machine({ folders: ['/nowhere', serverDir] }));
  expect(stdout).toContain(`Its folder, as I found it (not told): ${serverDir}`);
  // Its own settings tell where it answers.
  expect(stdout).toContain(`Jellyfin's address, as nobody told me another one: ${url}`);
  expect(stdout).toContain('Jellyfin 10.11.8 answers');
  expect(stdout).not.toContain('No .env');
  expect(code).toBe(0);
});

test('of several folders none is taken on a yes that was said beforehand', async () => {
  const folders = [serverFolder(), serverFolder()];
  const args = ['alice', '--url', 'http://127.0.0.1:1', '--yes'];
  const said = await rescue(args, folder(), machine({ folders }));
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toContain(
    `More than one folder looks like Jellyfin's: ${folders.join(', ')}. Say with --server-dir`,
  );
  // Whoever only looks is shown them all.
  const looks = await rescue([...args, '--dry-run'], folder(), machine({ folders }));
  expect(looks.stdout).toContain('There is another one, too');
  // Who has not said yes is shown them, and asked.
  const asked = await rescue(args.slice(0, -1), folder(), machine({ folders }));
  expect(asked).toMatchObject({ code: 3, stdout: expect.stringContaining('There is another one, too') });
  // Nor does it matter to the way that needs none, or where there is one only.
  const byKey = await rescue([...args, '--rung', 'api'], folder(), machine({ folders }));
  const ofOne = await rescue([...args, '--rung', 'pin'], folder(), machine({ folders: folders.slice(1) }));
  expect([byKey.code, ofOne.code]).toEqual([1, 1]);
});

test.each(['api', 'pin', 'restart', 'db'])('--rung %s takes that way only, or says that it is closed', async (rung) => {
  const { url, apiKey } = await server('10.10.7', { locked: true });
  const said = await rescue(['alice', '--yes', '--json', '--rung', rung, '--url', url, ...withKey(apiKey)]);
  const isOpen = rung === 'api';
  expect(report(said)).toMatchObject({ rung, outcome: isOpen ? 'backIn' : 'notYet' });
  expect(said.code).toBe(isOpen ? 0 : 1);
  if (!isOpen) expect(said.stderr).toContain('This way is not open from here: the plan says why.');
});

test('what an earlier rescue has left and cannot be read closes jellyfin.db already in the plan', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'data'));
  const db = join(dir, 'data', 'jellyfin.db');
  writeFileSync(db, '');
  writeFileSync(`${db}.latchkey.json`, '{"version":1,"act":"rep');
  const args = ['alice', '--dry-run', '--json', '--url', 'http://127.0.0.1:1', '--server-dir', dir];
  const said = await rescue(args);
  expect(said.stderr).toContain(`4. jellyfin.db: closed. ${db}.latchkey.json says how far an earlier rescue got`);
  expect(report(said)['rungs']).toContainEqual({ rung: 'db', open: false, why: 'recordUnreadable' });
});

test.each<[string, string[], string]>([
  ['no account', [], 'Which account? npm run latchkey -- rescue <account>'],
  ['an address that is none', ['alice', '--url', 'jellyfin'], '--url has to be an address like http://127.0.0.1:8096'],
  ['a rung that is none', ['alice', '--rung', 'window'], 'Allowed choices are api, pin, restart, db'],
  ['a folder that is not there', ['alice', '--server-dir', '/nowhere'], '--server-dir: there is no /nowhere.'],
  ['a file that is not there', ['alice', '--db', '/nowhere.db'], '--db: there is no /nowhere.db.'],
  ['an open quote', ['alice', '--stop-command', 'sh -c "stop'], '--stop-command cannot be split into words'],
  ['no way to start it', ['alice', '--stop-command', 'stop it'], 'give --start-command'],
  ['a flag of another way', ['alice', '--rung', 'api', '--set-password'], '--set-password is about jellyfin.db'],
  ['a flag of another way', ['alice', '--rung', 'pin', '--server-is-stopped'], 'does not go with --rung pin'],
  ['a flag that is none', ['alice', '--force'], "unknown option '--force'"],
])('%s: said in a sentence, exit code 2', async (_what, args, sentence) => {
  const said = await rescue(args);
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toContain(sentence);
  expect(said.stderr).not.toMatch(/\{\{|undefined|^\s+at /m);
});

test.each<[string, string[], Record<string, string>]>([
  ['a setting that is empty', ['alice'], { JELLYFIN_START_COMMAND: '', JELLYFIN_STOP_COMMAND: '' }],
  ['a stop command alone, which is not used', ['alice', '--server-is-stopped'], { JELLYFIN_STOP_COMMAND: 'stop it' }],
  ['a password that is kept', ['alice', '--keep-password'], {}],
  ['a password in jellyfin.db, by that way', ['alice', '--rung', 'db', '--set-password'], {}],
])('%s is nothing wrong', async (_what, args, env) => {
  const said = await rescue([...args, '--dry-run', '--url', 'http://127.0.0.1:1'], folder(env));
  expect(said).toMatchObject({ stderr: '', stdout: expect.stringContaining('4. jellyfin.db: ') });
  expect(said.code).not.toBe(2);
});

test('a password in jellyfin.db is set by no other way', async () => {
  const jellyfin = await server('12.0', { locked: true });
  const { url, apiKey } = jellyfin;
  const said = await rescue(['alice', '--yes', '--set-password', '--url', url, ...withKey(apiKey)]);
  expect(said.code).toBe(1);
  expect(jellyfin.user('alice').Policy.IsDisabled).toBe(true);
});

test('a key is asked for where somebody can answer, and nowhere else', async () => {
  for (const [json, isTTY] of [
    [[], [true, false]],
    [[], [false, true]],
    [['--json'], [true, true]],
  ] as const) {
    const [stdin, out] = isTTY;
    const said = await latchkey(['rescue', 'alice', '--ask-key', ...json], undefined, {}, { stdin, stdout: out });
    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining('Nobody can be asked for a key here') });
  }
});

const atTerminal = { stdin: true, stdout: true };

test('the key that is typed where it is asked for is the one that Jellyfin is asked with', async () => {
  const { url, apiKey } = await server('12.0');
  const asked = latchkey(['rescue', 'alice', '--dry-run', '--ask-key', '--url', url], undefined, {}, atTerminal);
  await presses(...apiKey, ' ', 'enter');
  expect((await asked).stdout).toContain('API key: my key works');
});

test('Ctrl-C where a key is asked for ends it there, whatever was said beforehand', async () => {
  const { url, serverDir, calls } = await server('12.0');
  const args = ['rescue', 'alice', '--yes', '--ask-key', '--url', url, '--server-dir', serverDir];
  const asked = latchkey(args, undefined, {}, atTerminal);
  await presses('ctrlC');
  expect(await asked).toMatchObject({ code: 1, stderr: 'Nothing was done.\n' });
  expect(calls).toEqual([]);
});

test('nobody is asked anything who types and does not read, or reads and does not type', async () => {
  const { url, apiKey } = await server('12.0', { locked: true });
  for (const terminal of [{ stdin: true }, { stdout: true }]) {
    const said = await latchkey(['rescue', 'alice', '--url', url, ...withKey(apiKey)], undefined, {}, terminal);
    expect(said).toMatchObject({ code: 3, stdout: expect.stringContaining('Nobody can answer here') });
  }
});

test('a name that several accounts have is no slip of the keyboard', async () => {
  const jellyfin = await server('12.0');
  for (const name of ['Ren\u00E9', 'Rene\u0301']) jellyfin.addUser(name, { password: 'x' });
  const { url, apiKey } = jellyfin;
  const said = await rescue(['REN\u00C9', '--dry-run', '--url', url, ...withKey(apiKey)]);
  expect(said).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Several Jellyfin accounts are called REN\u00C9'),
  });
  expect(said.stderr).not.toContain('Did you mean');
});

test('a setting of the environment that is wrong is named, and with --json that is an object, too', async () => {
  const said = await rescue(['alice', '--json'], folder({ JELLYFIN_URL: 'ftp://nowhere' }));
  expect(said.code).toBe(2);
  expect(report(said)).toMatchObject({ account: 'alice', outcome: 'notYet', rung: null, steps: [] });
  expect(said.stderr).toContain('JELLYFIN_URL has to be an address');
});

test('an account that nobody has', async () => {
  const { url, apiKey } = await server('12.0');
  const said = await rescue(['alise', '--yes', '--json', '--url', url, ...withKey(apiKey)]);
  expect(said).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no Jellyfin account called alise.'),
  });
  expect(report(said)).toMatchObject({ code: 'accountUnknown', temporaryPassword: null });
});

describe('what is typed next', () => {
  test('without a name the administrators are listed, each as a command', async () => {
    const { url, apiKey } = await server('12.0');
    const said = await rescue(['--url', url, ...withKey(apiKey)]);
    expect(said.code).toBe(2);
    expect(said.stderr).toContain('The administrators here:\n  npm run latchkey -- rescue alice\n');
    expect(said.stderr).not.toContain('bob');
    // Where it is said to be stopped nobody asks it.
    const stopped = await rescue(['--server-is-stopped', '--url', url, ...withKey(apiKey)]);
    expect(stopped).toMatchObject({ code: 2, stderr: expect.not.stringContaining('alice') });
  });

  test('a name that begins as a flag does is offered so that it is none', async () => {
    const jellyfin = await server('12.0');
    jellyfin.addUser('--yes', { password: 'x' });
    const said = await rescue(['--dry-run', '--url', jellyfin.url, ...withKey(jellyfin.apiKey), '--', '--yas']);
    expect(said.stderr).toContain('Did you mean:\n  npm run latchkey -- rescue -- --yes\n');
  });

  test.each([
    ['alcie', 'alice'],
    ['BOBB', 'bob'],
  ])('after %s the nearest name is offered', async (typed, meant) => {
    const { url, apiKey } = await server('12.0');
    const said = await rescue([typed, '--dry-run', '--url', url, ...withKey(apiKey)]);
    expect(said.stderr).toContain(`Did you mean:\n  npm run latchkey -- rescue ${meant}\n`);
    expect((await rescue(['somebody-else', '--url', url, ...withKey(apiKey)])).stderr).not.toContain('Did you mean');
  });

  test('after a dry run it is the same command without it', async () => {
    const { url, serverDir } = await server('12.0');
    const there = ['--url', url, '--server-dir', serverDir];
    const said = await rescue(['alice', '--dry-run', ...there, '--stop-command', 'stop it', '--start-command', 's']);
    expect(said.stdout).toContain(
      `To go ahead:\n  npm run latchkey -- rescue alice ${there.join(' ')} --stop-command 'stop it' --start-command s\n`,
    );
    const asRoot = await rescue(['alice', '--dry-run', ...there], undefined, { SUDO_USER: 'dad' });
    expect(asRoot.stdout).toContain('To go ahead:\n  sudo npm run latchkey -- rescue alice');
  });
});

test('on a narrow terminal lines break between words, and a command stays whole', () => {
  const command = '  npm run latchkey -- rescue alice --server-dir /var/lib/jellyfin --dry-run';
  const shown = wrapped(`Jellyfin is stopped. Start it the way you always do.\n${command}`, 30);
  expect(shown).toBe(`Jellyfin is stopped. Start it\nthe way you always do.\n${command}`);
  expect(wrapped('/a/path/that/is/longer/than/the/terminal is kept', 20)).toBe(
    '/a/path/that/is/longer/than/the/terminal\nis kept',
  );
});

test.each(['48', '80'])('what is said of the options fits a terminal of %s columns', async (columns) => {
  const terminal = pathToFileURL(resolve('tests/setup/pretend-terminal.mjs')).href;
  const { stdout } = await rescueProcess(['--help'], undefined, {
    NODE_OPTIONS: `--import=${terminal}`,
    COLUMNS: columns,
  });
  const [, options = ''] = stdout.split(/^Options:$/m);
  const [listed = ''] = options.split(/^Examples:$/m);
  expect(listed).toContain('--server-dir');
  expect(listed.split('\n').filter((line) => line.length > Number(columns))).toEqual([]);
});

test('a command line is quoted as the shell of its platform takes it', () => {
  const words = ['rescue', 'alice', '--server-dir', 'C:\\Program Files\\Jellyfin'];
  expect(commandLine(words, 'win32')).toBe('rescue alice --server-dir "C:\\Program Files\\Jellyfin"');
  expect(commandLine(["it's"], 'linux')).toBe(`'it'\\''s'`);
});

test('--help fits a terminal of 80 columns, with examples and exit codes', async () => {
  const { code, stdout } = await rescue(['--help'], undefined, { COLUMNS: '80' });
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(stdout.startsWith('Most people need one of these three:')).toBe(true);
  expect(stdout).toMatch(/^ {4}sudo \S.* rescue alice$/m);
  let onWindows = '';
  const t = createWords('en').forOperators('en');
  const command = rescueCommand(t, () => Promise.resolve(), 'win32');
  command.configureOutput({ writeOut: (text) => void (onWindows += text) }).outputHelp();
  expect(onWindows).toMatch(/^ {4}latchkey rescue alice$/m);
  expect(onWindows.split('Usage:')[0]).not.toContain('sudo');
  for (const part of ['systemctl stop jellyfin', 'docker compose', 'C:\\ProgramData\\Jellyfin\\Server', 'Exit codes:'])
    expect(stdout).toContain(part);
});

test('a .env that others can read is warned about, and used', async () => {
  const { url } = await server('12.0');
  const cwd = folder({ JELLYFIN_URL: url });
  chmodSync(join(cwd, '.env'), 0o644);
  const said = await rescue(['alice', '--dry-run'], cwd);
  expect(said.stderr).toBe('.env can be read by others: run chmod 600 .env\n');
  expect(said.stdout).toContain('Jellyfin 12.0.0 answers');
});

const asRoot = isRootAmongOthers ? test : test.skip;

test('--give-key where the environment says the key: refused before anything is done, as it could not be kept', async () => {
  const own = await ownServer('10.10.7', 'stopped');
  const before = readFileSync(own.db);
  const args = ['alice', '--yes', '--give-key', '--server-is-stopped', '--server-dir', own.dir];
  const said = await rescue(args, folder(), { JELLYFIN_API_KEY: own.apiKey });
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toMatch(/--give-key.*JELLYFIN_API_KEY comes from the environment/);
  expect(readFileSync(own.db).equals(before)).toBe(true);
});

test('--give-key where nothing can be written down: refused as well', async () => {
  const said = await rescue(['alice', '--yes', '--give-key'], folder(), {
    JELLYFIN_API_KEY_FILE: '/proc/no-key-can-be-here',
  });
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toMatch(/--give-key.*\/proc\/no-key-can-be-here cannot be written/);
});

test('a repair that cannot even begin: why stands on standard error', async () => {
  const own = await ownServer('10.10.7');
  const cwd = folder();
  const broken = join(cwd, 'broken.cjs');
  writeFileSync(broken, "if (/repair.main\\.cjs$/.test(process.argv[1])) throw new Error('an odd machine');\n");
  const args = ['alice', '--rung', 'db', '--yes', '--server-dir', own.dir, ...commands(own)];
  const said = await rescueProcess(args, cwd, { NODE_OPTIONS: `--require ${broken}` });
  expect(said.code).toBe(1);
  expect(said.stdout).toContain('The repair ended in the middle (1; my log has more)');
  expect(said.stderr).toContain('an odd machine');
});

/** A server folder of another user's. */
function folderOf(uid: number): string {
  const data = join(folder(), 'jellyfin', 'data');
  mkdirSync(data, { recursive: true });
  const db = join(data, 'jellyfin.db');
  writeFileSync(db, '', { mode: 0o600 });
  chownSync(db, uid, uid);
  // Whatever this process's own mask is: the folders are open, the file is not.
  for (const each of [dirname(dirname(data)), dirname(data), data]) chmodSync(each, 0o755);
  return dirname(data);
}

/** `latchkey rescue` as a user without any rights. */
function asNobody(args: readonly string[], cwd: string): Promise<Said> {
  const child = spawn(process.execPath, [program, 'rescue', ...args], {
    cwd,
    uid: 65534,
    gid: 65534,
    env: environment(cwd),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

asRoot('a database of somebody else: whose it is, and that nothing was touched', async () => {
  const args = ['alice', '--yes', '--rung', 'db', '--server-dir', folderOf(1234), '--url', 'http://127.0.0.1:1'];
  const said = await asNobody(args, '/');
  expect(said).toMatchObject({ code: 4, stdout: expect.stringMatching(/4\. jellyfin\.db: closed, as .* 1234/) });
});

asRoot(
  'a folder that is closed to us is not taken for one without a database: as whom to run it is said',
  async () => {
    const dir = folderOf(1234);
    for (const closed of [dir, join(dir, 'data')]) {
      chownSync(closed, 1234, 1234);
      chmodSync(closed, 0o750);
      const look = ['--server-dir', dir, '--url', 'http://127.0.0.1:1'];
      const runs = [
        ['alice', '--dry-run'],
        ['alice', '--yes', '--rung', 'db'],
      ] as const;
      const [plan, rung] = await Promise.all(runs.map((flags) => asNobody([...flags, ...look], '/')));
      const note = `I may not look into ${closed}: run this as root, or as 1234, whose it is`;
      expect(plan?.stdout).toContain(`4. jellyfin.db: closed, as ${note}`);
      expect(plan?.stdout).not.toContain('there is no');
      expect(rung).toMatchObject({ code: 4 });
      chmodSync(closed, 0o755);
    }
  },
  40_000,
);

asRoot(
  'a PIN file that may not be read says so, and the password stays',
  async () => {
    const jellyfin = await server('10.11.11', { key: false });
    const { url, serverDir } = jellyfin;
    for (let each = serverDir; each !== tmpdir(); each = dirname(each)) chmodSync(each, 0o755);
    jellyfin.onCall(({ path }) => {
      if (path !== '/Users/ForgotPassword') return;
      const pins = readdirSync(serverDir).filter((name) => name.startsWith('passwordreset'));
      for (const name of pins) chmodSync(join(serverDir, name), 0o600);
    });
    const said = await asNobody(['alice', '--yes', '--rung', 'pin', '--url', url, '--server-dir', serverDir], '/');
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/may not read the PIN file passwordreset.*Run this as the user that Jellyfin runs as/);
    expect(await signIn(url, 'forgotten')).toBe(200);
  },
  40_000,
);

/** A user whom no list names has no group, whatever group the folder has. */
const nogroup = 65_534;

asRoot('a folder for bad PIN files that root makes is the server’s own, and none is made through a link', async () => {
  // The server's, which is this process here: root reads with its user's rights.
  process.umask(0o022);
  const { url, serverDir } = await server('10.11.11', { key: false });
  chownSync(serverDir, 1234, 1235);
  writeFileSync(join(serverDir, 'passwordresetcorrupt.json'), '{"Pin":"03-C1');
  const args = ['alice', '--rung', 'pin', '--yes', '--url', url, '--server-dir', serverDir];
  expect(await rescue(args)).toMatchObject({ code: 0 });
  expect(statSync(join(serverDir, 'latchkey-set-aside'))).toMatchObject({ uid: 1234, gid: nogroup });

  const other = await server('10.11.11', { key: false });
  const elsewhere = folder();
  symlinkSync(elsewhere, join(other.serverDir, 'latchkey-set-aside'));
  chownSync(other.serverDir, 1234, 1235);
  writeFileSync(join(other.serverDir, 'passwordresetcorrupt.json'), '{"Pin":"03-C1');
  const refused = await rescue([...args.slice(0, 4), '--url', other.url, '--server-dir', other.serverDir]);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('may not move files');
  expect(statSync(elsewhere).uid).not.toBe(1234);
});
