import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inRoot } from '../lib/root.mjs';

const key = 'ab'.repeat(16);

/** What is swept: each scene is a folder as it is before, and a job. */
export const scenes = {
  clean: { says: 'a database that was closed', job: { key } },
  log: { says: 'a database with the log of a killed server', log: true, job: { key, setPassword: 'a new password' } },
  plain: { says: 'a database that keeps no write-ahead log', plain: true, job: { key } },
  commands: { says: 'a server that is stopped and started', commands: true, job: { key, serverIsStopped: false } },
};

/** Makes the folder of a scene once; every point gets a copy of it. */
export async function prepare(name, dir) {
  const { log, plain } = scenes[name];
  const { startJellyfin } = await import(inRoot('dist-tools', 'sandbox', 'jellyfin', 'index.js'));
  const { freePort } = await import(inRoot('dist-tools', 'sandbox', 'free-port.js'));
  const jellyfin = await startJellyfin({ version: '10.10.7', dir });
  jellyfin.addUser('alice', { password: 'wonderland', administrator: true, limit: 3 });
  jellyfin.addUser('bob', { password: 'builder' });
  await jellyfin.signIn('alice', 'wonderland');
  await jellyfin.signIn('bob', 'builder');
  if (!log) await jellyfin.lock('alice');
  await jellyfin.close();
  const db = join(dir, 'data', 'jellyfin.db');
  mkdirSync(join(dir, 'config'), { recursive: true });
  writeFileSync(join(dir, 'log', 'log_20261124.log'), 'stopped\n');
  const network = `<NetworkConfiguration><InternalHttpPort>${await freePort()}</InternalHttpPort></NetworkConfiguration>`;
  writeFileSync(join(dir, 'config', 'network.xml'), network);
  if (log) leaveLog(db);
  if (plain) keepNoLog(db);
}

/** The lock is in the write-ahead log alone, as after a crash. */
function leaveLog(file) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(`UPDATE Users SET InvalidLoginAttemptCount = 3 WHERE Username = 'alice'`);
  db.exec(
    `UPDATE Permissions SET Value = 1 WHERE Kind = 2 AND UserId = (SELECT Id FROM Users WHERE Username = 'alice')`,
  );
  const pair = ['', '-wal'].map((end) => [file + end, readFileSync(file + end)]);
  db.close();
  for (const [path, bytes] of pair) writeFileSync(path, bytes);
}

function keepNoLog(file) {
  const db = new Database(file);
  db.pragma('journal_mode = DELETE');
  db.close();
}

export function jobFor(dir, { job, commands }) {
  const network = readFileSync(join(dir, 'config', 'network.xml'), 'utf8');
  return {
    db: join(dir, 'data', 'jellyfin.db'),
    serverDir: dir,
    logDir: join(dir, 'log'),
    url: `http://127.0.0.1:${/(\d+)</.exec(network)?.[1]}`,
    account: { name: 'alice' },
    serverIsStopped: true,
    // Other people's open files are hidden from who is not root.
    acceptUnseen: ['process', 'openFile', 'logLock', 'http', 'fileLock'],
    // A Jellyfin that runs on this machine is none of its business.
    machine: { programs: ['swept'], address: 'http://127.0.0.1:1' },
    lookAgainAfterMs: 0,
    ...(commands && { stopCommand: stub(dir, 'stop'), startCommand: stub(dir, 'start') }),
    ...job,
  };
}

/** A server that does nothing but hold its log; started twice, it is there once. */
const stubServer = `
cd "$1"
is_alive() { [ -f ../pid ] && grep -q '^State:.[^ZX]' "/proc/$(cat ../pid)/status" 2>/dev/null; }
case $0 in
  start) is_alive || { (exec 9<log/log_20261124.log && flock -x 9 && exec sleep 600) >/dev/null 2>&1 & echo $! >../pid
    while flock -n log/log_20261124.log true; do sleep 0.01; done; } ;;
  stop) is_alive && kill "$(cat ../pid)"; while is_alive; do sleep 0.01; done ;;
esac`;

const stub = (dir, verb) => ['sh', '-c', stubServer, verb, dir];

export function control(dir, verb) {
  const [program, ...args] = stub(dir, verb);
  spawnSync(program, args, { stdio: 'ignore' });
}

export function serverRuns(dir) {
  return spawnSync('flock', ['-xn', join(dir, 'log', 'log_20261124.log'), 'true']).status === 1;
}

export function freshFolder(template, dir) {
  if (existsSync(dir)) rmSync(dir, { recursive: true, force: true });
  cpSync(template, dir, { recursive: true, preserveTimestamps: true });
}
