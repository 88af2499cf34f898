import { ignoreAppError } from '../../errors.js';
import { withName } from '../../identifiers.js';
import { type Account, otherProvider } from '../accounts/account.js';
import type { Ownership } from '../accounts/ownership.js';

/** Why a PIN can be sent to no member. */
export type NoOwnerWhy = 'nobody' | 'noAdmin' | 'elsewhere';

export interface PinOwnersFound {
  /** Undefined when the server cannot be asked, or does not know the name. */
  readonly account: Account | undefined;
  readonly owners: readonly string[];
  readonly none: NoOwnerWhy | undefined;
}

/** Finds the members to whom a PIN may be sent. */
export class PinOwners {
  constructor(
    private readonly accounts: { listNow(): Promise<readonly Account[]> },
    private readonly ownership: Pick<Ownership, 'ownersNow' | 'ownersNowOfUnread'>,
  ) {}

  /**
   * All members who own the account, such as both parents. The PIN of an administrator's account is for owners with an admin
   * role only. An account that cannot be read counts as an administrator's. Throws errors of Discord.
   */
  async of(name: string): Promise<PinOwnersFound> {
    const { ownership } = this;
    const account = await this.#account(name);
    // Jellyfin takes such a PIN, and it changes nothing (docs/jellyfin.md, "Passwords and devices").
    if (account && otherProvider(account)) return { account, owners: [], none: 'elsewhere' };
    const found = await (account ? ownership.ownersNow(account.id) : ownership.ownersNowOfUnread(name));
    const isOrdinary = account?.isAdministrator === false;
    const owners = found.filter(({ rank }) => isOrdinary || rank === 'admin').map(({ memberId }) => memberId);
    return { account, owners, none: owners.length > 0 ? undefined : isOrdinary ? 'nobody' : 'noAdmin' };
  }

  async #account(name: string): Promise<Account | undefined> {
    const all = await this.accounts.listNow().catch(ignoreAppError);
    const [found, another] = withName(all ?? [], name, (account) => account.name);
    return another ? undefined : found;
  }
}
