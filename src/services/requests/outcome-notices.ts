import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import { requestButtonIds, type Request } from './request.js';
import type { RequestDeps } from './request-deps.js';

/** Renders how a request ended, or that a password waits behind a button; the subject is the request. */
export class OutcomeNotices implements NoticeRenderer {
  /** Sent by the executor, which keeps the request's lock meanwhile. */
  readonly isSentElsewhere = true;

  constructor(private readonly deps: RequestDeps) {}

  draw({ subjectId, version }: Notice): DrawnNotice | undefined {
    const { stores, messages } = this.deps;
    const found = stores.requests.byId(Number(subjectId));
    if (!found || !this.#isToBeTold(found)) return undefined;
    // Its button has the notice's version: a request that failed and was tried again ends twice.
    const request = { ...found, version };
    const { state, askedInChannelId } = request;
    const ids = requestButtonIds(request);
    const announcement = askedInChannelId !== undefined && {
      channelId: askedInChannelId,
      message: () => messages.outcomeAnnounced(request),
    };
    const waits = state === 'approved';
    return {
      findBy: [waits ? ids.show : ids.outcome],
      // A password waits behind a button because direct messages are closed.
      ...(!waits && { message: () => messages.outcome(request) }),
      ...(announcement && { announcement }),
      inReply: () => messages.outcomeInReply(request),
      isOffer: waits,
    };
  }

  over({ subjectId }: Notice): Message | undefined {
    const request = this.deps.stores.requests.byId(Number(subjectId));
    return request && this.deps.messages.outcomeOver(request);
  }

  /** The card says whether the member could be reached, which a message that is only replaced does not change. */
  onStatus({ subjectId, deliveryStatus: before }: Notice): void {
    if (before !== 'told') this.deps.stores.requests.touch(Number(subjectId));
  }

  #isToBeTold(request: Request): boolean {
    const { state, kind, memberId, accountId } = request;
    // The link may have been taken away since.
    if (state === 'done' && kind === 'link') return this.deps.ownership.has(memberId, accountId);
    return state !== 'failed' || !isHelpersAct(request);
  }
}

/**
 * Its member did not ask, and is not told that the helper's own attempt came to nothing; the helper was. A password that
 * waited behind a button was offered to its member, who hears that it is gone.
 */
function isHelpersAct({ origin, decidedBy, memberId, delivery }: Request): boolean {
  return origin === 'direct' && decidedBy !== memberId && delivery !== 'button';
}
