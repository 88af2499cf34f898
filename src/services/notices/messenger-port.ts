/** A message drawn by the commands; services do not look into it. */
export type Message = object;

/** The channel and the id of a message. */
export interface MessageRef {
  readonly channelId: string;
  readonly messageId: string;
}

/** A message of the bot's own, as it stands at Discord. */
export interface OwnMessage {
  readonly at: MessageRef;
  /** The custom ids of its buttons that can be pressed. */
  readonly buttons: readonly string[];
}

/**
 * How an edit went. `gone`: the message was deleted. `editLimitReached`: it was edited so often that Discord allows no further
 * edit for now. `refused`: it stays as it is, and trying again would not help.
 */
export type Edited = 'edited' | 'gone' | 'editLimitReached' | 'refused';

/** Sends and edits messages outside of interactions. Waits for 429, tries temporary faults again, and throws other errors. */
export interface Messenger {
  /** The direct-message channel with a member; undefined when they cannot be reached that way. */
  openDm(memberId: string): Promise<string | undefined>;
  /**
   * Creates a message. The same nonce within a few minutes returns the same message, not a second one.
   * Undefined when nobody can be reached in that channel.
   */
  send(channelId: string, message: Message, nonce: string): Promise<MessageRef | undefined>;
  edit(at: MessageRef, message: Message): Promise<Edited>;
  /** The message as it is now; undefined when it was deleted. */
  read(at: MessageRef): Promise<OwnMessage | undefined>;
  /** The newest of the bot's messages with one of these custom ids on a button, among the last messages of a channel. */
  findOwn(channelId: string, customIds: readonly string[]): Promise<OwnMessage | undefined>;
}
