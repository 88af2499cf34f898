import { readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { until } from '../kill/until.js';
import { commands, ownServer, passwordIn, rescue, signIn } from './latchkey.js';

/** Sends it as soon as there is a process of the repair, which has not said a word by then. */
const whenTheRepairIsThere = (signal: NodeJS.Signals) => (child: ChildProcess) => {
  const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim() || undefined;
  void until(children, () => 'no repair was started').then(() => child.kill(signal));
};
const finishes = /I finish what I have begun/;

describe('told to end when the repair has just been started, and has said nothing yet', () => {
  test.concurrent(
    'it is finished, the server runs, and the password is told',
    async () => {
      const own = await ownServer('10.10.7');
      const args = ['alice', '--rung', 'db', '--yes', '--server-dir', own.dir, ...commands(own)];
      const said = await rescue(args, undefined, {}, whenTheRepairIsThere('SIGINT'));
      expect(said.stdout).toMatch(finishes);
      expect(said.code).toBe(0);
      expect(await signIn(own.url, passwordIn(said))).toBe(200);
    },
    60_000,
  );

  test.concurrent(
    'taking back, too, is gone through with',
    async () => {
      const own = await ownServer('12.0');
      const args = ['--undo', '--yes', '--server-is-stopped', '--server-dir', own.dir];
      const said = await rescue(args, undefined, {}, whenTheRepairIsThere('SIGTERM'));
      expect(said).toMatchObject({ code: 4, stdout: expect.stringMatching(finishes) });
      expect(said.stdout).not.toContain('Nothing was done.');
    },
    60_000,
  );
});
