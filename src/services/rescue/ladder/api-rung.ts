import { AppError } from '../../../errors.js';
import { lockState, type Account } from '../../accounts/account.js';
import type { Jellyfin, Permit } from '../../accounts/jellyfin-port.js';
import { stateOf, type Climb } from './climb.js';

/** Rung 1: a key belongs to no user, and works while every administrator is locked. */
export class ApiRung {
  constructor(private readonly jellyfin: Jellyfin) {}

  /** Unlocks, sets a temporary password, reads back. Throws AppError. */
  async climb(climb: Climb, accountId: string, permit: Permit): Promise<void> {
    const before = await this.jellyfin.getAccount(accountId);
    climb.before ??= stateOf(before);
    await climb.step(
      'unlock',
      () => this.#open(climb, before, permit),
      () => (lockState(before) === 'open' ? 'nothing' : 'done'),
    );
    await climb.step('password', async () => {
      await climb.door.handOver(before, async (password) => {
        await this.jellyfin.setPassword(accountId, password, permit);
      });
      climb.pinIsPassword = false;
    });
    await climb.step('readBack', async () => {
      const after = await this.jellyfin.getAccount(accountId);
      climb.after = stateOf(after);
      if (lockState(after) !== 'open') throw new AppError('jellyfinNotApplied');
    });
  }

  async #open(climb: Climb, account: Account, permit: Permit): Promise<void> {
    const state = lockState(account);
    if (state === 'open') return;
    if (state === 'disabled') {
      if (!(await climb.door.ask('enableDisabled', { name: account.name }))) throw new AppError('disabledByAdmin');
      await this.jellyfin.enable(account.id, permit);
    } else {
      await this.jellyfin.unlock(account.id, permit);
    }
  }
}
