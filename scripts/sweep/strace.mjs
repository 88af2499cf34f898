import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inRoot } from '../lib/root.mjs';

/** Every system call that changes what is on the disk. */
const writing = [
  ...['openat', 'open', 'creat', 'write', 'writev', 'pwrite64', 'pwritev', 'fsync', 'fdatasync', 'sync_file_range'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'unlink', 'unlinkat', 'mkdir', 'mkdirat', 'rmdir'],
  ...['ftruncate', 'truncate', 'fallocate', 'chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'lchown', 'fchownat'],
  ...['copy_file_range', 'sendfile', 'ioctl', 'utimensat', 'futimesat'],
];

const repairProgram = inRoot('dist', 'repair', 'main.cjs');
/** The names of copies and records tell the second in which they were made: that long a run may take. */
const longestRunSeconds = 60;

export const straceWorks = () =>
  spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;

/**
 * Runs the repair, under strace or (without `options`) plainly. Node makes all of the repair's calls on its main thread.
 *
 * @returns {Promise<{ end: object | undefined, lines: object[], errors: string }>}
 */
export function runRepair(job, options) {
  const command = options ? ['strace', '-qq', ...options] : [];
  const [program, ...args] = [...command, process.execPath, repairProgram];
  // Into files, which are whole when it has ended: the ends of pipes may be held by a server that it has started.
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-said-'));
  const files = ['output', 'errors'].map((name) => join(folder, name));
  const descriptors = files.map((file) => openSync(file, 'w'));
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', ...descriptors] });
    for (const descriptor of descriptors) closeSync(descriptor);
    child.stdin.on('error', () => undefined); // killed before it read its job
    child.once('error', reject);
    child.once('exit', () => {
      const [output, errors] = files.map((file) => readFileSync(file, 'utf8'));
      rmSync(folder, { recursive: true });
      const lines = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
      resolve({ end: lines.find(({ kind }) => kind === 'end'), lines, errors });
    });
    child.stdin.end(JSON.stringify(job));
  });
}

/** Only calls on the repair's own files count: how often others are made differs from run to run. */
export function onFilesOf(db) {
  const stamps = Array.from({ length: longestRunSeconds }, (_, second) =>
    new Date(Date.now() + second * 1000).toISOString().replace(/[-:]|\.\d+/g, ''),
  );
  const copies = stamps.flatMap((stamp) =>
    ['', '-wal', '.part', '.part-wal', '.part-shm'].map((end) => `.latchkey-copy-${stamp}${end}`),
  );
  const records = stamps.flatMap((stamp) => ['', '.part'].map((end) => `.latchkey-${stamp}.json${end}`));
  const others = ['', '-wal', '-shm', '-journal', '.latchkey.json', '.latchkey.json.part', '.latchkey.lock'];
  const paths = [...others, '.latchkey.lock-journal', ...copies, ...records].map((end) => db + end);
  return ['-P', dirname(db), ...paths.flatMap((path) => ['-P', path])];
}

export const traceAll = (file) => ['-o', file, '-e', `trace=${writing.map((call) => `?${call}`).join(',')}`];

/**
 * The points of a trace: which call, and the how-manieth of its name. strace counts for each thread by itself, and so is it
 * counted here; a point that two threads have is the one that comes first. Opening a file to read it changes nothing.
 */
export function pointsOf(file) {
  const seen = {};
  const points = new Set();
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, thread = '', call] = /^(?:(\d+) +)?(\w+)\(/.exec(line) ?? [];
      if (call === undefined) return [];
      const when = (seen[`${thread} ${call}`] ?? 0) + 1;
      seen[`${thread} ${call}`] = when;
      if (call === 'openat' && !/O_CREAT|O_TRUNC/.test(line)) return [];
      if (call === 'ioctl' && !line.includes('FICLONE')) return [];
      if (points.has(`${call} ${when}`)) return [];
      points.add(`${call} ${when}`);
      return [{ call, when, line }];
    });
}

/**
 * Several times as fast, as the rest of the calls need not be stopped at. Not where a server is started, for which it would
 * wait, nor for signals: strace 6.1 sends none this way.
 */
export const followsThreads = ['-f', '--seccomp-bpf'];

export const inject = (file, { call, when }, what) => [
  ...['-o', file, '-e', `trace=${call}`, '-e', `inject=${call}:${what}:when=${when}`],
];
