import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../errors.js';
import { lockState } from '../services/accounts/account.js';
import type { PreWriteCheck, UnlockResult } from '../services/accounts/jellyfin-port.js';
import type { Log } from '../services/log.js';
import { isRecord, type RawPolicy, type UserRead } from './account-from-user.js';
import { uncertainFailure } from './calls.js';

/** The calls that a change is made of. */
export interface UserCalls {
  get(id: string): Promise<UserRead>;
  writePolicy(id: string, policy: RawPolicy): Promise<void>;
  writePassword(id: string, password: string): Promise<void>;
}

const policyTries = 3;

/** An account without a lock. */
interface Cleared {
  /** The newest read; after a write the one that was written from. */
  readonly read: UserRead;
  /** Whether it was written, and has to be read back. */
  readonly isWritten: boolean;
}

/** Unlocks and sets passwords. Not more than one change to an account may run at a time; the caller sees to that. */
export class AccountChanges {
  constructor(
    private readonly users: UserCalls,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  async unlock(id: string, permit: PreWriteCheck): Promise<UnlockResult> {
    const before = await this.users.get(id);
    const cleared = await this.#clearLock(id, before, permit);
    return { before: before.account, after: (await this.#lookBack(id, cleared)).account };
  }

  /** Switches a disabled account on again, and clears its count; an open one is left as it is. */
  async enable(id: string, permit: PreWriteCheck): Promise<UnlockResult> {
    const before = await this.users.get(id);
    await permit(before.account);
    if (lockState(before.account) === 'open') return { before: before.account, after: before.account };
    await this.users.writePolicy(id, unlockedPolicy(before.policy));
    return { before: before.account, after: (await this.#lookBack(id, { read: before, isWritten: true })).account };
  }

  /**
   * The lock goes first: written right after the read it is based on, it leaves an administrator the least time to
   * disable the account in between, a failure to write it stops everything while the old password still works, and one
   * read at the end looks back at both.
   */
  async setPassword(id: string, password: string, permit: PreWriteCheck): Promise<UnlockResult> {
    const before = await this.users.get(id);
    const cleared = await this.#clearLock(id, before, permit);
    await this.#writePassword(id, password, (read) => mayBeChanged(read, permit));
    try {
      return { before: before.account, after: (await this.#openAfterPassword(id, cleared, permit)).account };
    } catch (error) {
      throw this.#afterPassword(id, error);
    }
  }

  /** Takes a password away that nobody used: what else there is to the account stays as it is. */
  async replacePassword(id: string, password: string, permit: PreWriteCheck): Promise<void> {
    await permit((await this.users.get(id)).account);
    await this.#writePassword(id, password, ({ account }) => permit(account));
  }

  /** Setting a password takes the server long enough for somebody to lock the account anew, or to disable it. */
  async #openAfterPassword(id: string, cleared: Cleared, permit: PreWriteCheck): Promise<UserRead> {
    const read = await this.users.get(id);
    const again = await this.#clearLock(id, read, permit);
    if (again.isWritten) return this.#lookBack(id, again);
    if (cleared.isWritten) this.#compare(id, cleared.read, again.read);
    return again.read;
  }

  /**
   * Writes only when the newest read says locked or over the limit; what became of it is still to be read back.
   * An administrator may disable the account between that read and the write, which would undo it (docs/jellyfin.md,
   * "Unlocking"). So nothing is done in between, and every further try starts from a new read.
   */
  async #clearLock(id: string, read: UserRead, permit: PreWriteCheck): Promise<Cleared> {
    let current = read;
    for (let tries = 1; ; tries += 1) {
      await mayBeChanged(current, permit);
      if (lockState(current.account) === 'open') return { read: current, isWritten: false };
      try {
        await this.users.writePolicy(id, unlockedPolicy(current.policy));
        return { read: current, isWritten: true };
      } catch (error) {
        if (!isServerError(error) || tries >= policyTries) {
          return { read: await this.#afterUncertainWrite(id, error), isWritten: false };
        }
        // 10.11.0 to 10.11.8 answer 500 to one of two writes at the same moment (docs/jellyfin.md, "Locks").
        this.log.warn({ account: id, tries }, 'Jellyfin failed to write a policy, reading it again');
        await pause(50 * tries);
        current = await this.users.get(id);
      }
    }
  }

  /** A write whose answer never came may have been done all the same: the account itself knows. */
  async #afterUncertainWrite(id: string, error: unknown): Promise<UserRead> {
    const failure = uncertainFailure(error);
    if (!failure) throw error;
    const after = await this.users.get(id);
    this.log.warn(
      { account: id, reason: failure.facts.reason, state: lockState(after.account) },
      'no answer to a written policy',
    );
    if (lockState(after.account) !== 'open') throw error;
    return after;
  }

  async #lookBack(id: string, { read, isWritten }: Cleared): Promise<UserRead> {
    if (!isWritten) return read;
    const after = await this.users.get(id);
    this.#compare(id, read, after);
    return after;
  }

  #compare(id: string, written: UserRead, after: UserRead): void {
    if (lockState(after.account) !== 'open') throw new AppError('jellyfinNotApplied');
    if (after.account.failedSignIns > 0) {
      // A device that still tries an old password counts up at once; a count that never went down was not put back.
      if (after.account.failedSignIns >= written.account.failedSignIns) throw new AppError('jellyfinNotApplied');
      this.log.warn(
        { account: id, failedSignIns: after.account.failedSignIns },
        'somebody failed to sign in right after the unlock',
      );
    }
    const fields = differingFields(written.policy, after.policy);
    if (fields.length > 0)
      this.log.warn({ account: id, fields }, 'the policy changed in other fields at the same time');
  }

  /**
   * A password that was not confirmed is written once more, as nothing shows which one is set (docs/jellyfin.md,
   * "Passwords and devices"). Before that the account is read, to see that the server answers again and that nobody
   * disabled the account meanwhile.
   */
  async #writePassword(id: string, password: string, check: (read: UserRead) => void | Promise<void>): Promise<void> {
    try {
      await this.users.writePassword(id, password);
    } catch (error) {
      // A 500 may come after the password was set.
      const reason = isServerError(error) ? 'server error' : uncertainFailure(error)?.facts.reason;
      if (reason === undefined) throw error;
      this.log.warn({ account: id, reason }, 'a written password was not confirmed, writing it once more');
      try {
        await check(await this.users.get(id));
        await this.users.writePassword(id, password);
      } catch (again) {
        throw this.#afterPassword(id, again);
      }
    }
  }

  /** Whatever goes wrong once the password may have been written, the person must hear that the old one may be gone. */
  #afterPassword(id: string, error: unknown): unknown {
    if (error instanceof AppError && error.code === 'accountGone') return error;
    this.log.warn({ account: id, err: error }, 'a password was written, and then something went wrong');
    return new AppError('passwordUncertain', {}, { cause: error });
  }
}

/** Asked of every read that a write follows: an account may become an administrator's, or be disabled, at any moment. */
async function mayBeChanged({ account }: UserRead, permit: PreWriteCheck): Promise<void> {
  await permit(account);
  if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin', { account: account.name });
}

function isServerError(error: unknown): boolean {
  return error instanceof AppError && error.code === 'jellyfinBroken';
}

/** What an unlock changes, and the one permission that always reads false (docs/jellyfin.md, "Unlocking"). */
const notCompared = new Set(['IsDisabled', 'InvalidLoginAttemptCount', 'EnableLyricManagement']);

/** The policy to write: the whole of it, since an omitted field falls back to its default. */
function unlockedPolicy(policy: RawPolicy): RawPolicy {
  return { ...policy, IsDisabled: false, InvalidLoginAttemptCount: 0 };
}

/** Names of the fields that an unlock should have left alone and that read back differently. */
function differingFields(written: RawPolicy, readBack: RawPolicy): string[] {
  const names = new Set([...Object.keys(written), ...Object.keys(readBack)]);
  return [...names].filter(
    (name) => !notCompared.has(name) && !isDeepStrictEqual(withoutRowIds(written[name]), withoutRowIds(readBack[name])),
  );
}

/** Every write gives the access schedules new row ids, which says nothing about what they allow. */
function withoutRowIds(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry: unknown) => {
    if (!isRecord(entry)) return entry;
    const { Id: _rowId, ...rest } = entry;
    return rest;
  });
}
