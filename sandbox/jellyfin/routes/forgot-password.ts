import { failure, json, problem, type Answer } from '../http/answers.js';
import { objectBody, textField } from '../http/body.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { changePassword } from '../rules/passwords.js';
import { NotFound, pinExpiry, pinFilePath, redeemPin, writePin } from '../rules/pin-files.js';

export const forgotPasswordRoutes = [
  route('POST', '/Users/ForgotPassword', 'everyone', forgot),
  route('POST', '/Users/ForgotPassword/Pin', 'everyone', redeem),
];

/** Every version writes a file only for a name that exists and a caller at home; from 10.11.2 on the answer does not tell. */
function forgot(call: Call): Answer {
  const { world } = call;
  const body = objectBody(call, 'forgotPasswordRequest');
  if ('refusal' in body) return body.refusal;
  const name = textField(body.value, 'EnteredUsername') ?? '';
  if (name === '') return problem(400, { EnteredUsername: ['The EnteredUsername field is required.'] });
  const user = world.users.byName(name);
  if (world.traits.is1010 && (!user || !call.isLocal)) return json({ Action: 'InNetworkRequired', PinFile: '' });
  const path = pinFilePath(world, name, user);
  if (user && call.isLocal) writePin(world, user, path);
  return json({ Action: 'PinCode', PinFile: path, PinExpirationDate: pinExpiry(world) });
}

/** The new password is the PIN exactly as it was typed. */
function redeem(call: Call): Answer {
  const body = objectBody(call, 'forgotPasswordPinRequest');
  if ('refusal' in body) return body.refusal;
  const typed = textField(body.value, 'Pin') ?? '';
  if (typed === '') return problem(400, { Pin: ['The Pin field is required.'] });
  try {
    const opened = redeemPin(call.world, typed, (user) => changePassword(call.world, user, typed));
    return opened.length > 0 ? json({ Success: true, UsersReset: opened }) : failure(404);
  } catch (error) {
    if (error instanceof SyntaxError) return failure(500);
    if (error instanceof NotFound) return failure(404);
    throw error;
  }
}
