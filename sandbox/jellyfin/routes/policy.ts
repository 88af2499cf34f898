import { setTimeout as delay } from 'node:timers/promises';
import { failure, json, noContent, problem, type Answer } from '../http/answers.js';
import { field, objectBody, userInPath } from '../http/body.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { applyPolicy } from '../rules/policy.js';
import { endSessions } from '../rules/sessions.js';
import { administrator, disabled, may, type ServerUser } from '../store/server-user.js';

/** How long a write takes where two at once collide: long enough for a second to come in between. */
const writeMs = 20;

export const policyRoutes = [route('POST', '/Users/:userId/Policy', 'administrator', write)];

async function write(call: Call): Promise<Answer> {
  const { world } = call;
  if (!world.traits.policyWritesCollide) return replace(call);
  const id = (call.params.userId ?? '').replaceAll('-', '').toLowerCase();
  if (world.policyWrites.has(id)) return failure(500);
  world.policyWrites.add(id);
  try {
    await delay(writeMs);
    return replace(call);
  } finally {
    world.policyWrites.delete(id);
  }
}

function replace(call: Call): Answer {
  const { world } = call;
  const body = objectBody(call, 'newPolicy');
  if ('refusal' in body) return body.refusal;
  const missing = ['PasswordResetProviderId', 'AuthenticationProviderId'].filter((name) => !field(body.value, name));
  if (missing.length > 0) {
    return problem(400, Object.fromEntries(missing.map((name) => [name, [`The ${name} field is required.`]])));
  }
  const found = userInPath(call, problem(404));
  if ('refusal' in found) return found.refusal;
  const user = found.value;
  const disables = field(body.value, 'IsDisabled') === true;

  const others = (): ServerUser[] => world.users.all().filter((other) => other.id !== user.id);
  const losesAdministrator = may(user, administrator) && field(body.value, 'IsAdministrator') !== true;
  if (losesAdministrator && !others().some((other) => may(other, administrator))) {
    return json('There must be at least one user in the system with administrative access.', 403);
  }
  if (disables && may(user, administrator)) return json('Administrators cannot be disabled.', 403);
  if (disables && !may(user, disabled) && !others().some((other) => !may(other, disabled))) {
    return json('There must be at least one enabled user in the system.', 403);
  }
  const disablesNow = disables && !may(user, disabled);
  if (!applyPolicy(user, body.value)) return failure(400);
  world.users.savePolicy(user);
  if (disablesNow) endSessions(world, user, call.caller.kind === 'none' ? '' : call.caller.token);
  return noContent;
}
