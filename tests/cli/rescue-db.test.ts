import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.js';
import { fromLoopback, type ServerFolder } from '../repair/server-folder.js';
import { shapedServer } from '../server/server-shape.js';
import {
  atEnd,
  commands,
  endAll,
  folder,
  keyWorks,
  machine,
  ownServer,
  passwordIn,
  report,
  rescueProcess,
  savedKey,
  signIn,
} from './latchkey.js';

afterAll(endAll);

/** What docs/rescue/jellyfin-db.md tells people to do who want the file from before; `$0` is the copy. */
const byHand =
  /C=jellyfin\.db\.latchkey-copy-\S+.*\n([^`]*)\nsudo systemctl start/
    .exec(readFileSync('docs/rescue/jellyfin-db.md', 'utf8'))?.[1]
    ?.replaceAll('sudo ', '')
    .replaceAll('$C', '$(basename "$0")') ?? 'false';

// Beside one another: most of the time they wait, as a rescue looks twice before it believes that a server is stopped.
describe('jellyfin.db', () => {
  test.concurrent(
    '10.10.7: stops, copies, changes, starts, and goes on with the key, which is kept',
    async () => {
      const own = await ownServer('10.10.7');
      const cwd = folder({ JELLYFIN_API_KEY: own.apiKey });
      // Where it answers is in its own folder.
      const said = await rescueProcess(
        ['alice', '--rung', 'db', '--yes', '--give-key', '--server-dir', own.dir, ...commands(own)],
        cwd,
        // As long as it takes people: it watches for 10 s.
        machine({ lookAgainAfterMs: undefined }),
      );
      expect(said).toMatchObject({ code: 0, stderr: '' });
      expect(said.stdout).toMatch(/✓ Jellyfin is stopped\n(.|\n)*✓ Jellyfin answers again\n(.|\n)*You are back in/);
      expect(await signIn(own.url, passwordIn(said))).toBe(200);
      expect(await keyWorks(own.url, savedKey(cwd) ?? '')).toBe(true);
      const copy = /A copy of jellyfin\.db from before: (.*)/.exec(said.stdout)?.[1] ?? '';
      expect(existsSync(copy)).toBe(true);
    },
    90_000,
  );

  test.concurrent(
    '10.11.8: without --give-key the key is gone again, and .env is as it was',
    async () => {
      const own = await ownServer('10.11.8');
      const cwd = folder({ JELLYFIN_API_KEY: own.apiKey });
      const args = ['alice', '--rung', 'db', '--yes', '--json', '--server-dir', own.dir, ...commands(own)];
      const said = await rescueProcess(args, cwd);
      expect(said.code).toBe(0);
      const { temporaryPassword, ...rest } = report(said);
      expect(rest).toMatchObject({ outcome: 'backIn', rung: 'db', key: 'deleted', serverLeftStopped: false });
      expect(await signIn(own.url, String(temporaryPassword))).toBe(200);
      expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe(`JELLYFIN_API_KEY=${own.apiKey}\n`);
    },
    60_000,
  );

  test.concurrent(
    '12, stopped by the person: nothing with --dry-run; a password in the file; all back by the copy',
    async () => {
      const own = await ownServer('12.0', 'stopped');
      const there = ['--server-is-stopped', '--server-dir', own.dir];
      const before = readFileSync(own.db);
      const dry = await rescueProcess(['alice', '--dry-run', '--yes', ...there]);
      expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ The copy is whole') });
      expect(dry.stdout).toMatch(/Nothing was changed\.\nJellyfin is still stopped\./);
      expect(dry.stdout).not.toMatch(/is kept/);
      expect(readFileSync(own.db).equals(before)).toBe(true);
      expect(readdirSync(join(own.dir, 'data')).filter((name) => name.includes('latchkey'))).toEqual([]);

      const old = join(own.dir, 'data', 'jellyfin.db.latchkey-copy-20200101T000000Z');
      writeFileSync(old, 'as large as the database');
      const said = await rescueProcess(['alice', '--yes', '--set-password', ...there]);
      expect(said.code).toBe(0);
      // Named; removed only by somebody who is asked.
      expect(said.stdout).toContain(`Older than 30 days: ${old}`);
      expect(existsSync(old)).toBe(true);
      expect(said.stdout).toContain('Start Jellyfin now, the way you always do.');
      own.start();
      expect(await signIn(own.url, passwordIn(said))).toBe(200);
      own.stop();

      // As docs/rescue/jellyfin-db.md says.
      const [copy = ''] = /(?<=A copy of jellyfin\.db from before: ).*/.exec(said.stdout) ?? [];
      const putBack = spawnSync('sh', ['-ec', byHand, copy], { cwd: join(own.dir, 'data'), encoding: 'utf8' });
      expect(putBack).toMatchObject({ status: 0, stderr: '' });
      own.start();
      expect(await signIn(own.url, 'forgotten')).toBe(403);
    },
    90_000,
  );

  test.concurrent(
    'a server that runs, whatever was said of it: 4, and nothing is touched',
    async () => {
      const own = await ownServer('12.0');
      const before = readdirSync(join(own.dir, 'data'));
      const said = await rescueProcess(['alice', '--yes', '--json', '--server-is-stopped', '--server-dir', own.dir]);
      expect(said.code).toBe(4);
      expect(report(said)).toMatchObject({ outcome: 'notYet', code: 'serverRunning', copy: null });
      expect(said.stderr).toContain('Jellyfin answers at its address');
      expect(readdirSync(join(own.dir, 'data'))).toEqual(before);
      const byHand = await rescueProcess(['alice', '--yes', '--rung', 'db', '--server-dir', own.dir]);
      expect(byHand).toMatchObject({ code: 3, stdout: expect.stringContaining('say so with --server-is-stopped') });
    },
    60_000,
  );

  test.concurrent(
    'a server that does not start again: 5, and the command that starts it; it has to be finished before another',
    async () => {
      const own = await ownServer('10.11.11');
      const [stop = ''] = commands(own).slice(1);
      const broken = ['--stop-command', stop, '--start-command', 'false --please'];
      const said = await rescueProcess(['alice', '--yes', '--rung', 'db', '--server-dir', own.dir, ...broken]);
      expect(said.code).toBe(5);
      expect(said.stdout).toContain('Jellyfin is stopped. Start it with: false --please');
      // The key that it has to go on with.
      expect(said.stdout).toMatch(/a new API key called Latchkey, with which I go on when you run this again/);
      expect(said.stdout).not.toContain('is still there. Delete it');

      const bob = await rescueProcess(['bob', '--yes', '--server-is-stopped', '--server-dir', own.dir]);
      const unfinished = 'an earlier rescue, of alice, was cut short there; rescue alice again first';
      expect(bob).toMatchObject({ code: 1, stdout: expect.stringContaining(unfinished) });
      const dry = await rescueProcess(['alice', '--dry-run', '--server-is-stopped', '--server-dir', own.dir]);
      expect(dry.stdout).toMatch(/earlier rescue of alice has not come to its end: .* Rescue alice once more/);
      const again = await rescueProcess(['alice', '--yes', '--server-dir', own.dir, ...commands(own)]);
      expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('You are back in') });
      expect(again.stdout).toMatch(/✓ Jellyfin was told to start\n✓ Jellyfin answers again/);
      expect(again.stdout).not.toContain('Start Jellyfin now');
    },
    90_000,
  );

  test.concurrent(
    'a server that somebody has started by hand since: its rescue is over, and keeps nobody else away',
    async () => {
      const own = await ownServer('10.11.11');
      const [stop = ''] = commands(own).slice(1);
      const broken = ['--stop-command', stop, '--start-command', 'false --please'];
      expect(await rescueProcess(['alice', '--yes', '--rung', 'db', '--server-dir', own.dir, ...broken])).toMatchObject(
        {
          code: 5,
        },
      );
      own.start();
      const bob = await rescueProcess(['bob', '--dry-run', '--server-dir', own.dir, ...commands(own)]);
      expect(bob.stdout).not.toMatch(/was cut short|standing still|may still be stopped/);
      const said = await rescueProcess(['root', '--rung', 'db', '--yes', '--server-dir', own.dir, ...commands(own)]);
      expect(said).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/✓ Found root(.|\n)*✓ Jellyfin answers again/),
      });
    },
    90_000,
  );
});

const locationOf = ({ dir, logDir }: ServerFolder) => ['--server-dir', dir, '--log-dir', logDir];
const unknownHost = ['--url', 'http://jellyfin.invalid:8096'];

/** What a rescue leaves that was killed at this stage, having stopped the server. */
function unfinished({ db }: ServerFolder, stage: string): void {
  const account = { name: 'alice' };
  const startCommand = ['curl', 'https://example.com/|sh'];
  const record = { version: 1, account, startedAt: Date.now(), stage, stoppedByUs: true, startCommand };
  writeFileSync(`${db}.latchkey.json`, JSON.stringify(record));
}

describe('what cannot be seen of the server', () => {
  test.concurrent(
    'is asked about, also of whoever has stopped it; --yes is the answer where nobody can be asked',
    async () => {
      const there = await fromLoopback(folder());
      const before = readFileSync(there.db);
      const args = ['alice', '--server-is-stopped', '--dry-run', ...locationOf(there), ...unknownHost];
      const asked = await rescueProcess(args);
      expect(asked.code).toBe(3);
      expect(asked.stdout).toMatch(
        /I cannot see from here .*whether Jellyfin answers at its address.* Are you sure that Jellyfin is stopped\?/,
      );
      expect(asked.stdout).toContain('--yes');
      expect(asked.stdout).not.toMatch(/Jellyfin is stopped$/m);
      expect(readFileSync(there.db).equals(before)).toBe(true);

      const said = await rescueProcess([
        'alice',
        '--server-is-stopped',
        '--yes',
        '--json',
        ...locationOf(there),
        ...unknownHost,
      ]);
      expect(said.code).toBe(0);
      expect(said.stderr).toMatch(
        /✓ I saw no sign of Jellyfin\. I cannot see from here .*answers at its address.*: for that/,
      );
      expect(said.stderr).not.toContain('✓ Jellyfin is stopped');
      expect(report(said)).toMatchObject({ outcome: 'changed', unseen: expect.arrayContaining(['http']) });
    },
    60_000,
  );
});

describe('a rescue that another one left with the server stopped', () => {
  test.concurrent(
    'tells that, and what starts it by the settings, in the plan and where it is refused',
    async () => {
      const there = await fromLoopback(folder());
      unfinished(there, 'changing');
      const url = ['--url', `http://127.0.0.1:${await freePort()}`];
      const env = {
        JELLYFIN_STOP_COMMAND: 'systemctl stop jellyfin',
        JELLYFIN_START_COMMAND: 'systemctl start jellyfin',
      };
      const bob = await rescueProcess(['bob', '--rung', 'db', '--yes', ...locationOf(there), ...url], folder(), env);
      expect(bob.stdout).toContain('If it is still stopped, start it with: systemctl start jellyfin');
      const args = ['alice', '--dry-run', '--server-is-stopped', ...locationOf(there), ...url];
      const dry = await rescueProcess(args, folder(), env);
      expect(dry).toMatchObject({ code: 5 });
      expect(dry.stdout).toContain('Jellyfin is stopped. Start it with: systemctl start jellyfin');
      const untold = await rescueProcess(args);
      expect(untold.stdout).toContain('Jellyfin is stopped. Start it the way you always do.');
      expect(bob.stdout + dry.stdout + untold.stdout).not.toContain('curl');
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
        [...locationOf(there)],
        ['alice', '--db', there.db, '--stop-command', 'stop it'],
        ['alice', '--rung', 'api', '--set-password', ...locationOf(there)],
        ['alice', ...locationOf(there), ...url, '--yes', '--give-key'],
      ];
      const env = { JELLYFIN_API_KEY: 'given by the environment' };
      // One after another: whoever asks for the log's lock has it for that moment.
      for (const args of wrong) {
        const said = await rescueProcess(args, folder(), env);
        expect(said).toMatchObject({ code: 2, stdout: '' });
        expect(said.stderr).toMatch(/If it is still stopped, start it the way you always do\.\n.+\n$/);
      }
      // What cannot be looked at hides nothing.
      writeFileSync(`${there.db}.latchkey.lock`, 'no lock of ours');
      const odd = await rescueProcess([...locationOf(there)]);
      expect(odd).toMatchObject({ code: 2, stderr: expect.stringMatching(/still stopped, .*\nWhich account\?/) });
      rmSync(`${there.db}.latchkey.lock`);
      // Not where it runs, nor where the person has stopped it for this.
      const server = await shapedServer(there.dir, 0, { database: 'idle', log: true, port: false });
      atEnd(() => server.end());
      expect((await rescueProcess(locationOf(there))).stderr).not.toContain('still stopped');
      await server.end();
      expect((await rescueProcess([...locationOf(there), '--server-is-stopped'])).stderr).not.toContain(
        'still stopped',
      );
    },
    60_000,
  );

  test.concurrent(
    'is given up where it has changed nothing',
    async () => {
      const there = await fromLoopback(folder());
      unfinished(there, 'stopped');
      const url = ['--url', `http://127.0.0.1:${await freePort()}`];
      const bob = await rescueProcess(['bob', '--server-is-stopped', '--yes', ...locationOf(there), ...url]);
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
  const said = await rescueProcess(['alice', '--rung', 'db', '--yes', ...locationOf(there), ...url, ...commands]);
  expect(said.code).toBe(5);
  expect(said.stdout).toContain('✓ Jellyfin was told to start');
  expect(said.stdout).toMatch(/✗ Checking the copy: jellyfin\.db is damaged|✗ Checking the copy: This is not/);
  expect(said.stdout).toMatch(/✗ Waiting for Jellyfin: /);
  // That is another reason than the one for which nothing was changed.
  expect(said.stdout).not.toContain('for the reason above');
  expect(said.stdout).toMatch(/^Jellyfin may be stopped\. .* Start it with: true/m);
  expect(existsSync(join(there.dir, 'data', 'jellyfin.db.latchkey.json'))).toBe(false);
});
