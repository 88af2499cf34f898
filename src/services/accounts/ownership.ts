import { AppError } from '../../errors.js';
import { withName } from '../../identifiers.js';
import type { Events, ServiceEvents } from '../events.js';
import type { Members, Rank } from '../members/actor.js';
import type { Transaction } from '../transaction.js';
import type { Account } from './account.js';
import type { KeptLink, Link, LinkStore } from './link.js';

/**
 * Whether a link gives its member any right. On an administrator's account only two kinds do: one that was made on the
 * command line, and one by proof while its member holds an admin role. No Discord role alone reaches such an account, and
 * neither does a television in the living room. A proof from before it was an administrator's is none: whoever an admin
 * links to an ordinary account gets a password of it, and could have proved it with that.
 */
export function counts(link: KeptLink): boolean {
  return link.asleepSince === undefined && (!link.onAdministrator || countsOnAdministrator(link));
}

/** Whoever is to hear of what is done to an account: its owners, and those of them who left the server, once they are back. */
export function everyoneToTell(links: Pick<LinkStore, 'everyOfAccount'>, accountId: string): Link[] {
  return links.everyOfAccount(accountId).filter((link) => counts({ ...link, asleepSince: undefined }));
}

function countsOnAdministrator({ madeBy, provedOnAdministrator, ofAdmin }: KeptLink): boolean {
  return madeBy === 'commandLine' || (provedOnAdministrator && ofAdmin);
}

/** What is noted of a link whenever its account or its member is read. */
const noted = ['onAdministrator', 'provedOnAdministrator', 'ofAdmin'] as const;

export interface OwnerHere {
  readonly memberId: string;
  readonly rank: Rank;
}

interface OwnershipDeps {
  readonly links: LinkStore;
  readonly members: Members;
  readonly transaction: Transaction;
  readonly events: Pick<Events, 'emit'>;
  readonly now: () => number;
}

/**
 * Says which accounts are whose at this moment; every act asks it after it has read the account. What a link counts for
 * depends on both its ends, which are written down whenever Jellyfin gives an account or Discord somebody's roles, before
 * anybody else sees them.
 */
export class Ownership {
  constructor(private readonly deps: OwnershipDeps) {}

  ofMember(memberId: string): Link[] {
    return this.deps.links.everyOf(memberId).filter(counts);
  }

  ofAccount(accountId: string): Link[] {
    return this.deps.links.everyOfAccount(accountId).filter(counts);
  }

  /** Asks Discord for the owners who left, as the link of one who is back counts again. Throws errors of Discord. */
  async lookForThoseBack(accountId: string): Promise<void> {
    const asleep = this.deps.links.everyOfAccount(accountId).filter(({ asleepSince }) => asleepSince !== undefined);
    await Promise.all(asleep.map(({ memberId }) => this.deps.members.find(memberId)));
  }

  find(memberId: string, accountId: string): Link | undefined {
    const link = this.deps.links.between(memberId, accountId);
    return link && counts(link) ? link : undefined;
  }

  has(memberId: string, accountId: string): boolean {
    return this.find(memberId, accountId) !== undefined;
  }

  /** When a member is told what concerns the owners of an account: `later` while their link sleeps, undefined where they have none. */
  toBeTold(memberId: string, accountId: string): 'now' | 'later' | undefined {
    const link = this.deps.links.between(memberId, accountId);
    return link && (counts(link) ? 'now' : 'later');
  }

  /** As `has`, for an account that cannot be read: it may have become an administrator's. */
  hasUnread(memberId: string, accountId: string): boolean {
    const link = this.deps.links.between(memberId, accountId);
    return link !== undefined && isSure(link);
  }

  /** Whether the account was an administrator's when Jellyfin last gave it. */
  wasAdministrators(accountId: string): boolean {
    return this.deps.links.everyOfAccount(accountId).some(({ onAdministrator }) => onAdministrator);
  }

  /** Throws `accountNotYours`, or `linkUnproved` where their link does not count on an administrator's account. */
  assertOwn(memberId: string, accountId: string): void {
    const link = this.deps.links.between(memberId, accountId);
    if (link && counts(link)) return;
    throw new AppError(link?.asleepSince === undefined && link ? 'linkUnproved' : 'accountNotYours');
  }

