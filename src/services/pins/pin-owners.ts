import { AppError } from '../../errors.js';
import { withName } from '../../identifiers.js';
import type { Account } from '../accounts/account.js';
import type { Link, LinkStore } from '../accounts/link.js';
import type { Members } from '../members/member-lookup-port.js';

/** Why a PIN can be sent to no member. */
export type NoOwnerWhy = 'nobody' | 'noAdmin';

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
    private readonly links: Pick<LinkStore, 'ofAccount' | 'ofAccountName'>,
    private readonly members: Members,
  ) {}

  /**
   * All members who own the account, such as both parents. The PIN of an administrator's account is for owners with an admin
   * role only. An account that cannot be read counts as an administrator's. Throws errors of Discord.
   */
  async of(name: string): Promise<PinOwnersFound> {
    const account = await this.#account(name);
    const links = account
      ? this.links.ofAccount(account.id)
      : withName(this.links.ofAccountName(name), name, nameOfLink);
    const linked = links.map(({ memberId }) => memberId);
    if (linked.length === 0) return { account, owners: [], none: 'nobody' };
    const found = await Promise.all(linked.map((memberId) => this.members.find(memberId)));
    const isOrdinary = account?.isAdministrator === false;
    const owners = linked.filter((_id, at) => (isOrdinary ? found[at] !== undefined : found[at]?.rank === 'admin'));
    return { account, owners, none: owners.length > 0 ? undefined : isOrdinary ? 'nobody' : 'noAdmin' };
  }

  async #account(name: string): Promise<Account | undefined> {
    try {
      const [found, another] = withName(await this.accounts.listNow(), name, (account) => account.name);
      return another ? undefined : found;
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}

const nameOfLink = ({ accountName }: Link) => accountName;
