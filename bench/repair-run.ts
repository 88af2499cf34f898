import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LargeServer } from './large-server.js';

const program = fileURLToPath(new URL('../../dist/repair/main.cjs', import.meta.url));
const key = '0123456789abcdef0123456789abcdef';

/** A Jellyfin of somebody's runs on this machine, which no repair overlooks. */
export class JellyfinRuns extends Error {}

interface RepairFigures {
  readonly ms: number;
  /** The most that was ever resident, in MiB; Linux only. */
  readonly peakMiB: number;
}

/**
 * One repair in its own process, as the bot starts it: the making of the process, both looks at the signs of a server and the
 * last one are in it; the five seconds between the looks are not. Throws with all it said when it did not go well.
 */
export async function repairRun({ dir, db, url }: LargeServer): Promise<RepairFigures> {
  const begin = performance.now();
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  let peakMiB = NaN;
  child.stdout.on('data', (part: Buffer) => {
    said += part.toString();
    peakMiB = peakOf(child.pid) ?? peakMiB;
  });
  const closed = once(child, 'close');
  const logDir = join(dir, 'log');
  const account = { name: 'alice' };
  child.stdin.end(
    JSON.stringify({
      db,
      serverDir: dir,
      logDir,
      url,
      account,
      key,
      serverIsStopped: true,
      machine: { programs: ['benched'], address: 'http://127.0.0.1:1' },
      lookAgainAfterMs: 0,
    }),
  );
  await closed;
  const ms = performance.now() - begin;
  const end = JSON.parse(said.trimEnd().split('\n').at(-1) ?? '') as {
    readonly outcome: string;
    readonly code?: string;
    readonly changed: boolean;
  };
  if (end.code === 'serverRunning') throw new JellyfinRuns();
  if (end.outcome !== 'done' || !end.changed) throw new Error(`the repair did not go well:\n${said}`);
  return { ms, peakMiB };
}

/** It is the highest of all times, so that the last look before the end is good for the whole run. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined; // gone by now, or not Linux
  }
}

/** The same by hand, as somebody would do it who is as careful: copied, checked, changed, checked again, all on the disk. */
const byHand = `
set -e
copy="$1.copy"
cp "$1" "$copy.part"; chmod 600 "$copy.part"; sync "$copy.part"; mv "$copy.part" "$copy"; sync "$(dirname "$1")"
test "$(sqlite3 -readonly "$copy" 'PRAGMA quick_check(1)')" = ok
id="$(sqlite3 -readonly "$copy" "SELECT Id FROM Users WHERE upper(Username) = 'ALICE'")"
sqlite3 -bail "$1" >/dev/null <<SQL
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA synchronous = FULL;
BEGIN IMMEDIATE;
UPDATE Users SET InvalidLoginAttemptCount = 0 WHERE Id = '$id' AND InvalidLoginAttemptCount <> 0;
UPDATE Permissions SET Value = 0 WHERE UserId = '$id' AND Kind = 2 AND Value <> 0;
INSERT INTO ApiKeys (DateCreated, DateLastActivity, Name, AccessToken)
  VALUES (strftime('%Y-%m-%d %H:%M:%f', 'now'), '0001-01-01 00:00:00', 'Latchkey', '${key}');
PRAGMA integrity_check(Users);
PRAGMA integrity_check(Permissions);
PRAGMA integrity_check(ApiKeys);
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
SQL
sync "$1"; sync "$(dirname "$1")"`;

/** Milliseconds that the same takes in a shell, with `cp` and sqlite3. */
export async function shellRun({ db }: LargeServer): Promise<number> {
  const begin = performance.now();
  const child = spawn('sh', ['-c', byHand, 'sh', db], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the shell did not go well: ${code}`);
  return performance.now() - begin;
}
