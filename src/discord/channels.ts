import {
  ChannelType,
  DiscordAPIError,
  RESTJSONErrorCodes,
  Routes,
  type APIGuild,
  type APITextChannel,
  type APIThreadChannel,
  type REST,
  type RouteLike,
} from 'discord.js';
import { AppError } from '../errors.js';
import type { Log } from '../services/log.js';
import type { Channels } from '../services/status-card/status-cards.js';
import { permissionsIn } from './channel-permissions.js';
import type { MessageRef } from '../services/notices/messenger-port.js';

/** Discord's codes for: the bot may not pin, the channel is full of pins, or message or channel were deleted. */
const usual = new Set<number | string>([
  RESTJSONErrorCodes.MissingPermissions,
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MaximumNumberOfPinsReachedForTheChannel,
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.UnknownChannel,
]);

/** Channels of the household's server, read from Discord at each call. */
export class RestChannels implements Channels {
  constructor(
    private readonly rest: REST,
    private readonly guildId: string,
    private readonly log: Log,
  ) {}

  async isOpenToAll(channelId: string): Promise<boolean> {
    try {
      const [channel, guild] = (await Promise.all([
        this.#whoseRulesCount(channelId),
        this.rest.get(Routes.guild(this.guildId)),
      ])) as [APITextChannel | undefined, APIGuild];
      return channel !== undefined && permissionsIn(channel, guild.roles, this.guildId, undefined).has('ViewChannel');
    } catch (cause) {
      if (cause instanceof DiscordAPIError) throw new AppError('cannotPostThere', {}, { cause });
      throw cause;
    }
  }

  /** The channel, or that of a thread, which has no overwrites. Undefined for a private thread: only the invited see it. */
  async #whoseRulesCount(channelId: string): Promise<APITextChannel | undefined> {
    const channel = (await this.rest.get(Routes.channel(channelId))) as APITextChannel | APIThreadChannel;
    if (channel.type === ChannelType.PrivateThread) return undefined;
    if (!isThread(channel)) return channel;
    return (await this.rest.get(Routes.channel(channel.parent_id ?? ''))) as APITextChannel;
  }

  pin(at: MessageRef): Promise<boolean> {
    return this.#may(() => this.rest.put(pinRoute(at)));
  }

  async remove({ channelId, messageId }: MessageRef): Promise<void> {
    await this.#may(() => this.rest.delete(Routes.channelMessage(channelId, messageId)));
  }

  async #may(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof DiscordAPIError)) throw error;
      if (!usual.has(error.code))
        this.log.warn({ code: error.code, why: error.message }, 'Discord refuses to pin or delete a card');
      return false;
    }
  }
}

function isThread(channel: APITextChannel | APIThreadChannel): channel is APIThreadChannel {
  return channel.type === ChannelType.PublicThread || channel.type === ChannelType.AnnouncementThread;
}

/** discord.js still has the older address for pins. */
const pinRoute = ({ channelId, messageId }: MessageRef): RouteLike =>
  `/channels/${channelId}/messages/pins/${messageId}`;
