import { expect, test } from '@jest/globals';
import { folder, passwordIn, report, rescue, server, signIn } from './latchkey.js';

test.each(['10.10.7', '10.11.8', '12.0'])(
  '%s, locked: the key that works unlocks and gives a password',
  async (version) => {
    const { url, apiKey } = await server(version, { locked: true });
    const said = await rescue(['alice', '--yes'], folder({ JELLYFIN_URL: url, JELLYFIN_API_KEY: apiKey }));
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toMatch(/✓ Unlocked\n(.|\n)*✓ Read back: the account is open\n\nYou are back in/);
    expect(await signIn(url, passwordIn(said))).toBe(200);
  },
);

test('--json prints one object with all there is to know, and the sentences go to standard error', async () => {
  const { url, apiKey } = await server('12.0', { locked: true });
  const said = await rescue(['ALICE', '--yes', '--json', '--url', url, '--api-key', apiKey]);
  expect(said.code).toBe(0);
  const { temporaryPassword, ...rest } = report(said);
  expect(rest).toMatchObject({
    account: 'alice',
    outcome: 'backIn',
    sentence: 'You are back in: sign in with the temporary password.',
    rung: 'api',
    code: null,
    server: { url, version: '12.0.0', code: null },
    steps: ['unlock', 'password', 'readBack'].map((step) => ({ rung: 'api', step, outcome: 'done', code: null })),
    before: { isDisabled: true, failedSignIns: 4, signInLimit: 3 },
    after: { isDisabled: false, failedSignIns: 0, signInLimit: 3 },
    copy: null,
    serverLeftStopped: false,
  });
  expect(said.stderr).toContain('✓ Unlocked');
  expect(said.stderr).not.toContain(String(temporaryPassword));
  expect(await signIn(url, String(temporaryPassword))).toBe(200);
});

test('without --yes, and nobody there to ask, nothing is done and the flag is named', async () => {
  const { url, apiKey } = await server('10.11.11', { locked: true });
  const args = ['alice', '--url', url, '--api-key', apiKey];
  const said = await rescue(args);
  expect(said.code).toBe(3);
  expect(said.stdout).toMatch(/Shall I go ahead.*\n.*say so with --yes\.\nNothing was done\./);
  const asObject = await rescue([...args, '--json']);
  expect(asObject.code).toBe(3);
  expect(report(asObject)).toMatchObject({ outcome: 'cancelled', temporaryPassword: null, steps: [] });
  expect(await signIn(url, 'forgotten')).toBe(200);
});

test('an account that an administrator switched off is switched on only with --enable', async () => {
  const { url, apiKey } = await server('10.10.7', { disabled: true });
  const args = ['alice', '--yes', '--url', url, '--api-key', apiKey];
  const said = await rescue(args);
  expect(said).toMatchObject({ code: 3, stdout: expect.stringContaining('say so with --enable') });
  expect(await signIn(url, 'forgotten')).toBe(403);
  expect(await signIn(url, passwordIn(await rescue([...args, '--enable'])))).toBe(200);
});

test.each(['NFC', 'NFD'] as const)('an accented name kept as %s is found whichever way it is typed', async (form) => {
  const jellyfin = await server('12.0');
  const kept = 'Zoë'.normalize(form);
  jellyfin.addUser(kept, { password: 'forgotten', administrator: true });
  for (const typed of ['Zoë'.normalize('NFC'), 'zoë'.normalize('NFD')]) {
    const said = await rescue([typed, '--yes', '--url', jellyfin.url, '--api-key', jellyfin.apiKey]);
    expect(said.code).toBe(0);
    expect(await signIn(jellyfin.url, passwordIn(said), kept)).toBe(200);
  }
});
