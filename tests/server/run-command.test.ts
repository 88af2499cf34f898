import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { lookAtLog } from '../../src/server/locks.js';
import { outputOf, runCommand } from '../../src/server/run-command.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { tried } from '../../src/tried.js';

const newFolder = temporaryFolders();
const onLinux = existsSync('/proc/self/stat') ? test : test.skip;

/** Whether a process leads a session, which then has no terminal unless it opens one. */
function leadsSession(stat: string): boolean {
  const [pid] = stat.split(' ');
  const [, , , session, terminal] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return session === pid && terminal === '0';
}

onLinux.each<[string, () => Promise<string>]>([
  ['is asked', () => outputOf('cat', ['/proc/self/stat'])],
  ['stops or starts Jellyfin', async () => (await runCommand(['cat', '/proc/self/stat'], 60_000)).said],
  [
    'asks for a lock',
    async () => {
      const [programs, logDir] = [newFolder(), newFolder()];
      const [flock, told] = [join(programs, 'flock'), join(programs, 'told')];
      writeFileSync(flock, `#!/bin/sh\nexec /bin/cat /proc/self/stat >${told}\n`);
      chmodSync(flock, 0o755);
      writeFileSync(join(logDir, 'log_20261201.log'), '');
      vi.stubEnv('PATH', programs);
      try {
        expect(await lookAtLog({ logDir })).toEqual([]);
      } finally {
        vi.unstubAllEnvs();
      }
      return readFileSync(told, 'utf8');
    },
  ],
])('a program that %s has not our terminal', async (_, run) => {
  expect(leadsSession(await run())).toBe(true);
});

test('a program that fails, or is not there, has not answered', async () => {
  await expect(outputOf('sh', ['-c', 'echo half; exit 3'])).rejects.toThrow('sh ended with 3');
  await expect(outputOf(join(newFolder(), 'none'), [])).rejects.toThrow('ENOENT');
  expect(await outputOf('sh', ['-c', 'echo all'])).toBe('all\n');
});

test('a program that does not end is waited for no longer than 5 s, and is ended', async () => {
  const over = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal);
  const told = join(newFolder(), 'told');
  const answer = expect(outputOf('sh', ['-c', `echo $$ >${told}; exec tail -f /dev/null`])).rejects.toThrow(/abort/i);
  const pid = () => Number(existsSync(told) && readFileSync(told, 'utf8'));
  await vi.waitUntil(() => pid() > 0, { timeout: 20_000 });
  over.abort();
  await answer;
  await vi.waitUntil(() => tried(() => process.kill(pid(), 0)) === undefined, { timeout: 20_000 });
  expect(timeout).toHaveBeenCalledWith(5000);
  timeout.mockRestore();
});
