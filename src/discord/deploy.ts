import {
  DiscordAPIError,
  type REST,
  RESTJSONErrorCodes,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';
import type { Logger } from '../logger.js';
import { differingCommands } from './compare-commands.js';

export interface DeployOptions {
  readonly rest: REST;
  readonly applicationId: string;
  readonly guildId: string;
  readonly commands: readonly RESTPostAPIApplicationCommandsJSONBody[];
  readonly log: Pick<Logger, 'info' | 'warn'>;
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
}

/** Registers the commands everywhere, by comparison: writes only what differs from what Discord has, in one request. */
export async function deployCommands(options: DeployOptions): Promise<Deployed> {
  const { rest, applicationId, commands, log } = options;
  const route = Routes.applicationCommands(applicationId);
  let registered = await read(rest, route);
  const written = differingCommands(commands, registered);
  if (written.length > 0) {
    registered = (await rest.put(route, { body: commands })) as Registered[];
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

async function read(rest: REST, route: `/${string}`): Promise<Registered[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  return (await rest.get(route, { query })) as Registered[];
}
