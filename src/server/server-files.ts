import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface ServerFiles {
  readonly serverDir: string | undefined;
  readonly db: string | undefined;
}

/**
 * The server folder and its database, by what was told of them: for everybody who looks there, or the record that one
 * leaves beside the database is not found by the next.
 */
export function serverFiles(given: Partial<ServerFiles>): ServerFiles {
  if (given.db !== undefined) return { serverDir: given.serverDir ?? dirname(dirname(given.db)), db: given.db };
  if (given.serverDir === undefined) return { serverDir: undefined, db: undefined };
  const serverDir = folderWithin(given.serverDir);
  return { serverDir, db: databaseOf(serverDir) };
}

const databaseOf = (serverDir: string) => join(serverDir, 'data', 'jellyfin.db');

/** What a person mounts into linuxserver's container holds the server folder as its `data`. */
function folderWithin(dir: string): string {
  const holds = (folder: string) => existsSync(databaseOf(folder));
  return !holds(dir) && holds(join(dir, 'data')) ? join(dir, 'data') : dir;
}
