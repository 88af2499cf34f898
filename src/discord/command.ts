import type { ModalBuilder } from 'discord.js';
import type { Actor } from '../services/members/actor.js';
import type { Translate } from '../words.js';
import type { CommandData } from './command-data.js';
import type { Guard } from './guards.js';
import type { MessageBody } from './parts.js';

/** What a handler returns; only dispatch talks to Discord. */
export interface Reply {
  /** The one answer: a new message for `private`; for `update`, a message that only the person who pressed sees. */
  readonly answer?: MessageBody;
  /** For `update`: the new content of the message with the button. */
  readonly update?: MessageBody;
  /** Files sent with the answer or the update, which refers to them by name. */
  readonly files?: readonly ReplyFile[];
  /** Deletes the answer after this time (an interaction's token lives 15 minutes). */
  readonly deleteAfterMs?: number;
  /** For `private`: what the message that was pressed becomes once the answer has arrived. */
  readonly pressed?: MessageBody;
  /** Called when Discord has accepted the answer, for what may only be done after that. */
  readonly delivered?: () => void | Promise<void>;
  /** Called when the answer did not arrive, or may not have arrived. */
  readonly lost?: () => void | Promise<void>;
  /**
   * For `private`: called when the answer has arrived, with a function that changes it while the interaction's token lives.
   * Dispatch does not wait for it.
   */
  readonly later?: (change: (answer: MessageBody) => Promise<unknown>) => Promise<void>;
}

export interface ReplyFile {
  readonly name: string;
  readonly data: Buffer;
}

/** What every handler is given. */
export interface Context {
  readonly actor: Actor;
  readonly t: Translate;
  /** The server channel where it was typed or pressed; undefined in direct messages. */
  readonly channelId: string | undefined;
}

export interface CommandContext extends Context {
  /** A text option as typed, or undefined where it was left out. */
  readonly text: (option: string) => string | undefined;
  /** A user option. */
  readonly member: (option: string) => PickedMember | undefined;
  /** For a user menu: the member it was opened on. */
  readonly target: PickedMember | undefined;
}

export interface PickedMember extends Omit<Actor, 'rank'> {
  readonly isBot: boolean;
  readonly inServer: boolean;
}

export interface ComponentContext extends Context {
  /** The part after `command:action:` in the custom id. */
  readonly id: string;
  readonly page: number;
  /** The message that the button or select stands on. */
  readonly messageId: string;
  /** Whether that message is an answer to a command, which can become another answer; a notice cannot. */
  readonly onAnswer: boolean;
  /** For a select: the chosen values. */
  readonly values: readonly string[];
  /** For a select of people: who was chosen. */
  readonly picked: readonly PickedMember[];
  /** The members preselected in this message's user selects, by custom id, as shown when the button was pressed. */
  readonly presets: () => ReadonlyMap<string, string>;
  /** What that message says. */
  readonly text: () => string;
}

export interface ModalContext extends Context {
  readonly id: string;
  /** The message whose button opened the modal. */
  readonly messageId: string | undefined;
  /** As for a component. */
  readonly onAnswer: boolean;
  /** What was typed into a field. */
  readonly field: (name: string) => string;
  /** What was chosen of a few things. */
  readonly choice: (name: string) => string | undefined;
}

interface ChoicesContext extends Context {
  readonly typed: string;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

interface Handler<C, R> {
  readonly guard: Guard;
  readonly run: (context: C) => Promise<R> | R;
}

export type ChoicesHandler = Handler<ChoicesContext, readonly Choice[]>;

/** Acknowledged in private (a new answer) or as an update of the message that was pressed. */
interface ModalHandler extends Handler<ModalContext, Reply> {
  readonly acknowledge: 'private' | 'update';
}

/** A button or select. */
export interface ComponentHandler extends Handler<ComponentContext, Reply>, Pick<ModalHandler, 'acknowledge'> {
  /** Shows owed notices before the answer, as every command does. */
  readonly hasPrelude?: boolean;
  /** What the audit of a refusal keeps instead of id and choice, where those must not be stored. */
  readonly subject?: (pressed: Pick<ComponentContext, 'id' | 'values'>) => string;
}

/** A button that opens a modal at once. Its guard only knows the payload; the modal's own guard knows everything. */
interface ModalOpener {
  readonly acknowledge: 'modal';
  readonly guard: Guard;
  /** Synchronous on purpose: a modal must be the first answer, so there is no time to ask anybody. */
  readonly run: (context: ComponentContext) => ModalBuilder;
}

/** One slash command or user menu, with the buttons, selects and modals that it draws: one file in `commands/`. */
export interface Command extends Handler<CommandContext, Reply> {
  readonly data: CommandData;
  /** Autocomplete, by option. */
  readonly choices?: Readonly<Record<string, ChoicesHandler>>;
  readonly buttons?: Readonly<Record<string, ComponentHandler | ModalOpener>>;
  readonly selects?: Readonly<Record<string, ComponentHandler>>;
  readonly modals?: Readonly<Record<string, ModalHandler>>;
}

/** What can be pressed, chosen or sent off, by the action in its custom id. */
export type Handlers = Pick<Command, 'buttons' | 'selects' | 'modals'>;

/** Makes handlers that are acknowledged in one way. */
const acknowledgedBy =
  <A extends 'private' | 'update' | 'modal'>(acknowledge: A) =>
  <C, R>(guard: Guard, run: (context: C) => R) => ({ acknowledge, guard, run });

/** Answers a press or a choice with a new message that only its person sees. */
export const inPrivate = acknowledgedBy('private');
/** Answers it by changing the message that was pressed. */
export const inPlace = acknowledgedBy('update');
/** Answers it with a form. */
export const withForm = acknowledgedBy('modal');

/** Gives a command's parts their types. */
export function defineCommand(command: Command): Command {
  return command;
}
