import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { freePort } from '../../sandbox/free-port.js';
import { lookAtFileLocks, lookAtLog } from '../../src/server/locks.js';
import { firstPidNamespace, outOfSight } from '../../src/server/out-of-sight.js';
import { lookAtOpenFiles } from '../../src/server/processes.js';
import { isSeenHere, lookForServer } from '../../src/server/signs.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { testMachine } from '../support/test-machine.js';
import { serverFolder, type Shape, shapedServer, type ShapedServer } from './server-shape.js';

const newFolder = temporaryFolders();
let server: ShapedServer | undefined;
let folder: ReturnType<typeof serverFolder>;
let port: number;

beforeEach(async () => {
  port = await freePort();
  folder = serverFolder(newFolder(), port);
  const db = new Database(folder.db);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE Users (Id TEXT)');
  db.close();
});
afterEach(async () => {
  await server?.end();
  server = undefined;
});

/** The names of the signs. */
async function signs(): Promise<string[]> {
  const { running, unseen } = await lookForServer({ ...folder, machine: testMachine });
  expect(unseen.filter(({ seen }) => seen === 'running')).toEqual([]);
  return [...new Set(running.map(({ sign }) => sign))].sort();
}

async function running(shape: Partial<Shape> = {}): Promise<ShapedServer> {
  server = await shapedServer(folder.serverDir, port, { database: 'open', log: true, port: true, ...shape });
  return server;
}

describe('a server that runs is seen', () => {
  test('at work: by its files, its locks and its answers', async () => {
    await running();
    expect(await signs()).toEqual(['fileLock', 'http', 'logLock', 'openFile']);
  });

  test('idle: it has closed its database, and still holds its log', async () => {
    await running({ database: 'idle' });
    expect(readdirSync(`${folder.serverDir}/data`)).toEqual(['jellyfin.db']);
    expect(await signs()).toEqual(['http', 'logLock', 'openFile']);
  });

  test('started with a migration: its database is open and has no lock', async () => {
    await running({ database: 'migrated' });
    expect(await signs()).toEqual(['http', 'logLock', 'openFile']);
  });

  test('in its first second: no port yet, no database yet, but a log', async () => {
    await running({ database: 'idle', port: false });
    expect(await signs()).toEqual(['logLock', 'openFile']);
  });

  test('while it restarts within its process: the port is away, and comes back', async () => {
    const it = await running();
    await it.change({ port: false, database: 'idle' });
    expect(await signs()).toEqual(['logLock', 'openFile']);
    await it.change({ port: true, database: 'open' });
    expect(await signs()).toContain('http');
  });

  test('when its port is gone for good and its process is alive', async () => {
    await running({ port: false });
    expect(await signs()).toEqual(['fileLock', 'logLock', 'openFile']);
  });
});

test.each(['-wal', '-shm'])(
  'a lock on what lies beside its database, and a process with it, are seen: %s',
  async (end) => {
    const file = `${folder.db}${end}`;
    const held = openSync(file, 'w');
    // It lives on with its lock: in a namespace of processes the system does not list that of one that has ended.
    const holder = spawn('flock', ['-xn', file, 'sh', '-c', 'echo locked; exec cat']);
    try {
      await once(holder.stdout, 'data');
      // Where nobody knows its folder, who has a file open beside its database counts.
      expect(lookAtOpenFiles({ db: `${folder.db}.moved` })).toContainEqual(
        expect.objectContaining({ params: expect.objectContaining({ pid: holder.pid, file }) }),
      );
      // Of Latchkey's own processes that alone counts.
      expect(lookAtOpenFiles(folder)).toContainEqual(
        expect.objectContaining({ params: expect.objectContaining({ file }) }),
      );
      expect(await lookAtFileLocks(folder)).toMatchObject([{ sign: 'fileLock', seen: 'running', params: { file } }]);
    } finally {
      holder.stdin.end();
      await once(holder, 'close');
      closeSync(held);
    }
  },
);

