import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Owner, userName } from '../as-owner.js';
import { errorCode } from '../error-code.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { mountPoints, ownMounts } from '../server/out-of-sight.js';
import { Exchanged, isAmongOthers, type Place, type Way, wayTo } from '../way-to.js';

/** The file that is really meant, and whose it is. */
export interface Database extends Owner {
  readonly path: string;
  readonly mode: number;
}

/**
 * Sees whether this process may repair this file without harming it. Throws RepairRefusal: `endsInBlank`, `noDatabase`,
 * `folderClosed`, `exchanged`, `notOwner`, `othersLink`, `othersFolder`, `hardLink`, `mountPoint`, `fileNotWritable`, `folderNotWritable`.
 */
export function admit(given: string): Database {
  if (/\s$/.test(given)) throw new RepairRefusal('endsInBlank', { file: given });
  const way = followed(given);
  const { path, file: status } = way.end;
  if (/\s$/.test(basename(path))) throw new RepairRefusal('endsInBlank', { file: path });
  if (!status?.isFile()) throw new RepairRefusal('noDatabase', { file: path });
  mustBeOwner(path, status.uid);
  mustBeLedByOwner(way, status.uid);
  if (mayBeAnybodys(way.end, status.uid))
    throw new RepairRefusal('othersFolder', { file: path, folder: dirname(path) });
  // Its write-ahead log may lie beside the other name, and what was changed here be lost silently.
  if (status.nlink > 1) throw new RepairRefusal('hardLink', { file: path });
  // As a single file is mounted into a container.
  if (mountPoints(ownMounts()).some((each) => each.path === path))
    throw new RepairRefusal('mountPoint', { file: path });
  mustBeWritable(path, 'fileNotWritable');
  mustBeWritable(dirname(path), 'folderNotWritable');
  return { path, uid: status.uid, mode: status.mode & 0o777 };
}

function followed(given: string): Way {
  try {
    return wayTo(resolve(given));
  } catch (error) {
    if (error instanceof Exchanged) throw new RepairRefusal('exchanged', { file: given }, { cause: error });
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
function mustBeLedByOwner({ links }: Way, uid: number): void {
  if (process.getuid?.() !== 0) return;
  for (const { path: file, file: link } of links)
    if (link && link.uid !== uid && link.uid !== 0)
      throw new RepairRefusal('othersLink', { file, owner: userName(link.uid) });
}

/** Where a folder above is closed to them, as /root is, their rights do not reach it. Throws RepairRefusal `ownerShutOut`. */
export function mustBeWithinReach({ path, uid }: Database): void {
  try {
    statSync(path);
  } catch (cause) {
    throw new RepairRefusal('ownerShutOut', { file: path, owner: userName(uid) }, { cause });
  }
}

/** Whether root would look at files beside one of root's which anybody could have put there. */
export const mayBeAnybodys = ({ folder }: Pick<Place, 'folder'>, uid: number): boolean =>
  process.getuid?.() === 0 && uid === 0 && isAmongOthers(folder);

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
