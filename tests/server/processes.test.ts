import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lookAtProcesses, serverPrograms } from '../../src/server/processes.js';
import { servedBy } from '../../src/server/served-folder.js';
import { runCommand } from '../../src/server/run-command.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { ended } from './server-shape.js';
import { isRootAlone, isRootAmongOthers } from '../support/other-users.js';

const newFolder = temporaryFolders();
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await ended(child, () => child.kill('SIGKILL'));
});

/** Not the real name: a repair that is tried at the same time by another test would take these for a server. */
const programs = ['jellyfin-tried', 'jellyfin-tried.dll'];
const pidsSeen = (ownPids: number[] = [], db = '/nowhere/data/jellyfin.db') =>
  lookAtProcesses({ db, machine: { programs }, ownPids }).map(({ params }) => params['pid']);

async function start(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  return begun(child);
}

/** Its number, once it can be seen whole: for a moment after it began, the system shows it without its arguments. */
async function begun(child: ChildProcess): Promise<number> {
  children.push(child);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  while (readFileSync(`/proc/${pid}/cmdline`).length === 0) await new Promise(setImmediate);
  return pid;
}

test('it is Jellyfin that is looked for', () => {
  expect(serverPrograms).toEqual(['jellyfin', 'jellyfin.dll', 'jellyfin.exe']);
});

test('a program of that name is seen', async () => {
  const program = join(newFolder(), 'jellyfin-tried');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  const pid = await start(program, ['60']);
  expect(pidsSeen()).toEqual([pid]);
  expect(pidsSeen([pid])).toEqual([]);
});

test('a program is told by what the system calls it, and by its file, where its first argument is too long', async () => {
  const folder = newFolder();
  const [program, linked] = ['jellyfin-tried', 'other'].map((name) => join(folder, name)) as [string, string];
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  // The system calls it by the link's name.
  symlinkSync(program, linked);
  const argv0 = 'x'.repeat(100_000);
  const pids = [program, linked].map((each) => begun(spawn(each, ['60'], { stdio: 'pipe', argv0 })));
  expect(pidsSeen().toSorted()).toEqual((await Promise.all(pids)).toSorted());
});

test('a program that is run by another one is seen', async () => {
  const library = join(newFolder(), 'jellyfin-tried.dll');
  writeFileSync(library, 'setTimeout(() => undefined, 60_000)');
  expect(pidsSeen()).toEqual([]);
  const pid = await start(process.execPath, [library]);
  expect(pidsSeen()).toEqual([pid]);
});

test('somebody who only speaks of it is not taken for it', async () => {
  await start('/bin/sh', ['-c', 'read line', 'jellyfin-tried']);
  await start('/usr/bin/tail', ['-f', '/dev/null', '--pid', String(process.pid)]);
  expect(pidsSeen()).toEqual([]);
});

test('one that is dead and not yet buried is not seen', async () => {
  const program = join(newFolder(), 'jellyfin-tried');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  // The parent never asks how it ended.
  const parent = spawn('/bin/sh', ['-c', `${program} 60 & echo $!; exec tail -f /dev/null`], { stdio: 'pipe' });
  children.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  while (!pidsSeen().includes(pid)) await new Promise(setImmediate);
  process.kill(pid, 'SIGKILL');
  const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
  while (state() !== 'Z') await new Promise(setImmediate);
  expect(pidsSeen()).toEqual([]);
});

const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;
const mounting = canMount ? test : test.skip;
const unlessMounting = canMount ? '' : ' (skipped: mounting is not allowed here)';

