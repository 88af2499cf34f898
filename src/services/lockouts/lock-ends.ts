import { AppError } from '../../errors.js';
import { lockState, type Account } from '../accounts/account.js';
import type { Lockout, LockoutDeps } from './lockout.js';

/** So often within a day an account is opened by itself; then an admin decides. */
const mostPerDay = 3;

/**
 * Locks that end by themselves (`LOCKOUT_ENDS_AFTER`), those of ordinary accounts only. Each lock within a day lasts twice as
 * long as the one before it.
 */
export class LockEnds {
  constructor(private readonly deps: Pick<LockoutDeps, 'jellyfin' | 'stores' | 'config' | 'log' | 'now'>) {}

  /** When a lock that was just found is to end. */
  of(lockout: Lockout, account: Account): Pick<Lockout, 'opensAt' | 'tooOften'> {
    const waitMs = this.#waitMs(lockout, account);
    if (typeof waitMs === 'number') return { opensAt: this.deps.now() + waitMs, tooOften: false };
    return { opensAt: undefined, tooOften: waitMs === 'too often' };
  }

  /** Opens a locked account if it is time; returns it as it is then. Where that fails, a later round tries again. */
  async openIfDue(lockout: Lockout, account: Account): Promise<Account> {
    const { jellyfin, stores, log, now } = this.deps;
    const { id, accountId, opensAt } = lockout;
    // It is locked all the same: the last try did not open it.
    if (lockout.unlockedBy === 'latchkey') stores.lockouts.unlockedBy(accountId, undefined);
    if (opensAt === undefined) return account;
    const waitMs = this.#waitMs(lockout, account);
    const at = now();
    if (typeof waitMs !== 'number') stores.lockouts.reschedule(id, undefined);
    // Further away than the wait itself: the clock went back. It begins anew, rather than to last for days.
    else if (opensAt - at > waitMs) stores.lockouts.reschedule(id, at + waitMs);
    else if (opensAt <= at) {
      // Noted first: a bot that is killed in between knows who opened it.
      stores.lockouts.unlockedBy(accountId, 'latchkey');
      try {
        return (await jellyfin.unlock(accountId, mayBeOpened)).after;
      } catch (error) {
        log.warn({ err: error, account: accountId }, 'a lock whose time is over could not be ended yet');
      }
    }
    return account;
  }

  /** Undefined where it does not end by itself. */
  #waitMs({ id }: Lockout, { isAdministrator }: Account): number | 'too often' | undefined {
    const { config, stores } = this.deps;
    if (config.lockoutEndsAfterMs === undefined || isAdministrator) return undefined;
    const { locks, opened } = stores.lockouts.dayBefore(id);
    return opened >= mostPerDay ? 'too often' : config.lockoutEndsAfterMs * 2 ** locks;
  }
}

/** The account as just read, right before the write: it may have become an administrator's, or been switched off. */
function mayBeOpened(account: Account): void {
  if (account.isAdministrator) throw new AppError('adminAccount');
  if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin', { account: account.name });
}
