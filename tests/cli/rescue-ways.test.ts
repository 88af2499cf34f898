import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ask } from '../../sandbox/jellyfin/ask.js';
import {
  endAll,
  folder,
  fromFarAway,
  keyWorks,
  machine,
  passwordIn,
  report,
  rescue,
  rescueProcess,
  savedKey,
  server,
  signIn,
  withKey,
} from './latchkey.js';

afterAll(endAll);

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
  const said = await rescue(['ALICE', '--yes', '--json', '--url', url, ...withKey(apiKey)]);
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
  const args = ['alice', '--url', url, ...withKey(apiKey)];
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
  const args = ['alice', '--yes', '--url', url, ...withKey(apiKey)];
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
    const said = await rescue([typed, '--yes', '--url', jellyfin.url, ...withKey(jellyfin.apiKey)]);
    expect(said.code).toBe(0);
    expect(await signIn(jellyfin.url, passwordIn(said), kept)).toBe(200);
  }
});

test.each(['10.10.7', '10.11.8', '12.0'])(
  '%s, forgotten, no key: in by the PIN, which does not stay',
  async (version) => {
    const jellyfin = await server(version, { key: false });
    const { url, serverDir } = jellyfin;
    const pins: string[] = [];
    jellyfin.onCall(({ path, status }) => {
      if (path !== '/Users/ForgotPassword' || status !== 200) return;
      for (const name of readdirSync(serverDir).filter((each) => each.startsWith('passwordreset')))
        pins.push((JSON.parse(readFileSync(join(serverDir, name), 'utf8')) as { Pin: string }).Pin);
    });
    const cwd = folder({ JELLYFIN_URL: url, JELLYFIN_API_KEY: jellyfin.apiKey, JELLYFIN_SERVER_DIR: serverDir });
    const said = await rescue(['alice', '--yes', '--give-key'], cwd);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(await signIn(url, passwordIn(said))).toBe(200);
    expect(pins).toHaveLength(1);
    expect(await signIn(url, pins[0] ?? '')).toBe(401);
    expect(said.stdout).not.toContain(pins[0]);
    expect(savedKey(cwd)).not.toBe(jellyfin.apiKey);
    expect(await keyWorks(url, savedKey(cwd) ?? '')).toBe(true);
    expect(said.stdout).toContain('I have a new API key, written to my settings.');
  },
);

test('--give-key makes a .env where there is none, for its owner only', async () => {
  const { url, serverDir } = await server('12.0', { key: false });
  const cwd = folder();
  expect((await rescue(['alice', '--yes', '--give-key', '--url', url, '--server-dir', serverDir], cwd)).code).toBe(0);
  expect(await keyWorks(url, savedKey(cwd) ?? '')).toBe(true);
});

test('an id, and no key that could tell whose it is: a PIN needs the name, which the plan says', async () => {
  const jellyfin = await server('10.11.8', { key: false, locked: true });
  const args = ['--yes', '--rung', 'pin', '--url', jellyfin.url, '--server-dir', jellyfin.serverDir];
  const said = await rescue([jellyfin.user('alice').Id, ...args]);
  expect(said.code).toBe(1);
  expect(said.stdout).toMatch(/2\. PIN file: closed, as I can ask for a PIN by name only/);
  expect(said.stdout).toMatch(/3\. Restart: closed, as I can ask for a PIN by name only/);
  expect((await rescue(['alice', '--dry-run', ...args])).stdout).not.toContain('by name only');
});

test.concurrent.each(['10.11.11', '12.0'])(
  '%s writes no PIN for somebody far away: why, and what to do',
  async (version) => {
    const { url, serverDir } = await server(version, { key: false });
    const far = await fromFarAway(url);
    const args = ['alice', '--yes', '--json', '--rung', 'pin', '--url', far, '--server-dir', serverDir];
    // As long as it takes people: the file is waited for 10 s.
    const said = await rescueProcess(args, undefined, machine({ waitFactor: 1 }));
    expect(said.code).toBe(1);
    expect(report(said)).toMatchObject({ code: 'pinNotWritten', pinIsPassword: false });
    expect(said.stderr).toMatch(
      /no PIN file .* appeared.*only for callers on Jellyfin's own network: run this on Jellyfin's/,
    );
    expect(await signIn(url, 'forgotten')).toBe(200);
  },
  40_000,
);

