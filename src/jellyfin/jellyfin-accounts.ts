import { setTimeout as pause } from 'node:timers/promises';
import { AppError, isGone } from '../errors.js';
import { assertOwnPassword, isPutOff, lockState, otherProvider, type Account } from '../services/accounts/account.js';
import { KeyedMutex } from '../keyed-mutex.js';
import type { Jellyfin, PreWriteCheck, ServerInfo, UnlockResult } from '../services/accounts/jellyfin-port.js';
import type { Events } from '../services/events.js';
import type { Log } from '../services/log.js';
import { assertAccountId, isRecord, type RawPolicy, readAll, readUser, type UserRead } from './account-from-user.js';
import { isServerError, uncertainFailure } from './calls.js';
import type { JellyfinServer } from './jellyfin-server.js';
import { differingFields, openAgain, ownButShut, policyTries, unlockedPolicy } from './policy.js';
import { restrict } from './restrict.js';

/** An account without a lock. */
interface Cleared {
  /** The newest read; after a write the one that was written from. */
  readonly read: UserRead;
  /** Whether it was written, and has to be read back. */
  readonly isWritten: boolean;
}

export interface AccountsOptions {
  readonly log: Pick<Log, 'warn'>;
  /** Told of every account that is read, before it is given out. */
  readonly events?: Pick<Events, 'emit'>;
}

/** A server's accounts: reads, unlocks, sets passwords. Changes to one account are made one after the other. */
export class JellyfinAccounts implements Jellyfin {
  readonly #locks = new KeyedMutex<string>();
  #listing: Promise<Account[]> | undefined;
  readonly #options: AccountsOptions; // printed by nothing: what it is made of may hold the address, too

  constructor(
    private readonly server: JellyfinServer,
    options: AccountsOptions,
  ) {
    this.#options = options;
  }

  /** Whoever asks while an answer is on its way gets that one: a server with many accounts needs half a minute for it. */
  listAccounts(): Promise<Account[]> {
    this.#listing ??= this.#list().finally(() => (this.#listing = undefined));
    return this.#listing;
  }

