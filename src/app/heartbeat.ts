import { renameSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { errorCode } from '../error-code.js';
import { readSmallFile } from '../small-file.js';

/** What a running bot says of itself every minute. */
interface Heartbeat {
  /** When its jobs were done last, in ms. */
  readonly at: number;
  readonly isConnected: boolean;
}

/** So long a round of jobs may take while Jellyfin answers slowly, before the bot counts as stuck. */
const silentMs = 5 * 60_000;

/** How a bot is, for `latchkey health`. */
type Health = 'healthy' | 'notRunning' | 'silent' | 'notConnected';

/** Beside the database, as that is where the bot and `latchkey health` both look. */
const fileOf = (database: string): string => `${database}.heartbeat`;

/** Writes the heartbeat of the bot on this database. Throws the system's error. */
export function writeHeartbeat(database: string, heartbeat: Heartbeat): void {
  const file = fileOf(database);
  // Under another name first, so that nobody reads half of it.
  writeFileSync(`${file}.part`, JSON.stringify(heartbeat));
  renameSync(`${file}.part`, file);
}

/** Takes the heartbeat away: the bot ends. */
export function removeHeartbeat(database: string): void {
  rmSync(fileOf(database), { force: true });
}

/** How the bot on this database is, and when it was last heard of. Throws UnfitFile or the system's error for a file that cannot be read. */
export function healthOf(database: string, now: number): { health: Health; at?: number } {
  const heartbeat = readHeartbeat(fileOf(database));
  if (!heartbeat) return { health: 'notRunning' };
  const { at, isConnected } = heartbeat;
  if (now - at > silentMs) return { health: 'silent', at };
  return { health: isConnected ? 'healthy' : 'notConnected', at };
}

function readHeartbeat(file: string): Heartbeat | undefined {
  try {
    return v.parse(heartbeat, readSmallFile(file).text);
  } catch (error) {
    // What is no heartbeat says nothing of a bot.
    if (errorCode(error) === 'ENOENT' || error instanceof v.ValiError) return undefined;
    throw error;
  }
}

/** Root may look, and the folder is the bot's user's. */
const heartbeat = v.pipe(v.string(), v.parseJson(), v.object({ at: v.number(), isConnected: v.boolean() }));
