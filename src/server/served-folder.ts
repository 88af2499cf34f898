import { lstatSync, readlinkSync, statfsSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { errorCode } from '../error-code.js';
import { readSmallFile } from '../small-file.js';
import { databaseOf } from './packages.js';

/** `unknown` wherever anything of it cannot be seen, or could be read in two ways: then it has to count as this server. */
type Served = 'this' | 'another' | 'unknown';

export interface ServerProcess {
  readonly pid: number;
  /** The whole command line; undefined where it is longer than any Jellyfin's. */
  readonly args: readonly string[] | undefined;
}

/**
 * Whether a Jellyfin's process serves this jellyfin.db, by its arguments and its environment (docs/jellyfin.md, "The
 * server's folder"). Another one's is told by the file itself, as a container has names of its own. A wrong `another` would
 * cost somebody their database, so every step that is not sure ends with `unknown`. Never throws.
 */
export function servedBy(process: ServerProcess, programs: readonly string[], db: string): Served {
  try {
    return compare(process, programs, db);
  } catch {
    return 'unknown'; // another user's, or gone meanwhile
  }
}

function compare({ pid, args }: ServerProcess, programs: readonly string[], db: string): Served {
  if (args === undefined) return 'unknown';
  const own = args.slice(args.findIndex((arg) => arg.endsWith('.dll') && programs.includes(basename(arg))) + 1);
  const env = new Map(
    readSmallFile(`/proc/${pid}/environ`)
      .text.split('\0')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const folder =
    option(own, '--datadir', '-d') ?? (env.get('JELLYFIN_DATA_DIR') || atHome(env, 'XDG_DATA_HOME', '.local/share'));
  const root = rootOf(pid);
  const at = (path: string) => within(root, resolve(readlinkSync(`/proc/${pid}/cwd`), path));
  const theirs = at(databaseOf(folder));
  const [one, other] = [statSync(theirs, { bigint: true }), statSync(db, { bigint: true })];
  if (one.dev === other.dev && one.ino === other.ino) return 'this';
  // Two views of one disk, as those of a pool of disks are, show one file as two.
  if (!isPlain(theirs, one.dev === other.dev) || !isPlain(db, one.dev === other.dev)) return 'unknown';
  const config = option(own, '--configdir', '-c') ?? env.get('JELLYFIN_CONFIG_DIR');
  const configs = config ? [config] : [join(folder, 'config'), atHome(env, 'XDG_CONFIG_HOME', '.config')];
  return configs.some((each) => movesDatabase(at(join(each, 'database.xml')))) ? 'unknown' : 'another';
}

/** The value of an option; undefined where it is not given. Throws where it could be read in two ways. */
function option(args: readonly string[], long: string, short: string): string | undefined {
  const found = args.flatMap((arg, at) => {
    if (arg === long || arg === short) return [args[at + 1] ?? ''];
    if (arg.startsWith(`${long}=`)) return [arg.slice(long.length + 1)];
    return arg.startsWith(short) ? [''] : [];
  });
  if (found.length > 1 || found.some((value) => value === '' || value.startsWith('-'))) throw new Error(`odd ${long}`);
  return found[0];
}

/** As .NET finds it. Throws where it would ask the system's list of users. */
function atHome(env: ReadonlyMap<string, string>, variable: string, usual: string): string {
  const base = env.get(variable) || join(env.get('HOME') || '?', usual);
  if (!isAbsolute(base)) throw new Error('no home');
  return join(base, 'jellyfin');
}

/** Where the process's own file system begins, as seen from here: empty where it is the same. Throws for other users' processes. */
function rootOf(pid: number): string {
  const isSame = readlinkSync(`/proc/${pid}/ns/mnt`) === readlinkSync('/proc/self/ns/mnt');
  return isSame && readlinkSync(`/proc/${pid}/root`) === '/' ? '' : `/proc/${pid}/root`;
}

/** A path of the process's. Throws where a link in another file system would lead us into our own. */
function within(root: string, path: string): string {
  if (root === '') return path;
  const parts = path.split('/');
  parts.forEach((_, at) => {
    const step = `${root}/${parts.slice(0, at + 1).join('/')}`;
    if (lstatSync(step, { throwIfNoEntry: false })?.isSymbolicLink()) throw new Error(`${step} is a link`);
  });
  return `${root}/${parts.join('/')}`;
}

/** Numbers of file systems whose files have one number each: ext, xfs, btrfs, ZFS, f2fs, bcachefs, tmpfs (Linux' magic.h). */
const plain: readonly number[] = [0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0xf2f52010, 0xca451a4e, 0x01021994];
/** A container's own disk: one that is the same for both tells its files apart, too. */
const overlay = 0x794c7630;

function isPlain(file: string, isOneDevice: boolean): boolean {
  const { type } = statfsSync(file);
  return plain.includes(type) || (isOneDevice && type === overlay);
}

/** Whether it names a place for jellyfin.db, or cannot be read; it is not there before 10.11. */
function movesDatabase(file: string): boolean {
  try {
    return /CustomProviderOptions(?![^>]*nil="true")|<\w*path/i.test(readSmallFile(file).text);
  } catch (error) {
    return errorCode(error) !== 'ENOENT';
  }
}
