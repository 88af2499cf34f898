import { AppError } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { dayMs } from '../../time.js';
import { lockState, otherProvider, type Account } from '../accounts/account.js';
import type { LogEntry } from '../accounts/activity-log.js';
import type { ServiceEvents } from '../events.js';
import { calmly } from '../log.js';
import { onlyAddress, triesAround, triesFor } from './failed-sign-ins.js';
import type { LockEnds } from './lock-ends.js';
import type { Lockout, LockoutDeps, LockoutEnd, NewLockout } from './lockout.js';

/**
 * Sees lockouts in the server's activity log before anybody asks, and confirms each by reading the account: some versions of
 * Jellyfin log locks that never happen. Each step is noted before the next, so that a stopped bot can continue.
 */
export class Lockouts {
  readonly #locks = new KeyedMutex<'round'>();

  /** `tellers`: each tells what Discord allows now, and the rest in a later round. */
  constructor(
    private readonly deps: LockoutDeps,
    private readonly ends: LockEnds,
    private readonly tellers: readonly { round(): Promise<void> }[],
  ) {}

  /** Reads the log from where it was left, reads accounts, tells people. Never throws: the next round tries again. */
  round(): Promise<void> {
    return this.#locks.run('round', async () => {
      // Reading each account would time out as well.
      if (!(await this.#isSilent(() => this.#read()))) {
        const { lockouts } = this.deps.stores;
        const unconfirmed = lockouts.unconfirmed();
        for (const lockout of unconfirmed) await this.#calmly(lockout, () => this.#confirm(lockout));
        const wasRead = new Set(unconfirmed.map(({ id }) => id));
        for (const lockout of lockouts.locked())
          if (!wasRead.has(lockout.id)) await this.#calmly(lockout, () => this.#look(lockout));
      }
      await this.#tell();
    });
  }

  /** Shows on the card at once that somebody has opened an account, with their name. */
  readonly accountOpened = ({ accountId, actorId }: ServiceEvents['accountOpened']): void => {
    if (!this.deps.stores.lockouts.unlockedBy(accountId, actorId)) return;
    void this.#locks.run('round', async () => {
      await this.#lookAt(accountId);
      await this.#tell();
    });
  };

  /** Shows on messages about denials who has signed the account out. */
  readonly signedOutEverywhere = ({ accountId, actorId }: ServiceEvents['signedOutEverywhere']): void => {
    this.deps.stores.denials.signedOut(accountId, actorId, this.deps.now());
    void this.#locks.run('round', () => this.#tell());
  };

  /** Tells a new owner of a lock that lasts, and edits the message of a former owner. */
  readonly ownersChanged = ({ accountId, change }: ServiceEvents['ownersChanged']): void => {
    const { lockouts } = this.deps.stores;
    // Noted in the link's transaction: a bot that is killed continues at its next start.
    if (!lockouts.tellAnew(accountId)) return;
    void this.#locks.run('round', async () => {
      // A new owner is told only of a lock that still lasts; a message is taken back without asking the server.
      if (change === 'gained') await this.#lookAt(accountId);
      // Noted once more: the previous round may have told those who owned the account when it began.
      lockouts.tellAnew(accountId);
      await this.#tell();
    });
  };

  async #lookAt(accountId: string): Promise<void> {
    const lockout = this.deps.stores.lockouts.locked().find((each) => each.accountId === accountId);
    if (lockout) await this.#calmly(lockout, () => this.#look(lockout));
  }

  /** Resolves when nothing is being done. */
  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #read(): Promise<void> {
    const { watch, logReader } = this.deps;
    const { lockouts, signInDays, transaction } = this.deps.stores;
    const now = await watch.log.time();
    const { fresh, around, cursor } = await logReader.read(lockouts.logCursor(), now);
    const found = new Map<string, NewLockout>();
    for (const { kind, accountId, at } of fresh) {
      if (kind !== 'locked' || accountId === undefined) continue;
      found.set(accountId, { accountId, lockedAt: at, tries: triesAround(around, at) });
    }
    transaction(() => {
      lockouts.take(cursor, [...found.values()]);
      for (const [at, failed] of failedByDay(fresh)) signInDays.add(at, { failed });
    });
  }

  async #confirm(lockout: Lockout): Promise<void> {
    const { id, accountId, tries, lockedAt } = lockout;
    const { lockouts, audit, signInDays, transaction } = this.deps.stores;
    const account = await this.deps.accounts.byId(accountId);
    if (!account || lockState(account) !== 'locked') return lockouts.drop(id);
    const { name: accountName, isAdministrator: adminAccount } = account;
    const provider = otherProvider(account);
    const own = await triesFor(accountName, tries, this.deps.accounts);
    const known = own.isSure ? own.tries.map((each) => ({ ...each, text: '' })) : [];
    const address = onlyAddress(own, account.signInLimit);
    transaction(() => {
      const ends = this.ends.of(lockout, account);
      lockouts.confirm(id, { accountName, adminAccount, provider, tries: known, address, ...ends });
      signInDays.add(lockedAt, { locked: 1 });
      audit.record({ actorId: 'latchkey', act: 'lockout', outcome: 'locked', accountId, accountName });
    });
  }

  async #look(lockout: Lockout): Promise<void> {
    const { id, accountId, accountName } = lockout;
    const { executor, unlocks } = this.deps;
    const { lockouts, audit, transaction } = this.deps.stores;
    const read = await this.deps.accounts.byId(accountId);
    const isLocked = read && lockState(read) === 'locked';
    const account = isLocked ? await this.ends.openIfDue(lockout, read) : read;
    const unlockedBy = lockouts.byId(id)?.unlockedBy;
    const end = endOf(account, unlockedBy);
    if (!end) return;
    const fulfilled = transaction(() => {
      lockouts.end(id, end, this.deps.now());
      const act = { actorId: 'latchkey', accountId, accountName };
      audit.record({ ...act, act: 'lockout', outcome: end });
      if (end !== 'unlocked' || unlockedBy !== 'latchkey') return [];
      audit.record({ ...act, act: 'unlock', outcome: 'done' });
      return unlocks.onDone({ accountId, decidedBy: unlockedBy });
    });
    await executor.publishAll(fulfilled);
  }

  /** Where one fails, the others tell all the same. */
  async #tell(): Promise<void> {
    for (const teller of this.tellers) {
      try {
        await teller.round();
      } catch (err) {
        this.deps.log.error({ err }, 'not everybody could be told about lockouts yet');
      }
    }
  }

  /** Whether the server did not answer in time; the adapter has logged the error. */
  async #isSilent(read: () => Promise<void>): Promise<boolean> {
    try {
      await read();
    } catch (err) {
      if (err instanceof AppError) return err.code === 'jellyfinTimeout';
      this.deps.log.error({ err }, 'a look at lockouts failed');
    }
    return false;
  }

  /** Where one account cannot be read, the others' owners are told all the same. */
  #calmly({ accountId: account }: Lockout, look: () => Promise<void>): Promise<void> {
    return calmly(this.deps.log, { account }, 'a locked account could not be looked at yet', look);
  }
}

function endOf(account: Account | undefined, unlockedBy: string | undefined): LockoutEnd | undefined {
  if (!account) return 'gone';
  const state = lockState(account);
  if (state === 'locked') return undefined;
  if (state === 'disabled') return 'disabled';
  return unlockedBy === undefined ? 'open' : 'unlocked';
}

/** How many sign-ins failed on each day; the key is the day's first millisecond. */
function failedByDay(entries: readonly LogEntry[]): Map<number, number> {
  const byDay = new Map<number, number>();
  for (const { kind, at } of entries) {
    const day = at - (at % dayMs);
    if (kind === 'failed') byDay.set(day, (byDay.get(day) ?? 0) + 1);
  }
  return byDay;
}
