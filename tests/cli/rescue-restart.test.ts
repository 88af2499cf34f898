import { expect, test } from '@jest/globals';
import { passwordIn, report, rescue, server, signIn } from './latchkey.js';

test('10.11.8, locked, no key: a restart opens the account, and a PIN gives a password', async () => {
  const { url, serverDir } = await server('10.11.8', { key: false, locked: true });
  expect(await signIn(url, 'forgotten')).toBe(403);
  const said = await rescue(['alice', '--yes', '--rung', 'restart', '--url', url, '--server-dir', serverDir]);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/✓ Jellyfin is restarting\n✓ Jellyfin answers again\n✓ Jellyfin has made a PIN/);
  expect(await signIn(url, passwordIn(said))).toBe(200);
});

test('a failed way is followed by the next: the PIN fails at the lock, the restart does not', async () => {
  const { url, serverDir } = await server('10.11.8', { key: false, locked: true });
  const said = await rescue(['alice', '--yes', '--json', '--url', url, '--server-dir', serverDir]);
  expect(said.code).toBe(0);
  const { rung, steps, temporaryPassword } = report(said);
  expect(rung).toBe('restart');
  expect(steps).toContainEqual({ rung: 'pin', step: 'signIn', outcome: 'failed', code: 'signInForbidden' });
  expect(await signIn(url, String(temporaryPassword))).toBe(200);
});
