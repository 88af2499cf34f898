import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { asOwner } from '../../as-owner.js';
import type { Config } from '../../config.js';
import { DatabaseRefused } from '../../db/database-errors.js';
import { checkWhole, copiesOf } from '../../db/restore.js';
import { readTestMachine } from '../../app/test-machine.js';
import { otherServers } from '../../server/processes.js';
import { lookAtNode } from '../../node-versions.js';
import { createServerLocation } from '../../server/server-location.js';
import { elsewhere } from '../../services/rescue/ladder/plan.js';
import type { LocationFinding } from '../../services/rescue/ladder/ports.js';
import { dayMs } from '../../time.js';
import type { Translate } from '../../words.js';
import { findingsIn, type Finding } from './finding.js';
import type { Env } from '../../settings-text.js';
import { works } from '../../tried.js';
import { workerOn } from '../../way-to.js';
import { whyNoWay } from '../report.js';

/** Packages with a part for this platform alone. */
const native = ['better-sqlite3', '@resvg/resvg-js'];

/** Node, and what has a part that fits one platform and one version of it only. */
export function lookAtMachine(t: Translate, node = process.versions.node): Finding[] {
  const { ok, fault } = findingsIn('machine', t);
  const { fits, wanted } = lookAtNode(node);
  const version = `v${node}`;
  const require = createRequire(import.meta.url);
  const broken = native.filter((name) => !works(() => void require(name)));
  return [
    fits ? ok('node', { version }) : fault('nodeUnfit', { version, wanted }),
    ...broken.map((name) => fault('native', { name })),
  ];
}

/** What is needed for the administrator's own way back, where any of it is set. */
export async function lookAtRescue({ jellyfin }: Config, env: Env, t: Translate): Promise<Finding[]> {
  const { ok, fault, note } = findingsIn('rescue', t);
  const { serverDir, db, stopCommand, startCommand } = jellyfin;
  const commands = [stopCommand, startCommand];
  const isSet = serverDir !== undefined || db !== undefined;
  if (!isSet && commands.every((each) => each === undefined)) return [note('noRescue')];
  const found: Finding[] = [];
  if (isSet) {
    const seen = await createServerLocation({ ...jellyfin, usual: [] }).look();
    found.push(...files(seen, t));
    for (const pid of seen.dbFound && seen.db ? otherServers(seen.db, readTestMachine(env).machine?.programs) : [])
      found.push(note('otherServer', { pid }));
  }
  const [only] = commands.filter((each) => each !== undefined);
  if (only && commands.some((each) => each === undefined)) found.push(fault('oneCommand'));
  const missing = commands.flatMap((each) => programsIn(each ?? [])).filter((each) => !isProgram(each, env));
  found.push(...[...new Set(missing)].map((program) => fault('noProgram', { program })));
  if (stopCommand && startCommand && missing.length === 0) found.push(ok('commandsThere'));
  return found;
}

function files(seen: LocationFinding, t: Translate): Finding[] {
  const { ok, fault, note, said } = findingsIn('rescue', t);
  const { serverDir = '', db = '', closed, folderReadable, dbFound, dbOurs, dbWritable, dbOwner = '', place } = seen;
  if (closed) return [fault('folderClosed', closed)];
  if (!folderReadable) return [fault('noFolder', { folder: serverDir })];
  const { found, file = '', path = '', type = '', owner = '' } = place ?? {};
  const why = found && elsewhere[found];
  if (why) return [said(why, inWords(t(`rescue.note.${why}`, { file, path, type, owner })))];
  if (!dbFound) return [fault('noDatabase', { db })];
  const folder = ok('folder', { folder: serverDir });
  return [folder, dbOurs && dbWritable ? ok('jellyfinDb', { db }) : note('notOurs', { db, owner: dbOwner })];
}

/** What is the second half of a sentence elsewhere stands alone here. */
const inWords = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The command's own program, and the one that sudo runs. */
function programsIn([program, next]: readonly string[]): string[] {
  if (program === undefined) return [];
  return program === 'sudo' && next !== undefined && !next.startsWith('-') ? [program, next] : [program];
}

function isProgram(name: string, env: Env): boolean {
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  const folders = /[\\/]/.test(name) ? [''] : (env.PATH ?? env.Path ?? '').split(delimiter);
  return folders.some((folder) => endings.some((ending) => mayRun(join(folder, `${name}${ending}`))));
}

function mayRun(path: string): boolean {
  return works(() => accessSync(path, constants.X_OK)) && statSync(path).isFile();
}

const enough = 200 * 1024 * 1024;

/** The bot's own database, its copies, and the room that is left. */
export function lookAtDatabase(
  { database }: Pick<Config, 'database'>,
  now: number,
  t: Translate,
  leastFree = enough,
): Finding[] {
  const { ok, fault, note } = findingsIn('database', t);
  const file = resolve(database);
  const folder = nearest(dirname(file));
  const found: Finding[] = [];
  if (!works(() => accessSync(folder, constants.W_OK | constants.X_OK))) return [fault('dataClosed', { folder })];
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1024 / 1024);
  if (bavail * bsize < leastFree) found.push(fault('diskFull', { folder, free }));
  if (!existsSync(file)) return [...found, note('noOwnDatabase', { file })];
  try {
    // To look is to have SQLite open, make and give away files beside it.
    asOwner(workerOn(file), () => checkWhole(file));
    found.push(ok('ownDatabase', { file, free }));
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) return [...found, unreached(error, t)];
    found.push(fault('ownDatabaseBad', { why: error.sentence(t) }));
  }
  return [...found, ...copies(file, now, t)];
}

/** What keeps root from looking. Throws the error itself where there is nothing to be said of it. */
function unreached(error: unknown, t: Translate): Finding {
  const why = whyNoWay(error, t);
  if (why === undefined) throw error;
  return findingsIn('database', t).said('unreached', why);
}

function copies(file: string, now: number, t: Translate): Finding[] {
  const { ok, fault } = findingsIn('database', t);
  let newest: ReturnType<typeof copiesOf>[number] | undefined;
  try {
    newest = copiesOf(file)[0];
  } catch (error) {
    return [unreached(error, t)];
  }
  // A database of yesterday has had no night yet.
  const since = newest ? Date.parse(newest.day) : statSync(file).birthtimeMs;
  const days = Math.floor((now - since) / dayMs);
  if (days > 3) return [newest ? fault('copyOld', { days, day: newest.day }) : fault('noCopy', { days })];
  return newest ? [ok('copy', { day: newest.day })] : [];
}

function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