test('12, far away, and a PIN file from before: that is not taken for a new one', async () => {
  const { url, serverDir } = await server('12.0', { key: false });
  const headers = { 'content-type': 'application/json' };
  await ask(`${url}/Users/ForgotPassword`, { method: 'POST', headers, body: '{"EnteredUsername":"alice"}' });
  const far = await fromFarAway(url);
  const said = await rescue(['alice', '--yes', '--json', '--rung', 'pin', '--url', far, '--server-dir', serverDir]);
  expect(report(said)).toMatchObject({ code: 'pinOld', pinIsPassword: false });
  expect(said.stderr).toMatch(/passwordreset\w+\.json is one from before.*run this on Jellyfin's own computer/);
  expect(await signIn(url, 'forgotten')).toBe(200);
});

test('a PIN that has expired when it comes: it is the clocks', async () => {
  const jellyfin = await server('10.11.11', { key: false });
  const { url, serverDir } = jellyfin;
  jellyfin.onCall(({ path }) => {
    if (path !== '/Users/ForgotPassword') return;
    for (const name of readdirSync(serverDir).filter((each) => each.startsWith('passwordreset'))) {
      const file = join(serverDir, name);
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"ExpirationDate":"\d{4}/, '"ExpirationDate":"2020'));
    }
  });
  const said = await rescue(['alice', '--yes', '--json', '--rung', 'pin', '--url', url, '--server-dir', serverDir]);
  expect(report(said)).toMatchObject({ code: 'pinExpired', pinIsPassword: false });
  expect(said.stderr).toMatch(/has expired already.*the clock of this machine or of Jellyfin's is wrong/);
  expect(await signIn(url, 'forgotten')).toBe(200);
});

const bad = {
  'passwordresetcorrupt.json': '{"Pin":"03-C1',
  'passwordreset.txt': 'a note to myself\n',
  'passwordreset6215bdf1.json~': '',
  'passwordresetstray.json': `${JSON.stringify({ Pin: '2', UserName: 'bob', ExpirationDate: '2999-01-01T00:00:00Z' })}}`,
};

test('files that are no PIN files, broken, or have a stray brace are named, and moved aside when somebody says so', async () => {
  const { url, serverDir } = await server('10.11.11', { key: false });
  for (const [name, text] of Object.entries(bad)) writeFileSync(join(serverDir, name), text);
  // This one Jellyfin deletes by itself.
  const old = { Pin: '1', UserName: 'bob', ExpirationDate: '2020-01-01T00:00:00Z' };
  writeFileSync(join(serverDir, 'passwordresetexpired.json'), JSON.stringify(old));
  const args = ['alice', '--rung', 'pin', '--url', url, '--server-dir', serverDir];
  const asked = await rescue(args, undefined);
  expect(asked.code).toBe(3);
  expect(readdirSync(serverDir)).toEqual(expect.arrayContaining(Object.keys(bad)));

  const said = await rescue([...args, '--yes']);
  expect(said.code).toBe(0);
  for (const name of Object.keys(bad)) {
    expect(said.stdout).toContain(name);
    expect(readdirSync(serverDir)).not.toContain(name);
    expect(readdirSync(join(serverDir, 'latchkey-set-aside')).some((each) => each.endsWith(name))).toBe(true);
  }
  expect(said.stdout).not.toContain('passwordresetexpired');
  expect(await signIn(url, passwordIn(said))).toBe(200);
});

test('locked as well: the PIN is no way in, the next one is tried, and that the PIN is the password is said', async () => {
  const { url, serverDir } = await server('10.10.7', { key: false, locked: true });
  const said = await rescueProcess(['alice', '--yes', '--url', url, '--server-dir', serverDir]);
  expect(said.stdout).toMatch(/✗ Signing in with it: .*it may be locked/);
  expect(said.stdout).toContain('✗ Making sure that Jellyfin is stopped');
  expect(said.stdout).toContain('Beware: a PIN that nobody was shown is the password now');
  // Jellyfin has to be stopped for the next way, and nobody is there to do that.
  expect(said.code).toBe(3);
});

test('nor is it said that nothing was touched, when the PIN is the password and jellyfin.db is not ours to change', async () => {
  const { url, serverDir, dbPath } = await server('10.10.7', { key: false, locked: true });
  linkSync(dbPath, join(serverDir, 'second-name'));
  const said = await rescueProcess(['alice', '--yes', '--url', url, '--server-dir', serverDir]);
  expect(said).toMatchObject({ code: 1, stdout: expect.stringMatching(/has a second name(.|\n)*Beware: a PIN/) });
});

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
