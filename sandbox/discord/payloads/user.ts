import type { JsonObject } from '../json.js';
import type { User } from '../model.js';

/** A user as every part of the API shows it. */
export function userPayload(user: User): JsonObject {
  return {
    id: user.id,
    username: user.username.toLowerCase().replace(/[^a-z0-9._]/g, '_'),
    discriminator: user.bot ? '0001' : '0',
    global_name: user.bot ? null : user.username,
    avatar: user.hasAvatar ? '0'.repeat(32) : null,
    avatar_decoration_data: null,
    banner: null,
    accent_color: null,
    collectibles: null,
    primary_guild: null,
    clan: null,
    public_flags: 0,
    flags: 0,
    bot: user.bot,
    system: false,
  };
}
