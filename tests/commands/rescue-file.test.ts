import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { startJellyfinProcess, type JellyfinProcess } from '../../sandbox/jellyfin/process/start-process.js';
import { ask } from '../../sandbox/jellyfin/ask.js';
import { closeAll } from '../support/bot.js';
import { auditLines, passwordIn } from '../support/traces.js';
import { asksForRescue, rescueHouse, type RescueHouse, type RescueOptions } from './rescue-house.js';

const servers: JellyfinProcess[] = [];
afterEach(async () => {
  await closeAll();
  for (const server of servers.splice(0)) server.close();
});

const backIn = /You are back in/;
const stopping = /Making sure that Jellyfin is stopped|Jellyfin is stopped/;
/** Time enough between the two looks to be stopped in. */
const slowly = { overrides: { rescueEditEveryMs: 20, lookAgainAfterMs: 1000 } };

interface LockedOut extends RescueHouse {
  readonly server: JellyfinProcess;
}

/** Dad owns `boss`, the only administrator who could log in, locked on a server of its own process; the key is no good. */
async function lockedOut(
  options: { administrator?: boolean; env?: Record<string, string>; overrides?: RescueOptions['overrides'] } = {},
): Promise<LockedOut> {
  const { administrator = true, overrides = {} } = options;
  let bossId = '';
  const server = await startJellyfinProcess({
    version: '10.10.7',
    // Other tests, and a real one on this machine, would take a name for a running server.
    title: 'rescued',
    before: async (jellyfin) => {
      bossId = jellyfin.addUser('boss', { administrator, password: 'forgotten', limit: 3 }).id;
      await jellyfin.lock('boss');
      jellyfin.revokeKey();
    },
  });
  servers.push(server);
  const env = {
    JELLYFIN_URL: server.url,
    JELLYFIN_SERVER_DIR: server.dir,
    JELLYFIN_STOP_COMMAND: server.stopCommand.join(' '),
    JELLYFIN_START_COMMAND: server.startCommand.join(' '),
    ...options.env,
  };
  const bot = await rescueHouse({ overrides, env, links: bossId });
  return Object.assign(bot, { server });
}

async function signIn({ server }: { server: JellyfinProcess }, password: string): Promise<number> {
  const headers = {
    authorization: 'MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ Username: 'boss', Pw: password });
  return (await ask(`${server.url}/Users/AuthenticateByName`, { method: 'POST', headers, body })).status;
}

/** Goes past the PIN rung, which a lock keeps from working. */
async function startsAndGoesOn(bot: RescueHouse): Promise<void> {
  await asksForRescue(bot);
  await bot.dad.presses('Start');
  await bot.dad.sees(/Shall I try the next way: jellyfin\.db\?/, { in: 'dm' });
  await bot.dad.presses('Next way');
}

test('locked out, with no key: through jellyfin.db, while others are answered as ever', async () => {
  const bot = await lockedOut();
  await startsAndGoesOn(bot);
  await bot.dad.sees(stopping, { in: 'dm' });
  expect((await (await bot.maya.types('/status')).answer()).text).toMatch(/do not know yet which/);
  await bot.dad.sees(/Shall I keep the new API key/, { in: 'dm', within: 20_000 });
  await bot.dad.presses('Keep the key');
  const word = await bot.dad.sees(backIn, { in: 'dm' });
  expect(word.text).toMatch(/A copy of jellyfin\.db from before: .*latchkey-copy/);
  const password = passwordIn((await bot.dad.sees(/tap the line above/, { in: 'dm' })).text);
  expect(await signIn(bot, password)).toBe(200);
  expect(bot.savedKeys).toHaveLength(1);
  const status = await (await bot.dad.types('/status')).answer();
  expect(status.text).toMatch(/No account is locked|Nobody is locked/);
  await bot.app.stop();
  expect(auditLines(bot).at(-1)).toBe('Dad rescue backIn');
}, 40_000);

test('a server that does not start again is said to be stopped, with the command that starts it', async () => {
  const bot = await lockedOut({ env: { JELLYFIN_START_COMMAND: 'false --please' } });
  await startsAndGoesOn(bot);
  const stopped = /Jellyfin is stopped\.(\*\*)? Start it with: false --please/;
  await bot.dad.sees(stopped, { in: 'dm', within: 20_000 });
  await bot.dad.presses('No');
  const word = await bot.dad.sees(/jellyfin\.db is changed|did not work/, { in: 'dm' });
  expect(word.text).toMatch(stopped);
  expect(bot.dad.notifications.at(-1)?.messageId).toBe(word.id);
}, 40_000);

test('an ordinary account is left alone, though nobody could be asked what it is', async () => {
  const bot = await lockedOut({ administrator: false });
  await startsAndGoesOn(bot);
  await bot.dad.sees(/That did not work/, { in: 'dm', within: 20_000 });

  expect(await signIn(bot, 'forgotten')).toBe(403);
  expect(bot.dad.directMessages().some(({ text }) => text.includes('||'))).toBe(false);
}, 40_000);

describe('a bot that is stopped', () => {
  test('in an orderly way says how far it came, and the server runs', async () => {
    const bot = await lockedOut(slowly);
    await startsAndGoesOn(bot);
    await bot.dad.sees(stopping, { in: 'dm' });
    await bot.restart();
    const word = await bot.dad.sees(/That did not work\. I am being restarted/, { in: 'dm' });
    expect(word.text).toMatch(/API key that was made for this is deleted again/);
    // Unlocked.
    expect(await signIn(bot, 'forgotten')).toBe(401);
  }, 40_000);

  test('together with its repair, while the server is stopped, goes on at its next start', async () => {
    const bot = await lockedOut(slowly);
    await startsAndGoesOn(bot);
    await bot.dad.sees(stopping, { in: 'dm' });
    killsRepair();
    await bot.dad.sees(/That did not work/, { in: 'dm' });
    await bot.app.stop();
    // As a bot leaves it that has no time to write anything down.
    write(bot, 'UPDATE rescues SET ended_at = NULL, outcome = NULL');
    await bot.restart();
    await bot.dad.sees(/stopped in the middle of the rescue of boss, and go on with it now/, { in: 'dm' });
    await bot.dad.sees(/Shall I keep the new API key/, { in: 'dm', within: 20_000 });
    await bot.dad.presses('Keep the key');
    await bot.dad.sees(backIn, { in: 'dm' });
    const password = passwordIn((await bot.dad.sees(/tap the line above/, { in: 'dm' })).text);
    expect(await signIn(bot, password)).toBe(200);
  }, 40_000);
});

function write({ database }: RescueHouse, sql: string): void {
  const db = new Database(database);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** Kills the repair that this process has started, with no time for anything. */
function killsRepair(): void {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOwnRepair(name));
  expect(pids).toHaveLength(1);
  process.kill(Number(pids[0]), 'SIGKILL');
}

function isOwnRepair(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return parent === `${process.pid}` && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('repair/main.js');
  } catch {
    return false; // gone meanwhile
  }
}
