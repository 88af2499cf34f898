/** A message drawn by the commands; what is in it is no business of the services. */
export type Message = object;

/** Where a message stands. */
export interface MessageRef {
  readonly channelId: string;
  readonly messageId: string;
}

/** A message of the bot's own, as it stands at Discord. */
export interface OwnMessage {
  readonly place: MessageRef;
  /** The custom ids of its buttons that can be pressed. */
  readonly buttons: readonly string[];
}

/**
 * How an edit went. `gone`: there is no such message any more. `editLimitReached`: it is there, but was edited so often that
 * Discord lets it rest. `refused`: it is there and stays as it is, for a reason that no repeating mends.
 */
export type Edited = 'edited' | 'gone' | 'editLimitReached' | 'refused';

/** Sends what nobody asked for; 429 is waited for, a passing fault is tried again, all else throws. */
export interface Messenger {
  /** The direct-message channel with somebody, or undefined when they cannot be reached that way. */
  openDm(memberId: string): Promise<string | undefined>;
  /**
   * Creates a message; the same nonce within a few minutes gives the same message, not a second one.
   * Undefined when nobody can be reached in that channel.
   */
  send(channelId: string, message: Message, nonce: string): Promise<MessageRef | undefined>;
  edit(place: MessageRef, message: Message): Promise<Edited>;
  /** The message as it stands, or undefined when it is gone. */
  read(place: MessageRef): Promise<OwnMessage | undefined>;
  /** The bot's newest message among the last of a channel that has a button with this custom id. */
  findOwn(channelId: string, customId: string): Promise<OwnMessage | undefined>;
}
