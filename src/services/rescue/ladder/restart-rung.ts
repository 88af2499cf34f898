import { AppError } from '../../../errors.js';
import { RungFailed, type RescueProgress } from './rescue-progress.js';
import type { KeylessJellyfin } from './keyless-jellyfin-port.js';

/** It takes about 3 s (docs/jellyfin.md, "Server states"); a large library's server longer. */
const backWithinMs = 120_000;
/** The server answers before it goes. */
const goesWithinMs = 5000;
const lookEveryMs = 100;

/** Whether a restart opens a locked account (docs/jellyfin.md, "Locks"). */
export function forgetsLocks(version: string): boolean {
  return /^10\.11\.[0-8](\.|$)/.test(version);
}

/** Rung 3: a restart, which anybody on the local network may ask for. */
export class RestartRung {
  constructor(
    private readonly keylessJellyfin: KeylessJellyfin,
    private readonly wait: (ms: number) => Promise<void>,
  ) {}

  /** Restarts and waits until the real server answers. Throws AppError, or RungFailed when the person says no. */
  async run(progress: RescueProgress): Promise<void> {
    await progress.step('restart', async () => {
      if (!(await progress.ui.ask('restart'))) throw new RungFailed('restartNotWanted');
      await this.keylessJellyfin.restart();
      await this.#goes();
    });
    await progress.step('serverBack', () => this.keylessJellyfin.back(backWithinMs));
  }

  /** Until it is seen to be away: the old one must not be taken for the new one. */
  async #goes(): Promise<void> {
    for (let waitedMs = 0; waitedMs < goesWithinMs; waitedMs += lookEveryMs) {
      await this.wait(lookEveryMs);
      if (!(await this.#answers())) return;
    }
  }

  async #answers(): Promise<boolean> {
    try {
      await this.keylessJellyfin.introduction();
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }
}
