import { AppError } from '../../../errors.js';
import { lockState, type Account } from '../../accounts/account.js';
import type { Jellyfin, PreWriteCheck } from '../../accounts/jellyfin-port.js';
import { stateOf, type RescueProgress } from './rescue-progress.js';

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
