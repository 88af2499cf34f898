import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import { helpersMayDecide, type Request } from './request.js';
import type { RequestDeps } from './request-deps.js';

/** The buttons of which one stands on such a notice, and on no other message. */
export const unpostedButtonIds = (id: number) => ({
  list: `requests:list:unposted-${id}`,
  account: `status:check:unposted-${id}`,
});

/**
 * Tells the owners of administrators' accounts of a request, in direct messages, where the admin channel reaches nobody who
 * may decide it; the subject is the request.
 */
export class UnpostedRequests implements NoticeRenderer {
  constructor(private readonly deps: RequestDeps) {}

  /** Tells them of a request that waits and whose card reaches nobody, once; may be repeated. */
  tell(request: Request): void {
    const { stores, ownership, adminChannel, outbox } = this.deps;
    stores.transaction(() => {
      for (const recipientId of ownership.administratorsOwners(adminChannel.hasNoAdmins))
        if (recipientId !== request.memberId) outbox.owe({ kind: 'unposted', subjectId: `${request.id}`, recipientId });
    });
    void outbox.deliver(['unposted'], `${request.id}`);
  }

  draw({ subjectId, recipientId }: Notice): DrawnNotice | undefined {
    const { adminChannel, messages } = this.deps;
    const request = this.deps.stores.requests.byId(Number(subjectId));
    if (request?.state !== 'pending' || adminChannel.reaches({ helpersToo: helpersMayDecide(request) }))
      return undefined;
    const { hasNoAdmins } = adminChannel;
    // Asked again: whether they are an admin is known by now.
    if (!this.deps.ownership.administratorsOwners(hasNoAdmins).includes(recipientId)) return undefined;
    const why = hasNoAdmins ? 'noRole' : 'closed';
    return {
      findBy: Object.values(unpostedButtonIds(request.id)),
      message: () => messages.unposted(recipientId, request, why),
    };
  }

  over({ subjectId, recipientId }: Notice): Message | undefined {
    const request = this.deps.stores.requests.byId(Number(subjectId));
    return request && request.state !== 'pending' ? this.deps.messages.unpostedOver(recipientId, request) : undefined;
  }
}
