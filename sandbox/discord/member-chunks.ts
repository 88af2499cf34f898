import { isObject, type Json, type JsonObject } from './json.js';
import type { Member } from './model.js';
import { memberPayload } from './payloads/guild.js';
import type { World } from './state.js';

const mostMembers = 100;

/**
 * Opcode 8: the event with which a question about members is answered, or undefined where Discord stays silent. Without
 * the privileged intent a prefix of a name, or ids, bring a hundred members at most; the whole list brings nothing.
 */
export function memberChunk(world: World, detail: JsonObject, mayList: boolean): JsonObject | undefined {
  const guild = world.guilds.get(String(detail['guild_id']));
  if (!guild?.members.has(world.botUserId)) return undefined;
  const { query, limit = 0, user_ids: asked, nonce } = detail;
  const all = [...guild.members.values()];
  const nonceField = typeof nonce === 'string' && nonce.length <= 32 ? { nonce } : {};
  if (asked !== undefined) {
    const ids = [asked].flat().map(String).slice(0, mostMembers);
    const missing = ids.filter((id) => !guild.members.has(id));
    const found = all.filter(({ userId }) => ids.includes(userId));
    return { ...chunk(world, guild.id, found), not_found: missing, ...nonceField };
  }
  if (typeof query !== 'string' || !Number.isInteger(limit)) return undefined;
  if (query === '' && Number(limit) === 0)
    return mayList ? { ...chunk(world, guild.id, all), ...nonceField } : undefined;
  // Seen at Discord: with a name and no limit nothing comes at all.
  if (Number(limit) < 1) return undefined;
  const found = all.filter(({ userId }) => isCalled(world, userId, query.toLowerCase()));
  return { ...chunk(world, guild.id, found.slice(0, Math.min(Number(limit), mostMembers))), ...nonceField };
}

function isCalled(world: World, userId: string, beginning: string): boolean {
  return world.users.get(userId)?.username.toLowerCase().startsWith(beginning) ?? false;
}

function chunk(world: World, guildId: string, members: readonly Member[]): JsonObject {
  const payloads: Json[] = members.map((member) => memberPayload(world, member));
  return { guild_id: guildId, members: payloads, chunk_index: 0, chunk_count: 1 };
}

/** What stands in a gateway payload's `d`. */
export function detailOf(payload: JsonObject): JsonObject {
  return isObject(payload['d']) ? payload['d'] : {};
}
