import { setTimeout as wait } from 'node:timers/promises';
import { DiscordAPIError, RESTJSONErrorCodes, Routes, type APIChannel, type APIMessage, type REST } from 'discord.js';
import type { Message, Messenger, OwnMessage } from '../services/messenger-port.js';
import type { MessagePlace } from '../services/request.js';
import { customIds } from './custom-ids.js';

/** Discord's words for "this person or place cannot be written to": final, unlike a fault. */
const unreachable = new Set<number | string>([
  RESTJSONErrorCodes.CannotSendMessagesToThisUser,
  // No name yet in the library: "cannot send messages to this user due to having no mutual guilds".
  50278,
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.UnknownUser,
]);

/** For an edit or a read, these too mean that the message is not there to work with. */
const gone = new Set<number | string>([
  ...unreachable,
  RESTJSONErrorCodes.UnknownMessage,
  RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached,
]);

const pausesMs = [500, 2000];

/** Sends messages through Discord's REST; the library waits for rate limits and repeats what answers 5xx. */
export class RestMessenger implements Messenger {
  constructor(
    private readonly rest: REST,
    private readonly botId: string,
  ) {}

  openDm(memberId: string): Promise<string | undefined> {
    return this.#unless(unreachable, async () => {
      const body = { recipient_id: memberId };
      return ((await this.rest.post(Routes.userChannels(), { body })) as APIChannel).id;
    });
  }

  send(channelId: string, message: Message, nonce: string): Promise<MessagePlace | undefined> {
    return this.#unless(unreachable, async () => {
      const body = { ...message, nonce, enforce_nonce: true };
      const { id } = (await this.rest.post(Routes.channelMessages(channelId), { body })) as APIMessage;
      return { channelId, messageId: id };
    });
  }

  async edit({ channelId, messageId }: MessagePlace, message: Message): Promise<boolean> {
    const edited = await this.#unless(gone, async () => {
      await this.rest.patch(Routes.channelMessage(channelId, messageId), { body: message });
      return true;
    });
    return edited ?? false;
  }

  read({ channelId, messageId }: MessagePlace): Promise<OwnMessage | undefined> {
    return this.#unless(gone, async () => {
      const message = (await this.rest.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
      return toOwnMessage(channelId, message);
    });
  }

  findOwn(channelId: string, customId: string): Promise<OwnMessage | undefined> {
    return this.#unless(gone, async () => {
      const query = new URLSearchParams({ limit: '50' });
      const messages = (await this.rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[];
      const own = messages.filter((each) => each.author.id === this.botId).map((each) => toOwnMessage(channelId, each));
      return own.find((each) => each.buttons.includes(customId));
    });
  }

  /** Undefined for the codes named; a cut connection is tried again, all else is thrown. */
  async #unless<T>(codes: ReadonlySet<number | string>, call: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (error instanceof DiscordAPIError && codes.has(error.code)) return undefined;
        const pauseMs = pausesMs[attempt];
        if (pauseMs === undefined || !passes(error)) throw error;
        await wait(pauseMs);
      }
    }
  }
}

/** A cut connection, or direct messages opened too fast: worth another try. Everything sent carries a nonce. */
function passes(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.code === RESTJSONErrorCodes.OpeningDirectMessagesTooFast;
  return error instanceof Error && !('status' in error);
}

function toOwnMessage(channelId: string, message: APIMessage): OwnMessage {
  return { place: { channelId, messageId: message.id }, buttons: customIds(message.components ?? []) };
}
