import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors.js';
import type { Account } from '../services/accounts/account.js';
import type { RestrictionChange } from '../services/accounts/jellyfin-port.js';
import type { Log } from '../services/log.js';
import type { RawPolicy, UserRead } from './account-from-user.js';
import { mayBeDone } from './calls.js';
import { differingFields, policyTries, restrictedPolicy } from './policy.js';

/** Writes what `change` makes of an account's restrictions, and reads back: see the port `Jellyfin.restrict`. */
export async function restrict(
  read: () => Promise<UserRead>,
  write: (policy: RawPolicy) => Promise<void>,
  change: RestrictionChange,
  log: Pick<Log, 'warn'>,
): Promise<Account> {
  for (let tries = 1; ; tries += 1) {
    const { account, policy } = await read();
    const fields = await change(account);
    if (!fields) return account;
    const wanted = restrictedPolicy(policy, fields);
    try {
      await write(wanted);
    } catch (error) {
      // 10.11.0 to 10.11.8 answer 500 to one of two writes at once; a write without an answer may have been done.
      if (!mayBeDone(error) || tries >= policyTries) throw error;
      await pause(50 * tries);
      continue;
    }
    const after = await read();
    const differing = differingFields(wanted, after.policy);
    if (differing.length > 0) log.warn({ account: account.id, fields: differing }, 'a policy reads back otherwise');
    // What an administrator changes elsewhere at the same moment is theirs.
    const written = Object.keys(restrictedPolicy({}, fields));
    if (differing.some((field) => written.includes(field))) throw new AppError('jellyfinNotApplied');
    return after.account;
  }
}
