import { PasswordDelivery } from './password-delivery.js';
import { PasswordHandover } from './password-handover.js';
import { Resets } from './password-resets.js';
import { TempPasswordNotices } from './temp-password-notices.js';
import { TempPasswordWatch } from './temp-password-watch.js';
import { type PasswordDeps, passwordNoticeKinds } from './temp-password.js';

/** Builds requests for new passwords, and what follows a temporary password to its end. */
export function createPasswords(deps: PasswordDeps) {
  const passwordDelivery = new PasswordDelivery(deps);
  const passwordHandover = new PasswordHandover(deps, passwordDelivery);
  deps.executor.register('reset', passwordDelivery);
  deps.executor.register('provider', passwordDelivery);
  deps.outbox.register(passwordNoticeKinds, new TempPasswordNotices(deps));
  return {
    passwordDelivery,
    passwordHandover,
    resets: new Resets(deps, passwordHandover),
    tempPasswordWatch: new TempPasswordWatch(deps, passwordDelivery),
  };
}

export type PasswordServices = ReturnType<typeof createPasswords>;
