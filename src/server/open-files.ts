import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { hasProc, isForbidden, pids } from './proc.js';
import type { Sign } from './sign.js';
import type { WhereToLook } from './signs.js';

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
      const file = files.find((each) => (own.has(pid) ? isDatabase(each) : isServers(each)));
      if (file !== undefined) signs.push({ sign: 'openFile', seen: 'running', params: { pid, file } });
    }
  }
  // Other people's processes show their files to root only.
  if (hidden > 0) signs.push({ sign: 'openFile', seen: 'unseen', params: { why: `${hidden}` } });
  return signs;
}

function openFilesOf(pid: number): string[] | 'hidden' {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch (error) {
    return isForbidden(error) ? 'hidden' : [];
  }
  return descriptors.flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`).replace(/ \(deleted\)$/, '')];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function real(folder: string): string[] {
  try {
    return [realpathSync(folder)];
  } catch {
    return [];
  }
}