describe('a server that is stopped', () => {
  test('leaves no sign', async () => {
    expect(await signs()).toEqual([]);
    const it = await running();
    await it.end();
    expect(await signs()).toEqual([]);
  });

  test('leaves no sign, either, of what was killed', async () => {
    const it = await running();
    process.kill(it.pid, 'SIGKILL');
    await it.end();
    expect(readdirSync(`${folder.serverDir}/data`)).toContain('jellyfin.db-shm');
    expect(await signs()).toEqual([]);
  });

  test('is looked at without a byte of its database changing, nor a file beside it', async () => {
    const before = readFileSync(folder.db);
    await signs();
    expect(readFileSync(folder.db).equals(before)).toBe(true);
    expect(readdirSync(`${folder.serverDir}/data`)).toEqual(['jellyfin.db']);
  });
});

test('the signs of the process itself do not count, unless it has jellyfin.db open', async () => {
  const it = await running({ port: false, database: 'idle' });
  const look = async () =>
    (await lookForServer({ ...folder, machine: testMachine, logDir: undefined, ownPids: [it.pid] })).running;
  expect((await look()).map(({ sign }) => sign)).not.toContain('openFile');
  await it.change({ database: 'migrated' });
  expect((await look()).find(({ sign }) => sign === 'openFile')?.params).toEqual({ pid: it.pid, file: folder.db });
});

const sharedDb = '/srv/jelly fin/data/jellyfin.db';

/** The lists of a machine with this file system under the server's folder. */
const machine = (type: string) => ({
  pidNamespace: firstPidNamespace,
  mounts: [
    '22 1 254:0 / / rw shared:1 - ext4 /dev/sda1 rw',
    `31 22 0:30 / /srv/jelly\\040fin rw shared:2 - ${type} somewhere rw`,
    '32 22 0:31 / /srv/jelly\\040fin\\040too rw shared:3 - nfs4 elsewhere:/ rw',
  ].join('\n'),
});
const container = { ...machine('ext4'), pidNamespace: 'pid:[4026532999]' };

describe('the lists of processes and locks hold every server', () => {
  test.each(['ext4', 'btrfs', 'zfs', 'overlay', 'fuseblk', 'fuse.mergerfs', 'fuse.shfs'])(
    'on this machine, with its files on %s',
    (type) => expect(outOfSight(sharedDb, machine(type))).toBeUndefined(),
  );
});

