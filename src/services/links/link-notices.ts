import type { KeptLink } from '../accounts/link.js';
import { counts } from '../accounts/ownership.js';
import type { Notice } from '../notices/notice.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { LinkDeps, LinkNews } from './link-ports.js';

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
  constructor(private readonly deps: LinkDeps) {}

  draw({ kind, recipientId, subjectId }: Notice): DrawnNotice | 'later' | undefined {
    const link = this.deps.stores.links.between(recipientId, subjectId);
    if (!link) return undefined;
    if (kind === 'linkUnproved') return this.#unproved(link);
    if (!counts(link)) return 'later';
    return {
      // Any of the buttons: the person may have pressed one since.
      findBy: Object.values(greetingButtonId).map((idFor) => idFor(subjectId)),
      message: () => this.deps.linkMessages.greeting(link),
      inReply: () => this.deps.linkMessages.greetingInReply(link),
    };
  }

  #unproved(link: KeptLink): DrawnNotice | undefined {
    if (counts(link) || link.asleepSince !== undefined) return undefined;
    return {
      findBy: [unprovedButtonId(link.accountId)],
      message: () => this.deps.linkMessages.unproved(link),
      inReply: 'same',
    };
  }
}

/** The button that stands on the message about one link that was taken away, and on no other. */
export const unlinkedButtonId = (newsId: number) => `status:check:unlinked-${newsId}`;

/** Renders that an admin took somebody's link away; the subject is the news of it. */
export class UnlinkNotices implements NoticeRenderer {
  constructor(private readonly deps: LinkDeps) {}

  draw({ subjectId }: Notice): DrawnNotice | undefined {
    const id = Number(subjectId);
    const news = this.deps.stores.linkNews.byId(id);
    if (!news) return undefined;
    const message = () => this.deps.linkMessages.unlinked(id, news);
    return { findBy: [unlinkedButtonId(id)], message, inReply: 'same' };
  }
}

/** The button by which such a card is found again. */
export const newsButtonId = (batch: number) => `link:free:news${batch}`;

/** Tells the admins what became of links: one card for all that is new, and no ping. The subject is a batch of news. */
export class LinkNewsDesk implements NoticeRenderer {
  constructor(private readonly deps: LinkDeps) {}

  /** Notes news; it goes into the card that is to be sent next. Returns its number. */
  add(news: LinkNews): number {
    const { stores, outbox, now } = this.deps;
    return stores.transaction(() => {
      const next = outbox.notBegun('linkNews');
      const { id, batch } = stores.linkNews.add(news, now(), next && Number(next.subjectId));
      outbox.owe({ kind: 'linkNews', subjectId: `${batch}`, recipientId: 'admins' });
      return id;
    });
  }

  /** Tells what is untold. */
  tell(): Promise<void> {
    return this.deps.outbox.deliver(['linkNews']);
  }

  draw({ subjectId }: Notice): DrawnNotice | undefined {
    const batch = Number(subjectId);
    const news = this.deps.stores.linkNews.ofBatch(batch);
    if (news.length === 0) return undefined;
    return { findBy: [newsButtonId(batch)], message: () => this.deps.linkMessages.news(batch, news) };
  }
}
