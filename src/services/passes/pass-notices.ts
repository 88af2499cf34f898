import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { Request, RequestStore } from '../requests/request.js';
import type { Pass, PassStore } from './pass.js';

export interface PassMessages {
  /** That a restriction is open though its time is over, and why. */
  stillOpen(pass: Pass, request: Request): Message;
  /** What takes the place of that message once it is closed. */
  closedNow(pass: Pass, request: Request): Message;
}

export interface PassNoticesDeps {
  readonly passes: Pick<PassStore, 'byId'>;
  readonly requests: Pick<RequestStore, 'byId'>;
  readonly messages: PassMessages;
}

/** The custom id of the button on the message that a pass is still open, and on no other message. */
export const stillOpenButtonId = ({ id }: Pick<Pass, 'id'>) => `status:end-pass:${id}:1`;

/** Tells the admins that a pass could not be ended in time; the subject is the pass. */
export class PassNotices implements NoticeRenderer {
  constructor(private readonly deps: PassNoticesDeps) {}

  draw(notice: Notice): DrawnNotice | undefined {
    const { pass, request } = this.#about(notice);
    if (!pass || !request || pass.endedAt !== undefined) return undefined;
    return { findBy: [stillOpenButtonId(pass)], message: () => this.deps.messages.stillOpen(pass, request) };
  }

  over(notice: Notice): Message | undefined {
    const { pass, request } = this.#about(notice);
    return pass?.endedAt !== undefined && request ? this.deps.messages.closedNow(pass, request) : undefined;
  }

  #about({ subjectId }: Notice) {
    const pass = this.deps.passes.byId(Number(subjectId));
    return { pass, request: pass && this.deps.requests.byId(pass.requestId) };
  }
}