describe('a server may be in none of these lists', () => {
  test.each(['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'virtiofs', 'fuse.sshfs', 'fuse.rclone', 'ceph'])(
    'where its files are on %s, which another machine may have open',
    (type) => expect(outOfSight(sharedDb, machine(type))).toBe(type),
  );

  test('where the file itself is one that is mounted, in whatever order the system lists what is mounted', () => {
    const mounts = [
      `31 22 0:30 / ${sharedDb.replace(' ', '\\040')} rw shared:2 - nfs4 elsewhere:/ rw`,
      '32 22 0:31 / /srv/jelly\\040fin rw shared:3 - ext4 /dev/sdb1 rw',
      '22 1 254:0 / / rw shared:1 - ext4 /dev/sda1 rw',
    ].join('\n');
    expect(outOfSight(sharedDb, { pidNamespace: firstPidNamespace, mounts })).toBe('nfs4');
    expect(outOfSight(`${sharedDb}.other`, { pidNamespace: firstPidNamespace, mounts })).toBeUndefined();
    const whole = '22 1 0:30 / / rw shared:1 - nfs4 elsewhere:/ rw';
    expect(outOfSight(sharedDb, { pidNamespace: firstPidNamespace, mounts: whole })).toBe('nfs4');
  });

  test('seen from within a container, or where nobody can tell', () => {
    expect(outOfSight(sharedDb, container)).toBe('container');
    expect(outOfSight(sharedDb, { ...container, pidNamespace: undefined })).toBe('container');
  });
});

describe('from within a container', () => {
  const look = (port: number) => {
    const folder = { ...serverFolder(newFolder(), port), machine: testMachine };
    writeFileSync(folder.db, '');
    return { folder, signs: () => lookForServer({ ...folder, surroundings: container }) };
  };
  const names = (found: readonly { sign: string }[]) => [...new Set(found.map(({ sign }) => sign))].sort();

  test('what ends there is not seen: it proves nothing that no server is in it', async () => {
    const { signs } = look(await freePort());
    const { unseen } = await signs();
    expect(names(unseen)).toEqual(['fileLock', 'openFile', 'process']);
  });

  test('a server that is in there with us is seen, and it is seen that it goes', async () => {
    const port = await freePort();
    const { folder, signs } = look(port);
    const server = await shapedServer(folder.serverDir, port, { database: 'idle', log: true, port: false });
    const found = await signs();
    await server.end();
    expect(isSeenHere(found)).toBe(true);
    expect(names(found.unseen)).not.toContain('fileLock');
    const { unseen } = await lookForServer({ ...folder, isInSight: true, surroundings: container });
    expect(names(unseen)).not.toContain('fileLock');
  });

  test('one that is seen by its name is in there with us, one that only answers is not', () => {
    const seen = (sign: 'process' | 'http' | 'fileLock') =>
      isSeenHere({ running: [{ sign, seen: 'running', params: {} }], unseen: [] });
    expect([seen('process'), seen('http'), seen('fileLock')]).toEqual([true, false, false]);
  });

  test('somebody who only reads its files is not the server', async () => {
    const port = await freePort();
    const { folder, signs } = look(port);
    const reader = await shapedServer(folder.serverDir, port, { database: 'migrated', log: false, port: false });
    const { running, unseen } = await signs();
    await reader.end();
    expect(names(running)).toContain('openFile');
    expect(names(unseen)).toContain('fileLock');
  });
});

/** What this process has open. */
const ownFiles = () =>
  readdirSync('/proc/self/fd').flatMap((each) => {
    const link = `/proc/self/fd/${each}`;
    return existsSync(link) ? [readlinkSync(link)] : [];
  });

const held: number[] = [];
afterEach(() => held.splice(0).forEach(closeSync));

function write(folder: string, name: string, day: number): string {
  const file = join(folder, name);
  writeFileSync(file, 'log\n');
  utimesSync(file, new Date(2026, 10, day), new Date(2026, 10, day));
  return file;
}

/** The lock belongs to the open file: it stays ours when the program that took it is gone. */
function hold(file: string): void {
  const log = openSync(file, 'r');
  held.push(log);
  spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', log] });
}

test('the newest log, held by somebody, is a sign', async () => {
  const logDir = newFolder();
  write(logDir, 'log_20261123.log', 23);
  write(logDir, 'log_20261125.log', 22); // of a clock that was wrong
  const file = write(logDir, 'log_20261124.log', 24);
  hold(file);
  expect(await lookAtLog({ logDir })).toEqual([{ sign: 'logLock', seen: 'running', params: { file } }]);
  // To look leaves nothing open that the next look could take for a server's.
  const open = lookAtOpenFiles({ db: folder.db, logDir }).filter(({ params }) => params['file'] === file);
  expect(open).toEqual([]);
  expect(ownFiles().filter((each) => each === file)).toHaveLength(1);
});

// Folders are listed in the order of their making, or the other way round, or in none.
test.each([
  ['', ['', '_001', '_002']],
  [', whichever is listed first', ['_002', '_001', '']],
])('the last log of the same day is the newest%s', async (_, logs) => {
  const logDir = newFolder();
  for (const each of logs) write(logDir, `log_20261124${each}.log`, 24);
  hold(join(logDir, 'log_20261124_002.log'));
  expect(await lookAtLog({ logDir })).toMatchObject([{ seen: 'running' }]);
});

test('a log that nobody holds is no sign, and other files are none', async () => {
  const logDir = newFolder();
  write(logDir, 'log_20261124.log', 23);
  hold(write(logDir, 'FFmpeg.Transcode-2026-11-24.log', 24));
  expect(await lookAtLog({ logDir })).toEqual([]);
});

test('what is no file among the logs is passed over: it is not waited for, and nothing is made where it leads', async () => {
  const logDir = newFolder();
  hold(write(logDir, 'log_20261124.log', 24));
  spawnSync('mkfifo', [join(logDir, 'log_20991231.log')]);
  const target = join(logDir, 'made');
  symlinkSync(target, join(logDir, 'log_20991231_001.log'));
  expect(await lookAtLog({ logDir })).toMatchObject([{ seen: 'running' }]);
  expect(existsSync(target)).toBe(false);
});

test('no folder, none of that name, no log in it: it cannot be seen', async () => {
  expect(await lookAtLog({})).toMatchObject([{ sign: 'logLock', seen: 'unseen' }]);
  expect(await lookAtLog({ logDir: newFolder() })).toMatchObject([{ seen: 'unseen' }]);
  const { running, unseen } = await lookForServer({ ...folder, machine: testMachine, logDir: '/nowhere' });
  expect(running).toEqual([]);
  // In a container other signs are unseen, too.
  expect(unseen.filter(({ sign }) => sign === 'logLock')).toEqual([
    { sign: 'logLock', seen: 'unseen', params: { why: expect.stringContaining("'/nowhere'") } },
  ]);
});

test('without the program that asks for the lock it cannot be seen, nor with one that fails', async () => {
  const [logDir, odd] = [newFolder(), newFolder()];
  writeFileSync(join(odd, 'flock'), '#!/bin/sh\nexit 69\n', { mode: 0o755 });
  write(logDir, 'log_20261124.log', 24);
  const program = ChildProgram.start(
    ['server/locks.ts'],
    (url) => `
      const { lookAtLog } = await import('${url('server/locks.ts')}');
      for (const path of ['/nowhere', '${odd}']) {
        process.env.PATH = path;
        console.log(JSON.stringify(await lookAtLog({ logDir: '${logDir}' })));
      }`,
  );
  const lines = await program.lines(2);
  await program.exited;
  const unseen = (why: string) => [{ sign: 'logLock', seen: 'unseen', params: { why } }];
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([unseen('flock'), unseen('flock 69')]);
});

const mounts = (folder: string) => spawnSync('mount', ['-t', 'tmpfs', 'none', folder]).status === 0;
const unmounts = (folder: string) => spawnSync('umount', [folder]);

/** Whether a file system may be mounted here, as root may outside of a strict container. */
function mayMount(): boolean {
  const folder = newFolder();
  const may = process.platform === 'linux' && mounts(folder);
  if (may) unmounts(folder);
  return may;
}

(mayMount() ? test : test.skip)(
  'a lock on a file of the same number on another file system is nobody’s here',
  async () => {
    const home = newFolder();
    const [here = '', there = ''] = ['here', 'there'].map((name) => join(home, name));
    for (const folder of [here, there]) {
      mkdirSync(folder);
      mounts(folder);
      writeFileSync(join(folder, 'jellyfin.db'), '');
    }
    const ours = join(here, 'jellyfin.db');
    const theirs = join(there, 'jellyfin.db');
    const script = 'exec 9<"$0"; exec flock "$1" sh -c "echo held; read end"';
    const holding = (open: string) => spawn('sh', ['-c', script, open, theirs], { stdio: ['pipe', 'pipe', 'inherit'] });
    let holder = holding('/dev/null');
    try {
      await once(holder.stdout, 'data');
      expect(statSync(ours).ino).toBe(statSync(theirs).ino);
      expect(await lookAtFileLocks({ db: theirs })).toMatchObject([{ seen: 'running', params: { file: theirs } }]);
      expect(await lookAtFileLocks({ db: ours })).toEqual([]);
      // Whoever has ours open as well may hold it: the list may name another device for it than the file itself.
      holder.stdin.end('\n');
      await once(holder, 'close');
      holder = holding(ours);
      await once(holder.stdout, 'data');
      expect(await lookAtFileLocks({ db: ours })).toMatchObject([{ seen: 'running', params: { file: ours } }]);
      // Whoever took a lock and is gone shows nobody which file it was; in a container the system does not list it at all.
      holder.stdin.end('\n');
      await once(holder, 'close');
      hold(theirs);
      if (readlinkSync('/proc/self/ns/pid') !== firstPidNamespace) return;
      expect(await lookAtFileLocks({ db: ours })).toMatchObject([{ seen: 'running', params: { file: ours } }]);
    } finally {
      if (holder.exitCode === null && holder.kill()) await once(holder, 'close');
      held.splice(0).forEach(closeSync);
      for (const folder of [here, there]) unmounts(folder);
    }
  },
);
