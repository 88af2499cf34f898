import type { Payload } from '../shared.js';

/** An option of a command, in the language of who types. */
export interface CommandOption {
  readonly name: string;
  readonly shown: string;
  readonly description: string;
  readonly type: number;
  readonly isRequired: boolean;
  readonly completes: boolean;
  readonly choices: readonly { readonly name: string; readonly value: string }[];
}

/** A command that can be typed: `/name`, or `/name subcommand`. */
export interface TypedCommand {
  readonly line: string;
  readonly shown: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
}

export const option = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
} as const;

const chatInput = 1;
const userMenu = 2;
const subcommand = 1;
const group = 2;

/** The commands that somebody can type here. */
export function typedCommands(bodies: readonly Payload[], locale: string, isDirect: boolean): TypedCommand[] {
  const here = bodies.filter((body) => body['type'] === chatInput && works(body, isDirect));
  return here
    .flatMap((body) => lines(body, locale, '/', '/'))
    .sort((one, other) => one.shown.localeCompare(other.shown));
}

/** The commands in the menu of a person, as name and words. */
export function menuCommands(bodies: readonly Payload[], locale: string, isDirect: boolean) {
  const here = bodies.filter((body) => body['type'] === userMenu && works(body, isDirect));
  return here.map((body) => ({ name: String(body['name']), shown: localised(body, 'name', locale) }));
}

function works(body: Payload, isDirect: boolean): boolean {
  const contexts = body['contexts'];
  if (Array.isArray(contexts)) return contexts.includes(isDirect ? 1 : 0);
  return !isDirect || body['dm_permission'] !== false;
}

function lines(body: Payload, locale: string, before: string, shownBefore: string): TypedCommand[] {
  const line = `${before}${String(body['name'])}`;
  const shown = `${shownBefore}${localised(body, 'name', locale)}`;
  const inner = list(body['options']);
  const subs = inner.filter(({ type }) => type === subcommand || type === group);
  if (subs.length > 0) return subs.flatMap((sub) => lines(sub, locale, `${line} `, `${shown} `));
  return [
    {
      line,
      shown,
      description: localised(body, 'description', locale),
      options: inner.map((each) => toOption(each, locale)),
    },
  ];
}

function toOption(body: Payload, locale: string): CommandOption {
  return {
    name: String(body['name']),
    shown: localised(body, 'name', locale),
    description: localised(body, 'description', locale),
    type: Number(body['type']),
    isRequired: body['required'] === true,
    completes: body['autocomplete'] === true,
    choices: list(body['choices']).map((choice) => ({
      name: localised(choice, 'name', locale),
      value: String(choice['value']),
    })),
  };
}

function localised(body: Payload, field: string, locale: string): string {
  const translations = body[`${field}_localizations`] as Record<string, string> | null | undefined;
  return translations?.[locale] ?? String(body[field] ?? '');
}

function list(value: unknown): Payload[] {
  return Array.isArray(value) ? (value as Payload[]) : [];
}

/** The languages beside English that the bot has told Discord its commands in. */
export function translations(bodies: readonly Payload[]): string[] {
  return [...new Set(bodies.flatMap((body) => Object.keys(body['description_localizations'] ?? {})))].sort();
}
