import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { freePort } from '../sandbox/free-port.js';
import { startJellyfin } from '../sandbox/jellyfin/index.js';

/** A stopped server with a long history: alice, an administrator, is locked. */
export interface LargeServer {
  readonly dir: string;
  readonly db: string;
  /** Where it would answer. */
  readonly url: string;
  /** Puts the database back as it was, on the disk and in the page cache, with nothing beside it. */
  freshen(): void;
}

export async function largeServer(dir: string, megabytes: number): Promise<LargeServer> {
  const jellyfin = await startJellyfin({ version: '10.11.8', dir });
  jellyfin.addUser('alice', { password: 'wonderland', administrator: true, limit: 3 });
  await jellyfin.signIn('alice', 'wonderland');
  await jellyfin.lock('alice');
  await jellyfin.close();
  const data = join(dir, 'data');
  const db = join(data, 'jellyfin.db');
  fill(db, megabytes);
  const kept = join(dir, 'kept.db');
  copyFileSync(db, kept);
  // A real server on this machine must not be taken for this one.
  const port = await freePort();
  mkdirSync(join(dir, 'config'), { recursive: true });
  const network = `<NetworkConfiguration><InternalHttpPort>${port}</InternalHttpPort></NetworkConfiguration>`;
  writeFileSync(join(dir, 'config', 'network.xml'), network);
  return {
    dir,
    db,
    url: `http://127.0.0.1:${port}`,
    freshen: () => {
      for (const name of readdirSync(data)) rmSync(join(data, name));
      // Read and written whole: no blocks are shared with the kept one, and all of it is in memory.
      writeFileSync(db, readFileSync(kept), { flush: true });
    },
  };
}

/** Makes a database this large with what fills a real one first: years of activity. */
export function fill(file: string, megabytes: number): void {
  const db = new Database(file);
  try {
    const rows = Math.round(megabytes * 1450);
    db.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO ActivityLogs (Name, Overview, Type, UserId, DateCreated, LogSeverity, RowVersion)
       SELECT 'somebody is online ' || i, hex(randomblob(250)), 'SessionStarted', '00000000-0000-0000-0000-000000000000',
         strftime('%Y-%m-%d %H:%M:%f', 1600000000 + i, 'unixepoch'), 2, 0 FROM n`,
    ).run(rows);
  } finally {
    db.close();
  }
}
