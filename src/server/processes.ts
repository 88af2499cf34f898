import { existsSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, sep } from 'node:path';
import { errorCode } from '../error-code.js';
import { readSmallFile, readStart } from '../small-file.js';
import { servedBy, type ServerProcess } from './served-folder.js';
import type { Sign, WhereToLook } from './sign.js';
import { tried } from '../tried.js';

/** Names of Jellyfin's program: by itself, or run by `dotnet` (docs/jellyfin.md, "The server's folder"). */
export const serverPrograms = ['jellyfin', 'jellyfin.dll', 'jellyfin.exe'];

/** Any process whose program is Jellyfin's, but for those that surely serve another jellyfin.db. */
export function lookAtProcesses({
  db,
  ownPids = [],
  machine,
}: Pick<WhereToLook, 'db' | 'ownPids' | 'machine'>): Sign[] {
  const programs = machine?.programs ?? serverPrograms;
  if (!hasProc()) return [{ sign: 'process', seen: 'unseen', params: { why: process.platform } }];
  const own = new Set([process.pid, ...ownPids]);
  const { seen, hidden } = servers(programs);
  const signs = seen
    .filter(({ pid }) => !own.has(pid))
    .map((found) => ({ pid: found.pid, served: servedBy(found, programs, db) }))
    .filter(({ served }) => served !== 'another')
    .map(({ pid, served }): Sign => {
      const params = { pid, ...(served === 'unknown' && { unclear: 1 }) };
      return { sign: 'process', seen: 'running', params };
    });
  return hidden ? [...signs, { sign: 'process', seen: 'unseen', params: { why: '/proc' } }] : signs;
}

/** Processes of Jellyfins that surely serve another jellyfin.db than this one; none where that cannot be seen. */
export function otherServers(db: string, programs: readonly string[] = serverPrograms): number[] {
  if (!hasProc()) return [];
  const { seen } = servers(programs);
  return seen.filter((each) => servedBy(each, programs, db) === 'another').map(({ pid }) => pid);
}

/** Any process that has a file open under the server or log folder, or jellyfin.db itself. */
export function lookAtOpenFiles({ db, serverDir, logDir, ownPids = [] }: WhereToLook): Sign[] {
  if (!hasProc()) return [{ sign: 'openFile', seen: 'unseen', params: { why: process.platform } }];
  const own = new Set([process.pid, ...ownPids]);
  // A database that was moved may lie among other things.
  const given = [serverDir ?? dirname(db), logDir ?? []].flat();
  const folders = given.flatMap((folder) => tried(() => realpathSync(folder)) ?? []);
  const isServers = (file: string) => folders.some((folder) => file.startsWith(folder + sep));
  const isDatabase = (file: string) => [db, `${db}-wal`, `${db}-shm`].includes(file);
  const signs: Sign[] = [];
  let hidden = 0;
  for (const pid of pids()) {
    const files = openFilesOf(pid);
    if (files === 'hidden') hidden += 1;
    else {
      const servers = files.filter(({ file }) => isDatabase(file) || (!own.has(pid) && isServers(file)));
      const written = servers.find(({ descriptor }) => mayWrite(pid, descriptor));
      const found = written ?? servers[0];
      if (found)
        signs.push({
          sign: 'openFile',
          seen: 'running',
          params: { pid, file: found.file, ...(written && { writes: 1 }) },
        });
    }
  }
  // Other people's processes show their files to root only.
  if (hidden > 0) signs.push({ sign: 'openFile', seen: 'unseen', params: { why: `${hidden}` } });
  return signs;
}

interface OpenFile {
  readonly descriptor: string;
  readonly file: string;
}

function openFilesOf(pid: number): OpenFile[] | 'hidden' {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch (error) {
    return isForbidden(error) ? 'hidden' : [];
  }
  return descriptors.flatMap((descriptor) => {
    // Some are closed meanwhile.
    const file = tried(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`).replace(/ \(deleted\)$/, ''));
    return file === undefined ? [] : [{ descriptor, file }];
  });
}

/** Somebody who only reads its files, such as a backup, is not the server. */
function mayWrite(pid: number, descriptor: string): boolean {
  // Its first lines; a line for each lock that is held follows.
  const info = tried(() => readStart(`/proc/${pid}/fdinfo/${descriptor}`, 1024).text);
  const flags = /^flags:\s+(\d+)$/m.exec(info ?? '')?.[1] ?? '0';
  return (Number.parseInt(flags, 8) & 3) !== 0;
}

/** Linux' own list of processes; other systems have none that can be read as a file. */
const hasProc = (): boolean => existsSync('/proc/self/stat');

/**
 * Every living process of such a program. `hidden`: the system shows people their own processes only, as the first of all is
 * not shown. Of a command line the start is read: its owner can make it as large as this computer's memory.
 */
function servers(programs: readonly string[]): { readonly seen: ServerProcess[]; readonly hidden: boolean } {
  let hidden = !existsSync('/proc/1/stat');
  const seen = pids().flatMap((pid): ServerProcess[] => {
    try {
      const { name, state } = statOf(pid);
      if (state === 'Z') return [];
      const { text, isWhole } = readStart(`/proc/${pid}/cmdline`);
      const args = text.split('\0');
      const names = [name, ...namesOf(args), ...exeOf(pid)];
      return names.some((each) => programs.includes(each)) ? [{ pid, args: isWhole ? args : undefined }] : [];
    } catch (error) {
      hidden ||= isForbidden(error); // otherwise it is gone meanwhile
      return [];
    }
  });
  return { seen, hidden };
}

/** What the system calls a process; undefined where it is gone, or that cannot be seen. */
export const nameOf = (pid: number): string | undefined => tried(() => statOf(pid).name);

function statOf(pid: number): { readonly name: string; readonly state: string } {
  const { text } = readSmallFile(`/proc/${pid}/stat`);
  // The name in brackets may hold anything, brackets included.
  const nameEnd = text.lastIndexOf(')');
  return { name: text.slice(text.indexOf('(') + 1, nameEnd), state: text.slice(nameEnd + 2, nameEnd + 3) };
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
}

function pids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function namesOf(args: readonly string[]): string[] {
  // `dotnet … /usr/lib/jellyfin/jellyfin.dll`: there the program is an argument. A plain `jellyfin` as an argument is not.
  const [program = '', ...rest] = args.map((arg) => basename(arg));
  return [program, ...rest.filter((arg) => arg.endsWith('.dll'))];
}

/** None of another user's: its name and arguments are still there to be read. */
function exeOf(pid: number): string[] {
  return tried(() => [basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')]) ?? [];
}
