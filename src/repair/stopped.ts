import { setTimeout as wait } from 'node:timers/promises';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import type { RefusalCode, RepairJob } from '../services/rescue/repair-port.js';
import { lookForServer, type Signs } from '../server/signs.js';
import type { Database } from './who.js';

/** A server takes its time to end; systemd gives it 90 s. */
const endsWithinMs = 90_000;
const lookEveryMs = 250;

/** Looks for signs of the server, and knows when all of them together say that it is stopped. */
export class StoppedTest {
  readonly #where;
  readonly #lookAgainAfterMs: number;

  constructor(
    db: Database,
    private readonly job: RepairJob,
  ) {
    const { serverDir, logDir, url, lookAgainAfterMs = 5000 } = job;
    this.#where = { db: db.path, serverDir, logDir, url, ownPids: [process.ppid] };
    this.#lookAgainAfterMs = lookAgainAfterMs;
  }

  look(): Promise<Signs> {
    return lookForServer(this.#where);
  }

  /** Signs that cannot be read from here are the person's to know. Throws RepairRefusal `cannotSee`. */
  mustBeAccepted({ unseen }: Signs): void {
    if (unseen.length === 0 || this.job.serverIsStopped || this.job.acceptUnseen) return;
    throw new RepairRefusal('cannotSee', { signs: names(unseen) });
  }

  /** Throws RepairRefusal with the given code while there is any sign of it, or `cannotSee`. */
  async mustBeStopped(code: RefusalCode): Promise<void> {
    const signs = await this.look();
    if (signs.running.length > 0) throw new RepairRefusal(code, { signs: names(signs.running) });
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
   * Throws RepairRefusal `stopFailed`, `cameBack` or `cannotSee`.
   */
  async staysStopped(): Promise<void> {
    const deadline = Date.now() + endsWithinMs;
    let signs = await this.look();
    while (signs.running.length > 0) {
      if (Date.now() > deadline) throw new RepairRefusal('stopFailed', { signs: names(signs.running), why: '' });
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

/** The signs by name, for the sentence that is made of them. */
export function names(signs: Signs['running']): string {
  return [...new Set(signs.map(({ sign }) => sign))].join(',');
}
