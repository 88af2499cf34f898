import { refuse } from './errors.js';
import type { Json, JsonObject } from './json.js';
import type { RecordedRequest } from './request-log.js';
import type { World } from './state.js';

/** A request as a route handler sees it. */
export interface Call {
  world: World;
  request: RecordedRequest;
  /** The named part of the path. @throws Error when the route has no such part. */
  param(name: string): string;
  query: Record<string, string>;
  /** The JSON body; an empty object when there was none. */
  body: JsonObject;
}

/** The answer: a status, and a JSON body unless it is 204; `raw` for files. */
export interface Answer {
  status: number;
  body?: Json;
  raw?: { contentType: string; bytes: Buffer };
}

export interface Route {
  method: string;
  /** Like `/channels/:channel/messages`. */
  path: string;
  /** Whether the bot's token must come with it; interaction callbacks and webhooks carry their own. */
  needsToken: boolean;
  answer(call: Call): Answer;
}

/** Declares a route that needs the bot's token. */
export function route(method: string, path: string, answer: Route['answer']): Route {
  return { method, path, needsToken: true, answer };
}

/** Declares a route whose path is its own secret. */
export function openRoute(method: string, path: string, answer: Route['answer']): Route {
  return { method, path, needsToken: false, answer };
}

interface Matched {
  route: Route;
  params: Record<string, string>;
}

/**
 * Finds the route of a request; the first declared one wins.
 * @throws ApiError 404 when no route has this path, 405 when none has it with this method.
 */
export function findRoute(routes: readonly Route[], method: string, path: string): Matched {
  const parts = path.split('/').filter(Boolean);
  let pathKnown = false;
  for (const candidate of routes) {
    const params = matchPath(candidate.path.split('/').filter(Boolean), parts);
    if (!params) continue;
    if (candidate.method === method) return { route: candidate, params };
    pathKnown = true;
  }
  throw refuse(pathKnown ? 'methodNotAllowed' : 'notFound');
}

function matchPath(pattern: string[], parts: string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = decodeURIComponent(part);
    else if (expected !== part) return undefined;
  }
  return params;
}
