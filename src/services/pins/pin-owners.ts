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

/** Whose PIN it is. */
export class PinOwners {
  constructor(
    private readonly accounts: { listNow(): Promise<readonly Account[]> },
    private readonly links: Pick<LinkStore, 'ofAccount' | 'ofAccountName'>,
    private readonly members: Pick<Members, 'rankOf'>,
  ) {}

  /**
   * Everybody who owns the account: a child's may have two parents. An administrator's goes to its linked server admins
   * only, by their roles at this moment; one of which nobody can say whether it is an administrator's counts as one.
   * Throws what Discord threw.
   */
  async of(name: string): Promise<PinOwnersFound> {
    const account = await this.#account(name);
    const links = account
      ? this.links.ofAccount(account.id)
      : withName(this.links.ofAccountName(name), name, nameOfLink);
    const linked = links.map(({ memberId }) => memberId);
    if (linked.length === 0) return { account, owners: [], none: 'nobody' };
    const ranks = await Promise.all(linked.map((memberId) => this.members.rankOf(memberId)));
    const isOrdinary = account?.isAdministrator === false;
    const owners = linked.filter((_id, at) => (isOrdinary ? ranks[at] !== undefined : ranks[at] === 'admin'));
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
