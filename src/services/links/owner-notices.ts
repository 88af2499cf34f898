import type { Account } from '../accounts/account.js';
import type { LinkStore } from '../accounts/link.js';
import type { Members } from '../members/member-lookup-port.js';
import type { Message } from '../notices/messenger-port.js';
import type { NewNotice, Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer, Outbox } from '../notices/outbox.js';
import type { TempPasswordStore } from '../passwords/temp-password.js';
import { otherOwners, ownersBeside, type Request, type RequestStore } from '../requests/request.js';

/** The subject is the request; of one that failed and was tried again an owner hears twice. */
export const ownerNoticeKinds = ['ownerOfDone', 'ownerOfFailed'] as const;

export interface OwnerNoticeMessages {
  /** What was done with an owner's account, on whose request and whose approval. */
  ownerNotice(ownerId: string, request: Request, facts: OwnerNoticeFacts): Message;
  /** The same notice as part of a reply. */
  ownerNoticeInReply(ownerId: string, request: Request, facts: OwnerNoticeFacts): Message;
}

/** What such a notice depends on beside the request. */
export interface OwnerNoticeFacts {
  /** The asker owns the account, too. */
  readonly isLinked: boolean;
  /** It failed, but only after the server was asked to set a password. */
  readonly mayBeSet: boolean;
}

export interface OwnerNoticesDeps {
  readonly requests: Pick<RequestStore, 'byId' | 'insert' | 'move'>;
  readonly links: Pick<LinkStore, 'ofAccount' | 'find'>;
  readonly tempPasswords: Pick<TempPasswordStore, 'byRequest'>;
  readonly members: Members;
  readonly outbox: Pick<Outbox, 'owe' | 'settle' | 'deliver'>;
  readonly messages: OwnerNoticeMessages;
}

/** The custom id of the button that stands on such a notice about this end of a request, and on no other. */
export function ownerNoticeButtonId({ id, state }: Pick<Request, 'id' | 'state'>): string {
  return `status:check:${id}.${state === 'done' ? 'ownerOfDone' : 'ownerOfFailed'}`;
}

/**
 * Tells the owners of an account when somebody else was linked to it because they asked or proved it, and what else was
 * done; and when one of them got a new password, as theirs does not work any more.
 */
export class OwnerNotices implements NoticeRenderer {
  constructor(private readonly deps: OwnerNoticesDeps) {}

  /** Notes who is to hear of a request that has just ended. The member who approved it knows. */
  owe(request: Request): void {
    if (request.state !== 'done' && request.state !== 'failed') return;
    const { links, outbox } = this.deps;
    const owners = request.kind === 'reset' ? ownersBeside(links, request) : otherOwners(links, request);
    for (const memberId of owners) if (memberId !== request.decidedBy) outbox.owe(noticeTo(memberId, request));
  }

  /** The same for a link that somebody proved, which is kept as a request that they approved themselves. */
  oweOfProof(memberId: string, { id: accountId, name: accountName, isAdministrator }: Account, at: number): void {
    const { links, requests } = this.deps;
    if (links.ofAccount(accountId).every((owner) => owner.memberId === memberId)) return;
    const act = { kind: 'link', state: 'approved', memberId, decidedBy: memberId, origin: 'direct' } as const;
    const about = { accountId, accountName, adminAccount: isAdministrator, createdAt: at };
    const approved = requests.insert({ ...act, ...about });
    const done = approved && requests.move(approved.id, ['approved'], 'done', { endedAt: at, deliveryStatus: 'told' });
    if (done) this.owe(done);
  }

  /** They are told the same by the outcome of a request of their own. */
  hearsElsewhere(request: Request, memberId: string): void {
    this.deps.outbox.settle(noticeTo(memberId, request), 'dropped');
  }

  /** Tells the owners who are still to hear. */
  tell(): Promise<void> {
    return this.deps.outbox.deliver(ownerNoticeKinds);
  }

  /** A member who has left learns no more. */
  async mayBeSent({ recipientId }: Notice): Promise<boolean> {
    return (await this.deps.members.find(recipientId)) !== undefined;
  }

  draw({ kind, subjectId, recipientId }: Notice): DrawnNotice | 'later' | undefined {
    const { requests, links, messages } = this.deps;
    const request = requests.byId(Number(subjectId));
    if (request?.state === 'approved') return 'later';
    if (request?.state !== (kind === 'ownerOfDone' ? 'done' : 'failed')) return undefined;
    if (!links.find(recipientId, request.accountId)) return undefined;
    const facts = this.#facts(request);
    // What failed may still have made the link, or set a password that nobody knows.
    const hasChanged = facts.mayBeSet || (request.linksOnApproval && facts.isLinked);
    if (request.state === 'failed' && !hasChanged) return undefined;
    return {
      // The latter stood on messages of the version before the outbox: a bot may have been killed while sending, then updated.
      findBy: [
        ownerNoticeButtonId(request),
        `status:check:${request.id}:${kind === 'ownerOfDone' ? 900_005 : 900_004}`,
      ],
      message: () => messages.ownerNotice(recipientId, request, facts),
      inReply: () => messages.ownerNoticeInReply(recipientId, request, facts),
    };
  }

  #facts({ id, kind, state, memberId, accountId }: Request): OwnerNoticeFacts {
    const { tempPasswords, links } = this.deps;
    const password = kind === 'reset' && state === 'failed' ? tempPasswords.byRequest(id) : undefined;
    return {
      isLinked: links.find(memberId, accountId) !== undefined,
      mayBeSet: password !== undefined && password.end !== 'not set',
    };
  }
}

function noticeTo(recipientId: string, { id, state }: Request): NewNotice {
  return { kind: state === 'done' ? 'ownerOfDone' : 'ownerOfFailed', subjectId: `${id}`, recipientId };
}
