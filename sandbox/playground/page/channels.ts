import type { SeenChannel } from '../shared.js';
import type { Store } from './store.js';

/** The channels of one phone: which its owner sees, what they are called, and how much in them is unread. */
export class Channels {
  /** Until which message each channel was read. */
  readonly #read = new Map<string, string>();

  /** `owner`: the id of whose phone it is by now. */
  constructor(
    private readonly store: Store,
    private readonly owner: () => string,
  ) {}

  /** The channels that its owner sees, and their direct messages last. */
  get seen(): SeenChannel[] {
    const isDirect = ({ id }: SeenChannel) => this.isDirect(id);
    const seen = this.store.channels.filter((each) => each.seenBy.includes(this.owner()) || isDirect(each));
    return seen.sort((one, other) => Number(isDirect(one)) - Number(isDirect(other)));
  }

  isDirect(channel: string): boolean {
    return channel === this.store.person(this.owner())?.directChannel;
  }

  nameOf(channel: string): string {
    const { names, channels } = this.store;
    if (this.isDirect(channel)) return `@${names.users[names.botId] ?? ''}`;
    return `#${channels.find(({ id }) => id === channel)?.name ?? ''}`;
  }

  /** What is there counts as read. */
  markAllRead(): void {
    this.#read.clear();
    for (const { id } of this.seen) this.markRead(id);
  }

  markRead(channel: string): void {
    const last = this.store.messages(channel, this.owner()).at(-1);
    if (last) this.#read.set(channel, last[0]);
  }

  unreadIn(channel: string): number {
    const messages = this.store.messages(channel, this.owner());
    const read = messages.findIndex(([id]) => id === this.#read.get(channel));
    return messages.slice(read + 1).filter(([, { ephemeral }]) => !ephemeral).length;
  }

  /** All that is unread. */
  unread(): number {
    return this.seen.reduce((sum, { id }) => sum + this.unreadIn(id), 0);
  }
}
