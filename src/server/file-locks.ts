import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Sign } from './sign.js';

/** Locks on jellyfin.db and the two files beside it, by number, so that nothing has to be opened. */
export async function lookAtFileLocks({ db }: { readonly db: string }): Promise<Sign[]> {
  if (!existsSync('/proc/locks')) return [{ sign: 'fileLock', seen: 'unseen', params: { why: process.platform } }];
  const files = [db, `${db}-wal`, `${db}-shm`].flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false, bigint: true });
    return found ? [{ file, inode: `${found.ino}` }] : [];
  });
  // The system takes its time over this list: others can look meanwhile.
  const list = await readFile('/proc/locks', 'utf8');
  // 1: POSIX  ADVISORY  READ 10300 fe:00:11683414 1073741826 1073742335
  const locked = new Map(
    list
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .map((fields) => [fields.find((field) => /^[\da-f]+:[\da-f]+:\d+$/.test(field))?.split(':')[2], fields]),
  );
  return files.flatMap(({ file, inode }) => {
    const pid = locked.get(inode)?.find((field) => /^-?\d+$/.test(field));
    return locked.has(inode) ? [{ sign: 'fileLock', seen: 'running', params: { file, pid: pid ?? '?' } } as const] : [];
  });
}
