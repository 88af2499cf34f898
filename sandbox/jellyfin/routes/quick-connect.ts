import { failure, json, type Answer } from '../http/answers.js';
import type { Call } from '../http/call.js';
import { isAdministrator, route } from '../http/router.js';
import { sessionRefusal } from '../rules/sessions.js';
import { toDbId } from '../store/formats.js';
import { quickConnectAnswer } from './sign-in.js';

export const quickConnectRoutes = [
  route('GET', '/QuickConnect/Enabled', 'everyone', (call) => json(isOn(call))),
  route('POST', '/QuickConnect/Initiate', 'everyone', whenOn(initiate)),
  route('GET', '/QuickConnect/Connect', 'everyone', whenOn(connect)),
  route('POST', '/QuickConnect/Authorize', 'signedIn', whenOn(authorize)),
];

function isOn(call: Call): boolean {
  return call.world.settings.configuration.QuickConnectAvailable === true;
}

function whenOn(run: (call: Call) => Answer): (call: Call) => Answer {
  return (call) => (isOn(call) ? run(call) : json('Quick connect is disabled', 401));
}

function initiate({ world, client }: Call): Answer {
  return client ? json(world.quickConnect.initiate(client)) : failure(400);
}

function connect({ world, query }: Call): Answer {
  const request = world.quickConnect.connect(query.get('secret') ?? '');
  return request ? json(request) : json('Unknown secret', 404);
}

/** Opens the session at once; the device fetches it with its secret. A locked account gets one too, with a dead token. */
function authorize(call: Call): Answer {
  const { world, caller } = call;
  const ownId = caller.kind === 'user' ? caller.user.id : undefined;
  const asked = call.query.get('userId');
  const userId = asked === undefined ? ownId : toDbId(asked);
  if (!isAdministrator(caller) && userId !== ownId) return failure(403);
  const request = world.quickConnect.byCode(call.query.get('code') ?? '');
  if (!request) return failure(404);
  if (request.authenticated) return failure(500);
  world.quickConnect.touch(request);
  const user = userId === undefined ? undefined : world.users.byId(userId);
  if (!user) return failure(400);
  if (sessionRefusal(world, user, request.client)) return failure(403);
  request.authenticated = true;
  request.answer = quickConnectAnswer(call, user, request.client);
  return json(true);
}
