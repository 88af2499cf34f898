import type { KeptLink, Link, LinkStore } from '../accounts/link.js';
import { counts } from '../accounts/ownership.js';
import type { Message } from '../notices/messenger-port.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer, Outbox } from '../notices/outbox.js';
import type { Transaction } from '../transaction.js';

export interface GreetingMessages {
  /** The first direct message after a link: what it is, and what the bot will write about. */
  greeting(link: Link): Message;
  /** The same as part of a reply, as it could not be sent. */
  greetingInReply(link: Link): Message;
  /** That a link sleeps until it is proved, as its account is an administrator's. */
  unproved(link: Link): Message;
  unprovedInReply(link: Link): Message;
}

/** The buttons of which one stands on a greeting about this account, and on no other message. */
export const greetingButtonId = {
  notThese: (accountId: string) => `link:not-these:${accountId}`,
  these: (accountId: string) => `link:these:${accountId}`,
  /** Where there is nothing to choose. */
  show: (accountId: string) => `status:check:linked-${accountId}`,
};

/** The button that stands on the message about a link that sleeps until it is proved, and on no other. */
export const unprovedButtonId = (accountId: string) => `link:prove:${accountId}`;

/** Renders the first direct message after somebody was linked, and that their link sleeps; the subject is the account. */
export class LinkGreetings implements NoticeRenderer {
  constructor(
    private readonly links: Pick<LinkStore, 'between'>,
    private readonly messages: GreetingMessages,
  ) {}

  draw({ kind, recipientId, subjectId }: Notice): DrawnNotice | 'later' | undefined {
    const link = this.links.between(recipientId, subjectId);
    if (!link) return undefined;
    if (kind === 'linkUnproved') return this.#unproved(link);
    if (!counts(link)) return 'later';
    return {
      // Any of the buttons: the person may have pressed one since.
      findBy: Object.values(greetingButtonId).map((idFor) => idFor(subjectId)),
      message: () => this.messages.greeting(link),
      inReply: () => this.messages.greetingInReply(link),
    };
  }

  #unproved(link: KeptLink): DrawnNotice | undefined {
    if (counts(link) || link.asleepSince !== undefined) return undefined;
    return {
      findBy: [unprovedButtonId(link.accountId)],
      message: () => this.messages.unproved(link),
      inReply: () => this.messages.unprovedInReply(link),
    };
  }
}

/**
 * What happens to links without an admin's doing: `proved` by a code; `left`: their member is away, and the link sleeps;
 * `back`; `dropped` after a month of sleep; `unproved`: it sleeps, as the account is an administrator's; the account was `renamed` or `deleted`; `otherServer`: none of the linked
 * accounts is there any more.
 */
export type LinkNewsKind = 'proved' | 'left' | 'back' | 'dropped' | 'unproved' | 'renamed' | 'deleted' | 'otherServer';

export interface LinkNews {
  readonly kind: LinkNewsKind;
  /** Empty for `otherServer`. */
  readonly memberId: string;
  readonly accountName: string;
  readonly newName?: string | undefined;
}

export interface LinkNewsStore {
  /** Puts it into a batch, or into one of its own; gives back the batch. */
  add(news: LinkNews, at: number, batch: number | undefined): number;
  ofBatch(batch: number): LinkNews[];
  /** Whether there is such news, told or not, that has not been settled since. */
  isKnown(kind: LinkNewsKind): boolean;
  /** It is not so any more: the next time it is news again. */
  settle(kind: LinkNewsKind): void;
}

/** Draws the card about news that go out together. */
export interface LinkNewsMessages {
  news(batch: number, news: readonly LinkNews[]): Message;
}

/** The button by which such a card is found again. */
export const newsButtonId = (batch: number) => `link:free:news${batch}`;

export interface LinkNewsDeskDeps {
  readonly store: LinkNewsStore;
  readonly outbox: Pick<Outbox, 'owe' | 'notBegun' | 'deliver'>;
  readonly messages: LinkNewsMessages;
  readonly transaction: Transaction;
  readonly now: () => number;
}

/** Tells the admins what became of links: one card for all that is new, and no ping. The subject is a batch of news. */
export class LinkNewsDesk implements NoticeRenderer {
  constructor(private readonly deps: LinkNewsDeskDeps) {}

  /** Notes news; it goes into the card that is to be sent next. */
  add(news: LinkNews): void {
    const { store, outbox, transaction, now } = this.deps;
    transaction(() => {
      const next = outbox.notBegun('linkNews');
      const batch = store.add(news, now(), next && Number(next.subjectId));
      if (!next) outbox.owe({ kind: 'linkNews', subjectId: `${batch}`, recipientId: 'admins' });
    });
  }

  isKnown(kind: LinkNewsKind): boolean {
    return this.deps.store.isKnown(kind);
  }

  settle(kind: LinkNewsKind): void {
    this.deps.store.settle(kind);
  }

  /** Tells what is untold. */
  tell(): Promise<void> {
    return this.deps.outbox.deliver(['linkNews']);
  }

  draw({ subjectId }: Notice): DrawnNotice | undefined {
    const batch = Number(subjectId);
    const news = this.deps.store.ofBatch(batch);
    if (news.length === 0) return undefined;
    return { findBy: [newsButtonId(batch)], message: () => this.deps.messages.news(batch, news) };
  }
}
