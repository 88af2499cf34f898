import type { NoticeDeps } from '../notices/create-notices.js';
import type { DrawnNotice, NoticeRenderer } from '../notices/outbox.js';
import type { StatusCardMessages } from './status-cards.js';

/** The button that stands on the first card, and on no other message. */
export const firstCardButtonId = 'link:free:first';

/** Tells the admins, when the bot is ready for the first time, what is to be done next; the subject is the household. */
export class FirstCard implements NoticeRenderer {
  constructor(private readonly deps: NoticeDeps & { readonly statusCardMessages: StatusCardMessages }) {}

  /** Whether no admin has linked anybody yet; who set the bot up may have linked themselves. */
  get isDue(): boolean {
    return this.deps.stores.links.all().every(({ madeBy }) => madeBy === 'proof' || madeBy === 'commandLine');
  }

  /** At each start, once the bot is ready: sends it where it is due and was never sent. Never throws. */
  async show(): Promise<void> {
    this.deps.outbox.owe({ kind: 'firstCard', subjectId: 'household', recipientId: 'admins' });
    await this.deps.outbox.deliver(['firstCard']);
  }

  draw(): DrawnNotice | undefined {
    const { statusCardMessages: messages } = this.deps;
    return this.isDue ? { findBy: [firstCardButtonId], message: () => messages.firstCard() } : undefined;
  }
}
