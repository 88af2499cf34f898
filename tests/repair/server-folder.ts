import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RepairEnd, RepairJob, RepairLine } from '../../src/services/rescue/repair-port.js';
import { startJellyfin } from '../../sandbox/jellyfin/index.js';

const recordings = join(process.cwd(), '..', 'shared', 'jellyfin', 'recordings');

/** Databases that a real server made: a user's clone does not have them. */
export const samples = {
  '10.10': join(recordings, 'v10.10.7', 'db', 'sample-stopped-admin-locked.db'),
  '12': join(recordings, 'v12.0-rc5', 'db', 'sample-stopped-admin-locked.db'),
} as const;
export const samplesAreThere = existsSync(samples['12']);
if (!samplesAreThere && process.env.CI === 'true') throw new Error('the sample databases in ../shared are missing');
export const withSamples = samplesAreThere ? '' : ' (skipped: there is no ../shared)';

/** A stopped server's folder. */
export interface ServerFolder {
  readonly dir: string;
  readonly db: string;
  readonly logDir: string;
}

export function serverFolder(dir: string): ServerFolder {
  for (const part of ['data', 'log']) mkdirSync(join(dir, part), { recursive: true });
  writeFileSync(join(dir, 'log', 'log_20261124.log'), 'stopped\n');
  return { dir, db: join(dir, 'data', 'jellyfin.db'), logDir: join(dir, 'log') };
}

/** A real server's database, turned back to the write-ahead mode that a real stopped file has. */
export function fromSample(dir: string, version: keyof typeof samples): ServerFolder {
  const folder = serverFolder(dir);
  copyFileSync(samples[version], folder.db);
  chmodSync(folder.db, 0o644);
  change(folder.db, (db) => db.pragma('journal_mode = WAL'));
  return folder;
}

/** The loopback server's database with root, and with alice, an administrator who is locked. */
export async function fromLoopback(dir: string, version = '10.11.8'): Promise<ServerFolder> {
  const jellyfin = await startJellyfin({ version, dir });
  jellyfin.addUser('alice', { password: 'wonderland', administrator: true, limit: 3 });
  jellyfin.addUser('bob', { password: 'builder' });
  await jellyfin.signIn('alice', 'wonderland');
  await jellyfin.lock('alice');
  await jellyfin.close();
  return serverFolder(dir);
}

export function change(file: string, run: (db: Database.Database) => unknown): void {
  const db = new Database(file);
  try {
    run(db);
  } finally {
    db.close();
  }
}

/** Every row of every table, as text, so that two states can be compared whole. */
export function dump(file: string): Record<string, string[]> {
  const db = new Database(file);
  try {
    const tables = db
      .prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((table) => [
        table,
        db
          .prepare(`SELECT * FROM "${table}" ORDER BY rowid`)
          .all()
          .map((row) => JSON.stringify(row)),
      ]),
    );
  } finally {
    db.close();
  }
}

export const filesIn = (folder: ServerFolder): string[] => readdirSync(join(folder.dir, 'data')).sort();

export const bytesOf = (file: string): string => readFileSync(file).toString('base64');

export interface Ran {
  readonly lines: Extract<RepairLine, { kind: 'step' }>[];
  readonly end: RepairEnd;
  readonly output: string;
}

export const repairProgram = join(process.cwd(), 'dist', 'repair', 'main.js');

/** Runs the built repair on a folder whose server is said to be stopped; `as` gives it another user. */
export async function repair(
  folder: ServerFolder,
  job: Partial<RepairJob> = {},
  as?: { readonly uid: number; readonly gid: number },
): Promise<Ran> {
  const child = spawn(process.execPath, [repairProgram], { stdio: ['pipe', 'pipe', 'pipe'], ...as });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  child.stdin.end(JSON.stringify(await jobFor(folder, job)));
  await new Promise((resolve) => child.once('close', resolve));
  const lines = output.split('\n').flatMap((line) => (line.startsWith('{') ? (JSON.parse(line) as RepairLine) : []));
  const end = lines.find((line) => line.kind === 'end');
  if (!end) throw new Error(`the repair ended without a word:\n${output}`);
  return { lines: lines.filter((line) => line.kind === 'step'), end, output };
}

/** Alice is locked; the person has stopped the server, which would answer at a port where nobody is. */
export async function jobFor({ dir, db, logDir }: ServerFolder, job: Partial<RepairJob> = {}): Promise<RepairJob> {
  const port = await emptyPort();
  mkdirSync(join(dir, 'config'), { recursive: true });
  const network = `<NetworkConfiguration><InternalHttpPort>${port}</InternalHttpPort></NetworkConfiguration>`;
  writeFileSync(join(dir, 'config', 'network.xml'), network);
  const url = `http://127.0.0.1:${port}`;
  const account = { name: 'alice' };
  return {
    act: 'repair',
    db,
    serverDir: dir,
    logDir,
    url,
    account,
    serverIsStopped: true,
    lookAgainAfterMs: 20,
    ...job,
  };
}

/** A port on which nobody listens. */
export function emptyPort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
