import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../free-port.js';
import { keepAliveTimeout } from '../../keep-alive.js';
import type { CallLog } from '../calls.js';
import type { Faults } from '../faults.js';
import { outsideBasePath, type Answer } from './answers.js';

/** Answers one call; `by` is who made it, for the log. */
export type Responder = (
  request: IncomingMessage,
  path: string,
  body: string,
) => Promise<{ answer: Answer; by: string }>;

interface ListenerOptions {
  readonly respond: Responder;
  readonly faults: Faults;
  readonly log: CallLog;
  readonly basePath: string;
  /** A free one unless given. */
  readonly port?: number | undefined;
  /** What the server takes for the time, in the header of its answers; the machine's unless given. */
  readonly date?: (() => Date) | undefined;
}

/** The HTTP end: listens on loopback, keeps its port across closing and opening, and makes the faults happen. */
export class Listener {
  #server: Server | undefined;
  #port: number | undefined;

  constructor(private readonly options: ListenerOptions) {
    this.#port = options.port;
  }

  get port(): number {
    return this.#port ?? 0;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    const port = (this.#port ??= await freePort());
    const { date } = this.options;
    const server = createServer({ keepAliveTimeout }, (request, response) => {
      if (date) response.setHeader('date', date().toUTCString());
      this.#handle(request, response).catch((error: unknown) => {
        response.destroy();
        // A call that a stop of the server caught half done has nobody to answer any more. Anything else is a fault of
        // the stand-in itself, which must end the test and not leave it to wait.
        if (this.#server !== server) return;
        const fault = error instanceof Error ? error : new Error(String(error));
        queueMicrotask(() => {
          throw fault;
        });
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  /** Stops listening and ends every connection, as a process that is gone does. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    // By the second turn whoever keeps a connection in this process has heard of its end, and asks on a new one.
    await turn();
    await turn();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    if (body === undefined) return;
    const { respond, faults, log, basePath } = this.options;
    const method = request.method ?? 'GET';
    const full = request.url ?? '/';
    const isInside = full.startsWith(`${basePath}/`);
    const path = isInside ? full.slice(basePath.length) : full;
    const at = new Date();
    const since = performance.now();
    const agent = request.headers['user-agent'] ?? '';
    const record = (status: number, by: string): void =>
      log.add({ method, path: withoutToken(path), status, at, ms: performance.now() - since, agent, by });

    await faults.held(method, path);
    const fault = faults.take(method, path);
    if (fault?.delayMs) await delay(fault.delayMs);
    if (fault?.cut === 'before') return cut(request, () => record(0, 'none'));
    if (fault?.status !== undefined) {
      const answer = { status: fault.status, contentType: fault.contentType ?? 'text/plain', body: fault.body ?? '' };
      return send(response, answer, () => record(answer.status, 'none'));
    }
    if (!isInside) return send(response, outsideBasePath(basePath), () => record(302, 'none'));
    const { answer, by } = await respond(request, path, body);
    if (fault?.cut === 'after') return cut(request, () => record(0, by));
    if (fault?.cut === 'mid') return sendHalf(request, response, answer, () => record(0, by));
    send(response, answer, () => record(answer.status, by));
  }
}

/** The body, or undefined when the caller went away before it was all there. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return undefined;
    throw error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, answer: Answer, record: () => void): void {
  record();
  const body = answer.body ?? '';
  response.writeHead(answer.status, {
    ...(answer.contentType === undefined ? {} : { 'content-type': answer.contentType }),
    ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...answer.headers,
  });
  const closed = response.closed ? Promise.resolve() : new Promise<void>((resolve) => response.once('close', resolve));
  answer.after?.(closed);
  response.end(body);
}

function cut(request: IncomingMessage, record: () => void): void {
  record();
  request.socket.destroy();
}

function sendHalf(request: IncomingMessage, response: ServerResponse, answer: Answer, record: () => void): void {
  record();
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, {
    'content-type': answer.contentType ?? 'text/plain',
    'content-length': body.length + 1,
  });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => request.socket.destroy());
}

function withoutToken(path: string): string {
  return path.replace(/([?&]api_?key=)[^&]*/gi, '$1…').replace(/(\/Auth\/Keys\/)[^/?]+/i, '$1…');
}
