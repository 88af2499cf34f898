import type { Account } from '../accounts/account.js';
import type { KeptLink, MadeBy } from '../accounts/link.js';
import { counts } from '../accounts/ownership.js';
import { ownersToTell, type Request, snapshotOf } from './request.js';
import type { RequestDeps } from './request-deps.js';
import { sameName } from '../../identifiers.js';

export interface NewLink {
  readonly memberId: string;
  readonly account: Account;
  readonly madeBy: MadeBy;
  readonly linkedBy: string;
  readonly linkedAt: number;
  /** Whether the member holds an admin role; where nobody has just asked, what is known of it. */
  readonly ofAdmin?: boolean;
  /** False where the outcome of a request greets them. */
  readonly isGreeted: boolean;
}

interface MadeLink {
  /** False when the account was the member's already. */
  readonly isNew: boolean;
  /** Requests whose cards are to be brought up to date. */
  readonly changed: readonly Request[];
}

/** The weaker kinds first: what has been proved is not forgotten when an admin links the two once more. */
const strength: readonly MadeBy[] = ['request', 'admin', 'proof', 'commandLine'];

/** The one place where links are made, with everything that goes with one; whether it may be made is for the caller to know. */
export class LinkMaker {
  constructor(private readonly deps: Pick<RequestDeps, 'stores' | 'events'>) {}

  /**
   * Makes a link, or a stronger one of the one that is there. What its member asked for by the account's name is from then
   * on an ordinary request for it: one that still offered to link them could not be told from it.
   */
  make({ memberId, account, linkedBy, linkedAt, isGreeted, ...how }: NewLink): MadeLink {
    const { id: accountId, name: accountName } = account;
    const { links, requests, notices, audit, transaction } = this.deps.stores;
    return transaction(() => {
      const kept = links.between(memberId, accountId);
      const isStronger = !kept || strength.indexOf(how.madeBy) > strength.indexOf(kept.madeBy);
      const link: KeptLink = {
        ...{ memberId, accountId, accountName, linkedAt: kept?.linkedAt ?? linkedAt, asleepSince: undefined },
        ...{ madeBy: isStronger ? how.madeBy : kept.madeBy, onAdministrator: account.isAdministrator },
        provedOnAdministrator:
          account.isAdministrator && (how.madeBy === 'proof' || kept?.provedOnAdministrator === true),
        ofAdmin: how.ofAdmin ?? kept?.ofAdmin ?? false,
        suspendedSince: how.madeBy === 'proof' ? undefined : kept?.suspendedSince,
      };
      const isNew = counts(link) && !(kept && counts(kept));
      links.put(link);
      if (isNew) {
        const detail = how.madeBy === 'proof' ? 'by proof' : undefined;
        audit.record({ actorId: linkedBy, act: 'link', outcome: 'done', accountId, accountName, memberId, detail });
        const greeting = { kind: 'greeting', subjectId: accountId, recipientId: memberId } as const;
        if (!kept) notices.oweAgain(greeting, linkedAt, isGreeted ? 'due' : 'told');
        // Who approved a request tells them by its outcome.
        if (how.madeBy !== 'request') this.#tellOwners(link, linkedBy, linkedAt);
        this.deps.events.emit('ownersChanged', { accountId, change: 'gained' });
      }
      const named = requests.openOf(memberId).filter((each) => names(each, account));
      // Those that were made by name, and wait.
      const changed = named.flatMap(({ id }) => requests.setAccount(id, account, snapshotOf(account)) ?? []);
      // The cards of others who ask for it name its owners.
      const offering = isNew ? requests.touchOffering(accountId) : [];
      return { isNew, changed: [...changed, ...offering] };
    });
  }

  /** The other owners hear of it, and the admins: by a request that was done as soon as it was made. */
  #tellOwners({ memberId, accountId, accountName, onAdministrator }: KeptLink, by: string, at: number): void {
    const { links, requests, notices } = this.deps.stores;
    // One who does not count now may one day: then the admins hear of it at least.
    if (links.everyOfAccount(accountId).every((owner) => owner.memberId === memberId)) return;
    const act = { kind: 'link', state: 'approved', memberId, decidedBy: by, origin: 'direct' } as const;
    const about = { accountId, accountName, adminAccount: onAdministrator, createdAt: at };
    const approved = requests.insert({ ...act, ...about });
    const done = approved && requests.move(approved.id, ['approved'], 'done', { endedAt: at, deliveryStatus: 'told' });
    if (!done) return;
    for (const recipientId of ownersToTell(links, done)) {
      notices.owe({ kind: 'ownerOfDone', subjectId: `${done.id}`, recipientId }, at);
    }
  }
}

/** Whether a request is about this account by its name: what the name stood for on its card counts, where it stood for one. */
function names({ offeredId, accountName }: Request, account: Account): boolean {
  if (offeredId !== undefined) return offeredId === account.id;
  return sameName(accountName, account.name);
}
