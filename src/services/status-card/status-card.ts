import type { MessageRef, Message } from '../notices/messenger-port.js';

/** The household's card in one channel. Times are milliseconds since 1970. */
export interface StatusCard {
  readonly id: number;
  readonly channelId: string;
  /** Undefined while it is being sent. */
  readonly messageId: string | undefined;
  /** Goes up with each new message, before it is sent. */
  readonly generation: number;
  /** A digest of what stands there. */
  readonly drawn: string | undefined;
  readonly sentAt: number | undefined;
  readonly editedAt: number | undefined;
  /** The message before, which does not say yet where the card is now. */
  readonly leftMessageId: string | undefined;
  /** It was not tried yet to pin what stands there. */
  readonly isToPin: boolean;
  /** It is to be taken away, and may still stand there. */
  readonly isRemoving: boolean;
  /** It is taken away because it cannot stand in its channel any more, which nobody has decided. */
  readonly isGivenUp: boolean;
}

export interface StatusCardStore {
  all(): StatusCard[];
  byId(id: number): StatusCard | undefined;
  /** A new message is going to be sent in this channel; what stood there is left. */
  begin(channelId: string): StatusCard;
  sent(id: number, messageId: string, drawn: string, at: number): void;
  edited(id: number, drawn: string, at: number): void;
  /** The message before says where the card is, or is gone. */
  pointed(id: number): void;
  /** It is pinned, or the bot may not. */
  pinned(id: number): void;
  /** It is to be taken away; false when it was already. */
  removing(id: number): boolean;
  /** The same, and the admins are to hear of it. */
  givenUp(id: number): boolean;
  remove(id: number): void;
}

/** Draws the household's card, in the household's language. */
export interface StatusCardMessages {
  card(id: number): Promise<Message>;
  /** What is left of one that stands elsewhere now. */
  moved(to: MessageRef): Message;
  removed(): Message;
  /** The word to the admins that a card is kept no longer in its channel. */
  givenUp(card: Pick<StatusCard, 'id' | 'channelId'>): Message;
  /** *Cannot sign in?*, with the one button that answers in private. */
  keylessJellyfin(): Message;
}

/** What the bot needs to know of a channel before it leaves something there. */
export interface Channels {
  /** Whether everybody in the server can read it. Throws AppError `cannotPostThere` when it cannot be seen. */
  isOpenToAll(channelId: string): Promise<boolean>;
  /** Pins a message; false when the bot may not, or the channel is full of pins. */
  pin(place: MessageRef): Promise<boolean>;
  unpin(place: MessageRef): Promise<void>;
  /** Deletes a message of the bot's own, where that is still possible. */
  remove(place: MessageRef): Promise<void>;
}
