import { accessSync, constants, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type Owner, userName } from '../as-owner.js';
import { errorCode } from '../error-code.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { mountPoints, ownMounts } from '../server/out-of-sight.js';

/** The file that is really meant, and whose it is. */
export interface Database extends Owner {
  readonly path: string;
  readonly mode: number;
}

/**
 * Sees whether this process may repair this file without harming it. Throws RepairRefusal: `endsInBlank`, `noDatabase`,
 * `folderClosed`, `notOwner`, `othersLink`, `othersFolder`, `hardLink`, `mountPoint`, `fileNotWritable`, `folderNotWritable`.
 */
export function admit(given: string): Database {
  if (/\s$/.test(given)) throw new RepairRefusal('endsInBlank', { file: given });
  const path = resolved(given);
  if (/\s$/.test(basename(path))) throw new RepairRefusal('endsInBlank', { file: path });
  const status = lstatSync(path);
  if (!status.isFile()) throw new RepairRefusal('noDatabase', { file: path });
  mustBeOwner(path, status.uid);
  mustBeLedByOwner(given, status.uid);
  if (isAmongOthers(path, status.uid)) throw new RepairRefusal('othersFolder', { file: path, folder: dirname(path) });
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

/** Root goes where its owner or root has laid a link, and nowhere else: another's may lead to a Jellyfin that is not meant. */
function mustBeLedByOwner(given: string, uid: number): void {
  if (process.getuid?.() !== 0) return;
  let left = resolve(given).split(sep);
  let path = '';
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    const next = join(path || sep, part);
    const status = lstatSync(next);
    if (!status.isSymbolicLink()) path = next;
    else {
      if (status.uid !== uid && status.uid !== 0)
        throw new RepairRefusal('othersLink', { file: next, owner: userName(status.uid) });
      left = [...resolve(path || sep, readlinkSync(next)).split(sep), ...left];
      path = '';
    }
  }
}

/** Where a folder above is closed to them, as /root is, their rights do not reach it. Throws RepairRefusal `ownerShutOut`. */
export function mustBeWithinReach({ path, uid }: Database): void {
  try {
    statSync(path);
  } catch (cause) {
    throw new RepairRefusal('ownerShutOut', { file: path, owner: userName(uid) }, { cause });
  }
}

/** Whether anybody but root could have put files beside one of root's: then nobody knows whose they are. */
export function isAmongOthers(path: string, uid: number): boolean {
  if (process.getuid?.() !== 0 || uid !== 0) return false;
  const folder = statSync(dirname(path));
  return folder.uid !== 0 || (folder.mode & (folder.gid === 0 ? 0o002 : 0o022)) !== 0;
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
