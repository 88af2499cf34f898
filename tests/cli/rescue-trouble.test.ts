import { tmpdir } from 'node:os';
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
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commands, environment, folder, ownServer, program, rescue, server, signIn, type Said } from './latchkey.js';

const asRoot = process.getuid?.() === 0 ? test : test.skip;

test('--give-key where the environment says the key: refused before anything is done, as it could not be kept', async () => {
  const own = await ownServer('10.10.7');
  own.stop();
  const before = readFileSync(own.db);
  const args = ['alice', '--yes', '--give-key', '--server-is-stopped', '--server-dir', own.dir];
  const said = await rescue(args, folder(), { JELLYFIN_API_KEY: own.apiKey });
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toMatch(/--give-key.*JELLYFIN_API_KEY comes from the environment/);
  expect(readFileSync(own.db).equals(before)).toBe(true);
}, 30_000);

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
  const said = await rescue(args, cwd, { NODE_OPTIONS: `--require ${broken}` });
  expect(said.code).toBe(1);
  expect(said.stdout).toContain('The repair ended in the middle (1; my log has more)');
  expect(said.stderr).toContain('an odd machine');
}, 30_000);

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

asRoot('a folder for bad PIN files that root makes is the server’s own, and none is made through a link', async () => {
  const { url, serverDir } = await server('10.11.11', { key: false });
  chownSync(serverDir, 1234, 1235);
  writeFileSync(join(serverDir, 'passwordresetcorrupt.json'), '{"Pin":"03-C1');
  const args = ['alice', '--rung', 'pin', '--yes', '--url', url, '--server-dir', serverDir];
  expect(await rescue(args)).toMatchObject({ code: 0 });
  expect(statSync(join(serverDir, 'latchkey-set-aside'))).toMatchObject({ uid: 1234, gid: 1235 });

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
