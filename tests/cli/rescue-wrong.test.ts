import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { folder, report, rescue, server } from './latchkey.js';

test.each<[string, string[], string]>([
  ['no account', [], 'Which account? latchkey rescue <account>'],
  ['an address that is none', ['alice', '--url', 'jellyfin'], '--url has to be an address like http://127.0.0.1:8096'],
  ['a rung that is none', ['alice', '--rung', 'window'], 'Allowed choices are api, pin, restart, db'],
  ['a folder that is not there', ['alice', '--server-dir', '/nowhere'], '--server-dir: there is no /nowhere.'],
  ['a file that is not there', ['alice', '--db', '/nowhere.db'], '--db: there is no /nowhere.db.'],
  ['an open quote', ['alice', '--stop-command', 'sh -c "stop'], '--stop-command cannot be split into words'],
  ['no way to start it', ['alice', '--stop-command', 'stop it'], 'give --start-command'],
  ['a flag of another way', ['alice', '--rung', 'api', '--set-password'], '--set-password is about jellyfin.db'],
  ['a flag of another way', ['alice', '--rung', 'pin', '--server-is-stopped'], 'does not go with --rung pin'],
  ['a flag that is none', ['alice', '--force'], "unknown option '--force'"],
])('%s: said in a sentence, exit code 2', async (_what, args, sentence) => {
  const said = await rescue(args);
  expect(said).toMatchObject({ code: 2, stdout: '' });
  expect(said.stderr).toContain(sentence);
  expect(said.stderr).not.toMatch(/\{\{|undefined|^\s+at /m);
});

test('a setting of the environment that is wrong is named, and with --json that is an object, too', async () => {
  const said = await rescue(['alice', '--json'], folder({ JELLYFIN_URL: 'ftp://nowhere' }));
  expect(said.code).toBe(2);
  expect(report(said)).toMatchObject({ account: 'alice', outcome: 'notYet', rung: null, steps: [] });
  expect(said.stderr).toContain('JELLYFIN_URL has to be an address');
});

test('an account that nobody has', async () => {
  const { url, apiKey } = await server('12.0');
  const said = await rescue(['alise', '--yes', '--json', '--url', url, '--api-key', apiKey]);
  expect(said).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no Jellyfin account called alise.'),
  });
  expect(report(said)).toMatchObject({ code: 'accountUnknown', temporaryPassword: null });
});

test('--help fits a terminal of 80 columns, with examples and exit codes', async () => {
  const { code, stdout } = await rescue(['--help'], undefined, { COLUMNS: '80' });
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  for (const part of ['systemctl stop jellyfin', 'docker compose', 'C:\\ProgramData\\Jellyfin\\Server', 'Exit codes:'])
    expect(stdout).toContain(part);
});

test('a .env that others can read is warned about, and used', async () => {
  const { url } = await server('12.0');
  const cwd = folder({ JELLYFIN_URL: url });
  const { chmodSync } = await import('node:fs');
  chmodSync(join(cwd, '.env'), 0o644);
  const said = await rescue(['alice', '--dry-run'], cwd);
  expect(said.stderr).toBe('.env can be read by others: run chmod 600 .env\n');
  expect(said.stdout).toContain('Jellyfin 12.0.0 answers');
});
