import type { Account } from '../accounts/account.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { LinkStore } from '../accounts/link.js';
import type { NoticeStore } from '../notices/notice.js';
import { type Request, type RequestStore, snapshotOf } from './request.js';
import { AppError } from '../../errors.js';
import { sameName } from '../../identifiers.js';

export interface NewLink {
  readonly memberId: string;
  readonly account: Account;
  readonly linkedBy: string;
  readonly linkedAt: number;
  /** False where the outcome of a request greets them. */
  readonly isGreeted: boolean;
  /** For the history: how it came about. */
  readonly detail?: string;
}

export interface MadeLink {
  /** False when the two were linked already. */
  readonly isNew: boolean;
  /** Requests whose cards are to be brought up to date. */
  readonly changed: readonly Request[];
}

export interface LinkMakerDeps {
  readonly links: Pick<LinkStore, 'add' | 'everyOf'>;
  readonly requests: Pick<RequestStore, 'openOf' | 'setAccount' | 'touchOffering'>;
  readonly notices: Pick<NoticeStore, 'oweAgain'>;
  readonly audit: Audit;
  readonly events: Pick<Events, 'emit'>;
  readonly transaction: Transaction;
}

/** The one place where links are made, with everything that goes with one; whether it may be made is for the caller to know. */
export class LinkMaker {
  constructor(private readonly deps: LinkMakerDeps) {}

  /**
   * Makes a link. What its member asked for by the account's name is from then on an ordinary request for it: one that
   * still offered to link them could not be told from it.
   */
  make({ memberId, account, linkedBy, linkedAt, isGreeted, detail }: NewLink): MadeLink {
    const { id: accountId, name: accountName } = account;
    const { links, requests, notices, audit, events, transaction } = this.deps;
    return transaction(() => {
      const wasAsleep = links.everyOf(memberId).some((each) => each.accountId === accountId);
      const isNew = links.add({ memberId, accountId, accountName, linkedAt }, linkedBy);
      if (isNew) {
        audit.record({ actorId: linkedBy, act: 'link', outcome: 'done', accountId, accountName, memberId, detail });
        const greeting = { kind: 'greeting', subjectId: accountId, recipientId: memberId } as const;
        if (!wasAsleep) notices.oweAgain(greeting, linkedAt, isGreeted ? 'due' : 'told');
        events.emit('ownersChanged', { accountId, change: 'gained' });
      }
      const byName = requests.openOf(memberId).filter((each) => names(each, account));
      const changed = byName.flatMap(({ id }) => requests.setAccount(id, account, snapshotOf(account)) ?? []);
      // The cards of others who ask for it name its owners.
      const offering = isNew ? requests.touchOffering(accountId) : [];
      return { isNew, changed: [...changed, ...offering] };
    });
  }
}

/** Whether a request by name is about this account: what the name stood for on its card counts, where it stood for one. */
function names({ state, linksOnApproval, offeredId, accountName }: Request, account: Account): boolean {
  if (!linksOnApproval || state !== 'pending') return false;
  if (offeredId !== undefined) return offeredId === account.id;
  return sameName(accountName, account.name);
}

/**
 * Links without asking what kind of account it is: whoever is on the server's command line could do anything anyway.
 * Throws `alreadyLinked`.
 */
export function linkFromCommandLine(maker: LinkMaker, memberId: string, account: Account, now: number): void {
  const link = { memberId, account, linkedBy: 'command line', linkedAt: now, isGreeted: true };
  if (!maker.make(link).isNew) throw new AppError('alreadyLinked');
}
