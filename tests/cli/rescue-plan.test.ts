import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { folder, machine, rescue, report, server, signIn } from './latchkey.js';

test('the plan says what is the matter, what is there, and which of the four ways are open', async () => {
  const jellyfin = await server('10.10.7', { locked: true });
  const { url, serverDir, apiKey, dbPath } = jellyfin;
  const said = await rescue(['alice', '--dry-run', '--url', url, '--api-key', apiKey, '--server-dir', serverDir]);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/No \.env in .*: I go by the command line/);
  for (const sentence of [
    `Jellyfin's address: ${url}`,
    'alice: locked after 3 wrong passwords',
    'Jellyfin 10.10.7 answers',
    `Its folder: ${serverDir}`,
    `Its database: ${dbPath}, which I may change`,
    'I was not told how to stop and start it',
    '1. API key: my key works',
    '2. PIN file: closed, as the account is locked',
    '3. Restart: closed, as a restart does not undo a lock in Jellyfin 10.10.7',
    '4. jellyfin.db: Jellyfin has to be stopped by you',
    'That is the plan. Nothing was changed.',
  ])
    expect(said.stdout).toContain(sentence);
  expect(said.stdout).not.toMatch(/\u001B|\{\{|undefined/);
  expect(await signIn(url, 'forgotten')).toBe(403);
  expect(jellyfin.calls.filter(({ method, path }) => method !== 'GET' && !path.startsWith('/Users/Auth'))).toEqual([]);
});

test('a server that is named on the command line is not mixed with another one of the settings', async () => {
  const { url, serverDir, apiKey, dbPath } = await server('10.10.7');
  const other = folder();
  mkdirSync(join(other, 'data'));
  writeFileSync(join(other, 'data', 'jellyfin.db'), '');
  const cwd = folder({ JELLYFIN_DB: join(other, 'data', 'jellyfin.db'), JELLYFIN_LOG_DIR: other });
  const { stdout } = await rescue(
    ['alice', '--dry-run', '--url', url, '--api-key', apiKey, '--server-dir', serverDir],
    cwd,
  );
  expect(stdout).toContain(`Its database: ${dbPath}, which I may change`);
  expect(stdout).not.toContain(other);
});

test('a key that is no good, and a server that does not answer, are said once', async () => {
  const { url, serverDir } = await server('12.0', { key: false });
  const refused = await rescue(['alice', '--dry-run', '--url', url, '--api-key', 'old', '--server-dir', serverDir]);
  expect(refused.stdout).toContain('1. API key: closed, as Jellyfin does not take my API key any more');
  expect(refused.stdout).toContain('if Jellyfin takes me for a caller on its own network');
  const away = await rescue(['alice', '--dry-run', '--url', 'http://127.0.0.1:1', '--api-key', 'old']);
  expect(away.code).toBe(1);
  expect(away.stdout.match(/I cannot reach the Jellyfin server/g)).toHaveLength(1);
  expect(away.stdout.match(/Jellyfin cannot be asked \(see above\)/g)).toHaveLength(3);
});

/** A folder of Jellyfin's with an empty database. */
function serverFolder(): string {
  const made = join(folder(), 'jellyfin');
  for (const part of ['data', 'config']) mkdirSync(join(made, part), { recursive: true });
  writeFileSync(join(made, 'data', 'jellyfin.db'), '');
  return made;
}

test('a folder that nobody named is looked for in the usual places, and the finding is shown', async () => {
  const cwd = folder({ DISCORD_GUILD_ID: 'not even a number' });
  const serverDir = serverFolder();
  const { url } = await server('10.11.8', { key: false });
  const network = `<NetworkConfiguration><InternalHttpPort>${new URL(url).port}</InternalHttpPort></NetworkConfiguration>`;
  writeFileSync(join(serverDir, 'config', 'network.xml'), network);
  const { code, stdout } = await rescue(['alice', '--dry-run'], cwd, machine({ folders: ['/nowhere', serverDir] }));
  expect(stdout).toContain(`Its folder, as I found it (not told): ${serverDir}`);
  // Its own settings tell where it answers.
  expect(stdout).toContain(`Jellyfin's address, as nobody told me another one: ${url}`);
  expect(stdout).toContain('Jellyfin 10.11.8 answers');
  expect(stdout).not.toContain('No .env');
  expect(code).toBe(0);
});

test('of several folders none is taken on a yes that was said beforehand', async () => {
  const folders = [serverFolder(), serverFolder()];
  const args = ['alice', '--url', 'http://127.0.0.1:1', '--yes'];
  const said = await rescue(args, folder(), machine({ folders }));
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toContain(
    `More than one folder looks like Jellyfin's: ${folders.join(', ')}. Say with --server-dir`,
  );
  // Whoever only looks is shown them all.
  const looks = await rescue([...args, '--dry-run'], folder(), machine({ folders }));
  expect(looks.stdout).toContain('There is another one, too');
});

test.each(['api', 'pin', 'restart', 'db'])('--rung %s takes that way only, or says that it is closed', async (rung) => {
  const { url, apiKey } = await server('10.10.7', { locked: true });
  const said = await rescue(['alice', '--yes', '--json', '--rung', rung, '--url', url, '--api-key', apiKey]);
  const isOpen = rung === 'api';
  expect(report(said)).toMatchObject({ rung, outcome: isOpen ? 'backIn' : 'notYet' });
  expect(said.code).toBe(isOpen ? 0 : 1);
  if (!isOpen) expect(said.stderr).toContain('This way is not open from here: the plan says why.');
});

test('what an earlier rescue has left and cannot be read closes jellyfin.db already in the plan', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'data'));
  const db = join(dir, 'data', 'jellyfin.db');
  writeFileSync(db, '');
  writeFileSync(`${db}.latchkey.json`, '{"version":1,"act":"rep');
  const args = ['alice', '--dry-run', '--json', '--url', 'http://127.0.0.1:1', '--server-dir', dir];
  const said = await rescue(args);
  expect(said.stderr).toContain(`4. jellyfin.db: closed. ${db}.latchkey.json says how far an earlier rescue got`);
  expect(report(said)['rungs']).toContainEqual({ rung: 'db', open: false, why: 'recordUnreadable' });
});
