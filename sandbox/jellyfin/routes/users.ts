import { failure, json, noContent, problem, type Answer } from '../http/answers.js';
import { objectBody, textField, userInPath } from '../http/body.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { userAnswer } from '../http/user-answer.js';
import { changePassword } from '../rules/passwords.js';
import { administrator, disabled, hidden, may } from '../store/server-user.js';

export const userRoutes = [
  route('GET', '/Users', 'signedIn', list),
  route('POST', '/Users/New', 'administrator', create),
  route('GET', '/Users/Public', 'everyone', listPublic),
  route('GET', '/Users/Me', 'signedIn', me),
  route('GET', '/Users/:userId', 'signedIn', one),
  route('DELETE', '/Users/:userId', 'administrator', remove),
];

function list(call: Call): Answer {
  const wanted = { [disabled]: call.query.get('isDisabled'), [hidden]: call.query.get('isHidden') };
  const users = call.world.users
    .all()
    .filter((user) =>
      Object.entries(wanted).every(([kind, is]) => is === undefined || String(may(user, Number(kind))) === is),
    );
  return json(users.map((user) => userAnswer(call.world, user)));
}

function listPublic(call: Call): Answer {
  const shown = call.world.users.all().filter((user) => !may(user, hidden) && !may(user, disabled));
  return json(shown.map((user) => userAnswer(call.world, user)));
}

function me(call: Call): Answer {
  return call.caller.kind === 'user' ? json(userAnswer(call.world, call.caller.user)) : problem(400);
}

function one(call: Call): Answer {
  const user = userInPath(call);
  return 'refusal' in user ? user.refusal : json(userAnswer(call.world, user.value));
}

function create(call: Call): Answer {
  const { world } = call;
  const body = objectBody(call, 'request');
  if ('refusal' in body) return body.refusal;
  const name = textField(body.value, 'Name') ?? '';
  if (name === '') return problem(400, { Name: ['The Name field is required.'] });
  if (!isName(name) || world.users.byName(name)) return failure(400);
  const user = world.users.add(name);
  world.activity.add('UserCreated', `User ${user.name} has been created`, user.id);
  const before = userAnswer(world, user);
  const password = textField(body.value, 'Password');
  if (password !== undefined) changePassword(world, user, password);
  // Where users are not kept in memory, the answer shows a copy from before the password was set.
  return json(world.traits.cachesUsers ? userAnswer(world, user) : before);
}

/** Letters of any language, digits, spaces and a few signs, not at the ends. */
function isName(name: string): boolean {
  return /^(?!\s)[\p{L}\p{M}\p{N} \-'._@+]+(?<!\s)$/u.test(name);
}

function remove(call: Call): Answer {
  const { world } = call;
  const user = userInPath(call, problem(404));
  if ('refusal' in user) return user.refusal;
  const admins = world.users.all().filter((other) => may(other, administrator));
  if (admins.length === 1 && admins[0]?.id === user.value.id) return failure(400);
  world.users.delete(user.value.id);
  world.activity.add('UserDeleted', `User ${user.value.name} has been deleted`);
  return noContent;
}
