import type { AxiosResponse } from 'axios';
import { AppError } from '../errors.js';
import type { ServerInfo } from '../services/accounts/jellyfin-port.js';
import { UnexpectedAnswer, readAnswer, type RestAnswer } from './answer.js';
import { type Call, CallFailure, callFailure, type CallName } from './call-failure.js';
import type { Log } from '../services/log.js';
import { readPublicInfo } from './public-info.js';

/** What a call's own refusals mean; undefined for all that any call may bring. */
export type Known = (answer: RestAnswer) => AppError | undefined;

export interface ServerOptions {
  readonly address: string;
  /** How the server introduces itself; asked again whenever an answer is odd. */
  readonly publicInfo: Call;
  readonly timeoutMs: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Makes calls, gives each its time, and turns whatever comes instead of an answer into an AppError. */
export class JellyfinServer {
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Reads, with one retry. `pick` understands the answer, or returns undefined when it is not what was asked for. */
  async read<T>(call: Call, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    const answer = await this.#appErrors(() => this.#sendTwice(call));
    const picked = answer.status === 200 ? pick(answer.data) : undefined;
    if (picked === undefined) throw known?.(answer) ?? (await this.#told(answer));
    return picked;
  }

  /** Writes, once: whoever calls knows whether doing it twice would harm. */
  async write(call: Call, known?: Known): Promise<void> {
    await this.ask(call, () => true, known);
  }

  /** Asks once for something that is not the same when it is asked twice. */
  async ask<T>(call: Call, pick: (data: unknown) => T | undefined, known?: Known): Promise<T> {
    const answer = await this.#appErrors(() => this.#send(call, this.#options.timeoutMs));
    const isFine = answer.status >= 200 && answer.status <= 299 && !answer.isDocument;
    const picked = isFine ? pick(answer.data) : undefined;
    if (picked === undefined) throw known?.(answer) ?? (await this.#told(answer));
    return picked;
  }

  /** Who is there. */
  async introduction(): Promise<ServerInfo> {
    const answer = await this.#appErrors(() => this.#sendTwice(this.#options.publicInfo));
    return readPublicInfo(answer, this.#options.address);
  }

  /** The second try of a read gets half the time, so that a silent server costs 1.5 times the limit at most. */
  async #sendTwice(call: Call): Promise<RestAnswer> {
    const { timeoutMs, log } = this.#options;
    try {
      return await this.#send(call, timeoutMs);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      log.warn(
        { method: call.method, path: call.path, reason: error.reason },
        'Jellyfin did not answer, asking once more',
      );
      return this.#send(call, error.kind === 'timeout' ? Math.ceil(timeoutMs / 2) : timeoutMs);
    }
  }

  /** The limit is for the whole call: a server that sends a byte now and then does not get round it. */
  async #send(call: Call, timeoutMs: number): Promise<RestAnswer> {
    const signal = AbortSignal.timeout(timeoutMs);
    const name: CallName = { method: call.method, path: call.path };
    let response: AxiosResponse<unknown>;
    try {
      response = await call.send({ signal });
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
      this.#options.log.warn({ ...error.call, reason: error.reason }, 'no answer from Jellyfin');
      throw error.toAppError(this.#options.timeoutMs);
    }
  }

  /** An admin who reads the sentence is sent to the log: it has the answer as it came, but for the body, which may quote. */
  async #told(answer: RestAnswer): Promise<unknown> {
    const error: unknown = await this.#explain(answer).catch((thrown: unknown) => thrown);
    if (error instanceof AppError && error.code !== 'accountGone') {
      const { call, status, location } = answer;
      const sentTo = location?.replace(/[?#].*$/, '');
      this.#options.log.warn(
        { ...call, status, sentTo, code: error.code },
        'not the answer that Jellyfin was asked for',
      );
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
    const publicInfo = await this.#appErrors(() => this.#send(this.#options.publicInfo, this.#options.timeoutMs));
    readPublicInfo(publicInfo, this.#options.address);
    // From here on Jellyfin itself is up and where it should be.
    if (status === 503) return new AppError('jellyfinStarting', {}, cause);
    if (answer.isDocument || (status >= 300 && status < 400)) return new AppError('jellyfinNotJellyfin', {}, cause);
    if (status === 401) return new AppError('jellyfinKeyRefused', {}, cause);
    if (status === 403) return new AppError('jellyfinKeyNotAdmin', {}, cause);
    if (status === 404) return new AppError('jellyfinRefused', { status }, cause);
    return new AppError('jellyfinBroken', { status }, cause);
  }
}
