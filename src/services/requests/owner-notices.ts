import type { NewNotice, Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import { ownersToTell, type Request } from './request.js';
import type { OwnerNoticeFacts, RequestDeps } from './request-deps.js';

/** The subject is the request; of one that failed and was tried again an owner hears twice. */
export const ownerNoticeKinds = ['ownerOfDone', 'ownerOfFailed'] as const;

/** The custom id of the button that stands on such a notice about this end of a request, and on no other. */
export function ownerNoticeButtonId({ id, state }: Pick<Request, 'id' | 'state'>): string {
  return `status:check:${id}.${state === 'done' ? 'ownerOfDone' : 'ownerOfFailed'}`;
}

/** The same of the line for the admin channel. */
export const adminsNoticeButtonId = ({ id }: Pick<Request, 'id'>) => `link:free:done${id}`;

/**
 * Tells the owners of an account when somebody else was linked to it, and what else was done; and when one of them got a
 * new password, as theirs does not work any more. The admins hear of what was done without a card.
 */
export class OwnerNotices implements NoticeRenderer {
  constructor(private readonly deps: RequestDeps) {}

  /** Notes who is to hear of a request that has just ended. */
  owe(request: Request): void {
    const { stores, outbox } = this.deps;
    for (const each of ownersToTell(stores.links, request)) outbox.owe(noticeTo(each, request));
  }

  /** They are told the same by the outcome of a request of their own. */
  hearsElsewhere(request: Request, memberId: string): void {
    this.deps.outbox.settle(noticeTo(memberId, request), 'dropped');
  }

  /** Tells the owners who are still to hear. */
  tell(): Promise<void> {
    return this.deps.outbox.deliver(ownerNoticeKinds);
  }

  draw({ kind, subjectId, recipientId }: Notice): DrawnNotice | 'later' | undefined {
    const { stores, ownership, messages } = this.deps;
    const request = stores.requests.byId(Number(subjectId));
    if (request?.state === 'approved') return 'later';
    if (request?.state !== (kind === 'ownerOfDone' ? 'done' : 'failed')) return undefined;
    const isForAdmins = recipientId === 'admins';
    const when = isForAdmins ? 'now' : ownership.toBeTold(recipientId, request.accountId);
    if (when !== 'now') return when;
    const facts = this.#facts(request);
    // What failed may still have made the link, or set a password that nobody knows.
    const hasChanged = facts.mayBeSet || (request.linksOnApproval && facts.isLinked);
    if (request.state === 'failed' && !hasChanged) return undefined;
    if (isForAdmins) return { findBy: [adminsNoticeButtonId(request)], message: () => messages.adminsNotice(request) };
    return {
      // The latter stood on messages of the version before the outbox: a bot may have been killed while sending, then updated.
      findBy: [
        ownerNoticeButtonId(request),
        `status:check:${request.id}:${kind === 'ownerOfDone' ? 900_005 : 900_004}`,
      ],
      message: () => messages.ownerNotice(recipientId, request, facts),
      inReply: 'text',
    };
  }

  #facts({ id, state, memberId, accountId }: Request): OwnerNoticeFacts {
    const { stores, ownership } = this.deps;
    const mayBeSet = state === 'failed' && stores.tempPasswords.mayBeSet(id);
    return { isLinked: ownership.has(memberId, accountId), mayBeSet };
  }
}

function noticeTo(recipientId: string, { id, state }: Request): NewNotice {
  return { kind: state === 'done' ? 'ownerOfDone' : 'ownerOfFailed', subjectId: `${id}`, recipientId };
}
