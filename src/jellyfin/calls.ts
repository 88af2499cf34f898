import type { AxiosError, AxiosResponse } from 'axios';
import { AppError } from '../errors.js';
import type { Sdk } from './sdk.js';
import { saysWantsTls, whyUnreachable } from './unreachable.js';

/** Which call it was, for logs and causes: the path as written in Jellyfin's API, never the address or the query. */
export type CallName = `${'GET' | 'POST' | 'DELETE'} /${string}`;

/** Makes one call to the server, by the official client with these options. */
export type Send = (sdk: Sdk, options: { readonly signal: AbortSignal }) => Promise<AxiosResponse<unknown>>;

/** Failures that happen before a single byte of the request has left. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO)/;

interface FailureFacts {
  readonly kind: 'unreachable' | 'timeout' | 'tooLarge';
  /** The code of the system or of HTTP, such as `ECONNRESET` or `502`. */
  readonly reason: string;
  /** False only when it is certain that the server never saw the request. */
  readonly mayHaveArrived: boolean;
}

/**
 * A call that brought no answer of Jellyfin's own. It replaces the HTTP library's error, which holds the request's
 * headers and body, and so the key and the password.
 */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';

  constructor(
    readonly call: CallName,
    readonly facts: FailureFacts,
  ) {
    super(`${call}: ${facts.reason}`);
  }

  /** What a person is told; the address is looked at once more where that tells why. Never throws. */
  async toAppError(timeoutMs: number, url: string): Promise<AppError> {
    const { kind, reason } = this.facts;
    if (kind === 'tooLarge') return new AppError('jellyfinNotJellyfin', {}, { cause: this });
    const { origin: address, hostname: host } = new URL(url);
    const why = { kind: await whyUnreachable(reason, url), reason, address, host };
    return kind === 'timeout'
      ? new AppError('jellyfinTimeout', { ...why, seconds: Math.round(timeoutMs / 1000) }, { cause: this })
      : new AppError('jellyfinUnreachable', why, { cause: this });
  }
}

/** Translates what the HTTP library threw; anything that is not its own error is a bug and comes back unchanged. */
export function callFailure(call: CallName, error: unknown, timedOut: boolean): unknown {
  if (!isAxiosError(error)) return error;
  if (timedOut) return new CallFailure(call, { kind: 'timeout', reason: 'timeout', mayHaveArrived: true });
  const reason = error.code ?? 'unknown';
  if (error.message.startsWith('maxContentLength')) {
    return new CallFailure(call, { kind: 'tooLarge', reason: 'answer too large', mayHaveArrived: true });
  }
  const connecting = isConnecting(error.cause);
  // A connection that the system gave up on is as silent as a server that does not answer.
  if (reason === 'ETIMEDOUT') return new CallFailure(call, { kind: 'timeout', reason, mayHaveArrived: !connecting });
  const mayHaveArrived = !connecting && !neverSent.test(reason);
  return new CallFailure(call, { kind: 'unreachable', reason, mayHaveArrived });
}

/** As the library's own function of this name, for which it would have to be loaded. */
function isAxiosError(error: unknown): error is AxiosError {
  return error instanceof Error && 'isAxiosError' in error;
}

function isConnecting(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'connect';
}

/** The failure behind an error, when it leaves open whether the server did what was asked. */
export function uncertainFailure(error: unknown): CallFailure | undefined {
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause instanceof CallFailure && cause.facts.mayHaveArrived ? cause : undefined;
}

/** Whether the server failed in answering, which leaves that open as well. */
export function isServerError(error: unknown): boolean {
  return error instanceof AppError && error.code === 'jellyfinBroken';
}

/** Whether the server may have done what was asked, for all that is known. */
export const mayBeDone = (error: unknown): boolean => isServerError(error) || uncertainFailure(error) !== undefined;

/** An HTTP answer reduced to what tells Jellyfin from everything else that may stand in its place. */
export interface RestAnswer {
  readonly call: CallName;
  readonly status: number;
  readonly isJson: boolean;
  /** A whole document, not the one plain sentence that a starting Jellyfin labels as HTML. */
  readonly isDocument: boolean;
  readonly saysRetryAfter: boolean;
  readonly location: string | undefined;
  /** The server's clock as it says, between these two times of this machine's. */
  readonly date: unknown;
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly data: unknown;
}

/** Answers of a reverse proxy that did not get through to Jellyfin; from 520 on they are Cloudflare's. */
const gatewayStatus = new Map<number, 'unreachable' | 'timeout'>([
  [502, 'unreachable'],
  [504, 'timeout'],
  [520, 'unreachable'],
  [521, 'unreachable'],
  [522, 'timeout'],
  [523, 'unreachable'],
  [524, 'timeout'],
  [525, 'unreachable'],
  [526, 'unreachable'],
  [527, 'unreachable'],
  [530, 'unreachable'],
]);

/** Reads an answer of any status. Throws CallFailure when it is a proxy's word that Jellyfin gave none. */
export function readAnswer(call: CallName, response: AxiosResponse<unknown>, askedAt: number): RestAnswer {
  const { status, headers, data } = response;
  const gateway = gatewayStatus.get(status);
  if (gateway) throw new CallFailure(call, { kind: gateway, reason: String(status), mayHaveArrived: true });
  if (status === 400 && typeof data === 'string' && saysWantsTls(data))
    throw new CallFailure(call, { kind: 'unreachable', reason: 'wantsTls', mayHaveArrived: false });
  const type = String(headers['content-type'] ?? '');
  const location: unknown = headers['location'];
  return {
    call,
    status,
    isJson: type.includes('json'),
    isDocument: typeof data === 'string' && data.trimStart().startsWith('<'),
    saysRetryAfter: headers['retry-after'] !== undefined,
    location: typeof location === 'string' ? location : undefined,
    date: headers['date'],
    askedAt,
    answeredAt: Date.now(),
    data,
  };
}

/** The cause behind an error about an answer: which call and which status; never headers or bodies, which may hold secrets. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(answer: RestAnswer) {
    super(`${answer.call}: ${answer.status}${answer.isDocument ? ' with a page' : ''}`);
    this.status = answer.status;
  }
}
