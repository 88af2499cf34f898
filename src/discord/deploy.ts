import {
  ApplicationCommandType,
  ApplicationIntegrationType,
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

interface Registered {
  readonly id: string;
  readonly name: string;
  readonly type?: number;
  readonly application_id?: string;
  readonly version?: string;
  readonly nsfw?: boolean;
}

/**
 * Registers the commands everywhere, by comparison: writes only what differs from what Discord has, in one request.
 * Returns name to id, for mentions that can be tapped: `</unlock:id>`.
 */
export async function deployCommands(options: DeployOptions): Promise<ReadonlyMap<string, string>> {
  const { rest, applicationId, commands, log } = options;
  const route = Routes.applicationCommands(applicationId);
  let registered = await read(rest, route);
  const kept = registered.filter(isActivity);
  const written = differingCommands([...commands, ...kept], registered);
  if (written.length > 0) {
    registered = (await rest.put(route, { body: [...commands, ...kept.map(asSent)] })) as Registered[];
    log.info({ commands: written }, 'commands registered');
  }
  await removeFromServer(options);
  return new Map(registered.map(({ name, id }) => [name, id]));
}

/** The button of an activity, if the application has one, is not ours, and a PUT would remove what it does not name. */
const isActivity = ({ type }: Registered): boolean => type === ApplicationCommandType.PrimaryEntryPoint;

/** How many commands Discord has, and the names of those that differ from these. Throws discord.js's errors. */
export async function lookAtCommands({ rest, applicationId, commands }: Omit<DeployOptions, 'guildId' | 'log'>) {
  const registered = (await read(rest, Routes.applicationCommands(applicationId))).filter((each) => !isActivity(each));
  return { count: registered.length, differing: differingCommands(commands, registered) };
}

/** Removes commands that were registered for this server alone: they would be shown twice. */
async function removeFromServer({ rest, applicationId, guildId, log }: DeployOptions): Promise<void> {
  const route = Routes.applicationGuildCommands(applicationId, guildId);
  try {
    const left = (await read(rest, route)).map(({ name }) => name);
    if (left.length === 0) return;
    await rest.put(route, { body: [] });
    log.info({ commands: left }, "commands of this server alone removed: they stood beside everybody's");
  } catch (error) {
    if (!(error instanceof DiscordAPIError) || error.code !== RESTJSONErrorCodes.MissingAccess) throw error;
    log.warn(
      { guildId },
      'Discord does not show commands in this server: add the bot again with the scope applications.commands',
    );
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

/** A command, option or choice as one of us or Discord writes it; the same thing is said in different ways. */
type Loose = Readonly<Record<string, unknown>>;

/** All that counts of a command, an option or a choice, and what Discord takes for it where it is left out. */
const whatCounts: Loose = {
  ...{ name: '', name_localizations: {}, description: '', description_localizations: {} },
  ...{ type: ApplicationCommandType.ChatInput, default_member_permissions: null, nsfw: false },
  ...{ contexts: null, integration_types: [ApplicationIntegrationType.GuildInstall], options: [] },
  ...{ required: false, autocomplete: false, choices: [], value: null, channel_types: null },
  ...{ min_value: null, max_value: null, min_length: null, max_length: null },
};

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
      `${Number(command.type ?? whatCounts.type)} ${String(command.name)}`,
      JSON.stringify(essence(command)),
    ]),
  );
}

/** What counts, said in one way. */
function essence(given: Loose): unknown[] {
  return Object.entries(whatCounts).map(([field, otherwise]) => {
    const value = given[field] ?? otherwise;
    if (field.endsWith('_localizations'))
      return translations(value as Loose, given[field.replace('_localizations', '')]);
    if (!Array.isArray(value)) return value;
    // Numbers are a set.
    return typeof value[0] === 'object' ? (value as Loose[]).map(essence) : [...new Set(value as unknown[])].sort();
  });
}

/** Without what says the same as the default: Discord may drop that. */
function translations(given: Loose, fallback: unknown): [string, unknown][] {
  const telling = Object.entries(given).filter(([, words]) => (words ?? fallback) !== fallback);
  return telling.sort(([a], [b]) => (a < b ? -1 : 1));
}
