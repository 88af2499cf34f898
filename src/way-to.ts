import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import type { Owner } from './as-owner.js';
import { errorCode } from './error-code.js';

/** What lies at a path at one moment: between two looks by name, a folder's owner could put another one in its place. */
export interface Place {
  readonly path: string;
  readonly folder: Stats;
  readonly folderPath: string;
  /** A link as itself; undefined where there is nothing. */
  readonly file: Stats | undefined;
}

/** Where a path leads, and by which links, the first one first. */
export interface Way {
  readonly links: readonly Place[];
  /** The file that is meant; where its folder is missing, with the next one above that is there. */
  readonly end: Place;
}

/** Somebody exchanges what is looked at, which nobody does by accident. */
export class Exchanged extends Error {
  override readonly name = 'Exchanged';
  readonly code = 'EXCHANGED';

  constructor(
    readonly path: string,
    options?: ErrorOptions,
  ) {
    super(`${path} was exchanged while it was looked at`, options);
  }
}

/** Others than root may put files where root would work as root: any name there may be anybody's. */
export class AmongOthers extends Error {
  override readonly name = 'AmongOthers';
  readonly code = 'OPEN_TO_OTHERS';

  constructor(readonly folder: string) {
    super(`others may write in ${folder}`);
  }
}

/** The file that is really meant; as given where there is none. */
export const realOf = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

/** As many as Linux follows: a link may lead to itself. */
const mostLinks = 40;

/** Linux' way to hold a folder without a right to read it; node has no name for it. */
const O_PATH = 0o10000000;

/** Looks at a file and at its folder, which may be a link, as one. Throws the system's error where the folder is not there. */
function placeOf(path: string): Place {
  const byName = (folder: string) => ({ file: lstatSync(join(folder, basename(path)), { throwIfNoEntry: false }) });
  if (process.platform !== 'linux') {
    const folder = realpathSync(dirname(path));
    return { path: join(folder, basename(path)), folder: statSync(folder), folderPath: folder, ...byName(folder) };
  }
  const descriptor = openSync(dirname(path), constants.O_DIRECTORY | O_PATH);
  try {
    const held = `/proc/self/fd/${descriptor}`;
    // Who has given up root's rights is not shown what it holds; then it has no more to lose than they.
    const folder = existsSync(held) ? held : dirname(path);
    const folderPath = existsSync(held) ? readlinkSync(held) : realpathSync(folder);
    return { path: join(folderPath, basename(path)), folder: fstatSync(descriptor), folderPath, ...byName(folder) };
  } finally {
    closeSync(descriptor);
  }
}

/** The folders in which there is something to be exchanged: those of the links, and the file's own. */
export const foldersOn = ({ links, end }: Way): Stats[] => [...links, end].map(({ folder }) => folder);

/** Whoever could have it lead elsewhere: the owners of those folders, and of the links. */
export const choosersOf = (way: Way): Stats[] => [...foldersOn(way), ...way.links.flatMap(({ file }) => file ?? [])];

/**
 * Whether others than its owner may put files into a folder: everybody, or, where it is root's, a group, in whose bits those
 * stand, too, that an access list names. The group of a user's own folder is that user's affair: with a umask of 002,
 * ordinary on many systems, it is theirs alone.
 */
export const isOpenToOthers = ({ uid, mode }: Stats): boolean => (mode & (uid === 0 ? 0o022 : 0o002)) !== 0;

/** Whether root would work in this folder as root, among what others may have put there. */
export const isAmongOthers = (folder: Stats): boolean => folder.uid !== 0 || isOpenToOthers(folder);

/**
 * The one rule of as whom root touches what a way leads to: as the one other user who could have chosen it, `trusted` aside,
 * or as root where nobody else could. Anybody but root works as themselves. Throws AmongOthers where it may be anybody's, or
 * the link of one user leads to what is another's.
 */
export function workerAt(way: Way, trusted = 0): Owner {
  const own = process.geteuid?.() ?? 0;
  if (own !== 0) return { uid: own };
  const strangers = choosersOf(way).filter(({ uid }) => uid !== 0 && uid !== trusted);
  const [{ uid } = { uid: 0 }] = strangers;
  const open = [...way.links, way.end].find(({ folder }) => folder.uid === 0 && isOpenToOthers(folder));
  if (open || strangers.some((each) => each.uid !== uid)) throw new AmongOthers((open ?? way.end).folderPath);
  return { uid };
}

/** The same for a path. Throws AmongOthers, or as `wayTo` does. */
export const workerOn = (path: string, trusted?: number): Owner =>
  process.geteuid?.() === 0 ? workerAt(wayTo(resolve(path)), trusted) : { uid: process.geteuid?.() ?? 0 };

/**
 * Whether nobody but root and whoever this is could have laid a link where this lies, or will have until a command is typed:
 * elsewhere no command is advised that changes a file. Windows tells no owner.
 */
export function isAmongOwn(path: string): boolean {
  const own = process.geteuid?.();
  if (own === undefined) return true;
  const folder = statSync(dirname(resolve(path)), { throwIfNoEntry: false });
  return folder !== undefined && [0, own].includes(folder.uid) && !isOpenToOthers(folder);
}

/** Where to work at the end of a way: as given where no link is on it, since the folder that this runs in cannot be exchanged. */
export const endOf = ({ links, end }: Way, given: string): string => (links.length === 0 ? given : end.path);

/** Follows a path link by link. Throws Exchanged, or the system's error. */
export function wayTo(given: string): Way {
  const links: Place[] = [];
  const begin = (whole: string) => [parse(whole).root, whole.slice(parse(whole).root.length).split(sep)] as const;
  let [path, left] = begin(given);
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    const next = join(path, part);
    const status = lstatSync(next, { throwIfNoEntry: false });
    if (status?.isSymbolicLink()) {
      const link = seenAt(next);
      if (!link.file?.isSymbolicLink()) throw new Exchanged(next);
      links.push(link);
      if (links.length > mostLinks) throw Object.assign(new Error(`${given} leads nowhere`), { code: 'ELOOP' });
      const [root, parts] = begin(targetOf(next));
      path = root || path;
      left = [...parts, ...left];
    } else path = next;
    if (!status) {
      // The system goes up from a folder that is there, and from no other.
      if (left.includes('..')) throw Object.assign(new Error(`${next} is not there`), { code: 'ENOENT' });
      return { links, end: { ...seenAt(next), path: join(next, ...left) } };
    }
  }
  return { links, end: seenAt(path) };
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch (cause) {
    // It is no link by now, or gone. One that is closed to us has not changed.
    if (!['EINVAL', 'ENOENT'].includes(errorCode(cause) ?? '')) throw cause;
    throw new Exchanged(link, { cause });
  }
}

/** What lies where no part of the way is a link. Throws Exchanged where one is by now, or the system's error. */
export function seenAt(path: string): Place {
  const place = placeOf(path);
  if (process.platform === 'linux' && place.path !== resolve(path)) throw new Exchanged(path);
  return place;
}
