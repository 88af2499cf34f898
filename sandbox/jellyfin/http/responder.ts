import { proxyAnswer, startingAnswer, type ProxyFace, type StartingFace } from '../faces.js';
import type { World } from '../world.js';
import { callerOf, clientOf, tokenOf } from './authorization.js';
import { addressOf, Query, type Caller } from './call.js';
import type { Responder } from './listener.js';
import { dispatch, type Route } from './router.js';

/** What stands between a caller and the routes at this moment. */
export interface Faces {
  starting: StartingFace;
  proxy: ProxyFace;
}

/** Reads a request, finds out who asks, and lets the routes answer, unless another face is shown. */
export function responder(world: () => World, routes: readonly Route[], faces: Faces): Responder {
  return async (request, path, body) => {
    const url = new URL(path, 'http://127.0.0.1');
    const instead = proxyAnswer(faces.proxy) ?? startingAnswer(faces.starting, url.pathname, world());
    if (instead) return { answer: instead, by: 'none' };
    const query = new Query(url.searchParams);
    const old = world().traits.oldAuthorization;
    const caller = callerOf(world(), tokenOf(request.headers, query, old));
    const answer = await dispatch(routes, {
      world: world(),
      method: request.method ?? 'GET',
      path: url.pathname,
      query,
      params: {},
      body,
      caller,
      client: clientOf(request.headers, old),
      ...addressOf(request),
    });
    return { answer, by: nameOf(caller) };
  };
}

function nameOf(caller: Caller): string {
  if (caller.kind === 'none') return 'none';
  return caller.kind === 'key' ? caller.name : caller.user.name;
}
