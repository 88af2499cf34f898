import { scheduleAllows } from '../rules/access-schedule.js';
import { administrator, may, remoteAccess, type ServerUser } from '../store/server-user.js';
import { decoded } from './decode.js';
import { empty, noContent, type Answer } from './answers.js';
import type { Call, Caller } from './call.js';

/** Whom a route lets in; `wizard` is everybody until the wizard is done and administrators after. */
type Access = 'everyone' | 'signedIn' | 'administrator' | 'wizard' | 'localOrAdministrator';

export interface Route {
  readonly method: string;
  /** Segments; one that begins with a colon is a parameter. */
  readonly path: string;
  readonly access: Access;
  run(call: Call): Answer | Promise<Answer>;
}

export function route(method: string, path: string, access: Access, run: Route['run']): Route {
  return { method, path, access, run };
}

/** Finds the route of a call and runs it, unless the caller may not: then 401 or 403, with nothing in it. */
export async function dispatch(routes: readonly Route[], call: Call): Promise<Answer> {
  const matching = routes.flatMap((candidate) => {
    const params = match(candidate.path, call.path);
    return params ? [{ candidate, params }] : [];
  });
  if (call.method === 'OPTIONS') return noContent;
  if (matching.length === 0) return empty(404);
  const found = matching.find(({ candidate }) => candidate.method === call.method);
  if (!found) return empty(405, { allow: matching.map(({ candidate }) => candidate.method).join(', ') });
  const refusal = refuse(found.candidate.access, call);
  return refusal ?? (await found.candidate.run({ ...call, params: found.params }));
}

function refuse(access: Access, call: Call): Answer | undefined {
  if (access === 'everyone') return undefined;
  if (access === 'wizard' && !call.world.settings.wizardCompleted) return undefined;
  if (access === 'localOrAdministrator' && call.isLocal) return undefined;
  if (call.caller.kind === 'none') return empty(401);
  if (call.caller.kind === 'user' && isShutOut(call, call.caller.user)) return empty(403);
  return access === 'signedIn' || isAdministrator(call.caller) ? undefined : empty(403);
}

/** What may be read outside the hours. */
const openOutsideHours = /^\/(Users\/[\da-f-]{32,36}|System\/Info)$/i;

/** Whether a token that is good is refused for as long as its account's restrictions last. */
function isShutOut({ world, method, path, isLocal }: Call, user: ServerUser): boolean {
  if (!isLocal && !may(user, remoteAccess)) return true;
  if (may(user, administrator) || scheduleAllows(user.schedules, world.now(), world.settings.utcOffsetMinutes))
    return false;
  return method !== 'GET' || !openOutsideHours.test(path);
}

/** Whether a caller has an administrator's rights, which every API key has. */
export function isAdministrator(caller: Caller): boolean {
  return caller.kind === 'key' || (caller.kind === 'user' && may(caller.user, administrator));
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decoded(value);
    else if (segment.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return params;
}
