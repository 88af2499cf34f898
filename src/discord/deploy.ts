import {
  ApplicationCommandType,
  DiscordAPIError,
  type REST,
  RESTJSONErrorCodes,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import type { Log } from '../services/log.js';

export interface DeployOptions {
  readonly rest: REST;
  readonly applicationId: string;
  readonly guildId: string;
  readonly commands: readonly RESTPostAPIApplicationCommandsJSONBody[];
  readonly log: Pick<Log, 'info' | 'warn'>;
}

export interface Deployed {
  /** Name to id, for mentions that can be tapped: `</unlock:id>`. */
  readonly ids: ReadonlyMap<string, string>;
  /** Names of the commands because of which all were written; empty when nothing was. */
  readonly written: readonly string[];
  /** Names of commands that were registered for this server alone, and were removed: they would be shown twice. */
  readonly removedFromServer: readonly string[];
}

interface Registered {
  readonly id: string;
  readonly name: string;
  readonly type?: number;
  readonly application_id?: string;
  readonly version?: string;
  readonly nsfw?: boolean;
}

/** Registers the commands everywhere, by comparison: writes only what differs from what Discord has, in one request. */
export async function deployCommands(options: DeployOptions): Promise<Deployed> {
  const { rest, applicationId, commands, log } = options;
  const route = Routes.applicationCommands(applicationId);
  let registered = await read(rest, route);
  // The button of an activity, if the application has one, is not ours, and a PUT would remove what it does not name.
  const kept = registered.filter(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint);
  const written = differingCommands([...commands, ...kept], registered);
  if (written.length > 0) {
    registered = (await rest.put(route, { body: [...commands, ...kept.map(asSent)] })) as Registered[];
    log.info({ commands: written }, 'commands registered');
  }
  const ids = new Map(registered.map(({ name, id }) => [name, id]));
  return { ids, written, removedFromServer: await removeFromServer(options) };
}

async function removeFromServer({ rest, applicationId, guildId, log }: DeployOptions): Promise<string[]> {
  const route = Routes.applicationGuildCommands(applicationId, guildId);
  try {
    const left = (await read(rest, route)).map(({ name }) => name);
    if (left.length === 0) return [];
    await rest.put(route, { body: [] });
    log.info({ commands: left }, "commands of this server alone removed: they stood beside everybody's");
    return left;
  } catch (error) {
    if (!(error instanceof DiscordAPIError) || error.code !== RESTJSONErrorCodes.MissingAccess) throw error;
    log.warn(
      { guildId },
      'Discord does not show commands in this server: add the bot again with the scope applications.commands',
    );
    return [];
  }
}

/** Why Discord refused to show or take commands, in its own words; undefined when it did not answer at all. */
export function whyRefused(error: unknown): string | undefined {
  if (!(error instanceof DiscordAPIError)) return undefined;
  return `${error.message.replace(/\s+/gu, ' ')} (${error.status}, ${error.code})`;
}

/** Without what Discord tells of a command and does not take. */
const asSent = ({ application_id: _application, version: _version, nsfw: _nsfw, ...command }: Registered): object =>
  command;

async function read(rest: REST, route: `/${string}`): Promise<Registered[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  return (await rest.get(route, { query })) as Registered[];
}

/** A command as one of us or Discord writes it; the same thing is said in different ways, so fields are read as they come. */
type Loose = Readonly<Record<string, unknown>>;

const chatInput = 1;
const guildInstall = 0;

/**
 * Names the commands that differ between what is wanted and what Discord has (as read `with_localizations=true`):
 * new, changed and left over ones. Empty when nothing needs to be written. The order of commands does not matter;
 * that of options and choices, which people see, does.
 */
export function differingCommands(wanted: readonly object[], registered: readonly object[]): string[] {
  const ours = byIdentity(wanted);
  const theirs = byIdentity(registered);
  const all = new Set([...ours.keys(), ...theirs.keys()]);
  return [...all].filter((key) => ours.get(key) !== theirs.get(key)).map((key) => key.replace(/^\d+ /, ''));
}

/** A slash command and a menu entry may have the same name. */
function byIdentity(commands: readonly object[]): Map<string, string> {
  return new Map(
    (commands as readonly Loose[]).map((command) => [
      `${Number(command.type ?? chatInput)} ${String(command.name)}`,
      JSON.stringify(commandEssence(command)),
    ]),
  );
}

/** What counts, said in one way; ids, version and dm_permission do not. */
function commandEssence(command: Loose): object {
  return {
    ...wordsOf(command),
    type: command.type ?? chatInput,
    permissions: command.default_member_permissions ?? null,
    nsfw: command.nsfw ?? false,
    contexts: set(command.contexts),
    integrations: set(command.integration_types ?? [guildInstall]),
    options: list(command.options).map(optionEssence),
  };
}

function optionEssence(option: Loose): object {
  return {
    ...wordsOf(option),
    type: option.type,
    required: option.required ?? false,
    autocomplete: option.autocomplete ?? false,
    choices: list(option.choices).map((choice) => ({ ...wordsOf(choice), value: choice.value })),
    channelTypes: set(option.channel_types),
    limits: [option.min_value, option.max_value, option.min_length, option.max_length].map((limit) => limit ?? null),
    options: list(option.options).map(optionEssence),
  };
}

function wordsOf(named: Loose): object {
  return {
    name: named.name,
    names: translations(named.name_localizations, named.name),
    description: named.description ?? '',
    descriptions: translations(named.description_localizations, named.description),
  };
}

/** Without what says the same as the default: Discord may drop that. */
function translations(given: unknown, fallback: unknown): [string, unknown][] {
  const entries = Object.entries((given ?? {}) as Loose);
  const telling = entries.filter(([, words]) => words !== null && words !== undefined && words !== fallback);
  return telling.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Sorted and each once; null where nothing is said. */
function set(given: unknown): unknown[] | null {
  return given === undefined || given === null ? null : [...new Set(given as unknown[])].sort();
}

function list(given: unknown): readonly Loose[] {
  return (given ?? []) as readonly Loose[];
}
