import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../../sandbox/free-port.js';
import { fromLoopback, type ServerFolder } from '../repair/server-folder.js';
import { shapedServer } from '../server/server-shape.js';
import { atEnd, folder, report, rescue } from './latchkey.js';

const placeOf = ({ dir, logDir }: ServerFolder) => ['--server-dir', dir, '--log-dir', logDir];
const nowhere = ['--url', 'http://jellyfin.invalid:8096'];

/** What a rescue leaves that was killed at this stage, having stopped the server. */
function unfinished({ db }: ServerFolder, stage: string): void {
  const account = { name: 'alice' };
  const startCommand = ['systemctl', 'start', 'jellyfin'];
  const record = { version: 1, account, startedAt: Date.now(), stage, stoppedByUs: true, startCommand };
  writeFileSync(`${db}.latchkey.json`, JSON.stringify(record));
}

describe('what cannot be seen of the server', () => {
  test.concurrent(
    'is asked about, also of whoever has stopped it; --yes is the answer where nobody can be asked',
    async () => {
      const there = await fromLoopback(folder());
      const before = readFileSync(there.db);
      const args = ['alice', '--server-is-stopped', '--dry-run', ...placeOf(there), ...nowhere];
      const asked = await rescue(args);
      expect(asked.code).toBe(3);
      expect(asked.stdout).toMatch(
        /I cannot see from here .*whether anything answers at its address.* Are you sure that Jellyfin is stopped\?/,
      );
      expect(asked.stdout).toContain('--yes');
      expect(asked.stdout).not.toMatch(/Jellyfin is stopped$/m);
      expect(readFileSync(there.db).equals(before)).toBe(true);

      const said = await rescue(['alice', '--server-is-stopped', '--yes', '--json', ...placeOf(there), ...nowhere]);
      expect(said.code).toBe(0);
      expect(said.stderr).toMatch(
        /✓ I saw no sign of Jellyfin\. I cannot see from here .*answers at its address: for that/,
      );
      expect(said.stderr).not.toContain('✓ Jellyfin is stopped');
      expect(report(said)).toMatchObject({ outcome: 'changed', unseen: expect.arrayContaining(['http']) });
    },
    60_000,
  );
});

describe('a rescue that another one left with the server stopped', () => {
  test.concurrent(
    'tells that, and what starts it, in the plan and where it is refused',
    async () => {
      const there = await fromLoopback(folder());
      unfinished(there, 'changing');
      const url = ['--url', `http://127.0.0.1:${await freePort()}`];
      const bob = await rescue(['bob', '--rung', 'db', '--yes', ...placeOf(there), ...url]);
      expect(bob.stdout).toContain('If it is still stopped, start it with: systemctl start jellyfin');
      const dry = await rescue(['alice', '--dry-run', '--server-is-stopped', ...placeOf(there), ...url]);
      expect(dry).toMatchObject({ code: 5 });
      expect(dry.stdout).toContain('Jellyfin is stopped. Start it with: systemctl start jellyfin');
    },
    60_000,
  );

  test.concurrent(
    'tells that, too, whoever gives wrong flags, or no account',
    async () => {
      const there = await fromLoopback(folder());
      unfinished(there, 'stopped');
      const url = ['--url', `http://127.0.0.1:${await freePort()}`];
      const wrong = [
        [...placeOf(there)],
        ['alice', '--db', there.db, '--stop-command', 'stop it'],
        ['alice', '--rung', 'api', '--set-password', ...placeOf(there)],
        ['alice', ...placeOf(there), ...url, '--yes', '--give-key'],
      ];
      const env = { JELLYFIN_API_KEY: 'given by the environment' };
      // One after another: whoever asks for the log's lock has it for that moment.
      for (const args of wrong) {
        const said = await rescue(args, folder(), env);
        expect(said).toMatchObject({ code: 2, stdout: '' });
        expect(said.stderr).toMatch(/If it is still stopped, start it with: systemctl start jellyfin\n.+\n$/);
      }
      // What cannot be looked at hides nothing.
      writeFileSync(`${there.db}.latchkey.lock`, 'no lock of ours');
      const odd = await rescue([...placeOf(there)]);
      expect(odd).toMatchObject({ code: 2, stderr: expect.stringMatching(/not a database\nWhich account\?/) });
      rmSync(`${there.db}.latchkey.lock`);
      // Not where it runs, nor where the person has stopped it for this.
      const server = await shapedServer(there.dir, 0, { database: 'idle', log: true, port: false });
      atEnd(() => server.end());
      expect((await rescue(placeOf(there))).stderr).not.toContain('still stopped');
      await server.end();
      expect((await rescue([...placeOf(there), '--server-is-stopped'])).stderr).not.toContain('still stopped');
    },
    60_000,
  );

  test.concurrent(
    'is given up where it has changed nothing',
    async () => {
      const there = await fromLoopback(folder());
      unfinished(there, 'stopped');
      const url = ['--url', `http://127.0.0.1:${await freePort()}`];
      const bob = await rescue(['bob', '--server-is-stopped', '--yes', ...placeOf(there), ...url]);
      expect(bob).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ Found bob') });
      expect(existsSync(`${there.db}.latchkey.json`)).toBe(false);
    },
    60_000,
  );
});

test('what has failed is told by its own name, and that the server does not come up again after it', async () => {
  const there = await fromLoopback(folder());
  writeFileSync(there.db, Buffer.alloc(8192, 'no database'));
  const port = await freePort();
  const server = await shapedServer(there.dir, port, { database: 'idle', log: true, port: true });
  atEnd(() => server.end());
  const commands = ['--stop-command', `kill ${server.pid}`, '--start-command', 'true'];
  const url = ['--url', `http://127.0.0.1:${port}`];
  const said = await rescue(['alice', '--rung', 'db', '--yes', ...placeOf(there), ...url, ...commands]);
  expect(said.code).toBe(5);
  expect(said.stdout).toContain('✓ Jellyfin was told to start');
  expect(said.stdout).toMatch(/✗ Checking the copy: jellyfin\.db is damaged|✗ Checking the copy: This is not/);
  expect(said.stdout).toMatch(/✗ Waiting for Jellyfin: /);
  expect(said.stdout).toMatch(/^Jellyfin may be stopped\. .* Start it with: true/m);
  expect(existsSync(join(there.dir, 'data', 'jellyfin.db.latchkey.json'))).toBe(false);
}, 60_000);
