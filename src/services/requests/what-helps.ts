import { AppError } from '../../errors.js';
import { assertOwnPassword, lockState, type Account } from '../accounts/account.js';
import type { RequestKind } from './request.js';

/** What is asked for an own account with no more than a press. */
export type AskedKind = Exclude<RequestKind, 'link' | 'pass'>;

/** Throws where what is asked for would not help an account that is as it is now. */
export function assertHelps(kind: AskedKind, account: Account): void {
  const state = lockState(account);
  if (kind === 'enable') {
    if (state !== 'disabled') throw new AppError('notDisabled', { account: account.name });
    return;
  }
  // Whether its provider is gone is for the caller to know.
  if (kind === 'provider') return;
  if (state === 'disabled') throw new AppError('disabledByAdmin');
  if (kind === 'reset' || state === 'open') assertOwnPassword(account);
  if (kind === 'unlock' && state === 'open') throw new AppError('notLocked');
}
