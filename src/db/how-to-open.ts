import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { userName } from '../as-owner.js';

/** What to do about a database that is closed to this user: whose it is, and the command; empty where that is not the matter. */
export function howToOpen(path: string): string {
  const folder = dirname(path);
  const closed = [path, folder, nearestOf(folder)].find((each) => ownerOf(each) !== undefined) ?? folder;
  const [own, owner] = [process.geteuid?.(), ownerOf(closed)];
  if (own === undefined || own === 0 || owner === undefined || owner === own) return '';
  const [me, them] = [userName(own), userName(owner)];
  const command = existsSync(folder)
    ? `sudo chown ${me} ${folder} ${path}*`
    : `sudo install -d -o ${me} -m 700 ${folder}`;
  return `${closed} belongs to ${them}, and this runs as ${me}. Run: ${command}. Or let LATCHKEY_DB name another place.`;
}

function nearestOf(folder: string): string {
  let nearest = folder;
  while (ownerOf(nearest) === undefined && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.uid;
  } catch {
    return undefined;
  }
}
