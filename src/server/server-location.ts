import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { userName } from '../as-owner.js';
import { databasePlace, statusOf } from './database-xml.js';
import { realOf } from '../way-to.js';
import type { LocationFinding, ServerLocation } from '../services/rescue/ladder/ports.js';
import { databaseOf, packages, type ServerPaths } from './packages.js';
import { works } from '../tried.js';

export interface LocationGiven {
  readonly serverDir?: string | undefined;
  readonly logDir?: string | undefined;
  readonly db?: string | undefined;
  readonly stopCommand?: readonly string[] | undefined;
  readonly startCommand?: readonly string[] | undefined;
  /** Where a server usually is, looked at when no folder is given; this platform's unless given. */
  readonly usual?: readonly ServerPaths[];
}

/** Looks at the server's folder by name, size and rights; of what is in it only database.xml is read. */
export function createServerLocation(given: LocationGiven): ServerLocation {
  return { look: async (version) => look(given, version) };
}

function look(given: LocationGiven, version: string | undefined): LocationFinding {
  const isGiven = given.serverDir !== undefined || given.db !== undefined;
  const usual = isGiven ? [] : (given.usual ?? packages({}));
  const found = differing(usual.filter(looksLikeOne));
  const { serverDir, db, place } = serverFiles(isGiven ? given : { serverDir: found[0]?.serverDir }, version);
  const status = db === undefined ? undefined : statusOf(db);
  return {
    serverDir,
    logDir: given.logDir ?? found[0]?.logDir ?? logFolder(serverDir),
    db,
    place,
    guessed: found.length > 0,
    others: found.slice(1).map((each) => each.serverDir),
    lookedIn: found.length > 0 ? [] : usual.map((each) => each.serverDir),
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

/** As a shell would take it, so that nobody has to guess where one word ends; Windows' own knows double quotes alone. */
export function commandLine(words: readonly string[], platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32')
    return words.map((word) => (/^[\w./\\:=@+-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`)).join(' ');
  return words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** A name as it is typed last: one that begins as a flag does, which its account's owner may have chosen, is none. */
export const typedName = (name: string): string => `${name.startsWith('-') ? '-- ' : ''}${commandLine([name])}`;

/** Its database is there; or it is closed to us, which is worth saying, as the person may be let in as somebody else. */
function looksLikeOne({ serverDir, db }: ServerPaths): boolean {
  const place = databasePlace(serverDir, db);
  if (existsSync(db) || (place && place.found !== 'unreadable')) return true;
  return existsSync(serverDir) && !may(serverDir, constants.R_OK | constants.X_OK);
}

/** One folder may have two names, as Synology's have. */
function differing(found: readonly ServerPaths[]): ServerPaths[] {
  return [...new Map(found.toReversed().map((each) => [realOf(each.serverDir), each])).values()].toReversed();
}

/** Within it, beside it, or where its package keeps the logs. */
function logFolder(serverDir: string | undefined): string | undefined {
  if (serverDir === undefined) return undefined;
  const known = packages({}).filter((each) => each.serverDir === serverDir);
  const around = [join(serverDir, 'log'), join(dirname(serverDir), 'log'), ...known.map(({ logDir }) => logDir)];
  return around.find((folder) => existsSync(folder));
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

/** Root, or the owner; Windows knows neither by number, and says by its access rights what it allows. */
function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || own === 0 || own === uid;
}

const may = (path: string, mode: number) => works(() => accessSync(path, mode));

type ServerFiles = Pick<LocationFinding, 'serverDir' | 'db' | 'place'>;

/** The server folder and its database by what was given, the same for all who look, so that each finds the other's record. */
export function serverFiles(given: Pick<LocationGiven, 'serverDir' | 'db'>, version?: string): ServerFiles {
  if (given.db !== undefined) {
    const serverDir = given.serverDir ?? dirname(dirname(given.db));
    const place = databasePlace(serverDir, given.db, version);
    // A file that was named is meant; but no file is what another program has.
    return { serverDir, db: given.db, place: place?.found === 'otherType' ? place : undefined };
  }
  if (given.serverDir === undefined) return { serverDir: undefined, db: undefined };
  const serverDir = folderWithin(given.serverDir);
  const usual = databaseOf(serverDir);
  const place = databasePlace(serverDir, usual, version);
  const isMoved = place?.found === 'moved' || place?.found === 'movedByTime';
  return { serverDir, db: isMoved ? place.path : usual, place };
}

/** What a person mounts into linuxserver's container holds the server folder as its `data`. */
function folderWithin(dir: string): string {
  const holds = (folder: string) => existsSync(databaseOf(folder));
  return !holds(dir) && holds(join(dir, 'data')) ? join(dir, 'data') : dir;
}
