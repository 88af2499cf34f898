import {
  ApplicationCommandType,
  DiscordAPIError,
  type REST,
  RESTJSONErrorCodes,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import type { Log } from '../services/log.js';
import { differingCommands } from './compare-commands.js';

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
}

/** Registers the commands everywhere, by comparison: writes only what differs from what Discord has, in one request. */
export async function deployCommands(options: DeployOptions): Promise<Deployed> {
  const { rest, applicationId, commands, log } = options;
  const route = Routes.applicationCommands(applicationId);
  let registered = await read(rest, route);
  // The button of an activity, if the application has one, is not ours, and a PUT would remove what it does not name.
  const kept = registered.filter(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint);
  const written = differingCommands(
    commands,
    registered.filter((each) => !kept.includes(each)),
  );
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

/** All that a PUT takes of such a command; Discord tells more of it than it takes. */
const sendable = [
  'id',
  'type',
  'name',
  'name_localizations',
  'description',
  'description_localizations',
  'default_member_permissions',
  'contexts',
  'integration_types',
  'handler',
];

function asSent(command: Registered): object {
  return Object.fromEntries(Object.entries(command).filter(([name, value]) => sendable.includes(name) && value !== ''));
}

async function read(rest: REST, route: `/${string}`): Promise<Registered[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  return (await rest.get(route, { query })) as Registered[];
}