  /** As `assertOwn`, for a device that is to be let in. Throws `signInSuspended`, too, until they prove the account again. */
  assertMaySignIn(memberId: string, accountId: string): void {
    this.assertOwn(memberId, accountId);
    if (this.deps.links.between(memberId, accountId)?.suspendedSince !== undefined)
      throw new AppError('signInSuspended');
  }

  /** An owner has another password: links that were proved before let no device in. */
  readonly suspendSignIns = (accountId: string): void => {
    const { links, now } = this.deps;
    for (const link of links.everyOfAccount(accountId)) {
      if (link.madeBy === 'proof') links.put({ ...link, suspendedSince: now() });
    }
  };

  /** The owners who are in the server, with the rank that they have at this moment. Throws errors of Discord. */
  ownersNow(accountId: string): Promise<OwnerHere[]> {
    return this.#here(this.deps.links.everyOfAccount(accountId), counts);
  }

  /**
   * The admins who own an administrator's account, as far as is known without asking anybody; `noAdmins`: nobody can hold
   * an admin role, so that a link which counts but for that is enough.
   */
  administratorsOwners(noAdmins: boolean): string[] {
    const links = this.deps.links.all().filter(({ onAdministrator }) => onAdministrator);
    const theirs = links.filter((link) => counts({ ...link, ofAdmin: true }) && (noAdmins || link.ofAdmin));
    return [...new Set(theirs.map(({ memberId }) => memberId))];
  }

  /** The same by the name of an account that cannot be read. */
  ownersNowOfUnread(accountName: string): Promise<OwnerHere[]> {
    return this.#here(
      withName(this.deps.links.all(), accountName, (link) => link.accountName),
      isSure,
    );
  }

  async #here(linked: readonly KeptLink[], isTheirs: (link: KeptLink) => boolean): Promise<OwnerHere[]> {
    // Those who left as well: they may be back.
    const found = await Promise.all(linked.map(({ memberId }) => this.deps.members.find(memberId)));
    return linked.flatMap(({ memberId, accountId }, at) => {
      const rank = found[at]?.rank;
      // Read again: the link may have been taken away, and what is known of its member is newer now.
      const link = this.deps.links.between(memberId, accountId);
      return rank !== undefined && link && isTheirs(link) ? [{ memberId, rank }] : [];
    });
  }

  readonly onAccountRead = ({ account }: ServiceEvents['accountRead']): void => {
    if (account) this.#note(this.deps.links.everyOfAccount(account.id), { onAdministrator: account.isAdministrator });
  };

  readonly onAccountsListed = (accounts: readonly Pick<Account, 'id' | 'isAdministrator'>[]): void => {
    const listed = new Map(accounts.map(({ id, isAdministrator }) => [id, isAdministrator]));
    // By the links, which are few: a server may have a thousand accounts, and they are listed every minute.
    for (const link of this.deps.links.all()) {
      const onAdministrator = listed.get(link.accountId);
      if (onAdministrator !== undefined) this.#note([link], { onAdministrator });
    }
  };

  readonly onMemberRead = ({ id, rank }: ServiceEvents['memberRead']): void => {
    this.#note(this.deps.links.everyOf(id), { ofAdmin: rank === 'admin' });
  };

  #note(links: readonly KeptLink[], end: Partial<Pick<KeptLink, 'onAdministrator' | 'ofAdmin'>>): void {
    // Read all the time, and next to never another: a read is far cheaper than a write that changes nothing.
    for (const before of links) {
      const provedOnAdministrator = before.provedOnAdministrator && end.onAdministrator !== false;
      const link = { ...before, ...end, provedOnAdministrator };
      if (noted.every((each) => link[each] === before[each])) continue;
      this.deps.transaction(() => {
        this.deps.links.put(link);
        if (counts(link) !== counts(before)) this.deps.events.emit('linkTurned', { link, counts: counts(link) });
      });
    }
  }
}

function isSure(link: KeptLink): boolean {
  return counts({ ...link, onAdministrator: true });
}
