import { failure, json, type Answer } from '../http/answers.js';
import { objectBody, textField, userInPath } from '../http/body.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { userAnswer } from '../http/user-answer.js';
import { openSession, sessionRefusal, sessionsOf } from '../rules/sessions.js';
import { noteActivity, tryPassword } from '../rules/sign-in.js';
import type { ServerUser } from '../store/server-user.js';

export const signInRoutes = [
  route('POST', '/Users/AuthenticateByName', 'everyone', byName),
  route('POST', '/Users/:userId/Authenticate', 'everyone', byId),
  route('POST', '/Users/AuthenticateWithQuickConnect', 'everyone', withQuickConnect),
];

function byName(call: Call): Answer {
  const body = objectBody(call, 'request');
  if ('refusal' in body) return body.refusal;
  const name = textField(body.value, 'Username') ?? '';
  if (!call.client || name === '') return failure(400);
  const user = call.world.users.byName(name);
  return user ? signIn(call, user, textField(body.value, 'Pw') ?? '') : failure(401);
}

function byId(call: Call): Answer {
  const user = userInPath(call);
  if ('refusal' in user) return user.refusal;
  return call.client ? signIn(call, user.value, call.query.get('pw') ?? '') : failure(400);
}

function signIn(call: Call, user: ServerUser, password: string): Answer {
  const { world, client } = call;
  if (!client) return failure(400);
  const before = userAnswer(world, user);
  const outcome = tryPassword(world, user, password, call, true);
  if (outcome === 'refused') return failure(403);
  if (outcome === 'wrong') {
    world.activity.add(
      'AuthenticationFailed',
      `Failed login attempt from ${user.name}`,
      undefined,
      `IP address: ${call.ip}`,
    );
    return failure(401);
  }
  const refusal = sessionRefusal(world, user, client);
  if (refusal !== 'device') {
    const said = `Current/Max sessions for user "${user.name}": ${sessionsOf(world, user)}/${user.maxActiveSessions}`;
    world.log.add('INF', 'Emby.Server.Implementations.Session.SessionManager', said);
  }
  if (refusal) {
    const why = {
      device: 'User is not allowed access from this device',
      sessions: 'User is at their maximum number of sessions',
    };
    const said = `Error processing request: "[${call.ip}] ${why[refusal]}". URL "POST" "/Users/AuthenticateByName".`;
    world.log.add('ERR', 'Jellyfin.Api.Middleware.ExceptionMiddleware', said);
    return failure(403);
  }
  return json({ User: seen(call, before, user), ...openSession(world, user, client, call.ip) });
}

/** The account as the answer to its sign-in shows it: some versions answer with a copy read before. */
function seen(call: Call, before: ReturnType<typeof userAnswer>, user: ServerUser): object {
  const after = userAnswer(call.world, user);
  const { signInAnswers } = call.world.traits;
  if (signInAnswers === 'after') return after;
  const isFirstNote =
    before.LastActivityDate !== after.LastActivityDate && before.LastLoginDate === after.LastLoginDate;
  if (signInAnswers === 'before') return isFirstNote ? after : before;
  return { ...after, Policy: before.Policy };
}

function withQuickConnect(call: Call): Answer {
  const body = objectBody(call, 'request');
  if ('refusal' in body) return body.refusal;
  const request = call.world.quickConnect.bySecret(textField(body.value, 'Secret') ?? '');
  return request?.answer ? json(request.answer) : failure(404);
}

/** Opens the session that a Quick Connect code was authorised for; it holds no address, since no device asked yet. */
export function quickConnectAnswer(call: Call, user: ServerUser, client: NonNullable<Call['client']>): object {
  noteActivity(call.world, user);
  return { User: userAnswer(call.world, user), ...openSession(call.world, user, client, '') };
}
