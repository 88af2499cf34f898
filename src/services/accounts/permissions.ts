import { AppError } from '../../errors.js';
import type { AccountDirectory } from './account-directory.js';
import type { Account } from './account.js';
import { helps, type Actor } from '../members/actor.js';
import type { Ownership } from './ownership.js';

/** Who may change which account: the table of rights, as far as it depends on the account. */
export class Permissions {
  constructor(
    private readonly ownership: Pick<Ownership, 'has' | 'ofMember'>,
    private readonly accounts: Pick<AccountDirectory, 'byId'>,
  ) {}

  /** Whether the actor may unlock or reset this account without asking, and decide requests about it. */
  async mayChange(actor: Actor, account: Pick<Account, 'id' | 'isAdministrator'>): Promise<boolean> {
    if (!helps(actor)) return false;
    return !account.isAdministrator || this.isServerAdmin(actor);
  }

  /** Throws `adminAccount` or `notAllowed` when the actor may not change this account. */
  async assertMayChange(actor: Actor, account: Pick<Account, 'id' | 'isAdministrator'>): Promise<void> {
    if (await this.mayChange(actor, account)) return;
    throw new AppError(helps(actor) ? 'adminAccount' : 'notAllowed');
  }

  /** An admin who is linked to an account that is an administrator's. */
  async isServerAdmin(actor: Pick<Actor, 'id' | 'rank'>): Promise<boolean> {
    if (actor.rank !== 'admin') return false;
    for (const { accountId } of this.ownership.ofMember(actor.id)) {
      const account = await this.accounts.byId(accountId);
      // Asked again: the link may not count any more on what the account turned out to be.
      if (account?.isAdministrator && this.ownership.has(actor.id, accountId)) return true;
    }
    return false;
  }
}
