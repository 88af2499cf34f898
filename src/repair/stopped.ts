import { setTimeout as wait } from 'node:timers/promises';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import type { RefusalCode, RepairJob } from '../services/rescue/ladder/repair-port.js';
import { hasProc, processes } from '../server/proc.js';
import { isSeenHere, lookForServer, type SignName, type Signs } from '../server/signs.js';
import type { Database } from './admission.js';

/** A server takes its time to end; systemd gives it 90 s. */
const stopPatienceMs = 90_000;
const lookEveryMs = 250;

/** Looks for signs of the server, and knows when all of them together say that it is stopped. */
export class StoppedTest {
  readonly #where;
  readonly #lookAgainAfterMs: number;
  /** Signs that could not be read, by name, at the last look that had to be accepted. */
  unseen: readonly SignName[] = [];
  /** The server is, or was, among the processes that can be seen from here: then it counts that it is so no more. */
  isInSight = false;

  constructor(
    db: Database,
    private readonly job: RepairJob,
  ) {
    const { serverDir, logDir, url, lookAgainAfterMs = 5000 } = job;
    this.#where = { db: db.path, serverDir, logDir, url, ownPids: [process.ppid] };
    this.#lookAgainAfterMs = lookAgainAfterMs;
  }

  async look(): Promise<Signs> {
    const signs = await lookForServer({ ...this.#where, isInSight: this.isInSight });
    this.isInSight ||= isSeenHere(signs);
    return signs;
  }

  /**
   * Signs that cannot be read from here are the person's to know; a yes to one is none to another that goes later.
   * Throws RepairRefusal `cannotSee`.
   */
  mustBeAccepted({ unseen }: Signs): void {
    this.unseen = [...new Set(unseen.map(({ sign }) => sign))];
    const accepted = this.job.acceptUnseen ?? [];
    if (this.unseen.every((sign) => accepted.includes(sign))) return;
    throw new RepairRefusal('cannotSee', { signs: this.unseen.join(',') });
  }

  /** Throws RepairRefusal with the given code while there is any sign of it, or `cannotSee`. */
  async mustBeStopped(code: RefusalCode): Promise<void> {
    const signs = await this.look();
    if (signs.running.length > 0) throw new RepairRefusal(code, seen(signs.running));
    this.mustBeAccepted(signs);
  }

  /** A second look, some time after one that saw no server: one that restarts within its process is away for a moment. */
  async again(code: RefusalCode): Promise<void> {
    await wait(this.#lookAgainAfterMs);
    await this.mustBeStopped(code);
  }

  /**
   * After a stop command: waits for it to end, then watches for twice the time between two looks (10 s). A supervisor
   * answers a stop by a restart; a server that comes back within that time was not stopped.
   * Throws RepairRefusal `stillRunning`, `stillAnswers`, `cameBack` or `cannotSee`.
   */
  async staysStopped(): Promise<void> {
    const patienceMs = this.job.stopPatienceMs ?? stopPatienceMs;
    const deadline = Date.now() + patienceMs;
    let signs = await this.look();
    while (signs.running.length > 0) {
      if (Date.now() > deadline) throw staysThere(signs.running, Math.ceil(patienceMs / 1000));
      await wait(lookEveryMs);
      signs = await this.look();
    }
    const until = Date.now() + 2 * this.#lookAgainAfterMs;
    while (Date.now() < until) {
      await this.mustBeStopped('cameBack');
      await wait(Math.min(1000, this.#lookAgainAfterMs));
    }
    await this.mustBeStopped('cameBack');
  }
}

/** The command did what it does, and yet there are signs: which they are, and where, is what the person can go by. */
function staysThere(running: Signs['running'], seconds: number): RepairRefusal {
  // A proxy answers for a server that is gone, and some do it with other words than those that say so.
  const code = running.every(({ sign }) => sign === 'http') ? 'stillAnswers' : 'stillRunning';
  return new RepairRefusal(code, { ...seen(running), seconds });
}

/**
 * For the sentence that is made of them: the signs by name, and where each was seen. It may be another program that has a
 * file open: whoever reads its name knows what to close.
 */
export function seen(running: Signs['running']): { signs: string; where: string } {
  const programs = hasProc() ? new Map(processes().seen.map((each) => [each.pid, each.names[0]])) : undefined;
  const where = running.map(({ params: { pid, file, url, why } }) =>
    [programs?.get(Number(pid)), pid, file, url, why].filter(Boolean).join(' '),
  );
  return { signs: [...new Set(running.map(({ sign }) => sign))].join(','), where: [...new Set(where)].join(', ') };
}
