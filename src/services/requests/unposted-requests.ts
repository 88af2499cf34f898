import type { Ownership } from '../accounts/ownership.js';
import type { Members } from '../members/member-lookup-port.js';
import type { AdminChannel } from '../notices/admin-channel.js';
import type { Message } from '../notices/messenger-port.js';
import { isRecipientHere, type Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer, Outbox } from '../notices/outbox.js';
import type { Transaction } from '../transaction.js';
import { helpersMayDecide, type Request, type RequestStore } from './request.js';

/** The buttons of which one stands on such a notice, and on no other message. */
export const unpostedButtonIds = (id: number) => ({
  list: `requests:list:unposted-${id}`,
  account: `status:check:unposted-${id}`,
});

/** Draws what is said in direct messages where a request's card reaches nobody who may decide. */
export interface UnpostedMessages {
  /** That a request waits, why it comes this way, and what to do. */
  waits(recipientId: string, request: Request, why: 'closed' | 'noRole'): Message;
  /** What is left of that once the request waits no longer. */
  over(recipientId: string, request: Request): Message;
}

export interface UnpostedRequestsDeps {
  readonly store: Pick<RequestStore, 'byId'>;
  readonly ownership: Pick<Ownership, 'administratorsOwners'>;
  readonly adminChannel: AdminChannel;
  readonly members: Members;
  readonly outbox: Pick<Outbox, 'owe' | 'deliver'>;
  readonly messages: UnpostedMessages;
  readonly transaction: Transaction;
}

/**
 * Tells the owners of administrators' accounts of a request, in direct messages, where the admin channel reaches nobody who
 * may decide it; the subject is the request.
 */
export class UnpostedRequests implements NoticeRenderer {
  constructor(private readonly deps: UnpostedRequestsDeps) {}

  /** Tells them of a request that waits and whose card reaches nobody, once; may be repeated. */
  tell(request: Request): void {
    const { ownership, adminChannel, outbox, transaction } = this.deps;
    transaction(() => {
      for (const recipientId of ownership.administratorsOwners(adminChannel.hasNoAdmins))
        if (recipientId !== request.memberId) outbox.owe({ kind: 'unposted', subjectId: `${request.id}`, recipientId });
    });
    void outbox.deliver(['unposted'], `${request.id}`);
  }

  mayBeSent(notice: Notice): Promise<boolean> {
    return isRecipientHere(this.deps.members, notice);
  }

  draw({ subjectId, recipientId }: Notice): DrawnNotice | undefined {
    const { adminChannel, messages } = this.deps;
    const request = this.deps.store.byId(Number(subjectId));
    if (request?.state !== 'pending' || this.#reaches(request)) return undefined;
    const { hasNoAdmins } = adminChannel;
    // Asked again: whether they are an admin is known by now.
    if (!this.deps.ownership.administratorsOwners(hasNoAdmins).includes(recipientId)) return undefined;
    const why = hasNoAdmins ? 'noRole' : 'closed';
    return {
      findBy: Object.values(unpostedButtonIds(request.id)),
      message: () => messages.waits(recipientId, request, why),
    };
  }

  over({ subjectId, recipientId }: Notice): Message | undefined {
    const request = this.deps.store.byId(Number(subjectId));
    return request && request.state !== 'pending' ? this.deps.messages.over(recipientId, request) : undefined;
  }

  #reaches(request: Request): boolean {
    return this.deps.adminChannel.reaches({ helpersToo: helpersMayDecide(request) });
  }
}
