import {
  DiscordAPIError,
  RateLimitError,
  RESTJSONErrorCodes,
  Routes,
  type APIChannel,
  type APIMessage,
  type REST,
} from 'discord.js';
import type { Log } from '../services/log.js';
import type { MessageRef, Edited, Message, Messenger, OwnMessage } from '../services/notices/messenger-port.js';
import { customIds } from './read-message.js';
import { setTimeout as wait } from 'node:timers/promises';

/** Discord's codes for a person or channel that cannot be written to; trying again does not help. */
const unreachable = new Set<number | string>([
  RESTJSONErrorCodes.CannotSendMessagesToThisUser,
  // discord.js has no name for it yet: "cannot send messages to this user due to having no mutual guilds".
  50278,
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
  RESTJSONErrorCodes.UnknownChannel,
  RESTJSONErrorCodes.UnknownUser,
]);

/** Discord's codes for a message that was deleted. */
const gone = new Set<number | string>([RESTJSONErrorCodes.UnknownMessage, RESTJSONErrorCodes.UnknownChannel]);

interface MessengerDeps {
  readonly rest: REST;
  readonly botId: string;
  readonly log: Log;
  readonly retryPausesMs?: readonly number[] | undefined;
}

/** Sends messages through Discord's REST; the library waits for rate limits and repeats what answers 5xx. */
export class RestMessenger implements Messenger {
  constructor(private readonly deps: MessengerDeps) {}

  async openDm(memberId: string): Promise<string | undefined> {
    // The made-up id of a member who was forgotten while something was still to be sent to them.
    if (!/^\d+$/.test(memberId)) return undefined;
    const body = { recipient_id: memberId };
    const dm = await this.#ask<APIChannel>(unreachable, () => this.deps.rest.post(Routes.userChannels(), { body }));
    return dm instanceof Refusal ? undefined : dm.id;
  }

  async send(channelId: string, message: Message, nonce: string): Promise<MessageRef | undefined> {
    const route = Routes.channelMessages(channelId);
    const body = { ...message, nonce, enforce_nonce: true };
    const made = await this.#ask<APIMessage>(unreachable, () => this.deps.rest.post(route, { body }));
    if (made instanceof Refusal) return undefined;
    if (made.channel_id === channelId) return { channelId, messageId: made.id };
    // Nonces count for all channels: Discord returned an older message in another channel.
    this.deps.log.warn({ nonce }, 'a message elsewhere has the same nonce: sent again with another');
    return this.send(channelId, message, `${nonce.slice(0, 16)}${crypto.randomUUID().slice(0, 8)}`);
  }

  async edit({ channelId, messageId }: MessageRef, message: Message): Promise<Edited> {
    const route = Routes.channelMessage(channelId, messageId);
    const edited = await this.#ask(gone, () => this.deps.rest.patch(route, { body: message }));
    if (!(edited instanceof Refusal)) return 'edited';
    if (gone.has(edited.code)) return 'gone';
    return edited.code === tooManyEdits ? 'editLimitReached' : 'refused';
  }

  async read({ channelId, messageId }: MessageRef): Promise<OwnMessage | undefined> {
    const route = Routes.channelMessage(channelId, messageId);
    const message = await this.#ask<APIMessage>(gone, () => this.deps.rest.get(route));
    return message instanceof Refusal ? undefined : toOwnMessage(channelId, message);
  }

  async findOwn(channelId: string, customIds: readonly string[]): Promise<OwnMessage | undefined> {
    if (customIds.length === 0) return undefined;
    const query = new URLSearchParams({ limit: '50' });
    const route = Routes.channelMessages(channelId);
    const messages = await this.#ask<APIMessage[]>(unreachable, () => this.deps.rest.get(route, { query }));
    if (messages instanceof Refusal) return undefined;
    const own = messages.filter((each) => each.author.id === this.deps.botId);
    const isMeant = ({ buttons }: OwnMessage) => customIds.some((id) => buttons.includes(id));
    return own.map((each) => toOwnMessage(channelId, each)).find(isMeant);
  }

  /**
   * Returns Discord's answer, or its final refusal, which is logged unless it is `usual`. Tries again after a cut
   * connection, and throws every other error.
   */
  async #ask<T>(usual: ReadonlySet<number | string>, call: () => Promise<unknown>): Promise<T | Refusal> {
    try {
      const isWorthAnotherTry = (error: unknown) => !finalRefusal(error) && passes(error);
      return (await withRetry(call, isWorthAnotherTry, this.deps.retryPausesMs)) as T;
    } catch (error) {
      const refusal = finalRefusal(error);
      if (!refusal) throw error;
      // Not the error itself, which holds the text that was sent.
      const { code, why } = refusal;
      if (!usual.has(code)) this.deps.log.warn({ code, why }, 'Discord refuses a call');
      return refusal;
    }
  }
}

/** A call that Discord refused for good. */
class Refusal {
  constructor(
    readonly code: number | string,
    readonly why: string,
  ) {}
}

const tooManyEdits = RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached;

/**
 * A message or channel that Discord does not accept (AutoMod, a locked thread, a text too long) stays unacceptable. A
 * refused token is not about the message, and direct messages that were opened too fast can be opened later.
 */
function finalRefusal(error: unknown): Refusal | undefined {
  if (error instanceof RateLimitError) return new Refusal(tooManyEdits, error.message);
  if (!(error instanceof DiscordAPIError)) return undefined;
  const { status, code, message: why } = error;
  if (status < 400 || status > 404 || status === 401) return undefined;
  return code === RESTJSONErrorCodes.OpeningDirectMessagesTooFast ? undefined : new Refusal(code, why);
}

/** Whether another try may help: the connection was cut, or direct messages were opened too fast. */
function passes(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.code === RESTJSONErrorCodes.OpeningDirectMessagesTooFast;
  return error instanceof Error && !('status' in error);
}

function toOwnMessage(channelId: string, message: APIMessage): OwnMessage {
  return { at: { channelId, messageId: message.id }, buttons: customIds(message.components ?? []) };
}

const defaultPausesMs = [500, 2000];

/** Repeats a call after each of the pauses while it fails with an error that `passes`; throws the last error. */
export async function withRetry<T>(
  call: () => Promise<T>,
  passes: (error: unknown) => boolean,
  pausesMs: readonly number[] = defaultPausesMs,
): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await call();
    } catch (error) {
      if (!passes(error)) throw error;
      await wait(pauseMs);
    }
  }
  return call();
}
