import type { MessageRef, Message } from '../notices/messenger-port.js';

/** The household's card in one channel. Times are milliseconds since 1970. */
export interface StatusCard {
  readonly id: number;
  readonly channelId: string;
  /** Undefined while it is not known to have been sent. */
  readonly messageId: string | undefined;
  /** A digest of the message as it is shown. */
  readonly drawn: string | undefined;
  readonly sentAt: number | undefined;
  readonly editedAt: number | undefined;
  /** The former message, which is still to be deleted. */
  readonly leftMessageId: string | undefined;
  /** The bot still has to try to pin the message. */
  readonly isToPin: boolean;
  /** Somebody wants it out of its channel. */
  readonly isRemoving: boolean;
}

export interface StatusCardStore {
  all(): StatusCard[];
  byId(id: number): StatusCard | undefined;
  /** The card of this channel, which is made where there is none, and stays where it was to be taken out. */
  add(channelId: string): StatusCard;
  /** Notes a new message; the former one becomes `leftMessageId`. */
  sent(id: number, messageId: string, drawn: string, at: number): void;
  edited(id: number, drawn: string, at: number): void;
  /** Notes that the former message was deleted. */
  left(id: number): void;
  /** Notes that the message is pinned, or that the bot may not pin it. */
  pinned(id: number): void;
  /** Notes that it is to be taken out of its channel; false when it was already. */
  removing(id: number): boolean;
  remove(id: number): void;
}

/** Draws the household's card, in the household's language. */
export interface StatusCardMessages {
  card(id: number): Promise<Message>;
  /** The message to the admins that a card is kept no longer in its channel. */
  givenUp(card: Pick<StatusCard, 'id' | 'channelId'>): Message;
  /** The first message to the admins: what is to be done next. */
  firstCard(): Message;
  /** *Cannot sign in?*, with the one button that answers in private. */
  signInHelp(): Message;
}

/** The channels in which cards are kept. */
export interface Channels {
  /** Whether everybody in the server can read it. Throws AppError `cannotPostThere` when it cannot be seen. */
  isOpenToAll(channelId: string): Promise<boolean>;
  /** Pins a message; false when the bot may not, or the channel is full of pins. */
  pin(at: MessageRef): Promise<boolean>;
  /** Deletes a message of the bot's own, where that is still possible. */
  remove(at: MessageRef): Promise<void>;
}