  async #list(): Promise<Account[]> {
    const accounts = await this.server.readSlowly(
      'GET /Users',
      ({ users }, options) => users.getUsers({}, options),
      (data) => readAll(data, (entry) => readUser(entry)?.account),
    );
    this.#options.events?.emit('accountsListed', accounts);
    return accounts;
  }

  async getAccount(id: string): Promise<Account> {
    assertAccountId(id);
    return (await this.#read(id)).account;
  }

  unlock(id: string, permit = noCheck): Promise<UnlockResult> {
    return this.#alone(id, async () => {
      const before = await this.#read(id);
      const cleared = await this.#clearLock(id, before, permit);
      const after = cleared.isWritten ? await this.#lookBack(id, cleared.read) : cleared.read;
      return { before: before.account, after: after.account };
    });
  }

  enable(id: string, permit = noCheck): Promise<UnlockResult> {
    return this.#alone(id, async () => {
      const before = await this.#read(id);
      await permit(before.account);
      if (lockState(before.account) === 'open') return { before: before.account, after: before.account };
      await this.#writePolicy(id, unlockedPolicy(before.policy));
      const after = await this.#lookBack(id, before);
      return { before: before.account, after: after.account };
    });
  }

  restrict(...[id, change]: Parameters<Jellyfin['restrict']>): Promise<Account> {
    const read = () => this.#read(id);
    const write = (policy: RawPolicy) => this.#writePolicy(id, policy);
    return this.#alone(id, () => restrict(read, write, change, this.#options.log));
  }

  /**
   * The lock goes first: written right after the read it is based on, it leaves an administrator the least time to
   * disable the account in between, a failure to write it stops everything while the old password still works, and one
   * read at the end looks back at both.
   */
  setPassword(id: string, password: string, permit = noCheck): Promise<UnlockResult> {
    return this.#alone(id, async () => {
      const before = await this.#read(id);
      assertOwnPassword(before.account);
      const cleared = await this.#clearLock(id, before, permit);
      await this.#writePassword(id, password, (read) => mayBeChanged(read, permit));
      try {
        // Setting a password takes the server long enough for somebody to lock the account anew, or to disable it.
        const read = await this.#read(id);
        assertOwnPassword(read.account);
        const again = await this.#clearLock(id, read, permit);
        if (cleared.isWritten && !again.isWritten) this.#compare(id, cleared.read, again.read);
        const after = again.isWritten ? await this.#lookBack(id, again.read) : again.read;
        return { before: before.account, after: after.account };
      } catch (error) {
        throw this.#afterPassword(id, error);
      }
    });
  }

  replacePassword(id: string, password: string, permit: PreWriteCheck): Promise<void> {
    return this.#alone(id, async () => {
      const { account } = await this.#read(id);
      await permit(account);
      assertOwnPassword(account);
      await this.#writePassword(id, password, ({ account }) => permit(account));
    });
  }

  useOwnPassword(id: string, password: string, permit = noCheck): Promise<UnlockResult> {
    return this.#alone(id, async () => {
      const before = await this.#read(id);
      await mayBeChanged(before, permit);
      await this.#writePolicy(id, ownButShut(before));
      try {
        const shut = await this.#read(id);
        if (otherProvider(shut.account) || !isPutOff(shut.account)) throw new AppError('jellyfinNotApplied');
        await this.#writePassword(id, password, (read) => mayBeChanged(read, permit));
        const again = await this.#read(id);
        await mayBeChanged(again, permit);
        const policy = openAgain(again);
        await this.#writePolicy(id, policy);
        const after = await this.#lookBack(id, { ...again, policy });
        assertOwnPassword(after.account);
        if (isPutOff(after.account)) throw new AppError('jellyfinNotApplied');
        return { before: before.account, after: after.account };
      } catch (error) {
        throw this.#afterPassword(id, error);
      }
    });
  }

  makeAdministrator(id: string, permit = noCheck): Promise<UnlockResult> {
    return this.#alone(id, async () => {
      const before = await this.#read(id);
      await mayBeChanged(before, permit);
      if (!before.account.isAdministrator) await this.#writePolicy(id, { ...before.policy, IsAdministrator: true });
      const after = await this.#read(id);
      if (!after.account.isAdministrator) throw new AppError('jellyfinNotApplied');
      return { before: before.account, after: after.account };
    });
  }

  listProviders(): Promise<string[]> {
    return this.server.read(
      'GET /Auth/Providers',
      ({ authentication }, options) => authentication.getAuthProviders(options),
      (data) => readAll(data, (entry) => (isRecord(entry) && typeof entry.Id === 'string' ? entry.Id : undefined)),
    );
  }

  async serverInfo(): Promise<ServerInfo> {
    const info = await this.server.introduction();
    // The cheapest call that an ordinary token may not make (docs/jellyfin.md, "Accounts").
    await this.server.read(
      'GET /System/ActivityLog/Entries',
      ({ system }, options) => system.getLogEntries({ limit: 1 }, options),
      (data) => (isRecord(data) ? data : undefined),
    );
    return info;
  }

  async #alone<T>(id: string, change: () => Promise<T>): Promise<T> {
    assertAccountId(id);
    return this.#locks.run(id, change);
  }

  async #read(userId: string): Promise<UserRead> {
    try {
      const read = await this.server.read(
        'GET /Users/{id}',
        ({ users }, options) => users.getUserById({ userId }, options),
        (data) => readUser(data, userId),
      );
      this.#options.events?.emit('accountRead', { id: userId, account: read.account });
      return read;
    } catch (error) {
      if (isGone(error)) this.#options.events?.emit('accountRead', { id: userId, account: undefined });
      throw error;
    }
  }

  /** The client's type names the fields it knows; the policy goes back with those it does not know, too. */
  #writePolicy(userId: string, policy: RawPolicy): Promise<void> {
    return this.server.write('POST /Users/{id}/Policy', ({ users }, options) =>
      users.updateUserPolicy({ userId, userPolicy: policy as never }, options),
    );
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
        await this.#writePolicy(id, unlockedPolicy(current.policy));
        return { read: current, isWritten: true };
      } catch (error) {
        if (!isServerError(error) || tries >= policyTries) {
          return { read: await this.#afterUncertainWrite(id, error), isWritten: false };
        }
        // 10.11.0 to 10.11.8 answer 500 to one of two writes at the same moment (docs/jellyfin.md, "Locks").
        this.#options.log.warn({ account: id, tries }, 'Jellyfin failed to write a policy, reading it again');
        await pause(50 * tries);
        current = await this.#read(id);
      }
    }
  }

  /** A write whose answer never came may have been done all the same: the account itself knows. */
  async #afterUncertainWrite(id: string, error: unknown): Promise<UserRead> {
    const failure = uncertainFailure(error);
    if (!failure) throw error;
    const after = await this.#read(id);
    this.#options.log.warn(
      { account: id, reason: failure.facts.reason, state: lockState(after.account) },
      'no answer to a written policy',
    );
    if (lockState(after.account) !== 'open') throw error;
    return after;
  }

  async #lookBack(id: string, written: UserRead): Promise<UserRead> {
    const after = await this.#read(id);
    this.#compare(id, written, after);
    return after;
  }

  #compare(id: string, written: UserRead, after: UserRead): void {
    if (lockState(after.account) !== 'open') throw new AppError('jellyfinNotApplied');
    const { failedSignIns } = after.account;
    if (failedSignIns > 0) {
      // A device that still tries an old password counts up at once; a count that never went down was not put back.
      if (failedSignIns >= written.account.failedSignIns) throw new AppError('jellyfinNotApplied');
      this.#options.log.warn({ account: id, failedSignIns }, 'somebody failed to sign in right after the unlock');
    }
    const fields = differingFields(written.policy, after.policy);
    if (fields.length > 0)
      this.#options.log.warn({ account: id, fields }, 'the policy changed in other fields at the same time');
  }

  /**
   * A password that was not confirmed is written once more, as nothing shows which one is set (docs/jellyfin.md,
   * "Passwords and devices"). Before that the account is read, to see that the server answers again and that nobody
   * disabled the account meanwhile.
   */
  async #writePassword(id: string, password: string, check: (read: UserRead) => void | Promise<void>): Promise<void> {
    const write = () =>
      this.server.write('POST /Users/Password', ({ users }, options) =>
        users.updateUserPassword({ userId: id, updateUserPassword: { NewPw: password } }, options),
      );
    try {
      await write();
    } catch (error) {
      // A 500 may come after the password was set.
      const reason = isServerError(error) ? 'server error' : uncertainFailure(error)?.facts.reason;
      if (reason === undefined) throw error;
      this.#options.log.warn({ account: id, reason }, 'a written password was not confirmed, writing it once more');
      try {
        await check(await this.#read(id));
        await write();
      } catch (again) {
        throw this.#afterPassword(id, again);
      }
    }
  }

  /** Whatever goes wrong once the password may have been written, the person must hear that the old one may be gone. */
  #afterPassword(id: string, error: unknown): unknown {
    if (error instanceof AppError && (error.code === 'accountGone' || error.code === 'passwordElsewhere')) return error;
    this.#options.log.warn({ account: id, err: error }, 'a password was written, and then something went wrong');
    return new AppError('passwordUncertain', {}, { cause: error });
  }
}

const noCheck: PreWriteCheck = () => undefined;

/** Asked of every read that a write follows: an account may become an administrator's, or be disabled, at any moment. */
async function mayBeChanged({ account }: UserRead, permit: PreWriteCheck): Promise<void> {
  await permit(account);
  if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin', { account: account.name });
}
