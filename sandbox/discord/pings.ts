import { COMPONENT } from './constants.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { Channel, Component, Pings } from './model.js';
import { flatten } from './payloads/components.js';
import type { World } from './state.js';

export const NO_PINGS: Pings = { users: [], roles: [], everyone: false };

/**
 * Who is really pinged by a new message of the bot: what its text names, cut down by `allowed_mentions`
 * (left out: everything the text names) and by what roles and permissions allow.
 */
export function pingsOf(
  world: World,
  channel: Channel,
  content: string,
  components: Component[],
  allowed: Json | undefined,
): Pings {
  const texts = flatten(components)
    .filter((each) => each.type === COMPONENT.TextDisplay)
    .map((each) => each.content ?? '');
  // What stands in code is shown as it is and names nobody.
  const words = [content, ...texts].join('\n').replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  const rule: JsonObject | undefined = isObject(allowed) ? allowed : undefined;
  const mayNameAll = world.may(world.botUserId, channel, 'MentionEveryone');
  const guild = world.guildOf(channel);
  const users = named(words, /<@!?(\d+)>/g).filter((id) => world.users.has(id) && permits(rule, 'users', id));
  const roles = named(words, /<@&(\d+)>/g).filter((id) => {
    const role = guild?.roles.get(id);
    return role !== undefined && (role.mentionable || mayNameAll) && permits(rule, 'roles', id);
  });
  const everyone =
    /@(everyone|here)\b/.test(words) && guild !== undefined && mayNameAll && permits(rule, 'everyone', '');
  return { users, roles, everyone };
}

function named(words: string, pattern: RegExp): string[] {
  return [...new Set([...words.matchAll(pattern)].map((match) => match[1] ?? ''))];
}

function permits(rule: JsonObject | undefined, kind: 'users' | 'roles' | 'everyone', id: string): boolean {
  if (!rule) return true;
  const parse = rule['parse'];
  const listed = rule[kind];
  return (Array.isArray(parse) && parse.includes(kind)) || (Array.isArray(listed) && listed.includes(id));
}

/** Whether a person's phone makes a sound for these pings. */
export function reaches(world: World, channel: Channel, pings: Pings, userId: string): boolean {
  if (pings.everyone || pings.users.includes(userId)) return true;
  const roles = world.guildOf(channel)?.members.get(userId)?.roles ?? [];
  return pings.roles.some((id) => roles.includes(id));
}
