import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { temporaryFolders } from './support/temporary-folder.js';

const folder = temporaryFolders();
const started: ChildProcess[] = [];

// Asked to end, so that it ends its bot, too; one that has ended hears nothing of it.
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGTERM');
});

interface Played {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built demo; `until` sends it Ctrl-C as soon as it has printed that. */
function plays(args: readonly string[], temporary: string, until?: string): Promise<Played> {
  const child = spawn(process.execPath, ['dist-tools/sandbox/demo.js', ...args], {
    env: { PATH: process.env.PATH, TMPDIR: temporary },
  });
  started.push(child);
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  child.stdout.on('data', (part: Buffer) => {
    stdout += part.toString();
    if (until === undefined || interrupted || !stdout.includes(until)) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** Bots that are the built one but for one thing each. */
const changes = {
  setsNoPassword: `
    import { JellyfinServer } from 'jellyfin/jellyfin-server.js';
    const { write } = JellyfinServer.prototype;
    JellyfinServer.prototype.write = function (name, ...rest) {
      return /password/i.test(name) ? Promise.resolve() : write.call(this, name, ...rest);
    };`,
  staysSignedIn: `
    import { JellyfinServer } from 'jellyfin/jellyfin-server.js';
    const { write } = JellyfinServer.prototype;
    JellyfinServer.prototype.write = function (name, ...rest) {
      return /logout/i.test(name) ? Promise.resolve() : write.call(this, name, ...rest);
    };`,
  leavesPin: `
    import { Attempt } from 'services/rescue/ladder/attempt.js';
    const { handOver } = Attempt.prototype;
    Attempt.prototype.handOver = function (account, set) {
      return handOver.call(this, account, this.rung === 'pin' ? () => Promise.resolve() : set);
    };
    // It would see that the password is none.
    Attempt.prototype.triedPassword = () => Promise.resolve();`,
  doesNotStart: `process.env.DISCORD_GUILD_ID = '123';`,
};

/** Where they are built: packages that are not built into them have to be found from there. */
const broken = join('node_modules', '.cache', `broken-bots-${process.pid}`);
const brokenBot = (name: keyof typeof changes) => resolve(broken, `${name}.js`);

beforeAll(() => {
  mkdirSync(broken, { recursive: true });
  const from = (module: string) => JSON.stringify(resolve('src', module));
  const sources: Record<string, string> = {};
  for (const [name, change] of Object.entries(changes)) {
    const imports = change.replace(/from '(.+?)'/g, (_all, module: string) => `from ${from(module)}`);
    const source = (sources[name] = join(broken, `${name}.ts`));
    writeFileSync(source, `${imports}\nawait import(${from('index.js')});\n`);
  }
  const packing = `import { pack } from './scripts/lib/pack.mjs'; await pack('src', '${broken}', ${JSON.stringify(sources)});`;
  execFileSync(process.execPath, ['--input-type=module', '-e', packing]);
});
afterAll(() => rmSync(broken, { recursive: true, force: true }));

test('the demo plays its stories to the end, proves each, and leaves nothing behind', async () => {
  const temporary = folder();
  const { code, stdout, stderr } = await plays([], temporary);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('✓ Maya uses the password from that message → signed in');
  expect(stdout).toContain('✓ Leo signs in with his usual password → signed in');
  expect(stdout).toContain('✓ Nothing about his account was changed');
  const [, linked = '', signedIn = '', locked = '', forgotten = ''] = stdout.split(/^Story [2-6][:,]/m);
  expect(linked).toContain('✓ The bot is signed in on no device any more');
  expect(linked).toMatch(/In #admins[^]*@Leo is linked to leo now: they confirmed a code/);
  expect(signedIn).toContain('✓ The television is signed in, as leo');
  expect(locked).toMatch(/Direct message to Leo[^]*Too many wrong passwords[^]*In #admins[^]*leo is locked/);
  expect(locked).toContain('✓ #admins has that one card with Unlock, and no other');
  expect(locked).toContain('✓ Leo signs in with his usual password → signed in');
  expect(forgotten).toMatch(/You have not signed in[^]*was not used in time, so it does not/);
  expect(forgotten).toContain('✓ Somebody finds the password and tries it → wrong password');
  expect(forgotten).toContain('✓ It is in neither the log nor the database');
  const [, throughPin = '', throughDb = ''] = stdout.split(/^Story [89]: /m);
  expect(throughPin).toMatch(/✅ The PIN is redeemed[^]*✅ The API key is written to my settings/);
  expect(throughPin).toContain('✓ The new one, in the bot’s .env, is taken');
  expect(throughPin).not.toContain('jellyfin.db is changed');
  expect(throughDb).toMatch(/✅ Jellyfin is stopped\n[^]*✅ jellyfin.db is changed\n[^]*✅ Jellyfin answers again/);
  expect(throughDb).toContain('✓ He is an administrator still, and not locked any more');
  for (const story of [throughPin, throughDb]) {
    expect(story).toContain('✓ Dad uses the password from that message → signed in');
    expect(story).toContain('✓ Maya’s and Leo’s accounts are as they were');
  }
  expect(stdout).not.toMatch(/minutes apart/);
  // Jellyfin 12 counts the try that locks twice; people do not.
  expect(stdout).toContain('leo is unlocked (3 wrong passwords are forgotten)');
  expect(stdout).toContain('How it came to this: Wrong passwords: 3 of 3');
  // People see names and times, not Discord's markup; a pipe gets no colours.
  expect(stdout).not.toMatch(/<[@t/:#]|\*\*|\|\||\u001b|[{}]{2}|undefined/);
  expect(readdirSync(temporary)).toEqual([]);
}, 300_000);

test('with a bot that only says it sets passwords, the demo ends non-zero and names the step', async () => {
  const program = brokenBot('setsNoPassword');
  const temporary = folder();
  const { code, stderr } = await plays(['--bot', program], temporary);
  expect(code).toBe(1);
  expect(stderr).toContain('The demo failed at this step: Maya uses the password from that message → signed in');
  expect(readdirSync(temporary)).toEqual([]);
});

test('with a bot that stays signed in after somebody was linked by a code, the demo names that step', async () => {
  const program = brokenBot('staysSignedIn');
  const { code, stderr } = await plays(['--from', '2', '--bot', program], folder());
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /failed at this step: Jellyfin’s log: “leo is online from Latchkey”, then “leo has disconnected/,
  );
});

test('with a bot that leaves the PIN as the administrator’s password, the demo names that step', async () => {
  const program = brokenBot('leavesPin');
  const { code, stdout, stderr } = await plays(['--from', '8', '--bot', program], folder());
  expect(code).toBe(1);
  expect(stdout).toContain('Story 8');
  expect(stderr).toContain('The demo failed at this step: Dad uses the password from that message → signed in');
});

test('with a bot that does not start, the demo names that step and shows what the bot said', async () => {
  const program = brokenBot('doesNotStart');
  const { code, stdout, stderr } = await plays(['--bot', program], folder());
  expect(code).toBe(1);
  expect(stderr).toContain('The demo failed at this step: both servers start, and the bot connects');
  expect(stdout).toContain('Latchkey cannot start');
  expect(stderr).toMatch(/Nothing of yours was touched.*Run it again/);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('--keep, with another Jellyfin, from the stories about the administrator on, leaves all running until Ctrl-C, which stops it cleanly', async () => {
  const temporary = folder();
  const args = ['--keep', '--from', '8', '--jellyfin', '10.11.8'];
  const { code, stdout } = await plays(args, temporary, 'Ctrl-C stops it all');
  expect(code).toBe(0);
  const bot = Number(/The bot +process (\d+)/.exec(stdout)?.[1]);
  expect(() => process.kill(bot, 0)).toThrow('ESRCH');
  // A restart is enough for that version.
  expect(stdout).toContain('✅ Jellyfin is restarting');
  expect(readdirSync(temporary)).toEqual([]);
});

test('Ctrl-C in the middle is no failure: it says so in one line, and leaves nothing', async () => {
  const temporary = folder();
  const { code, stdout, stderr } = await plays([], temporary, 'Maya and Leo are members');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/\n\nStopped before its end; all of it is taken down\.\n$/);
  expect(stdout).not.toContain('✗');
  expect(readdirSync(temporary)).toEqual([]);
});
