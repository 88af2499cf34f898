import Database from 'better-sqlite3';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startJellyfinProcess, type JellyfinProcess } from '../../sandbox/jellyfin/process/start-process.js';
import { ask } from '../../sandbox/jellyfin/ask.js';
import { closeAll } from '../support/bot.js';
import { asksForRescue, rescueHouse, type RescueHouse, type RescueOptions } from './rescue-house.js';

const servers: JellyfinProcess[] = [];

/** Ends the bots of a test, then its servers. */
export async function closeHouses(): Promise<void> {
  await closeAll();
  for (const server of servers.splice(0)) server.close();
}

/** Time enough between the two looks to be stopped in. */
export const slowly = { overrides: { rescueEditEveryMs: 20, lookAgainAfterMs: 1000 } };
/** What the card says between the two looks. */
export const stopping = /Making sure that Jellyfin is stopped|Jellyfin is stopped/;

export interface LockedOut extends RescueHouse {
  readonly server: JellyfinProcess;
}

/** Dad owns `boss`, the only administrator who could log in, locked on a server of its own process; the key is no good. */
export async function lockedOut(
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

/** The password of `boss`, as jellyfin.db has it. */
export function storedPassword({ server }: { server: JellyfinProcess }): unknown {
  const db = new Database(join(server.dir, 'data', 'jellyfin.db'), { readonly: true });
  try {
    return db.prepare(`SELECT Password FROM Users WHERE Username = 'boss'`).pluck().get();
  } finally {
    db.close();
  }
}

/** What the server says to `boss` with this password. */
export async function signIn({ server }: { server: JellyfinProcess }, password: string): Promise<number> {
  const headers = {
    authorization: 'MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ Username: 'boss', Pw: password });
  return (await ask(`${server.url}/Users/AuthenticateByName`, { method: 'POST', headers, body })).status;
}

/** Starts and keeps the password, which leaves the PIN out: jellyfin.db is what is left. */
export async function startsWithTheirPassword(bot: RescueHouse): Promise<string> {
  const { buttons } = await asksForRescue(bot);
  await bot.dad.presses('I know my password');
  return buttons[0]?.customId ?? '';
}

/** Goes past the PIN rung, which a lock keeps from working. Gives back the id of the start that was pressed. */
export async function startsAndGoesOn(bot: RescueHouse): Promise<string> {
  const { buttons } = await asksForRescue(bot);
  await bot.dad.presses('I need a new one');
  await bot.dad.sees(/Shall I try the next way: jellyfin\.db\?/, { in: 'dm' });
  await bot.dad.presses('Next way');
  return buttons[1]?.customId ?? '';
}

/** jellyfin.db is changed and the server runs again: Dad is asked what becomes of the new key. */
export async function isAskedAboutKey({ dad }: RescueHouse): Promise<void> {
  await dad.sees(/Shall I keep the new API key/, { in: 'dm' });
}

/** Dad said yes by the button of that id, and bot and repair are gone, with the server stopped. */
export async function diesInTheRepair(starts = startsAndGoesOn): Promise<LockedOut & { readonly oldStart: string }> {
  const bot = await lockedOut(slowly);
  const oldStart = await starts(bot);
  await bot.dad.sees(stopping, { in: 'dm' });
  killsRepair();
  await bot.dad.sees(/That did not work/, { in: 'dm' });
  await bot.app.stop();
  forgetsItsEnd(bot);
  return Object.assign(bot, { oldStart });
}

/** As a bot leaves it that has no time to write or to say anything: by another time its last word is another one. */
export function forgetsItsEnd({ database }: RescueHouse): void {
  const db = new Database(database);
  try {
    db.exec('UPDATE rescues SET ended_at = NULL, started_at = started_at + 1');
  } finally {
    db.close();
  }
}

/** Kills the repair that this process has started, with no time for anything. */
function killsRepair(): void {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOwnRepair(name));
  if (pids.length !== 1) throw new Error(`${pids.length} repairs are at work`);
  process.kill(Number(pids[0]), 'SIGKILL');
}

function isOwnRepair(pid: string): boolean {
  try {
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return parent === `${process.pid}` && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('repair/main.cjs');
  } catch {
    return false; // gone meanwhile
  }
}
