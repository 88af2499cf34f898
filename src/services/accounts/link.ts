import { AppError } from '../../errors.js';
import type { Account, NamedAccount } from './account.js';

/** "This member owns this account"; many to many. */
export interface Link {
  readonly memberId: string;
  readonly accountId: string;
  /** The account's name; brought up to date whenever the account is read, and every night. */
  readonly accountName: string;
  /** Milliseconds since 1970. */
  readonly linkedAt: number;
}

/** A link that was made or taken away just now. */
export type ChangedLink = Omit<Link, 'linkedAt'>;

/**
 * How a link was made: `proof`, by a code confirmed on a device that is signed in to the account; `commandLine`, on the
 * bot's own machine; `admin`, by an admin's word; `request`, by an admin's approval of what the member asked for.
 */
export type MadeBy = 'proof' | 'commandLine' | 'admin' | 'request';

/** A link as it is kept, whether it counts or not. */
export interface KeptLink extends Link {
  readonly madeBy: MadeBy;
  /** Whether the account was an administrator's when Jellyfin last gave it. */
  readonly onAdministrator: boolean;
  /** Whether it was proved while the account was an administrator's, which it has been ever since. */
  readonly provedOnAdministrator: boolean;
  /** Whether the member held an admin role when Discord last told their roles. */
  readonly ofAdmin: boolean;
  /** Since when its member is away. The link is dropped one day. */
  readonly asleepSince: number | undefined;
  /** Since when it lets no device in, as its account's password was changed; until its member proves the account again. */
  readonly suspendedSince: number | undefined;
}

/** Asked at the moment at which a link is made; throws where it may not be. */
export type LinkCheck = (account: Account) => void;

/** Every link there is. What somebody may do by one is for `Ownership` to say. */
export interface LinkStore {
  everyOf(memberId: string): KeptLink[];
  /** The link between the two, whether it counts or not. */
  between(memberId: string, accountId: string): KeptLink | undefined;
  everyOfAccount(accountId: string): KeptLink[];
  all(): KeptLink[];
  linkedAccountIds(): Set<string>;
  /** Adds a link, or puts it in the place of the one between the two. */
  put(link: KeptLink): void;
  remove(memberId: string, accountId: string): boolean;
  /** Puts those of a member's links to sleep that are awake. */
  sleep(memberId: string, at: number): void;
  wake(memberId: string): void;
  rename(accountId: string, name: string): void;
}

/** The ordinary accounts that no member has yet, by name; which it is, is read again when one is picked. Throws a Jellyfin code. */
export async function freeAccounts(
  directory: { latest(): Promise<{ readonly accounts: readonly Account[] }> },
  links: Pick<LinkStore, 'linkedAccountIds'>,
): Promise<readonly NamedAccount[]> {
  const linked = links.linkedAccountIds();
  const { accounts } = await directory.latest();
  const free = accounts.filter(({ id, isAdministrator }) => !linked.has(id) && !isAdministrator);
  return free.sort((a, b) => a.name.localeCompare(b.name));
}

/** For what was picked in a list of free accounts that may be old by now. Throws `accountTaken` when it has got another owner since. */
export function assertFree(links: Pick<LinkStore, 'everyOfAccount'>, memberId: string, accountId: string): void {
  const owners = links.everyOfAccount(accountId).filter((link) => link.memberId !== memberId);
  if (owners.length > 0)
    throw new AppError('accountTaken', { by: owners.map((each) => `<@${each.memberId}>`).join(', ') });
}
