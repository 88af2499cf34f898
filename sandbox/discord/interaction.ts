import type { Component, Message } from './model.js';

export interface OpenModal {
  interactionId: string;
  customId: string;
  title: string;
  components: Component[];
}

/** One thing that a person did and the bot has to answer, with all that the bot did about it so far. */
export interface Interaction {
  id: string;
  token: string;
  /** INTERACTION.Command, Component, Autocomplete or ModalSubmit. */
  type: number;
  /** What the person did, for messages of failed tests. */
  did: string;
  userId: string;
  channelId: string;
  guildId?: string;
  createdAt: number;
  /** The message whose component was used, or from which the modal was opened. */
  sourceMessageId?: string;
  /** The control that was used. */
  customId?: string;
  /** COMMAND.ChatInput and so on, for commands only. */
  commandType?: number;
  commandName?: string;
  acknowledged?: { callback: number; at: number };
  /** The message that `@original` means. */
  originalId?: string;
  /** True while the deferred answer still says that the bot is thinking. */
  loading: boolean;
  /** What the person got, in the order it came. */
  answers: Answer[];
  /** Callbacks that were refused because there had been one already, or too late. */
  refusedCallbacks: number;
}

type Answer =
  | { kind: 'message'; messageId: string; firstSeen: Message }
  | { kind: 'update'; messageId: string; firstSeen: Message }
  | { kind: 'choices'; choices: { name: string; value: string | number }[] }
  | { kind: 'modal'; modal: OpenModal };
