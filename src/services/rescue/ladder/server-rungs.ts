import { AppError } from '../../../errors.js';
import { lockState, type Account } from '../../accounts/account.js';
import type { Jellyfin, PreWriteCheck } from '../../accounts/jellyfin-port.js';
import { stateOf, type RescueProgress, RungFailed } from './rescue-progress.js';
import type { KeylessJellyfin } from './ports.js';

/** Rung 1: a key belongs to no user, and works while every administrator is locked. */
export class ApiRung {
  constructor(private readonly jellyfin: Jellyfin) {}

  /** Unlocks, sets a temporary password, reads back. Throws AppError. */
  async run(progress: RescueProgress, accountId: string, permit: PreWriteCheck): Promise<void> {
    const before = await this.jellyfin.getAccount(accountId);
    progress.before ??= stateOf(before);
    await progress.step(
      'unlock',
      () => this.#open(progress, before, permit),
      () => (lockState(before) === 'open' ? 'nothing' : 'done'),
    );
    await progress.step('password', async () => {
      await progress.ui.handOver(before, async (password) => {
        await this.jellyfin.setPassword(accountId, password, permit);
      });
      progress.pinIsPassword = false;
    });
    await progress.step('readBack', async () => {
      const after = await this.jellyfin.getAccount(accountId);
      progress.after = stateOf(after);
      if (lockState(after) !== 'open') throw new AppError('jellyfinNotApplied');
    });
  }

  async #open(progress: RescueProgress, account: Account, permit: PreWriteCheck): Promise<void> {
    const state = lockState(account);
    if (state === 'open') return;
    if (state === 'disabled') {
      if (!(await progress.ui.ask('enableDisabled', { name: account.name }))) throw new AppError('disabledByAdmin');
      await this.jellyfin.enable(account.id, permit);
    } else {
      await this.jellyfin.unlock(account.id, permit);
    }
  }
}

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
