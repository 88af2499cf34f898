import type { Link, LinkStore } from '../accounts/link.js';
import type { Log } from '../log.js';
import type { Message, Messenger } from '../notices/messenger-port.js';
import { KeyedMutex } from '../../keyed-mutex.js';

export interface GreetingMessages {
  /** The first direct message after a link: what it is, and what the bot will write about. */
  greeting(link: Link): Message;
}

/** The buttons of which one stands on a greeting about this account, and on no other message. */
export const greetingMark = {
  notThese: (accountId: string) => `link:not-these:${accountId}`,
  these: (accountId: string) => `link:these:${accountId}`,
  /** Where there is nothing to choose. */
  show: (accountId: string) => `status:check:linked-${accountId}`,
};

/** The first direct message after somebody was linked; where those are closed, they read it at their next command. */
export class Greetings {
  readonly #locks = new KeyedMutex<string>();

  constructor(
    private readonly links: LinkStore,
    private readonly messenger: Messenger,
    private readonly messages: GreetingMessages,
    private readonly log: Log,
  ) {}

  /** Greets everybody who is still to be. Never throws: what Discord's troubles delayed comes with the next round. */
  async round(recovering = false): Promise<void> {
    for (const { memberId, accountId } of this.links.greetingsDue()) await this.greet(memberId, accountId, recovering);
  }

  greet(memberId: string, accountId: string, recovering = false): Promise<void> {
    const key = `${memberId} ${accountId}`;
    return this.#locks.run(key, async () => {
      const link = this.links.greetingsDue().find((each) => each.memberId === memberId && each.accountId === accountId);
      if (!link) return;
      try {
        this.links.setGreeting(memberId, accountId, (await this.#isSent(link, recovering)) ? 'told' : 'next');
      } catch (err) {
        this.log.warn({ err, member: memberId }, 'somebody who was linked could not be greeted yet');
      }
    });
  }

  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #isSent(link: Link, recovering: boolean): Promise<boolean> {
    const channelId = await this.messenger.openDm(link.memberId);
    if (channelId === undefined) return false;
    // A bot that was killed while sending may have sent it.
    if (recovering && (await this.#isThere(channelId, link))) return true;
    const nonce = `g${link.linkedAt.toString(36)}.${link.accountId.slice(0, 12)}`;
    return (await this.messenger.send(channelId, this.messages.greeting(link), nonce)) !== undefined;
  }

  /** With whichever button: the person may have pressed it since. */
  async #isThere(channelId: string, { accountId }: Link): Promise<boolean> {
    for (const mark of Object.values(greetingMark))
      if (await this.messenger.findOwn(channelId, mark(accountId))) return true;
    return false;
  }
}
