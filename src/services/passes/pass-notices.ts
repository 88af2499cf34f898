import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { Request } from '../requests/request.js';
import type { Pass, PassDeps } from './pass.js';

/** The custom id of the button on the message that a pass is still open, and on no other message. */
export const stillOpenButtonId = ({ id }: Pick<Pass, 'id'>) => `status:end-pass:${id}:1`;
/** The same for the message that it was ended early: asks for another one. */
export const endedEarlyButtonId = ({ id, accountId }: Pass) => `status:pass:${accountId}:${id}`;

/** Tells the admins that a pass could not be ended in time, and owners that somebody else ended it early; the subject is the pass. */
export class PassNotices implements NoticeRenderer {
  constructor(private readonly deps: PassDeps) {}

  draw(notice: Notice): DrawnNotice | 'later' | undefined {
    const { pass, request } = this.#about(notice);
    if (!pass || !request) return undefined;
    if (notice.kind === 'passEndedEarly') return this.#endedEarly(notice.recipientId, pass, request);
    if (pass.endedAt !== undefined) return undefined;
    return { findBy: [stillOpenButtonId(pass)], message: () => this.deps.passMessages.stillOpen(pass, request) };
  }

  over(notice: Notice): Message | undefined {
    const { pass, request } = this.#about(notice);
    if (notice.kind !== 'passStillOpen') return undefined;
    return pass?.endedAt !== undefined && request ? this.deps.passMessages.closedNow(pass, request) : undefined;
  }

  #endedEarly(memberId: string, pass: Pass, request: Request): DrawnNotice | 'later' | undefined {
    const { ownership, passMessages: messages } = this.deps;
    const when = ownership.toBeTold(memberId, pass.accountId);
    if (when !== 'now') return when;
    return {
      findBy: [endedEarlyButtonId(pass)],
      message: () => messages.endedEarly(memberId, pass, request),
      inReply: 'same',
    };
  }

  #about({ subjectId }: Notice) {
    const pass = this.deps.stores.passes.byId(Number(subjectId));
    return { pass, request: pass && this.deps.stores.requests.byId(pass.requestId) };
  }
}
