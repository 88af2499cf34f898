import { setTimeout as wait } from 'node:timers/promises';
import { AppError, type ErrorCode, type Params } from '../errors.js';
import type { Secret } from '../secret.js';
import type { ServerInfo } from '../services/accounts/jellyfin-port.js';
import type { Log } from '../services/log.js';
import { minuteMs } from '../time.js';
import { isRecord, textOf } from './account-from-user.js';
import {
  CallFailure,
  callFailure,
  readAnswer,
  UnexpectedAnswer,
  type CallName,
  type RestAnswer,
  type Send,
} from './calls.js';
import { clockAheadMs } from './clock.js';
import type { Sdk } from './sdk.js';

/** What a call's own refusals mean; undefined for all that any call may bring. */
export type Known = (answer: RestAnswer) => AppError | undefined;

export interface ServerOptions {
  /** Base path included, without a slash at the end. */
  readonly url: string;
  /** The API key that is used from now on. */
  readonly keys?: { readonly current: Secret };
  /** For one call, answer included; 10 s unless given. */
  readonly timeoutMs?: number | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/** The longest that anything is waited for: Discord takes an answer for a quarter of an hour. */
const longestMs = 10 * minuteMs;

interface Limits {
  /** For each try; the second gets half of it. */
  readonly timeoutMs?: number;
  readonly givenUp?: AbortSignal;
}

/** Whether something came to its end, in whatever way, within the time. */
function isOver(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  const over = work.then(
    () => true,
    () => true,
  );
  return Promise.race([over, wait(withinMs, false, { ref: false })]);
}

/** How the server introduces itself to anybody; asked again whenever an answer is odd. */
const introduction = [
  'GET /System/Info/Public',
  ({ system }, options) => system.getPublicSystemInfo(options),
] as const satisfies [CallName, Send];

/** Makes calls, gives each its time, and turns every other answer into an AppError. */
export class JellyfinServer {
  /** Not to be seen where this object is printed: an address may hold a name and a password. */
  readonly #options: ServerOptions;
  readonly #timeoutMs: number;
  /** The official client, made anew when the API key has changed. */
  #sdk: { readonly key: Secret | undefined; readonly opened: Promise<Sdk> } | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
  }

  /** Reads, with one retry. `pick` understands the answer, or returns undefined when it is not what was asked for. */
  async read<T>(name: CallName, send: Send, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    return this.#understood(await this.#answer(name, send, 2), pick, known);
  }

