import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepAliveTimeout } from '../../sandbox/keep-alive.js';
import { until } from './until.js';
import { sameKind, type CallKind } from './call-kind.js';

/** A call of the bot on its way to Discord or Jellyfin. */
export interface Passing extends CallKind {
  readonly path: string;
  readonly body: string;
  /** Whether the other end has answered: not so for a call whose bot was killed before, or that was cut off. */
  readonly done: boolean;
}

/** Where the bot is killed: at the so-many-th call of a kind, before it is done, or when it is done and not yet answered. */
export interface KillPoint extends CallKind {
  /** Counted from 1. */
  readonly nth: number;
  readonly cut: 'before' | 'after';
}

interface Armed extends KillPoint {
  met: number;
  readonly kill: () => Promise<unknown>;
  readonly reached: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Stands between the bot and both ends, and lets every call through, but for the one at which the bot is killed: what the
 * other end did then is certain, as nothing of the answer can have reached the bot.
 */
export class Gate {
  /** Every call since `forget`, in the order in which they came to an end. */
  readonly passed: Passing[] = [];
  readonly #servers: Server[] = [];
  #armed: Armed | undefined;
  /** Set from the fatal call on until the bot is dead, which may take as long as others whose bots die with it need. */
  #dying: Promise<unknown> | undefined;
  #underWay = 0;

  constructor(private readonly kindOf: (end: Passing['end'], method: string, path: string) => CallKind) {}

  /** Opens a door to the given address; answers the address of the door. */
  async doorTo(end: Passing['end'], address: string): Promise<string> {
    const target = new URL(address);
    const server = createServer({ keepAliveTimeout }, (message, response) => {
      this.#underWay += 1;
      this.#pass(end, target, message, response)
        .catch(() => response.destroy())
        .finally(() => (this.#underWay -= 1));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname.replace(/\/$/, '')}`;
  }

  /** Begins to count anew, once every call has its answer. */
  async forget(): Promise<void> {
    await until(
      () => this.#underWay === 0 || undefined,
      () => `${this.#underWay} calls have no answer`,
    );
    this.passed.length = 0;
  }

  /** Kills once at the point named. Resolves when it was reached and the bot is dead. */
  killAt(point: KillPoint, kill: () => Promise<unknown>): Promise<void> {
    return new Promise((reached, failed) => {
      this.#armed = { ...point, met: 0, kill, reached, failed };
    });
  }

  /** Whether the point of a kill was reached, and the bot is not dead yet. */
  get isReached(): boolean {
    return this.#dying !== undefined;
  }

  /** Forgets a kill that was not reached. */
  disarm(): void {
    this.#armed = undefined;
  }

  async close(): Promise<void> {
    this.#armed?.failed(new Error('the gate was closed'));
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #pass(end: Passing['end'], target: URL, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(message);
    if (this.#dying) return this.#ignore(this.#dying, response);
    const path = message.url ?? '/';
    const call = { ...this.kindOf(end, message.method ?? 'GET', path), path, body: body.toString() };
    const fatal = this.#fatal(call);
    if (fatal?.cut === 'before') return this.#end(fatal, { ...call, done: false }, response);
    const answer = await ask(target, message, body).catch((error: unknown) => {
      this.passed.push({ ...call, done: false });
      throw error;
    });
    if (fatal) return this.#end(fatal, { ...call, done: true }, response);
    this.passed.push({ ...call, done: true });
    if (this.#dying) return this.#ignore(this.#dying, response);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  #fatal(call: CallKind): Armed | undefined {
    const armed = this.#armed;
    if (!armed || !sameKind(armed, call)) return undefined;
    armed.met += 1;
    if (armed.met !== armed.nth) return undefined;
    this.#armed = undefined;
    return armed;
  }

  async #end({ kill, reached, failed }: Armed, call: Passing, response: ServerResponse): Promise<void> {
    this.passed.push(call);
    this.#dying = kill();
    await this.#dying.then(reached, failed);
    this.#dying = undefined;
    response.destroy();
  }

  /** As good as dead: it gets nothing done any more, and hears of nothing. */
  async #ignore(dying: Promise<unknown>, response: ServerResponse): Promise<void> {
    await dying.catch(() => undefined);
    response.destroy();
  }
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

async function read(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function ask(target: URL, message: IncomingMessage, body: Buffer): Promise<Answered> {
  const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = message.headers;
  const options = {
    method: message.method,
    path: message.url,
    // A connection for each call: one that was kept may be closed as idle just when it is used again, which looks like a call that was cut off.
    agent: false as const,
    headers: { ...headers, 'content-length': body.length },
  };
  return new Promise<Answered>((resolve, reject) => {
    const call = forward({ ...options, host: target.hostname, port: target.port }, (answer) => {
      const { connection: ____, 'transfer-encoding': _____, ...kept } = answer.headers;
      read(answer).then((bytes) => resolve({ status: answer.statusCode ?? 500, headers: kept, body: bytes }), reject);
    });
    call.once('error', reject);
    call.end(body);
  });
}
