import { empty, failure, json, noContent, problem, type Answer } from '../http/answers.js';
import { field, invalidId, objectBody, textField } from '../http/body.js';
import type { Call } from '../http/call.js';
import { isAdministrator, route } from '../http/router.js';
import { changePassword } from '../rules/passwords.js';
import { endSessions } from '../rules/sessions.js';
import { tryPassword } from '../rules/sign-in.js';
import { toDbId } from '../store/formats.js';

export const passwordRoutes = [
  route('POST', '/Users/Password', 'signedIn', (call) => setPassword(call, call.query.get('userId'))),
  route('POST', '/Users/:userId/Password', 'signedIn', (call) => setPassword(call, call.params.userId)),
];

/**
 * Sets a password. Who names a user that is not themselves needs an administrator's rights and no current password;
 * every token of the account dies but the one that asked. A reset makes the password empty and revokes nothing.
 */
function setPassword(call: Call, userId: string | undefined): Answer {
  const { world, caller } = call;
  if (caller.kind === 'none') return empty(401);
  const body = objectBody(call, 'request');
  if ('refusal' in body) return body.refusal;
  const id = userId === undefined ? undefined : toDbId(userId);
  if (userId !== undefined && !id) return invalidId('userId', userId);
  if (!id && caller.kind === 'key') return failure(400);
  const ownId = caller.kind === 'user' ? caller.user.id : undefined;
  const user = world.users.byId(id ?? ownId ?? '');
  if (!user) return problem(404);
  if (!isAdministrator(caller) && user.id !== ownId) return json('User is not allowed to update the password.', 403);

  if (field(body.value, 'ResetPassword') === true) return changePassword(world, user, '') ? noContent : failure(400);
  if (!isAdministrator(caller) || id === ownId) {
    const outcome = tryPassword(world, user, textField(body.value, 'CurrentPw') ?? '', call, false);
    if (outcome === 'refused') return failure(403);
    if (outcome === 'wrong') return json('Invalid user or password entered.', 403);
  }
  if (!changePassword(world, user, textField(body.value, 'NewPw') ?? '')) return failure(400);
  endSessions(world, user, caller.token);
  return noContent;
}
