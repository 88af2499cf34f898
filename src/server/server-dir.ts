import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { userName } from '../as-owner.js';
import { databasePlace } from './database-xml.js';
import { serverFiles } from './server-location.js';
import { works } from '../tried.js';

/** Why JELLYFIN_SERVER_DIR is of no use: not there, closed to this user, or another folder than Jellyfin's. */
export interface ServerDirTrouble {
  readonly kind: 'missing' | 'closed' | 'other';
  readonly folder: string;
  readonly db: string;
  /** Whose it is, and as whom this runs. */
  readonly owner: string;
  readonly me: string;
  readonly [param: string]: string;
}

/** Looks at the folder that the settings name, by names and rights only; undefined where it is the server's. */
export function serverDirTrouble(given: {
  readonly serverDir: string | undefined;
  readonly db: string | undefined;
}): ServerDirTrouble | 'not given' | undefined {
  const { serverDir: folder, db } = serverFiles(given);
  if (folder === undefined || db === undefined) return 'not given';
  const status = statSync(folder, { throwIfNoEntry: false });
  const names = {
    ...{ folder, db },
    owner: userName(status?.uid ?? 0),
    me: userName(process.geteuid?.() ?? 0),
  };
  if (!status) return { kind: 'missing', ...names };
  if (!works(() => accessSync(folder, constants.R_OK | constants.X_OK))) return { kind: 'closed', ...names };
  // Its own configuration may name another place for the database.
  return existsSync(db) || databasePlace(folder, db) ? undefined : { kind: 'other', ...names };
}
