import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorCode } from '../error-code.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { mountPoints, ownMounts } from '../server/out-of-sight.js';
import { userName } from '../server/server-location.js';

/** The file that is really meant, and whose it is. */
export interface Database {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * Sees whether this process may repair this file without harming it. Throws RepairRefusal: `endsInBlank`, `noDatabase`,
 * `folderClosed`, `notOwner`, `hardLink`, `mountPoint`, `fileNotWritable`, `folderNotWritable`.
 */
export function admit(given: string): Database {
  if (/\s$/.test(given)) throw new RepairRefusal('endsInBlank', { file: given });
  const path = resolved(given);
  if (/\s$/.test(basename(path))) throw new RepairRefusal('endsInBlank', { file: path });
  const status = statSync(path);
  if (!status.isFile()) throw new RepairRefusal('noDatabase', { file: path });
  mustBeOwner(path, status.uid);
  // Its write-ahead log may lie beside the other name, and what was changed here be lost silently.
  if (status.nlink > 1) throw new RepairRefusal('hardLink', { file: path });
  // As a single file is mounted into a container.
  if (mountPoints(ownMounts()).some((each) => each.path === path))
    throw new RepairRefusal('mountPoint', { file: path });
  mustBeWritable(path, 'fileNotWritable');
  mustBeWritable(dirname(path), 'folderNotWritable');
  return { path, uid: status.uid, gid: status.gid, mode: status.mode & 0o777 };
}

function resolved(given: string): string {
  try {
    return realpathSync(given);
  } catch (error) {
    // One that we are not let through to may well be there.
    if (errorCode(error) === 'EACCES')
      throw new RepairRefusal('folderClosed', { folder: dirname(given) }, { cause: error });
    throw new RepairRefusal('noDatabase', { file: given }, { cause: error });
  }
}

/** Anybody else would leave a write-ahead log that Jellyfin cannot write. */
function mustBeOwner(file: string, uid: number): void {
  const own = process.getuid?.();
  if (own === undefined || own === 0 || own === uid) return;
  throw new RepairRefusal('notOwner', { file, owner: userName(uid) });
}

/** SQLite would report a disk I/O error. */
function mustBeWritable(path: string, code: 'fileNotWritable' | 'folderNotWritable'): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new RepairRefusal(code, { file: path }, { cause: error });
  }
  // Root may write a file whose bits say that nobody may: the server, which is not root, would still fail on it.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o200) === 0)
    throw new RepairRefusal(code, { file: path });
}
