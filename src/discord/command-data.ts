import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommandOption,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Key, Words } from '../words.js';

/** What is registered at Discord. The code uses a name of its own, which English shows but for an account's; all other texts come from the locales. */
export type CommandData =
  | {
      readonly type: 'slash';
      readonly name: string;
      readonly where: Where;
      readonly options?: readonly OptionData[];
      readonly description: Key;
    }
  | { readonly type: 'user-menu'; readonly name: string; readonly id: string; readonly where: Where };

/** In a direct message a user option offers nobody else, so commands with one stay in the server. */
type Where = 'anywhere' | 'server';

export interface OptionData {
  readonly name: string;
  /** `account`: text with the accounts as choices; `member`: a person of the server; `text`: free text. */
  readonly kind: 'account' | 'member' | 'text';
  readonly required?: boolean;
  readonly description: Key;
}

/** The first part of a command's custom ids. */
export function commandId(data: CommandData): string {
  return data.type === 'slash' ? data.name : data.id;
}

/** The payload that registers a command, with its descriptions in every language but English beside it. */
export function commandJson(data: CommandData, words: Words): RESTPostAPIApplicationCommandsJSONBody {
  const common = {
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts:
      data.where === 'anywhere'
        ? [InteractionContextType.Guild, InteractionContextType.BotDM]
        : [InteractionContextType.Guild],
  };
  if (data.type === 'user-menu') return { type: ApplicationCommandType.User, ...named(data.name, words), ...common };
  return {
    type: ApplicationCommandType.ChatInput,
    ...named(data.name, words),
    ...described(data.description, words),
    options: (data.options ?? []).map((option) => optionJson(option, words)),
    ...common,
  };
}

function optionJson(option: OptionData, words: Words): APIApplicationCommandOption {
  const { name, kind, required } = option;
  const common = { ...named(name, words), ...described(option.description, words), ...(required && { required }) };
  if (kind === 'member') return { type: ApplicationCommandOptionType.User, ...common };
  if (kind === 'text') return { type: ApplicationCommandOptionType.String, ...common };
  return { type: ApplicationCommandOptionType.String, autocomplete: true, ...common };
}

function named(name: string, words: Words) {
  const english = words.nameOf('en', name) ?? name;
  const ownEnglish = english === name ? {} : { 'en-US': english, 'en-GB': english };
  return { name, name_localizations: { ...ownEnglish, ...localised(words, (locale) => words.nameOf(locale, name)) } };
}

function described(key: Key, words: Words) {
  return {
    description: words.in('en')(key),
    description_localizations: localised(words, (locale) => words.in(locale)(key)),
  };
}

/** Discord has two Spanishes, and takes neither for the other. */
const servedToo: Readonly<Record<string, readonly string[]>> = { 'es-ES': ['es-419'] };

/** A text in every language but English, which Discord takes as the text itself. */
function localised({ locales }: Words, say: (locale: string) => string | undefined): Record<string, string> {
  const others = locales
    .filter((locale) => locale !== 'en')
    .flatMap((locale) => [locale, ...(servedToo[locale] ?? [])].map((each) => [each, say(locale)] as const));
  return Object.fromEntries(others.filter((each): each is [string, string] => each[1] !== undefined));
}
