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
import { customIds } from './parts.js';
import { setTimeout as wait } from 'node:timers/promises';

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

/** Said when there is no such message any more. */
const gone = new Set<number | string>([RESTJSONErrorCodes.UnknownMessage, RESTJSONErrorCodes.UnknownChannel]);

export interface MessengerDeps {
  readonly rest: REST;
  readonly botId: string;
  readonly log: Log;
  readonly retryPausesMs?: readonly number[] | undefined;
}

/** Sends messages through Discord's REST; the library waits for rate limits and repeats what answers 5xx. */
export class RestMessenger implements Messenger {
  constructor(private readonly deps: MessengerDeps) {}

  async openDm(memberId: string): Promise<string | undefined> {
    // Somebody who was forgotten while something still ran for them: a made-up id reaches nobody.
    if (!/^\d+$/.test(memberId)) return undefined;
    const body = { recipient_id: memberId };
    const call = () => this.deps.rest.post(Routes.userChannels(), { body });
    return (await this.#ask<APIChannel>(call, unreachable))?.id;
  }

  async send(channelId: string, message: Message, nonce: string): Promise<MessageRef | undefined> {
    const made = await this.#create(channelId, message, nonce);
    if (!made || made.channel_id === channelId) return made && { channelId, messageId: made.id };
    // A nonce counts for everything that this bot has sent of late: what came back is an older message elsewhere.
    this.deps.log.warn({ nonce }, 'a message elsewhere has the same nonce: sent again with another');
    const again = await this.#create(channelId, message, `${nonce.slice(0, 16)}${crypto.randomUUID().slice(0, 8)}`);
    return again && { channelId, messageId: again.id };
  }

  #create(channelId: string, message: Message, nonce: string): Promise<APIMessage | undefined> {
    const body = { ...message, nonce, enforce_nonce: true };
    return this.#ask<APIMessage>(() => this.deps.rest.post(Routes.channelMessages(channelId), { body }), unreachable);
  }

  async edit({ channelId, messageId }: MessageRef, message: Message): Promise<Edited> {
    const edited = await this.#try(() =>
      this.deps.rest.patch(Routes.channelMessage(channelId, messageId), { body: message }),
    );
    if (!('final' in edited)) return 'edited';
    if (gone.has(edited.final.code)) return 'gone';
    this.#log(edited.final, 'Discord refuses an edit');
    return edited.final.code === RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached
      ? 'editLimitReached'
      : 'refused';
  }

  async read({ channelId, messageId }: MessageRef): Promise<OwnMessage | undefined> {
    const call = () => this.deps.rest.get(Routes.channelMessage(channelId, messageId));
    const message = await this.#ask<APIMessage>(call, gone);
    return message && toOwnMessage(channelId, message);
  }

  async findOwn(channelId: string, customId: string): Promise<OwnMessage | undefined> {
    const query = new URLSearchParams({ limit: '50' });
    const call = () => this.deps.rest.get(Routes.channelMessages(channelId), { query });
    const messages = (await this.#ask<APIMessage[]>(call, gone)) ?? [];
    const own = messages.filter((each) => each.author.id === this.deps.botId);
    return own.map((each) => toOwnMessage(channelId, each)).find((each) => each.buttons.includes(customId));
  }

  /** What Discord answered, or how it refused for good; a cut connection is tried again, all else is thrown. */
  async #try(call: () => Promise<unknown>): Promise<Outcome> {
    try {
      const isWorthAnotherTry = (error: unknown) => !finalRefusal(error) && passes(error);
      return { answer: await withRetry(call, isWorthAnotherTry, this.deps.retryPausesMs) };
    } catch (error) {
      const final = finalRefusal(error);
      if (final) return { final };
      throw error;
    }
  }

  /** Undefined for a final refusal; one that is not among the usual is worth a look, and is in the log. */
  async #ask<T>(call: () => Promise<unknown>, usual: ReadonlySet<number | string>): Promise<T | undefined> {
    const outcome = await this.#try(call);
    if (!('final' in outcome)) return outcome.answer as T;
    if (!usual.has(outcome.final.code)) this.#log(outcome.final, 'Discord refuses a call');
    return undefined;
  }

  /** Without the error itself, which carries the text that was sent. */
  #log({ code, why }: Refusal, message: string): void {
    this.deps.log.warn({ code, why }, message);
  }
}

/** Discord's no to one call: trying it again would only hear it again. */
interface Refusal {
  readonly code: number | string;
  readonly why: string;
}

type Outcome = { readonly answer: unknown } | { readonly final: Refusal };

/**
 * What is wrong with the message or its place (AutoMod, a locked thread, a word too long, ...) stays wrong. A refused
 * token is not about the message, and direct messages that were opened too fast can be opened later.
 */
function finalRefusal(error: unknown): Refusal | undefined {
  if (error instanceof RateLimitError) {
    const code = RESTJSONErrorCodes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached;
    return { code, why: error.message };
  }
  if (!(error instanceof DiscordAPIError)) return undefined;
  const { status, code, message: why } = error;
  if (status < 400 || status > 404 || status === 401) return undefined;
  return code === RESTJSONErrorCodes.OpeningDirectMessagesTooFast ? undefined : { code, why };
}

/** A cut connection, or direct messages opened too fast: worth another try. Everything sent carries a nonce. */
function passes(error: unknown): boolean {
  if (error instanceof DiscordAPIError) return error.code === RESTJSONErrorCodes.OpeningDirectMessagesTooFast;
  return error instanceof Error && !('status' in error);
}

function toOwnMessage(channelId: string, message: APIMessage): OwnMessage {
  return { place: { channelId, messageId: message.id }, buttons: customIds(message.components ?? []) };
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
