import {
  type AutocompleteInteraction,
  type BaseInteraction,
  type ChatInputCommandInteraction,
  type CommandInteraction,
  type Message,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
  type User,
  type UserContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import { AppError } from '../errors.js';
import type { Actor } from '../services/members/actor.js';
import type { Translate } from '../words.js';
import type { AuditEntry } from '../services/audit.js';
import type { OptionData } from './command-data.js';
import type {
  Choice,
  Command,
  ComponentHandler,
  Context,
  ModalOpener,
  PickedMember,
  Pressed,
  Reply,
} from './command.js';
import type { Guard } from './guards.js';
import { presetPeople } from './parts.js';
import { parseCustomId, type CommandRoutes, type Routed } from './routes.js';

export type Answerable = CommandInteraction | MessageComponentInteraction | ModalSubmitInteraction;

/** For the audit of a refusal: what it was about, and whom. */
type Subject = Pick<AuditEntry, 'detail' | 'memberId'>;

interface Common {
  /** For the log and the audit, such as `requests approve`. */
  readonly name: string;
  readonly guards: readonly Guard[];
  readonly subject?: Subject;
  /** What the person has still to hear is put before the answer. */
  readonly hasPrelude?: boolean | undefined;
  /** Only the person who asked sees the answer, in direct messages, too. */
  readonly isSecret?: boolean;
}

/** What is to be done about an interaction, and how it is acknowledged. */
export type Plan = Common &
  (
    | {
        readonly kind: 'choices';
        readonly interaction: AutocompleteInteraction;
        readonly run: (actor: Actor) => Promise<readonly Choice[]>;
      }
    | { readonly kind: 'modal'; readonly interaction: Answerable; readonly open: () => Promise<void> }
    | {
        readonly kind: 'private' | 'update';
        readonly interaction: Answerable;
        readonly run: (actor: Actor) => Promise<Reply>;
      }
  );

/**
 * Finds the handler that an interaction is for; what nobody handles (any more) is answered with a sentence.
 * Throws on what cannot be answered at all.
 */
export function planFor(interaction: BaseInteraction, routes: CommandRoutes, t: Translate): Plan {
  const context = (actor: Actor): Context => ({
    actor,
    t,
    inServer: interaction.guildId !== null,
    channelId: interaction.channelId ?? undefined,
  });
  if (interaction.isAutocomplete()) return choicesPlan(interaction, routes, context);
  if (interaction.isChatInputCommand() || interaction.isUserContextMenuCommand()) {
    return commandPlan(interaction, routes, context);
  }
  if (interaction.isModalSubmit()) {
    const found = routes.modal(interaction.customId);
    if (!found) return outdated(interaction, interaction.customId);
    const field = (name: string) => interaction.fields.getTextInputValue(name);
    const run = async (actor: Actor) =>
      found.handler.run({ ...context(actor), id: found.at.id, ...messageOf(interaction.message), field });
    return { kind: found.handler.acknowledge, ...namesOf(found), subject: { detail: found.at.id }, interaction, run };
  }
  if (interaction.isMessageComponent()) return componentPlan(interaction, routes, context);
  // A message's menu or an activity, left over from another build of this bot.
  if (interaction.isCommand()) return outdated(interaction, interaction.commandName);
  throw new Error(`no way to answer an interaction of type ${String(interaction.type)}`);
}

type MakeContext = (actor: Actor) => Context;

function choicesPlan(interaction: AutocompleteInteraction, routes: CommandRoutes, context: MakeContext): Plan {
  const option = interaction.options.getFocused(true);
  const choices = routes.command(interaction.commandName)?.choices;
  const handler = choices && Object.hasOwn(choices, option.name) ? choices[option.name] : undefined;
  return {
    kind: 'choices',
    name: `${interaction.commandName} ${option.name}?`,
    guards: handler?.guards ?? [],
    interaction,
    run: async (actor) => handler?.run({ ...context(actor), typed: option.value }) ?? [],
  };
}

function commandPlan(
  interaction: ChatInputCommandInteraction | UserContextMenuCommandInteraction,
  routes: CommandRoutes,
  context: MakeContext,
): Plan {
  const command = routes.command(interaction.commandName);
  if (!command) return outdated(interaction, interaction.commandName);
  const isSlash = interaction.isChatInputCommand();
  const run = async (actor: Actor) =>
    command.run({
      ...context(actor),
      text: (name) => (isSlash ? (interaction.options.getString(name)?.trim() ?? undefined) : undefined),
      member: (name) => {
        const user = isSlash ? interaction.options.getUser(name) : null;
        return user && isSlash ? pickedMember(user, interaction.options.getMember(name)) : undefined;
      },
      target: isSlash ? undefined : pickedMember(interaction.targetUser, interaction.targetMember),
    });
  const { commandName: name } = interaction;
  const isSecret = command.ephemeral === 'always';
  const subject = triedOn(interaction, command);
  return { kind: 'private', name, guards: command.guards, subject, interaction, run, hasPrelude: true, isSecret };
}

function pickedMember(user: User, member: object | null): PickedMember {
  return { id: user.id, name: user.displayName, isBot: user.bot, inServer: member !== null };
}

function messageOf(message: Message | null) {
  return { messageId: message?.id, onAnswer: message?.flags.has(MessageFlags.IsComponentsV2) ?? false };
}

function componentPlan(interaction: MessageComponentInteraction, routes: CommandRoutes, context: MakeContext): Plan {
  const { customId } = interaction;
  const found = interaction.isButton() ? routes.button(customId) : routes.select(customId);
  if (!found) return outdated(interaction, customId);
  const { handler, at } = found;
  const pressed = { id: at.id, values: interaction.isAnySelectMenu() ? interaction.values : [] };
  const full = (actor: Actor) => ({
    ...context(actor),
    ...pressed,
    page: at.page,
    ...messageOf(interaction.message),
    messageId: interaction.message.id,
    picked: interaction.isUserSelectMenu()
      ? interaction.users.map((user) => pickedMember(user, interaction.members.get(user.id) ?? null))
      : [],
    presets: presetPeople(interaction.message.components.map((each) => each.toJSON())),
  });
  const names = { ...namesOf(found), subject: pressedOn(handler, pressed) };
  if (handler.acknowledge !== 'modal') {
    const isSecret = handler.ephemeral === 'always';
    return {
      kind: handler.acknowledge,
      ...names,
      isSecret,
      hasPrelude: handler.hasPrelude,
      interaction,
      run: async (actor) => handler.run(full(actor)),
    };
  }
  // Who presses is looked at again, in full, when the modal is sent off; nobody's rank is told to its drawing.
  const presser: Actor = {
    id: interaction.user.id,
    name: interaction.user.displayName,
    rank: 'member',
    locale: interaction.locale,
  };
  const open = () => interaction.showModal(handler.run(full(presser))).then(() => undefined);
  return { kind: 'modal', ...names, interaction, open };
}

function namesOf(found: Routed<{ readonly guards: readonly Guard[] }>) {
  const { command, action } = found.at;
  return { name: `${command} ${action}`, guards: found.handler.guards };
}

/** An old button, or a command that this build does not have: still an interaction that wants its one answer. */
function outdated(interaction: Answerable, name: string): Plan {
  const run = () => Promise.reject(new AppError('cardOutdated'));
  // What its id holds only the build knew that drew it: it may be what must not be kept.
  const at = parseCustomId(name);
  const detail = cut(at ? `${at.command}:${at.action}` : name);
  return { kind: 'private', name: 'outdated', subject: { detail }, guards: [], interaction, run };
}

/** Whose account was named, and whom: options of other kinds may hold what must not be kept, such as a code. */
function triedOn(
  interaction: ChatInputCommandInteraction | UserContextMenuCommandInteraction,
  { data }: Command,
): Subject {
  if (!interaction.isChatInputCommand()) return { memberId: interaction.targetId };
  const options = data.type === 'slash' ? (data.options ?? []) : [];
  const first = (kind: OptionData['kind']) => {
    const option = options.find((each) => each.kind === kind);
    return option && interaction.options.get(option.name)?.value;
  };
  const [account, member] = [first('account'), first('member')];
  return {
    ...(account !== undefined && { detail: cut(String(account).trim()) }),
    ...(member !== undefined && { memberId: String(member) }),
  };
}

/** What was pressed or chosen; a handler whose id holds what must not be kept says itself what may be. */
function pressedOn(handler: ComponentHandler | ModalOpener, pressed: Pressed): Subject {
  const given = handler.acknowledge === 'modal' ? undefined : handler.subject?.(pressed);
  return { detail: cut(given ?? [pressed.id, ...pressed.values].join(' ')) };
}

/** Forged or typed, it may be of any length. */
const cut = (text: string) => [...text].slice(0, 100).join('');
