import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { keepAliveTimeout } from '../keep-alive.js';
import { ApiError, refuse } from './errors.js';
import type { Fault, Faults } from './faults.js';
import { isObject, type Json } from './json.js';
import { tooMany, type RateLimits } from './rate-limits.js';
import { readBody, readBytes } from './read-body.js';
import type { RecordedRequest, RequestLog } from './request-log.js';
import { findRoute, type Answer, type Route } from './router.js';
import type { World } from './state.js';

interface ServerParts {
  world: World;
  routes: readonly Route[];
  faults: Faults;
  rateLimits: RateLimits;
  log: RequestLog;
  /** Requests that no route knew, and errors of the stand-in itself. */
  mistakes: string[];
}

interface Reply extends Answer {
  headers?: Record<string, string>;
}

const PREFIX = '/api/v10';

/** The HTTP end of the loopback Discord: records, applies faults, checks token and rate limit, routes, answers. */
export function createRestServer(parts: ServerParts): Server {
  return createServer({ keepAliveTimeout }, (message, response) => {
    serve(parts, message, response).catch((error: unknown) => {
      parts.mistakes.push(`${message.method} ${message.url}: ${String(error)}`);
      response.destroy();
    });
  });
}

async function serve(parts: ServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://loopback');
  const request: RecordedRequest = {
    method: message.method ?? 'GET',
    path: url.pathname.startsWith(`${PREFIX}/`) ? url.pathname.slice(PREFIX.length) : url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    body: undefined,
    files: [],
    status: 0,
    answer: undefined,
    at: Date.now(),
  };
  parts.log.all.push(request);
  const bytes = await readBytes(message);
  // Read before anything goes wrong on purpose: whoever looks at the requests sees what the bot said in these, too.
  const unreadable = await readBody(bytes, message.headers['content-type'] ?? '', request).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if ((await parts.faults.waitAtHold(request)) === 'cut') return hangUp(parts, request, response);
  const fault = parts.faults.meet(request);
  if (fault?.cut === 'before') return hangUp(parts, request, response);
  const reply = answerOfFault(fault) ?? answer(parts, request, unreadable, url);
  if (fault?.cut === 'after') return hangUp(parts, request, response);
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
  request.status = reply.status;
  request.answer = reply.body;
  parts.log.answered(request);
  // A call that a fault answered has changed nothing, and may still be what somebody waits for.
  parts.world.changes.announce();
  send(response, reply);
}

function hangUp(parts: ServerParts, request: RecordedRequest, response: ServerResponse): void {
  parts.log.answered(request);
  parts.world.changes.announce();
  response.destroy();
}

function answerOfFault(fault: Fault | undefined): Reply | undefined {
  if (fault?.status === undefined) return undefined;
  const limited = fault.status === 429 ? tooMany(fault.retryAfterMs ?? 1000, 'user') : undefined;
  const body: Json = fault.body ?? limited?.refused ?? { message: `${fault.status}: made up by a test`, code: 0 };
  return { status: fault.status, body, ...(limited ? { headers: limited.headers } : {}) };
}

function answer(
  parts: ServerParts,
  request: RecordedRequest,
  unreadable: { error: unknown } | undefined,
  url: URL,
): Reply {
  let headers: Record<string, string> = {};
  try {
    if (unreadable) throw unreadable.error;
    if (!url.pathname.startsWith(`${PREFIX}/`) && !url.pathname.startsWith('/attachments/')) throw refuse('notFound');
    const { route, params } = findRoute(parts.routes, request.method, request.path);
    if (route.needsToken && request.headers['authorization'] !== `Bot ${parts.world.token}`)
      throw refuse('unauthorized');
    const major = params['channel'] ?? params['guild'] ?? params['token'] ?? '';
    const verdict = parts.rateLimits.judge(request, route.path, major);
    headers = verdict.headers;
    if (verdict.refused) return { status: 429, body: verdict.refused, headers };
    const param = (name: string) => {
      const value = params[name];
      if (value === undefined) throw new Error(`The route ${route.path} has no part called ${name}`);
      return value;
    };
    const body = isObject(request.body) ? request.body : {};
    return { ...route.answer({ world: parts.world, request, param, query: request.query, body }), headers };
  } catch (error) {
    if (!(error instanceof ApiError)) {
      parts.mistakes.push(`${request.method} ${request.path}: ${error instanceof Error ? error.stack : String(error)}`);
      return { status: 500, body: { message: 'The loopback Discord itself failed', code: 0 }, headers };
    }
    if (error.code === 0 && error.status >= 404) parts.mistakes.push(`No route for ${request.method} ${request.path}`);
    if (error.status !== 429) return { status: error.status, body: error.body(), headers };
    const limited = tooMany(1000, 'shared');
    return { status: 429, body: { ...limited.refused, ...error.body() }, headers: { ...headers, ...limited.headers } };
  } finally {
    parts.world.changes.announce();
  }
}

function send(response: ServerResponse, reply: Reply): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.statusCode = reply.status;
  if (reply.raw) {
    response.setHeader('content-type', reply.raw.contentType);
    response.end(reply.raw.bytes);
  } else if (reply.body === undefined) {
    response.end();
  } else {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(reply.body));
  }
}
