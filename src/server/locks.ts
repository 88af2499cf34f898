import { spawn } from 'node:child_process';
import { closeSync, createReadStream, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openOrdinary } from '../small-file.js';
import { apart } from './run-command.js';
import type { Sign, WhereToLook } from './sign.js';
import { tried } from '../tried.js';

/** Some 70,000 locks. Anybody can hold more, and the system takes the longer over each further part the longer the list is. */
const mostOfLocks = 4 * 1024 * 1024;

/**
 * Locks on jellyfin.db and the two files beside it, by number, so that nothing has to be opened. Another file system may
 * have a file of the same number, and the device that the system names is not always the one that a file itself names
 * (btrfs): what the holder has open decides, as far as that can be seen.
 */
export async function lookAtFileLocks({ db }: Pick<WhereToLook, 'db'>): Promise<Sign[]> {
  if (!existsSync('/proc/locks')) return [{ sign: 'fileLock', seen: 'unseen', params: { why: process.platform } }];
  const files = [db, `${db}-wal`, `${db}-shm`].flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false, bigint: true });
    return found ? [{ file, inode: `${found.ino}`, device: found.dev }] : [];
  });
  // The system takes its time over this list: others can look meanwhile.
  const list = await text(createReadStream('/proc/locks', { end: mostOfLocks }));
  if (list.length > mostOfLocks) return [{ sign: 'fileLock', seen: 'unseen', params: { why: '/proc/locks' } }];
  const locks = list.split('\n').flatMap((line) => readLock(line) ?? []);
  return files.flatMap(({ file, inode, device }) => {
    const lock = locks.find((each) => each.inode === inode && !isElsewhere(each, device));
    return lock ? [{ sign: 'fileLock', seen: 'running', params: { file, pid: lock.pid } } as const] : [];
  });
}

interface Lock {
  readonly pid: string;
  readonly inode: string;
}

/** `1: POSIX  ADVISORY  READ 10300 fe:00:11683414 1073741826 1073742335` */
function readLock(line: string): Lock | undefined {
  const [, pid, inode] = /(-?\d+) [\da-f]+:[\da-f]+:(\d+) /.exec(line) ?? [];
  return pid === undefined || inode === undefined ? undefined : { pid, inode };
}

/** For sure: the lock's holder has files of this number open, and none of them is on our device. */
function isElsewhere({ pid, inode }: Lock, device: bigint): boolean {
  const status = (fd: string) => statSync(`/proc/${pid}/fd/${fd}`, { bigint: true });
  const open = tried(() => readdirSync(`/proc/${pid}/fd`).map(status)) ?? [];
  const same = open.filter(({ ino }) => `${ino}` === inode);
  return same.length > 0 && same.every(({ dev }) => dev !== device);
}

/** Whether `flock` finds the newest log held, which other users and containers see (docs/jellyfin.md, "The server's folder"). */
export async function lookAtLog({ logDir }: Pick<WhereToLook, 'logDir'>): Promise<Sign[]> {
  const unseen = (why: string): Sign[] => [{ sign: 'logLock', seen: 'unseen', params: { why } }];
  if (logDir === undefined) return unseen('no log folder');
  const newest = newestLog(logDir);
  if (newest === undefined) return unseen(logDir);
  const code = await flock(newest);
  if (code === 0) return [];
  if (code === 1) return [{ sign: 'logLock', seen: 'running', params: { file: newest } }];
  return unseen(code === 'ENOENT' ? 'flock' : `flock ${code}`);
}

function newestLog(folder: string): string | undefined {
  const logs = readdirSync(folder)
    .filter((name) => /^log_.*\.log$/.test(name))
    .map((name) => join(folder, name))
    .map((path) => ({ path, status: lstatSync(path) }))
    .filter(({ status }) => status.isFile())
    .map(({ path, status }) => ({ path, changed: status.mtimeMs }))
    .sort((a, b) => b.changed - a.changed || (a.path < b.path ? 1 : -1));
  return logs[0]?.path;
}

/** How `flock` ended, or why it did not begin. Opened here: by its name it would make a file, or wait for a pipe. */
async function flock(file: string): Promise<number | string> {
  const { descriptor } = openOrdinary(file);
  try {
    return await new Promise((resolve) => {
      const child = spawn('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor], ...apart });
      child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
  } finally {
    closeSync(descriptor);
  }
}