  /**
   * Reads what may take a server minutes, once. For as long as the server still introduces itself in the usual time, the
   * answer is waited for: asking again would only load it the more.
   */
  async readSlowly<T>(name: CallName, send: Send, pick: (data: unknown) => T | undefined): Promise<T> {
    const givenUp = new AbortController();
    const answer = this.#answer(name, send, 1, { timeoutMs: longestMs, givenUp: givenUp.signal });
    try {
      while (!(await isOver(answer, this.#timeoutMs))) await this.introduction();
    } catch (error) {
      givenUp.abort();
      throw error;
    }
    return this.#understood(await answer, pick);
  }

  /** Asks once for something that is not the same when it is asked twice. */
  async ask<T>(name: CallName, send: Send, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    return this.#understood(await this.#answer(name, send, 1), pick, known);
  }

  /** Writes, once: whoever calls knows whether doing it twice would harm. */
  async write(name: CallName, send: Send, known?: Known): Promise<void> {
    await this.#understood(await this.#answer(name, send, 1), () => true, known);
  }

  /** Who is there. */
  async introduction(): Promise<ServerInfo> {
    const answer = await this.#answer(...introduction, 2);
    try {
      return readPublicInfo(answer, this.#options.url);
    } catch (error) {
      throw await this.#orFailed(error);
    }
  }

  async #understood<T>(answer: RestAnswer, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    const isFine = answer.status >= 200 && answer.status <= 299 && !answer.isDocument;
    const picked = isFine ? pick(answer.data) : undefined;
    if (picked === undefined) throw known?.(answer) ?? (await this.#told(answer));
    return picked;
  }

  /** An answer of Jellyfin's own, whatever it says. The limit is for the whole call, as a server may send a byte now and then. */
  async #answer(
    name: CallName,
    send: Send,
    tries: 1 | 2,
    { timeoutMs = this.#timeoutMs, givenUp }: Limits = {},
  ): Promise<RestAnswer> {
    const { url, keys } = this.#options;
    if (!this.#sdk || this.#sdk.key !== keys?.current) {
      const key = keys?.current;
      // The client and its HTTP library are a fifth of all that is loaded, and Discord need not wait for them.
      this.#sdk = { key, opened: import('./sdk.js').then(({ openSdk }) => openSdk(url, key)) };
    }
    const sdk = await this.#sdk.opened;
    for (let triesLeft = tries - 1; ; triesLeft -= 1) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = givenUp ? AbortSignal.any([timeout, givenUp]) : timeout;
      const askedAt = Date.now();
      try {
        return readAnswer(name, await send(sdk, { signal }), askedAt);
      } catch (error) {
        const failure = callFailure(name, error, signal.aborted);
        if (!(failure instanceof CallFailure)) throw failure;
        const { kind, reason } = failure.facts;
        this.#options.log.warn({ call: name, reason, again: triesLeft > 0 }, 'no answer from Jellyfin');
        if (triesLeft === 0 || kind === 'tooLarge') throw await failure.toAppError(this.#timeoutMs, url);
        // The second try gets half the time, so that a silent server costs 1.5 times the limit at most.
        if (kind === 'timeout') timeoutMs = Math.ceil(this.#timeoutMs / 2);
      }
    }
  }

  /** An admin who reads the sentence is sent to the log: it has the answer as it came, but for the body, which may quote. */
  async #told(answer: RestAnswer): Promise<unknown> {
    const error = await this.#orFailed(await this.#explain(answer).catch((thrown: unknown) => thrown));
    if (error instanceof AppError && error.code !== 'accountGone') {
      const { call, status, location } = answer;
      const sentTo = location?.replace(/[?#].*$/, '');
      this.#options.log.warn({ call, status, sentTo, code: error.code }, 'not the answer that Jellyfin was asked for');
    }
    return error;
  }

  /** A start that failed shows the faces of one that goes on, but for its health (docs/jellyfin.md, "Server states"). */
  async #orFailed(error: unknown): Promise<unknown> {
    if (!(error instanceof AppError) || error.code !== 'jellyfinStarting') return error;
    const health = await this.#answer('GET /health', (sdk, options) => sdk.health(options), 1).catch(() => undefined);
    return health?.data === 'Unhealthy' ? new AppError('jellyfinStartFailed', {}, { cause: error.cause }) : error;
  }

  /** Why an answer is not the one that was asked for. When that is open, the server's introduction decides. */
  async #explain(answer: RestAnswer): Promise<AppError> {
    const { status } = answer;
    const cause = { cause: new UnexpectedAnswer(answer) };
    if (!answer.isDocument) {
      if (status === 404 && answer.isJson) return new AppError('accountGone', {}, cause);
      if (status >= 500 && status !== 503) return new AppError('jellyfinBroken', { status }, cause);
      if (status >= 400 && ![401, 403, 404, 503].includes(status))
        return new AppError('jellyfinRefused', { status }, cause);
    }
    const introduced = await this.#answer(...introduction, 1);
    readPublicInfo(introduced, this.#options.url);
    // From here on Jellyfin itself is up and where it should be.
    if (status === 503) return new AppError('jellyfinStarting', {}, cause);
    if (answer.isDocument || (status >= 300 && status < 400)) return new AppError('jellyfinNotJellyfin', {}, cause);
    if (status === 401) return new AppError('jellyfinKeyRefused', {}, cause);
    if (status === 403) return new AppError('jellyfinKeyNotAdmin', {}, cause);
    if (status === 404) return new AppError('jellyfinRefused', { status }, cause);
    return new AppError('jellyfinBroken', { status }, cause);
  }
}

/**
 * What these statuses mean when Jellyfin itself sends them. A document comes from a proxy, and means nothing of the kind.
 */
export function means(codes: Readonly<Record<number, ErrorCode>>): Known {
  return ({ status, isDocument }) => {
    const code = codes[status];
    return code === undefined || isDocument ? undefined : new AppError(code);
  };
}

const oldest = { major: 10, minor: 10 };
/** The newest of those that Latchkey was held to. */
const newestMajor = 12;

/**
 * What the server's own introduction (`/System/Info/Public`) says, which needs no key and so tells best who is there.
 * Throws an AppError unless it is a Jellyfin that is up, set up, and new enough: only 200 in PascalCase comes from one
 * (docs/jellyfin.md, "Server states").
 */
export function readPublicInfo(answer: RestAnswer, address: string): ServerInfo {
  const fail = (code: ErrorCode, params: Params = {}): AppError =>
    new AppError(code, params, { cause: new UnexpectedAnswer(answer) });
  const { status, data } = answer;
  if (status === 503) {
    // A proxy without anybody behind it says 503 with a page of its own; Jellyfin says when to come back, or one sentence.
    throw answer.isDocument && !answer.saysRetryAfter
      ? fail('jellyfinUnreachable', { kind: 'gateway', reason: '503', address: new URL(address).origin })
      : fail('jellyfinStarting');
  }
  // Jellyfin with a base path, and proxies that insist on https, send whoever knocks elsewhere on to the right address.
  if (status >= 300 && status < 400) {
    const to = sameHost(answer.location, address);
    if (to?.protocol === 'https:' && address.startsWith('http:'))
      throw fail('jellyfinWrongPath', { kind: 'sentToHttps', to: `${to.origin}${new URL(address).pathname}` });
    throw fail(to ? 'jellyfinWrongPath' : 'jellyfinNotJellyfin');
  }
  if (status === 404) throw fail('jellyfinWrongPath', webPage(address));
  if (status >= 500 && !answer.isDocument) throw fail('jellyfinBroken', { status });
  if (status !== 200 || !isRecord(data)) throw fail('jellyfinNotJellyfin');
  if ('startupWizardCompleted' in data) throw fail('jellyfinStarting');
  const { Version: version, ServerName: name, Id: id, StartupWizardCompleted: isSetUp } = data;
  if (typeof version !== 'string') throw fail('jellyfinNotJellyfin');
  if (isTooOld(version)) throw fail('jellyfinTooOld', { version });
  if (isSetUp !== true) throw fail('jellyfinNotSetUp');
  const ahead = clockAheadMs(answer.date, answer.askedAt, answer.answeredAt) ?? 0;
  const clock = Math.abs(ahead) > minuteMs ? { clockAheadMs: ahead } : {};
  return { name: textOf(name), version, ...(typeof id === 'string' && { id }), ...clock };
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < oldest.major || (major === oldest.major && minor < oldest.minor);
}

/** Whether it came after those that Latchkey was held to, and may do things otherwise. */
export function isNewerThanKnown(version: string): boolean {
  return Number.parseInt(version, 10) > newestMajor;
}

/** Where a redirect leads, when that is the same host. */
function sameHost(location: string | undefined, address: string): URL | undefined {
  if (location === undefined || !URL.canParse(location, address)) return undefined;
  const to = new URL(location, address);
  return to.hostname === new URL(address).hostname ? to : undefined;
}

/** An address that was copied from the browser's address line ends with the page that was open. */
function webPage(address: string): Params {
  const [before, isPage] = address.split(/\/web(?=\/|$)/i);
  return before === undefined || isPage === undefined ? {} : { kind: 'webPage', to: before };
}
