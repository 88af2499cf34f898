import type { AxiosResponse } from 'axios';
import { CallFailure, type CallName } from './call-failure.js';

/** An HTTP answer reduced to what tells Jellyfin from everything else that may stand in its place. */
export interface RestAnswer {
  readonly call: CallName;
  readonly status: number;
  readonly isJson: boolean;
  /** A whole document, not the one plain sentence that a starting Jellyfin labels as HTML. */
  readonly isDocument: boolean;
  readonly saysRetryAfter: boolean;
  readonly location: string | undefined;
  readonly data: unknown;
}

/** Answers of a reverse proxy that did not get through to Jellyfin; the last five are Cloudflare's. */
const gatewayStatus = new Map<number, 'unreachable' | 'timeout'>([
  [502, 'unreachable'],
  [504, 'timeout'],
  [520, 'unreachable'],
  [521, 'unreachable'],
  [522, 'timeout'],
  [523, 'unreachable'],
  [524, 'timeout'],
]);

/** Reads an answer of any status. Throws CallFailure when it is a proxy's word that Jellyfin gave none. */
export function readAnswer(call: CallName, response: AxiosResponse<unknown>): RestAnswer {
  const { status, headers, data } = response;
  const gateway = gatewayStatus.get(status);
  if (gateway) throw new CallFailure(call, { kind: gateway, reason: String(status), mayHaveArrived: true });
  const type = String(headers['content-type'] ?? '');
  const location: unknown = headers['location'];
  return {
    call,
    status,
    isJson: type.includes('json'),
    isDocument: typeof data === 'string' && data.trimStart().startsWith('<'),
    saysRetryAfter: headers['retry-after'] !== undefined,
    location: typeof location === 'string' ? location : undefined,
    data,
  };
}

/** The cause behind an error about an answer: which call and which status; never headers or bodies, which may hold secrets. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(answer: RestAnswer) {
    super(`${answer.call.method} ${answer.call.path}: ${answer.status}${answer.isDocument ? ' with a page' : ''}`);
    this.status = answer.status;
  }
}