describe('another Jellyfin on the machine', () => {
  /** A server folder with a database of its own. */
  function serverFolder(): { dir: string; db: string } {
    const dir = newFolder();
    const db = join(dir, 'data', 'jellyfin.db');
    mkdirSync(dirname(db));
    writeFileSync(db, 'never opened');
    return { dir, db };
  }

  async function jellyfin(args: string[], env: Record<string, string> = {}, cwd?: string): Promise<number> {
    const library = join(newFolder(), 'jellyfin-tried.dll');
    writeFileSync(library, 'setTimeout(() => undefined, 60_000)');
    const child = spawn(process.execPath, [library, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env, cwd });
    return begun(child);
  }

  const ours = () => serverFolder();

  test.each<[string, (dir: string) => [string[], Record<string, string>?, string?]]>([
    ['its arguments', (dir) => [['--datadir', dir]]],
    ['one argument', (dir) => [['--nowebclient', `--datadir=${dir}`, '--configdir', '/nowhere']]],
    ['a relative argument', (dir) => [['-d', basename(dir)], {}, dirname(dir)]],
    ['its environment', (dir) => [[], { JELLYFIN_DATA_DIR: dir }]],
    ['arguments that win over its environment', (dir) => [['-d', dir], { JELLYFIN_DATA_DIR: '/nowhere' }]],
  ])('whose folder is told by %s does not count; ours does, however it is written', async (_, started) => {
    const [own, other] = [ours(), serverFolder()];
    const home = { HOME: '/nowhere' };
    const begin = (dir: string) => {
      const [args, env, cwd] = started(dir);
      return jellyfin(args, { ...home, ...env }, cwd);
    };
    await begin(other.dir);
    expect(pidsSeen([], own.db)).toEqual([]);
    const pid = await begin(own.dir);
    expect(pidsSeen([], own.db)).toEqual([pid]);
    const link = join(newFolder(), 'link');
    symlinkSync(own.dir, link);
    const linked = await begin(link);
    expect(pidsSeen([], own.db).toSorted()).toEqual([pid, linked].toSorted());
  });

  test.each<[string, string, (home: string) => Record<string, string>]>([
    ['as usual', '.local/share', (home) => ({ HOME: home })],
    ['where it says', 'its own', (home) => ({ HOME: '/nowhere', XDG_DATA_HOME: join(home, 'its own') })],
  ])('that keeps its files at home, %s, does not count', async (_, folder, env) => {
    const home = newFolder();
    const db = join(home, folder, 'jellyfin', 'data', 'jellyfin.db');
    mkdirSync(dirname(db), { recursive: true });
    writeFileSync(db, 'never opened');
    const pid = await jellyfin([], env(home));
    expect(pidsSeen([], ours().db)).toEqual([]);
    expect(pidsSeen([], db)).toEqual([pid]);
  });

  test('by its usual name is told from ours, too', async () => {
    const [own, other] = [ours(), serverFolder()];
    const library = join(newFolder(), 'jellyfin.dll');
    writeFileSync(library, 'setTimeout(() => undefined, 60_000)');
    const pid = await start(process.execPath, [library, '--datadir', other.dir, '--configdir', other.dir]);
    const seen = (db: string) => lookAtProcesses({ db }).map(({ params }) => params['pid']);
    expect(seen(own.db)).not.toContain(pid);
    expect(seen(other.db)).toContain(pid);
  });

  test('is told by what its own program is given, whatever else ends like a program', async () => {
    const own = ours();
    const pid = await start(process.execPath, [
      ...['-e', 'setTimeout(() => undefined, 60_000)', '--'],
      ...['jellyfin-tried.dll', '--datadir', own.dir, '--ffmpeg', '/usr/lib/other.dll'],
    ]);
    expect(lookAtProcesses({ db: own.db, machine: { programs } })).toEqual([
      { sign: 'process', seen: 'running', params: { pid } },
    ]);
    const args = ['/usr/bin/jellyfin', '--datadir', own.dir, '--ffmpeg', '/usr/lib/other.dll'];
    expect(servedBy({ pid, args }, programs, own.db)).toBe('this');
    // A folder may have the program's name.
    const named = join(own.dir, 'jellyfin-tried');
    mkdirSync(join(named, 'data'), { recursive: true });
    const db = join(named, 'data', 'jellyfin.db');
    writeFileSync(db, 'never opened');
    expect(servedBy({ pid, args: ['/opt/server', '--datadir', named] }, programs, db)).toBe('this');
  });

  test('counts where the numbers of files tell nothing, as on a pool of disks, and is said to be unclear', async () => {
    const numberless = '/proc/version';
    const [own, other] = [ours(), serverFolder()];
    const pid = await jellyfin(['--datadir', other.dir], { HOME: '/nowhere' });
    const unclear = [{ sign: 'process', seen: 'running', params: { pid, unclear: 1 } }];
    expect(lookAtProcesses({ db: numberless, machine: { programs } })).toEqual(unclear);
    rmSync(other.db);
    symlinkSync(numberless, other.db);
    expect(lookAtProcesses({ db: own.db, machine: { programs } })).toEqual(unclear);
  });

  test.each<[string, (dir: string) => string[], (dir: string) => unknown, Record<string, string>?]>([
    ['has no database yet', (dir) => ['--datadir', `${dir}/elsewhere`], () => undefined],
    ['is named twice', (dir) => ['--datadir', dir, '-d', dir], () => undefined],
    ['is named without a value', () => ['--datadir'], () => undefined],
    ['is written in a way that nobody uses', (dir) => [`-d${dir}`], () => undefined],
    ['has its configuration nobody knows where', (dir) => ['-d', dir, '--configdir', '--nowebclient'], () => undefined],
    ['has its configuration at a home that nobody knows', (dir) => ['--datadir', dir], () => undefined, {}],
    [
      'names another place for its database',
      (dir) => ['--datadir', dir],
      (dir) => {
        mkdirSync(join(dir, 'config'));
        const options = '<CustomProviderOptions><Options><Key>path</Key></Options></CustomProviderOptions>';
        writeFileSync(join(dir, 'config', 'database.xml'), options);
      },
    ],
  ])('whose folder %s counts, and is said to be unclear', async (_, args, prepare, env = { HOME: '/nowhere' }) => {
    const { dir } = serverFolder();
    prepare(dir);
    const pid = await jellyfin(args(dir), env);
    const signs = lookAtProcesses({ db: ours().db, machine: { programs } });
    expect(signs).toEqual([{ sign: 'process', seen: 'running', params: { pid, unclear: 1 } }]);
  });

  /** As much as one argument may be, and more than is read. */
  const long = 'x'.repeat(100_000);

  test.each<[string, string[], Record<string, string>]>([
    ['arguments are', [long], {}],
    ['environment is', [], { LONG: long }],
  ])('whose %s longer than any of a Jellyfin counts, and is said to be unclear', async (_, more, env) => {
    const { dir } = serverFolder();
    const args = ['--datadir', dir, '--configdir', '/nowhere'];
    await jellyfin(args);
    const pid = await jellyfin([...args, ...more], env);
    const signs = lookAtProcesses({ db: ours().db, machine: { programs } });
    expect(signs).toEqual([{ sign: 'process', seen: 'running', params: { pid, unclear: 1 } }]);
  });

  test('whose folder is given as nothing, and that was started in another one, counts', async () => {
    const { dir } = serverFolder();
    const pid = await jellyfin(['--datadir=', '--configdir', '/nowhere'], { HOME: '/nowhere' }, dir);
    const signs = lookAtProcesses({ db: ours().db, machine: { programs } });
    expect(signs).toEqual([{ sign: 'process', seen: 'running', params: { pid, unclear: 1 } }]);
  });

  const asRoot = isRootAmongOthers ? test : test.skip;

  asRoot('of another user counts for who is not root, and is said to be unclear', async () => {
    const [own, other] = [ours(), serverFolder()];
    const pid = await jellyfin(['--datadir', other.dir, '--configdir', other.dir]);
    expect(pidsSeen([], own.db)).toEqual([]);
    const program = ChildProgram.start(
      ['server/processes.ts'],
      (url) => `
        const { lookAtProcesses } = await import('${url('server/processes.ts')}');
        process.setuid(65534);
        console.log(JSON.stringify(lookAtProcesses({ db: '${own.db}', machine: { programs: ['jellyfin-tried.dll'] } })));`,
    );
    const [line = ''] = await program.lines(1);
    await program.exited;
    expect(JSON.parse(line)).toEqual([{ sign: 'process', seen: 'running', params: { pid, unclear: 1 } }]);
  });

  // Its folder has our folder's name, and is another one; then it is ours under another name.
  mounting(`in a container is told by the file, not by its name${unlessMounting}`, async () => {
    const [own, other] = [ours(), serverFolder()];
    const library = join(newFolder(), 'jellyfin-tried.dll');
    writeFileSync(library, 'console.log(process.pid); setTimeout(() => undefined, 60_000)');
    const within = async (from: string, to: string) => {
      const script = `mount --bind ${from} ${to} && exec ${process.execPath} ${library} --datadir ${to}`;
      const child = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      const [pid] = (await once(child.stdout, 'data')) as [Buffer];
      return Number(pid.toString());
    };
    await within(other.dir, own.dir);
    expect(pidsSeen([], own.db)).toEqual([]);
    const pid = await within(own.dir, other.dir);
    expect(pidsSeen([], own.db)).toEqual([pid]);
    expect(lookAtProcesses({ db: own.db, machine: { programs } })).toMatchObject([{ params: { pid } }]);
  });

  // One device there tells two views of one file no better than a pool of disks does; a container's own disk does.
  mounting(`in a container counts on a disk that has no numbers of its own${unlessMounting}`, async () => {
    const [dir, disk] = [newFolder(), newFolder()];
    const layers = ['low', 'up', 'work'].map((each) => join(disk, each));
    const script = `cd ${dir} && mkdir odd disk && mount -t ramfs ramfs odd && mount -t tmpfs tmpfs ${disk}
      mkdir ${layers.join(' ')} && mount -t overlay -o lowerdir=${layers[0]},upperdir=${layers[1]},workdir=${layers[2]} overlay disk
      for each in odd/own odd/other disk/own disk/other; do mkdir -p $each/data && touch $each/data/jellyfin.db; done
      echo ready && exec sleep 60`;
    const child = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const served = (where: string, db: string) =>
      servedBy(
        { pid, args: ['jellyfin', '--datadir', join(dir, where), '--configdir', '/nowhere'] },
        programs,
        `/proc/${pid}/root${dir}/${db}/data/jellyfin.db`,
      );
    expect([served('odd/own', 'odd/own'), served('odd/other', 'odd/own')]).toEqual(['this', 'unknown']);
    expect([served('disk/own', 'disk/own'), served('disk/other', 'disk/own')]).toEqual(['this', 'another']);
  });

  (existsSync('/usr/bin/perl') ? asRoot : test.skip)(
    'that sees other folders than we do is looked up where it is, and no link of its own leads out of there',
    async () => {
      const [inside, own, other] = [newFolder(), ours(), serverFolder()];
      mkdirSync(join(inside, own.dir, 'data'), { recursive: true });
      writeFileSync(join(inside, own.dir, 'data', 'jellyfin.db'), 'never opened');
      symlinkSync(other.dir, join(inside, 'link'));
      const child = spawn('perl', ['-e', '$| = 1; chroot $ARGV[0] or die; print "ready\n"; sleep 60', inside], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(child);
      await once(child.stdout, 'data');
      const served = (dir: string, db: string) =>
        servedBy({ pid: child.pid ?? 0, args: ['jellyfin', '-d', dir, '-c', '/nowhere'] }, programs, db);
      expect(served(own.dir, own.db)).toBe('another');
      expect(served(own.dir, join(inside, own.db))).toBe('this');
      expect(served('/link', own.db)).toBe('unknown');
    },
  );
});

/** Root sees and may everything, and can be somebody else; who is not root is somebody else already. */
const isRoot = isRootAmongOthers;
const nobody = 65_534;

(isRootAlone ? test.skip : test)(
  "other people's open files cannot be seen by who is not root, and that is said",
  async () => {
    const program = ChildProgram.start(
      ['server/processes.ts'],
      (url) => `
      const { lookAtOpenFiles } = await import('${url('server/processes.ts')}');
      if (${isRoot}) process.setuid(${nobody});
      console.log(JSON.stringify(lookAtOpenFiles({ db: '/nowhere/jellyfin.db' })));`,
    );
    const [line = ''] = await program.lines(1);
    await program.exited;
    expect(JSON.parse(line)).toMatchObject([{ sign: 'openFile', seen: 'unseen' }]);
  },
);

const run = (script: string, timeoutMs = 10_000) => runCommand(['sh', '-c', script], timeoutMs);

test('a command that works', async () => {
  expect(await run('echo stopped')).toEqual({ ok: true, ended: '0', said: 'stopped' });
});

test('a command that fails is heard to its last word', async () => {
  expect(await run('echo no such unit >&2; exit 5')).toEqual({ ok: false, ended: '5', said: 'no such unit' });
  const { said } = await run('seq 1 10000; exit 1');
  expect(said).toMatch(/9999\n10000$/);
  expect(said.length).toBeLessThanOrEqual(400);
});

test('a program that is not there', async () => {
  expect(await runCommand(['/nowhere/systemctl', 'stop'], 1000)).toEqual({ ok: false, ended: 'ENOENT', said: '' });
});

test('no shell reads it', async () => {
  expect(await runCommand(['echo', '$HOME;', '*'], 1000)).toMatchObject({ said: '$HOME; *' });
});

test('it is told no secret: a server that it starts would keep it in its environment', async () => {
  vi.stubEnv('DISCORD_TOKEN', 'token');
  vi.stubEnv('JELLYFIN_API_KEY', 'key');
  vi.stubEnv('JELLYFIN_DATA_DIR', '/srv');
  const { said } = await run('echo "$DISCORD_TOKEN,$JELLYFIN_API_KEY,$JELLYFIN_DATA_DIR"');
  vi.unstubAllEnvs();
  expect(said).toBe(',,/srv');
});

test('a command that takes too long is ended', async () => {
  expect(await run('exec sleep 60', 50)).toMatchObject({ ok: false, ended: 'SIGTERM' });
});

test('one that does not listen is ended, too', async () => {
  expect(await run(`trap '' TERM; while :; do sleep 0.1; done`, 50)).toMatchObject({ ok: false, ended: 'SIGKILL' });
});

test('a server that it leaves behind keeps nobody waiting', async () => {
  const startedAt = Date.now();
  expect(await run('sleep 4 & echo started')).toMatchObject({ ok: true, said: 'started' });
  expect(Date.now() - startedAt).toBeLessThan(3000);
});
