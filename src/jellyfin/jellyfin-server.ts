import { Api } from '@jellyfin/sdk/lib/api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import axios, { type AxiosResponse } from 'axios';
import { AppError, type ErrorCode, type Params } from '../errors.js';
import type { Secret } from '../secret.js';
import type { ServerInfo } from '../services/accounts/jellyfin-port.js';
import type { Log } from '../services/log.js';
import { isRecord } from './account-from-user.js';
import {
  CallFailure,
  callFailure,
  readAnswer,
  UnexpectedAnswer,
  type CallName,
  type RestAnswer,
  type Send,
} from './calls.js';

/** What a call's own refusals mean; undefined for all that any call may bring. */
export type Known = (answer: RestAnswer) => AppError | undefined;

export interface ServerOptions {
  /** Base path included, without a slash at the end. */
  readonly url: string;
  readonly apiKey?: Secret;
  /** For one call, answer included; 10 s unless given. */
  readonly timeoutMs?: number;
  readonly log: Pick<Log, 'warn'>;
}

const publicInfo = 'GET /System/Info/Public';

/** Makes calls, gives each its time, and turns every other answer into an AppError. */
export class JellyfinServer {
  /** The official client, which makes the calls. */
  readonly api: Api;
  readonly #timeoutMs: number;
  readonly #log: Pick<Log, 'warn'>;
  /** How the server introduces itself to anybody; asked again whenever an answer is odd. */
  readonly #publicInfo: Send;

  constructor({ url, apiKey, timeoutMs = 10_000, log }: ServerOptions) {
    this.api = sdkApi(url, apiKey);
    this.#timeoutMs = timeoutMs;
    this.#log = log;
    const system = getSystemApi(this.api);
    this.#publicInfo = (options) => system.getPublicSystemInfo(options);
  }

  /** Reads, with one retry. `pick` understands the answer, or returns undefined when it is not what was asked for. */
  async read<T>(name: CallName, send: Send, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    return this.#understood(await this.#appErrors(() => this.#sendTwice(name, send)), pick, known);
  }

  /** Writes, once: whoever calls knows whether doing it twice would harm. */
  async write(name: CallName, send: Send, known?: Known): Promise<void> {
    await this.ask(name, send, () => true, known);
  }

  /** Asks once for something that is not the same when it is asked twice. */
  async ask<T>(name: CallName, send: Send, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    return this.#understood(await this.#appErrors(() => this.#send(name, send)), pick, known);
  }

  async #understood<T>(answer: RestAnswer, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    const isFine = answer.status >= 200 && answer.status <= 299 && !answer.isDocument;
    const picked = isFine ? pick(answer.data) : undefined;
    if (picked === undefined) throw known?.(answer) ?? (await this.#told(answer));
    return picked;
  }

  /** Who is there. */
  async introduction(): Promise<ServerInfo> {
    const answer = await this.#appErrors(() => this.#sendTwice(publicInfo, this.#publicInfo));
    return readPublicInfo(answer, this.api.basePath);
  }

  /** The second try of a read gets half the time, so that a silent server costs 1.5 times the limit at most. */
  async #sendTwice(name: CallName, send: Send): Promise<RestAnswer> {
    try {
      return await this.#send(name, send);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.#log.warn({ call: error.call, reason: error.facts.reason }, 'Jellyfin did not answer, asking once more');
      return this.#send(name, send, error.facts.kind === 'timeout' ? Math.ceil(this.#timeoutMs / 2) : this.#timeoutMs);
    }
  }

  /** The limit is for the whole call: a server that sends a byte now and then does not get round it. */
  async #send(name: CallName, send: Send, timeoutMs = this.#timeoutMs): Promise<RestAnswer> {
    const signal = AbortSignal.timeout(timeoutMs);
    let response: AxiosResponse<unknown>;
    try {
      response = await send({ signal });
    } catch (error) {
      throw callFailure(name, error, signal.aborted);
    }
    return readAnswer(name, response);
  }

  async #appErrors<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.#log.warn({ call: error.call, reason: error.facts.reason }, 'no answer from Jellyfin');
      throw error.toAppError(this.#timeoutMs);
    }
  }

  /** An admin who reads the sentence is sent to the log: it has the answer as it came, but for the body, which may quote. */
  async #told(answer: RestAnswer): Promise<unknown> {
    const error: unknown = await this.#explain(answer).catch((thrown: unknown) => thrown);
    if (error instanceof AppError && error.code !== 'accountGone') {
      const { call, status, location } = answer;
      const sentTo = location?.replace(/[?#].*$/, '');
      this.#log.warn({ call, status, sentTo, code: error.code }, 'not the answer that Jellyfin was asked for');
    }
    return error;
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
    const introduction = await this.#appErrors(() => this.#send(publicInfo, this.#publicInfo));
    readPublicInfo(introduction, this.api.basePath);
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
      ? fail('jellyfinUnreachable', { reason: '503' })
      : fail('jellyfinStarting');
  }
  // Jellyfin with a base path, and proxies that insist on https, send whoever knocks elsewhere on to the right address.
  if (status >= 300 && status < 400)
    throw fail(staysOnHost(answer.location, address) ? 'jellyfinWrongPath' : 'jellyfinNotJellyfin');
  if (status === 404) throw fail('jellyfinWrongPath');
  if (status >= 500 && !answer.isDocument) throw fail('jellyfinBroken', { status });
  if (status !== 200 || !isRecord(data)) throw fail('jellyfinNotJellyfin');
  if ('startupWizardCompleted' in data) throw fail('jellyfinStarting');
  const { Version: version, ServerName: name, StartupWizardCompleted: isSetUp } = data;
  if (typeof version !== 'string') throw fail('jellyfinNotJellyfin');
  if (isTooOld(version)) throw fail('jellyfinTooOld', { version });
  if (isSetUp !== true) throw fail('jellyfinNotSetUp');
  return { name: typeof name === 'string' ? name : '', version };
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < oldest.major || (major === oldest.major && minor < oldest.minor);
}

function staysOnHost(location: string | undefined, address: string): boolean {
  if (location === undefined || !URL.canParse(location, address)) return false;
  return new URL(location, address).hostname === new URL(address).hostname;
}

/** The official client, set up so that it does nothing that was not asked for. Its header is `MediaBrowser …, Token="key"`. */
export function sdkApi(address: string, apiKey?: Secret, deviceId = 'latchkey'): Api {
  const http = axios.create({
    // The status is ours to judge: the library's own error would carry the request, and with it the key and the password.
    validateStatus: () => true,
    // A redirected POST turns into a GET, and a redirect is a sign that the address is wrong.
    maxRedirects: 0,
    // Jellyfin is a neighbour; a proxy of the environment, meant for the internet, would get to see the key.
    proxy: false,
  });
  return new Api(
    address,
    { name: 'Latchkey', version: '1' },
    { name: 'Latchkey', id: deviceId },
    apiKey?.reveal(),
    http,
  );
}
