import type { Link, LinkStore } from '../accounts/link.js';
import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';

export interface GreetingMessages {
  /** The first direct message after a link: what it is, and what the bot will write about. */
  greeting(link: Link): Message;
  /** The same as part of a reply, as it could not be sent. */
  greetingInReply(link: Link): Message;
}

/** The buttons of which one stands on a greeting about this account, and on no other message. */
export const greetingMark = {
  notThese: (accountId: string) => `link:not-these:${accountId}`,
  these: (accountId: string) => `link:these:${accountId}`,
  /** Where there is nothing to choose. */
  show: (accountId: string) => `status:check:linked-${accountId}`,
};

/** Renders the first direct message after somebody was linked; the subject is the account. */
export class LinkGreetings implements NoticeRenderer {
  constructor(
    private readonly links: Pick<LinkStore, 'everyOf'>,
    private readonly messages: GreetingMessages,
  ) {}

  draw({ recipientId, subjectId }: Notice): DrawnNotice | 'later' | undefined {
    const link = this.links.everyOf(recipientId).find(({ accountId }) => accountId === subjectId);
    if (!link) return undefined;
    if (link.asleepSince !== undefined) return 'later';
    return {
      // Any of the buttons: the person may have pressed one since.
      findBy: Object.values(greetingMark).map((mark) => mark(subjectId)),
      message: () => this.messages.greeting(link),
      inReply: () => this.messages.greetingInReply(link),
    };
  }
}
