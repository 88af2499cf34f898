import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRootAsAnother, userName } from '../as-owner.js';
import type { Params } from '../errors.js';
import { tried } from '../tried.js';
import { isAmongOwn } from '../way-to.js';

/** What to do about a database that is closed to this user: whose it is, and the command, if there is one; undefined where that is not the matter. */
export function howToOpen(path: string): Params | undefined {
  const folder = dirname(path);
  const closed = [path, folder, nearestOf(folder)].find((each) => ownerOf(each) !== undefined) ?? folder;
  const [own, owner] = [process.geteuid?.(), ownerOf(closed)];
  if (own === undefined || own === 0 || isRootAsAnother() || owner === undefined || owner === own) return undefined;
  const [me, them] = [userName(own), userName(owner)];
  const nearest = nearestOf(folder);
  // Where somebody else could lay a link, what that leads to would be given away.
  if (![nearest, join(nearest, basename(path))].every(isAmongOwn)) return { closed, owner: them, me };
  const command = existsSync(folder)
    ? `sudo chown ${me} ${folder} ${path}*`
    : `sudo install -d -o ${me} -m 700 ${folder}`;
  return { closed, owner: them, me, command };
}

function nearestOf(folder: string): string {
  let nearest = folder;
  while (ownerOf(nearest) === undefined && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}

const ownerOf = (path: string) => tried(() => statSync(path).uid);
