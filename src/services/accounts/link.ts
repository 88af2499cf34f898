import { AppError } from '../../errors.js';
import type { AccountDirectory } from './account-directory.js';

/** "This member owns this account"; many to many. */
export interface Link {
  readonly memberId: string;
  readonly accountId: string;
  /** The account's name; brought up to date whenever the account is read, and every night. */
  readonly accountName: string;
  /** Milliseconds since 1970. */
  readonly linkedAt: number;
}

/** A link as it is kept, sleeping or not. */
export interface KeptLink extends Link {
  /** Since when its member is away. A link that sleeps gives no rights, and is dropped one day. */
  readonly asleepSince: number | undefined;
}

/** Links that sleep are found by `everyOf`, `everyOfAccount`, `all` and `linkedAccountIds` only. */
export interface LinkStore {
  ofMember(memberId: string): Link[];
  ofAccount(accountId: string): Link[];
  /** By the name that is known of the account, without case. */
  ofAccountName(name: string): Link[];
  find(memberId: string, accountId: string): Link | undefined;
  /** Whether the account is the member's at this moment. */
  has(memberId: string, accountId: string): boolean;
  everyOf(memberId: string): KeptLink[];
  everyOfAccount(accountId: string): KeptLink[];
  all(): KeptLink[];
  linkedAccountIds(): Set<string>;
  /** False when the two were linked already; one that slept is awake again. */
  add(link: Link, linkedBy: string): boolean;
  remove(memberId: string, accountId: string): boolean;
  /** Puts a member's links to sleep; how many were awake. */
  sleep(memberId: string, at: number): number;
  /** How many of the member's links were asleep. */
  wake(memberId: string): number;
  rename(accountId: string, name: string): void;
}

export interface FreeAccount {
  readonly id: string;
  readonly name: string;
}

/** The ordinary accounts that no member has yet, by name. Throws a Jellyfin code. */
export async function freeAccounts(
  directory: Pick<AccountDirectory, 'listNow'>,
  links: Pick<LinkStore, 'linkedAccountIds'>,
): Promise<readonly FreeAccount[]> {
  const linked = links.linkedAccountIds();
  const accounts = await directory.listNow();
  return accounts
    .filter((account) => !linked.has(account.id) && !account.isAdministrator)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name }) => ({ id, name }));
}

/** For what was picked in a list of free accounts that may be old by now. Throws `accountTaken` when it has got another owner since. */
export function assertFree(links: Pick<LinkStore, 'all'>, memberId: string, accountId: string): void {
  const owners = links.all().filter((link) => link.accountId === accountId && link.memberId !== memberId);
  if (owners.length > 0)
    throw new AppError('accountTaken', { by: owners.map((each) => `<@${each.memberId}>`).join(', ') });
}
