import { randomBytes } from 'node:crypto';
import { PERMISSIONS } from './constants.js';
import type { Interaction } from './interaction.js';
import type { JsonObject } from './json.js';
import type { Channel, Message } from './model.js';
import { guildPayload, interactionChannelPayload, memberPayload } from './payloads/guild.js';
import { messagePayload } from './payloads/message.js';
import { userPayload } from './payloads/user.js';
import { channelPermissions, guildPermissions } from './permissions.js';
import type { World } from './state.js';

export interface Act {
  type: number;
  /** For messages of failed tests: `/unlock`, `presses "Approve"`. */
  did: string;
  userId: string;
  channel: Channel;
  data: JsonObject;
  source?: Message;
  commandType?: number;
  commandName?: string;
}

/** Makes an interaction of what a person did and sends it to the bot, as the gateway does. */
export function startInteraction(world: World, act: Act): Interaction {
  const interaction: Interaction = {
    id: world.snowflakes.next(),
    token: `aW50ZXJhY3Rpb24${randomBytes(60).toString('base64url')}`,
    type: act.type,
    did: act.did,
    userId: act.userId,
    channelId: act.channel.id,
    createdAt: Date.now(),
    loading: false,
    answers: [],
    refusedCallbacks: 0,
    ...(act.channel.guildId === undefined ? {} : { guildId: act.channel.guildId }),
    ...(act.source ? { sourceMessageId: act.source.id } : {}),
    ...(typeof act.data['custom_id'] === 'string' ? { customId: act.data['custom_id'] } : {}),
    ...(act.commandType === undefined ? {} : { commandType: act.commandType }),
    ...(act.commandName === undefined ? {} : { commandName: act.commandName }),
  };
  world.interactions.set(interaction.id, interaction);
  world.interactionsByToken.set(interaction.token, interaction);
  world.dispatch('INTERACTION_CREATE', interactionPayload(world, interaction, act));
  world.changes.announce();
  return interaction;
}

function interactionPayload(world: World, interaction: Interaction, act: Act): JsonObject {
  const guild = world.guildOf(act.channel);
  const user = world.users.get(act.userId);
  if (!user) throw new Error(`There is no user ${act.userId}`);
  const member = guild?.members.get(act.userId);
  if (guild && !member) throw new Error(`${user.username} is not in ${guild.name}`);
  const everything = Object.values(PERMISSIONS).reduce((sum, bit) => sum | bit, 0n);
  return {
    id: interaction.id,
    application_id: world.applicationId,
    type: act.type,
    token: interaction.token,
    version: 1,
    data: act.data,
    channel_id: act.channel.id,
    channel: interactionChannelPayload(world, act.channel, act.userId),
    ...(guild && member
      ? {
          guild_id: guild.id,
          guild: { id: guild.id, locale: guild.locale, features: guildPayload(guild)['features'] },
          guild_locale: guild.locale,
          member: {
            ...memberPayload(world, member),
            permissions: channelPermissions(guild, act.channel, act.userId).toString(),
          },
        }
      : { user: userPayload(user) }),
    ...(act.source ? { message: messagePayload(world, act.source) } : {}),
    locale: user.locale,
    app_permissions: guild
      ? (channelPermissions(guild, act.channel, world.botUserId) || guildPermissions(guild, world.botUserId)).toString()
      : everything.toString(),
    entitlements: [],
    authorizing_integration_owners: { '0': guild?.id ?? '0' },
    context: guild ? 0 : 1,
    attachment_size_limit: 10 * 1024 * 1024,
  };
}
