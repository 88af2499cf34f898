import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { hasProc, isForbidden, pids } from './proc.js';
import type { Sign, WhereToLook } from './sign.js';

/** Any process that has a file open under the server or log folder, or jellyfin.db itself. */
export function lookAtOpenFiles({ db, serverDir, logDir, ownPids = [] }: WhereToLook): Sign[] {
  if (!hasProc()) return [{ sign: 'openFile', seen: 'unseen', params: { why: process.platform } }];
  const own = new Set([process.pid, ...ownPids]);
  const folders = [dirname(db), serverDir, logDir].flatMap((folder) => (folder === undefined ? [] : real(folder)));
  const isServers = (file: string) => folders.some((folder) => file.startsWith(folder + sep));
  const isDatabase = (file: string) => [db, `${db}-wal`, `${db}-shm`].includes(file);
  const signs: Sign[] = [];
  let hidden = 0;
  for (const pid of pids()) {
    const files = openFilesOf(pid);
    if (files === 'hidden') hidden += 1;
    else {
      const servers = files.filter(({ file }) => (own.has(pid) ? isDatabase(file) : isServers(file)));
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
    try {
      const file = readlinkSync(`/proc/${pid}/fd/${descriptor}`).replace(/ \(deleted\)$/, '');
      return [{ descriptor, file }];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** Somebody who only reads its files, such as a backup, is not the server. */
function mayWrite(pid: number, descriptor: string): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & 3) !== 0;
  } catch {
    return false; // closed meanwhile
  }
}

function real(folder: string): string[] {
  try {
    return [realpathSync(folder)];
  } catch {
    return [];
  }
}
