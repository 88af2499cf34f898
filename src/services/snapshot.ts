import { lockState, wrongPasswords, type Account } from './accounts/account.js';
import type { Snapshot } from './request.js';

/** What is kept of an account as it was when it was asked for. */
export function snapshotOf(account: Account): Snapshot {
  const { signInLimit, lastSeen } = account;
  const failedSignIns = wrongPasswords(account);
  return { state: lockState(account), failedSignIns, signInLimit, ...(lastSeen && { lastSeen: lastSeen.getTime() }) };
}
