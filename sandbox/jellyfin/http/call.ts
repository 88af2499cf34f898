import type { IncomingMessage } from 'node:http';
import type { ClientInfo } from '../store/devices.js';
import type { ServerUser } from '../store/server-user.js';
import type { World } from '../world.js';

/** Who makes a call: nobody known, the holder of an API key, or a user on a signed-in device. */
export type Caller =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly name: string; readonly token: string }
  | { readonly kind: 'user'; readonly user: ServerUser; readonly token: string };

/** One request, read and understood as far as every route needs it. */
export interface Call {
  readonly world: World;
  readonly method: string;
  /** Without the base path and the query. */
  readonly path: string;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly body: string;
  readonly caller: Caller;
  readonly client: ClientInfo | undefined;
  readonly ip: string;
  readonly isLocal: boolean;
}

/** Query parameters by name without case. */
export class Query {
  readonly #values = new Map<string, string>();

  constructor(search: URLSearchParams) {
    for (const [name, value] of search) this.#values.set(name.toLowerCase(), value);
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }
}

/** The address a call seems to come from: the loopback trusts what a proxy says of it. */
export function addressOf(request: IncomingMessage): { ip: string; isLocal: boolean } {
  const forwarded = request.headers['x-forwarded-for'];
  const ip = typeof forwarded === 'string' ? (forwarded.split(',')[0] ?? '').trim() : '127.0.0.1';
  return { ip, isLocal: /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$)/.test(ip) };
}
