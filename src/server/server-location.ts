import { accessSync, constants, existsSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { userName } from '../as-owner.js';
import type { LocationFinding, ServerLocation } from '../services/rescue/ladder/ports.js';

export interface LocationGiven {
  readonly serverDir?: string | undefined;
  readonly logDir?: string | undefined;
  readonly db?: string | undefined;
  readonly stopCommand?: readonly string[] | undefined;
  readonly startCommand?: readonly string[] | undefined;
  /** Where a server usually is, looked at when no folder is given; this platform's unless given. */
  readonly usual?: readonly ServerPaths[];
}

/** Looks at the server's folder by name, size and rights only: nothing of it is opened. */
export function createServerLocation(given: LocationGiven): ServerLocation {
  return { look: async () => look(given) };
}

function look(given: LocationGiven): LocationFinding {
  const isGiven = given.serverDir !== undefined || given.db !== undefined;
  const found = isGiven ? [] : (given.usual ?? usualPaths({})).filter(looksLikeOne);
  const { serverDir, db } = isGiven ? serverFiles(given) : { serverDir: found[0]?.serverDir, db: found[0]?.db };
  const status = db === undefined ? undefined : statusOf(db);
  return {
    serverDir,
    logDir: given.logDir ?? found[0]?.logDir ?? logFolder(serverDir),
    db,
    guessed: !isGiven && found.length > 0,
    others: found.slice(1).map((each) => each.serverDir),
    closed: closedAt(serverDir) ?? (db === undefined || status ? undefined : closedAt(dirname(db))),
    folderReadable: serverDir !== undefined && may(serverDir, constants.R_OK | constants.X_OK),
    dbFound: status !== undefined,
    dbOurs: status !== undefined && isOurs(status.uid),
    dbWritable: db !== undefined && status !== undefined && may(db, constants.W_OK) && may(dirname(db), constants.W_OK),
    dbOwner: status === undefined || process.platform === 'win32' ? undefined : userName(status.uid),
    commands:
      given.stopCommand && given.startCommand
        ? { stop: commandLine(given.stopCommand), start: commandLine(given.startCommand) }
        : undefined,
  };
}

/** As a shell would take it, so that nobody has to guess where one word ends. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

/** Its database is there; or it is closed to us, which is worth saying, as the person may be let in as somebody else. */
function looksLikeOne({ serverDir, db }: ServerPaths): boolean {
  return existsSync(db) || (existsSync(serverDir) && !may(serverDir, constants.R_OK | constants.X_OK));
}

/** Debian and others keep the logs elsewhere. */
function logFolder(serverDir: string | undefined): string | undefined {
  if (serverDir === undefined) return undefined;
  const beside = [join(serverDir, 'log'), join(dirname(serverDir), 'log')];
  if (serverDir === '/var/lib/jellyfin') beside.push('/var/log/jellyfin');
  return beside.find((folder) => existsSync(folder));
}

/** The folder itself, or the one above it through which we are not let. */
function closedAt(folder: string | undefined): LocationFinding['closed'] {
  if (folder === undefined) return undefined;
  const status = statusOf(folder);
  // What is not there is behind a closed one, or is not there.
  if (!status) return dirname(folder) === folder ? undefined : closedAbove(dirname(folder));
  if (may(folder, constants.R_OK | constants.X_OK)) return undefined;
  return { folder, owner: userName(status.uid) };
}

/** Further up it is enough to be let through. */
function closedAbove(folder: string): LocationFinding['closed'] {
  return may(folder, constants.X_OK) ? undefined : closedAt(folder);
}

/** Undefined, too, where the folder is closed to us: `closed` says so. */
function statusOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/** Root, or the owner; Windows knows neither by number, and says by its access rights what it allows. */
function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || own === 0 || own === uid;
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

type ServerFiles = Pick<LocationFinding, 'serverDir' | 'db'>;

/** The server folder and its database by what was given, the same for all who look, so that each finds the other's record. */
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

/** Where the files of one Jellyfin lie. */
export interface ServerPaths {
  readonly serverDir: string;
  readonly logDir: string;
  readonly db: string;
}

export const serverPaths = (serverDir: string, logDir = join(serverDir, 'log')): ServerPaths => ({
  serverDir,
  logDir,
  db: databaseOf(serverDir),
});

type Env = Readonly<Record<string, string | undefined>>;

/** Where packages and images put a server's files on this platform (docs/jellyfin.md, "The server's folder"). */
export function usualPaths(env: Env, platform: NodeJS.Platform = process.platform): ServerPaths[] {
  if (platform === 'win32') {
    const programData = env['ProgramData'] ?? env['PROGRAMDATA'] ?? 'C:\\ProgramData';
    const local = env['LOCALAPPDATA'];
    return [
      serverPaths(join(programData, 'Jellyfin', 'Server')),
      ...(local ? [serverPaths(join(local, 'jellyfin'))] : []),
    ];
  }
  if (platform === 'darwin') return [serverPaths(join(homedir(), 'Library', 'Application Support', 'jellyfin'))];
  return [
    serverPaths('/var/lib/jellyfin', '/var/log/jellyfin'),
    // The official image, then linuxserver's, as a container that has the folder mounted sees them.
    serverPaths('/config'),
    serverPaths('/config/data', '/config/log'),
    serverPaths('/opt/jellyfin'),
    serverPaths(join(homedir(), '.local', 'share', 'jellyfin')),
  ];
}
