import { afterAll, afterEach, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayasPassword } from '../../sandbox/household.js';
import { rescue, server } from '../cli/latchkey.js';
import { closeAll, startBot } from '../support/bot.js';

const disk = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));
const isMounted = mountSmallDisk();

/** A disk of a megabyte, which only root on Linux may make. */
function mountSmallDisk(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
    return true;
  } catch (error) {
    process.stderr.write(`No small disk could be made, so a full one is not tried here: ${String(error)}\n`);
    return false;
  }
}

afterEach(closeAll);
afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

const ballast = join(disk, 'ballast');

function fillDisk(): void {
  const file = openSync(ballast, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(1024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

const whereDisksAreSmall = isMounted ? test : test.skip;

whereDisksAreSmall(
  'with a full disk nothing is begun, everybody hears why, and it goes on once there is room',
  async () => {
    const bot = await startBot({ env: { LATCHKEY_DB: join(disk, 'latchkey.db') } });
    const { maya, dad, gran, jellyfin, discord } = bot;
    await bot.links(maya, 'maya');
    await jellyfin.lock('maya');
    await (await maya.types('/unlock')).answer();
    // Whose language the bot knows already: what it has to write first is about the act itself.
    for (const person of [dad, gran]) await (await person.types('/status')).answer();
    fillDisk();

    const sentence = /could not save anything, because the disk I run on is full/;
    expect((await (await maya.types('/resetpw')).answer()).text).toMatch(sentence);
    const pressed = await dad.presses('Approve');
    const refusal = await pressed.answer();
    expect(refusal.text).toMatch(sentence);
    expect(refusal.text).toMatch(/Make room on the disk/);
    expect((await (await gran.types('/unlock', { user: 'maya' })).answer()).text).toMatch(sentence);
    expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(403);
    expect(discord.messagesIn(discord.adminChannelId).map(({ labels }) => labels)).toEqual([['Approve', 'Deny']]);
    expect(maya.directMessages()).toEqual([]);

    rmSync(ballast);
    await dad.presses('Approve');
    await maya.sees(/is unlocked/);
    expect((await jellyfin.signIn('maya', mayasPassword)).status).toBe(200);
  },
);

whereDisksAreSmall('a new key for which there is not all the room: .env stays as it is, to its last line', async () => {
  const { url, serverDir, apiKey } = await server('12.0', { key: false });
  const file = join(disk, '.env');
  const settings = `# what the household once wrote down: ${'x'.repeat(12_000)}\nJELLYFIN_API_KEY=${apiKey}\nLAST=line\n`;
  writeFileSync(file, settings, { mode: 0o600 });
  fillDisk();
  // Room for a part of it: the system takes that part, and says so only to whoever looks at how much it took.
  truncateSync(ballast, statSync(ballast).size - 8192);
  const said = await rescue(
    ['alice', '--rung', 'pin', '--yes', '--give-key', '--url', url, '--server-dir', serverDir],
    disk,
  );
  rmSync(ballast);
  expect(readFileSync(file, 'utf8') === settings).toBe(true);
  expect(said.stdout).toMatch(/✗ Writing the API key down: .*ENOSPC/);
  expect(said.stdout).toContain('The API key that was made for this is deleted again.');
  expect(readdirSync(disk)).not.toContain('.env.part');
});
