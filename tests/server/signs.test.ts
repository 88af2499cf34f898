import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { lookAtFileLocks } from '../../src/server/locks.js';
import { lookAtOpenFiles } from '../../src/server/processes.js';
import { lookForServer } from '../../src/server/signs.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { freePort } from '../../sandbox/free-port.js';
import { serverFolder, shapedServer, type Shape, type ShapedServer } from './server-shape.js';

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

/** The names of the signs, but for programs called jellyfin: there may be one on this machine, too. */
async function signs(): Promise<string[]> {
  const { running } = await lookForServer(folder);
  return [...new Set(running.map(({ sign }) => sign).filter((sign) => sign !== 'process'))].sort();
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
    try {
      spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', held] });
      // Of Latchkey's own processes that alone counts.
      expect(lookAtOpenFiles(folder)).toContainEqual(
        expect.objectContaining({ params: expect.objectContaining({ file }) }),
      );
      expect(await lookAtFileLocks(folder)).toMatchObject([{ sign: 'fileLock', seen: 'running', params: { file } }]);
    } finally {
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
  const look = async () => (await lookForServer({ ...folder, logDir: undefined, ownPids: [it.pid] })).running;
  expect((await look()).map(({ sign }) => sign)).not.toContain('openFile');
  await it.change({ database: 'migrated' });
  expect((await look()).find(({ sign }) => sign === 'openFile')?.params).toEqual({ pid: it.pid, file: folder.db });
});
