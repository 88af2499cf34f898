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
  /** The message before, which does not say yet where the card is now. */
  readonly leftMessageId: string | undefined;
  /** The bot has still to try to pin the message. */
  readonly isToPin: boolean;
  /** It is to be taken out of its channel. */
  readonly isRemoving: boolean;
  /** It is taken out because the bot may not write in its channel any more: nobody has decided that. */
  readonly isGivenUp: boolean;
}

export interface StatusCardStore {
  all(): StatusCard[];
  byId(id: number): StatusCard | undefined;
  /** The card of this channel, a new one where there is none; one that was to be taken out is not any more. */
  add(channelId: string): StatusCard;
  /** Notes a new message; the one before is left. */
  sent(id: number, messageId: string, drawn: string, at: number): void;
  edited(id: number, drawn: string, at: number): void;
  /** The message before says where the card is, or is gone. */
  left(id: number): void;
  /** The message is pinned, or the bot may not. */
  pinned(id: number): void;
  /** Notes that it is to be taken out of its channel; false when it was already. */
  removing(id: number): boolean;
  /** The same, and the admins are to hear of it. */
  givenUp(id: number): boolean;
  remove(id: number): void;
}

/** Draws the household's card, in the household's language. */
export interface StatusCardMessages {
  card(id: number): Promise<Message>;
  /** The message before, when the card is another message now. */
  moved(to: MessageRef): Message;
  removed(): Message;
  /** The message to the admins that a card is kept no longer in its channel. */
  givenUp(card: Pick<StatusCard, 'id' | 'channelId'>): Message;
  /** *Cannot sign in?*, with the one button that answers in private. */
  signInHelp(): Message;
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
