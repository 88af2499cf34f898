import {
  type AutocompleteInteraction,
  type BaseInteraction,
  type ChatInputCommandInteraction,
  type CommandInteraction,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
  type User,
  type UserContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import { AppError } from '../errors.js';
import type { Actor } from '../services/members/actor.js';
import { hourMs } from '../time.js';
import type { Translate } from '../words.js';
import type { AuditEntry } from '../services/audit.js';
import { namesIn } from './actor.js';
import type { OptionData } from './command-data.js';
import type { Choice, Command, Context, PickedMember, Reply } from './command.js';
import { everyone, type Guard } from './guards.js';
import { presetPeople, textOf } from './read-message.js';
import { parseCustomId, type CommandRoutes } from './routes.js';

export type Answerable = CommandInteraction | MessageComponentInteraction | ModalSubmitInteraction;

/** What the audit keeps of a refused press or command: what and whom it was about. */
type Subject = Pick<AuditEntry, 'detail' | 'memberId'>;

interface Common {
  /** For the log and the audit, such as `requests approve`. */
  readonly name: string;
  readonly guard: Guard;
  readonly subject?: Subject;
  /** Owed notices are shown before the answer. */
  readonly hasPrelude?: boolean | undefined;
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
 * Finds the handler of an interaction; one without a handler is answered that it is out of date. `madeAt`: when the bot's
 * database was made.
 * Throws for an interaction that cannot be answered.
 */
export function planFor(interaction: BaseInteraction, routes: CommandRoutes, t: Translate, madeAt: number): Plan {
  const asked = { t, channelId: (interaction.guildId !== null && interaction.channelId) || undefined };
  if (interaction.isAutocomplete()) return choicesPlan(interaction, routes, asked);
  if (interaction.isChatInputCommand() || interaction.isUserContextMenuCommand()) {
    return commandPlan(interaction, routes, asked);
  }
  if (interaction.isModalSubmit()) return modalPlan(interaction, routes, asked);
  if (interaction.isMessageComponent()) return componentPlan(interaction, routes, asked, madeAt);
  // A message's menu or an activity, left over from another build of this bot.
  if (interaction.isCommand()) return outdated(interaction, interaction.commandName);
  throw new Error(`no way to answer an interaction of type ${String(interaction.type)}`);
}

/** What every handler is given; the actor is added once they are known. */
type Asked = Omit<Context, 'actor'>;

function choicesPlan(interaction: AutocompleteInteraction, routes: CommandRoutes, asked: Asked): Plan {
  const option = interaction.options.getFocused(true);
  const choices = routes.command(interaction.commandName)?.choices;
  const handler = choices && Object.hasOwn(choices, option.name) ? choices[option.name] : undefined;
  return {
    kind: 'choices',
    name: `${interaction.commandName} ${option.name}?`,
    guard: handler?.guard ?? everyone,
    interaction,
    run: async (actor) => handler?.run({ ...asked, actor, typed: option.value }) ?? [],
  };
}

function commandPlan(
  interaction: ChatInputCommandInteraction | UserContextMenuCommandInteraction,
  routes: CommandRoutes,
  asked: Asked,
): Plan {
  const command = routes.command(interaction.commandName);
  if (!command) return outdated(interaction, interaction.commandName);
  const isSlash = interaction.isChatInputCommand();
  const given = {
    ...asked,
    text: (name: string) => (isSlash ? interaction.options.getString(name)?.trim() : undefined),
    member: (name: string) => {
      const user = isSlash ? interaction.options.getUser(name) : null;
      return user && isSlash ? pickedMember(user, interaction.options.getMember(name)) : undefined;
    },
    target: isSlash ? undefined : pickedMember(interaction.targetUser, interaction.targetMember),
  };
  return {
    kind: 'private',
    name: interaction.commandName,
    guard: command.guard,
    subject: triedOn(interaction, command),
    hasPrelude: true,
    interaction,
    run: async (actor) => command.run({ ...given, actor }),
  };
}

function pickedMember(user: User, member: Parameters<typeof namesIn>[1]): PickedMember {
  return { id: user.id, ...namesIn(user, member), isBot: user.bot, inServer: member !== null };
}

function modalPlan(interaction: ModalSubmitInteraction, routes: CommandRoutes, asked: Asked): Plan {
  const { customId, message } = interaction;
  const found = routes.find('modals', customId);
  if (!found) return outdated(interaction, customId);
  const { handler, name, id } = found;
  const onAnswer = message?.flags.has(MessageFlags.IsComponentsV2) ?? false;
  const field = (wanted: string) => interaction.fields.getTextInputValue(wanted);
  // A form that was opened before an update may have no such field.
  const choice = (wanted: string) =>
    interaction.fields.fields.has(wanted) ? interaction.fields.getStringSelectValues(wanted)[0] : undefined;
  const given = { ...asked, id, messageId: message?.id, onAnswer, field, choice };
  return {
    kind: handler.acknowledge,
    name,
    guard: handler.guard,
    subject: { detail: id },
    interaction,
    run: async (actor) => handler.run({ ...given, actor }),
  };
}

/** The clock by which a database's age is known may be as wrong as this. */
const clockDoubtMs = hourMs;

/**
 * Whether a message is another application's, has ids that Latchkey never made, or is older than this database: rows are
 * counted from 1 in each, and what an earlier one's button names may be somebody else's by now.
 */
function isOthers({ customId, message, client }: MessageComponentInteraction, routes: CommandRoutes, madeAt: number) {
  const at = parseCustomId(customId);
  const isUnknown = !at || !routes.has(at.command);
  return isUnknown || message.author.id !== client.user.id || message.createdTimestamp < madeAt - clockDoubtMs;
}

function componentPlan(
  interaction: MessageComponentInteraction,
  routes: CommandRoutes,
  asked: Asked,
  madeAt: number,
): Plan {
  const { customId, message } = interaction;
  const found = interaction.isButton() ? routes.find('buttons', customId) : routes.find('selects', customId);
  if (isOthers(interaction, routes, madeAt)) return outdated(interaction, customId, 'otherBot');
  if (!found) return outdated(interaction, customId);
  const { handler, name, id, page } = found;
  const values = interaction.isAnySelectMenu() ? interaction.values : [];
  const given = {
    ...asked,
    id,
    page,
    values,
    messageId: message.id,
    onAnswer: message.flags.has(MessageFlags.IsComponentsV2),
    picked: interaction.isUserSelectMenu()
      ? interaction.users.map((user) => pickedMember(user, interaction.members.get(user.id) ?? null))
      : [],
    presets: () => presetPeople(message.components.map((each) => each.toJSON())),
    text: () => textOf({ content: message.content, components: message.components.map((each) => each.toJSON()) }),
  };
  const detail = [id, ...values].join(' ');
  const common = { name, guard: handler.guard, interaction };
  if (handler.acknowledge !== 'modal') {
    return {
      ...common,
      kind: handler.acknowledge,
      // A handler whose id or choice must not be stored says itself what may be.
      subject: { detail: handler.subject?.({ id, values }) ?? detail },
      hasPrelude: handler.hasPrelude,
      run: async (actor) => handler.run({ ...given, actor }),
    };
  }
  // The presser's rank is checked when the modal is submitted; drawing it needs none.
  const { user } = interaction;
  const called = { name: user.displayName, username: user.username, joinedAt: undefined };
  const presser: Actor = { id: user.id, ...called, rank: 'member' };
  const open = () => interaction.showModal(handler.run({ ...given, actor: presser })).then(() => undefined);
  return { ...common, kind: 'modal', subject: { detail }, open };
}

/** For an old button, or a command that this build does not have. */
function outdated(interaction: Answerable, name: string, code: 'cardOutdated' | 'otherBot' = 'cardOutdated'): Plan {
  const run = () => Promise.reject(new AppError(code));
  // Only the build that drew it knows what its id holds: it may be something that must not be stored.
  const at = parseCustomId(name);
  const detail = at ? `${at.command}:${at.action}` : name;
  return { kind: 'private', name: 'outdated', subject: { detail }, guard: everyone, interaction, run };
}

/** The account and the member that were named. Other options may hold what must not be stored, such as a code. */
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
    ...(account !== undefined && { detail: String(account).trim() }),
    ...(member !== undefined && { memberId: String(member) }),
  };
}
