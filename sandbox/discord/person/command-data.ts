import { OPTION } from '../constants.js';
import { asObjects, type Json, type JsonObject } from '../json.js';
import type { Channel, StoredCommand } from '../model.js';
import { memberPayload } from '../payloads/guild.js';
import { userPayload } from '../payloads/user.js';
import { guildPermissions } from '../permissions.js';
import type { World } from '../state.js';

/** Something that has an id: a person, chosen for a user option. */
export interface HasId {
  id: string;
}
export type OptionValue = string | number | boolean | HasId;

/** The registered command that a person in this channel can reach. @throws Error saying why there is none. */
export function findCommand(world: World, name: string, type: number, channel: Channel): StoredCommand {
  const all = [...world.commands.values()].filter((each) => each.body['name'] === name && each.body['type'] === type);
  const here = all.filter((each) => each.guildId === undefined || each.guildId === channel.guildId);
  const usable = here.find((each) => {
    const contexts = each.body['contexts'];
    const context = channel.guildId === undefined ? 1 : 0;
    if (each.guildId !== undefined) return true;
    return Array.isArray(contexts) ? contexts.includes(context) : context === 0 || each.body['dm_permission'] !== false;
  });
  if (usable) return usable;
  if (here.length > 0)
    throw new Error(
      `The command "${name}" cannot be used ${channel.guildId === undefined ? 'in direct messages' : 'in a server'}`,
    );
  const known = [...world.commands.values()].map((each) => String(each.body['name'])).join(', ');
  throw new Error(`The command "${name}" is not registered. Registered are: ${known === '' ? 'none' : known}`);
}

/** The `data` of a chat command's interaction. @throws Error where Discord's own client would not let it be sent. */
export function chatCommandData(
  world: World,
  command: StoredCommand,
  path: string[],
  given: Record<string, OptionValue>,
  channel: Channel,
): JsonObject {
  const resolved: { users: JsonObject; members: JsonObject } = { users: {}, members: {} };
  const options = descend(asObjects(command.body['options']), path, (declared) =>
    fill(world, declared, given, channel, resolved),
  );
  return {
    id: command.id,
    name: command.body['name'],
    type: command.body['type'],
    ...(command.guildId === undefined ? {} : { guild_id: command.guildId }),
    options,
    ...(Object.keys(resolved.users).length > 0 ? { resolved } : {}),
  };
}

/** The `data` of a half-typed chat command. @throws Error when the option does not complete itself. */
export function autocompleteData(
  command: StoredCommand,
  path: string[],
  option: string,
  words: string,
  filled: Record<string, string>,
): JsonObject {
  const options = descend(asObjects(command.body['options']), path, (declared) => {
    const found = declared.find((each) => each['name'] === option);
    if (found?.['autocomplete'] !== true) throw new Error(`The option "${option}" does not complete itself`);
    const before = declared.filter((each) => filled[String(each['name'])] !== undefined);
    return [
      ...before.map((each) => ({ name: each['name'], type: each['type'], value: filled[String(each['name'])] })),
      { name: option, type: found['type'], value: words, focused: true },
    ];
  });
  return { id: command.id, name: command.body['name'], type: command.body['type'], options };
}

/** Wraps the options into the subcommands that lead to them. */
function descend(
  declared: JsonObject[],
  path: string[],
  inner: (declared: JsonObject[]) => JsonObject[],
): JsonObject[] {
  const [first, ...rest] = path;
  if (first === undefined) return inner(declared);
  const sub = declared.find((each) => each['name'] === first);
  if (!sub) throw new Error(`There is no subcommand "${first}"`);
  return [{ name: first, type: sub['type'], options: descend(asObjects(sub['options']), rest, inner) }];
}

function fill(
  world: World,
  declared: JsonObject[],
  given: Record<string, OptionValue>,
  channel: Channel,
  resolved: { users: JsonObject; members: JsonObject },
): JsonObject[] {
  for (const name of Object.keys(given)) {
    if (!declared.some((each) => each['name'] === name)) throw new Error(`The command has no option "${name}"`);
  }
  return declared.flatMap((option) => {
    const value = given[String(option['name'])];
    if (value === undefined) {
      if (option['required'] === true) throw new Error(`The option "${String(option['name'])}" must be filled in`);
      return [];
    }
    return [{ name: option['name'], type: option['type'], value: convert(world, option, value, channel, resolved) }];
  });
}

function convert(
  world: World,
  option: JsonObject,
  value: OptionValue,
  channel: Channel,
  resolved: { users: JsonObject; members: JsonObject },
): Json {
  const type = Number(option['type']);
  const name = String(option['name']);
  if (type === OPTION.User || type === OPTION.Mentionable) {
    const id = typeof value === 'object' ? value.id : String(value);
    resolveUser(world, id, channel, resolved);
    return id;
  }
  if (typeof value === 'object') throw new Error(`The option "${name}" does not take a person`);
  const choices = asObjects(option['choices']);
  if (choices.length > 0) {
    const chosen = choices.find((each) => each['name'] === value || each['value'] === value);
    if (!chosen) throw new Error(`"${String(value)}" is not among the choices of "${name}"`);
    return chosen['value'] ?? null;
  }
  if (type === OPTION.Boolean) return value === true;
  if (type === OPTION.Integer || type === OPTION.Number)
    return inRange(name, Number(value), option['min_value'], option['max_value']);
  const words = String(value);
  inRange(`${name}'s length`, words.length, option['min_length'], option['max_length']);
  if (words === '') throw new Error(`The option "${name}" cannot be empty`);
  return words;
}

function inRange(what: string, value: number, min: Json | undefined, max: Json | undefined): number {
  if (typeof min === 'number' && value < min) throw new Error(`The option ${what} must be at least ${min}`);
  if (typeof max === 'number' && value > max) throw new Error(`The option ${what} must be at most ${max}`);
  return value;
}

/** Adds a user, and the member where there is one, to resolved data. */
export function resolveUser(
  world: World,
  id: string,
  channel: Channel,
  into: { users: JsonObject; members: JsonObject },
): void {
  const user = world.users.get(id);
  if (!user) throw new Error(`There is no user ${id}`);
  into.users[id] = userPayload(user);
  const guild = world.guildOf(channel);
  const member = guild?.members.get(id);
  if (!guild || !member) return;
  const { deaf: _deaf, mute: _mute, ...partial } = memberPayload(world, member, false);
  into.members[id] = { ...partial, permissions: guildPermissions(guild, id).toString() };
}

/** What Discord sends along with chosen ids. */
export interface Resolved {
  readonly users: JsonObject;
  readonly members: JsonObject;
  channels?: JsonObject;
}

/** Adds a channel to resolved data. */
export function resolveChannel(world: World, id: string, into: Resolved): void {
  const channel = world.channels.get(id);
  if (!channel?.guildId) throw new Error(`There is no channel ${id} to choose`);
  const { name, type } = channel;
  into.channels = { ...into.channels, [id]: { id, type, permissions: '0', ...(name === undefined ? {} : { name }) } };
}
