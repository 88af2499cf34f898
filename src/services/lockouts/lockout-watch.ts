import { dayMs } from '../../time.js';
import { AppError } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { lockState, type Account } from '../accounts/account.js';
import type { LogEntry, ServerLog, ActivityLogReader } from '../accounts/activity-log.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { ServiceEvents } from '../events.js';
import { onlyAddress, triesAround, triesFor } from './failed-sign-ins.js';
import type { SignInDays } from '../history/history.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Lockout, LockoutEnd, LockoutStore, NewLockout } from './lockout.js';
import type { Log } from '../log.js';

/** A round looks at this many accounts that are known to be locked; where there are more, they take turns. */
const looksPerRound = 10;

export interface LockoutsDeps {
  readonly store: LockoutStore;
  readonly serverLog: Pick<ServerLog, 'time'>;
  readonly logReader: ActivityLogReader;
  /** Counts for the picture in the history. */
  readonly days: SignInDays;
  readonly jellyfin: Pick<Jellyfin, 'getAccount'>;
  readonly accounts: { list(): Promise<readonly Account[]> };
  /** Each tells what Discord allows now, and the rest in a later round. */
  readonly tellers: readonly { round(): Promise<void> }[];
  readonly transaction: Transaction;
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Sees lockouts in the server's activity log before anybody asks, and confirms each by reading the account: some versions of
 * Jellyfin log locks that never happen. Each step is noted before the next, so that a stopped bot can continue.
 */
export class Lockouts {
  readonly #locks = new KeyedMutex<'round'>();
  #lastLooked = 0;

  constructor(private readonly deps: LockoutsDeps) {}

  /** Reads the log from where it was left, reads accounts, tells people. Never throws: the next round tries again. */
  round(): Promise<void> {
    return this.#locks.run('round', async () => {
      // Reading each account would time out as well.
      if (!(await this.#isSilent(() => this.#read()))) {
        const unconfirmed = this.deps.store.unconfirmed();
        for (const lockout of unconfirmed) await this.#calmly(lockout, () => this.#confirm(lockout));
        for (const lockout of this.#lockedDue(unconfirmed)) await this.#calmly(lockout, () => this.#look(lockout));
      }
      await this.#tell();
    });
  }

  /** Shows on the card at once that somebody has opened an account, with their name. */
  readonly accountOpened = ({ accountId, actorId }: ServiceEvents['accountOpened']): void => {
    if (!this.deps.store.unlockedBy(accountId, actorId)) return;
    void this.#locks.run('round', async () => {
      await this.#lookAt(accountId);
      await this.#tell();
    });
  };

  /** Tells a new owner of a lock that lasts, and edits the message of a former owner. */
  readonly ownersChanged = ({ accountId, change }: ServiceEvents['ownersChanged']): void => {
    const { store } = this.deps;
    // Noted in the link's transaction: a bot that is killed continues at its next start.
    if (!store.tellAnew(accountId) && change === 'gained') return;
    void this.#locks.run('round', async () => {
      // A new owner is told only of a lock that still lasts; a message is taken back without asking the server.
      if (change === 'gained') await this.#lookAt(accountId);
      // Noted once more: the previous round may have told those who owned the account when it began.
      store.tellAnew(accountId);
      await this.#tell();
    });
  };

  async #lookAt(accountId: string): Promise<void> {
    const lockout = this.deps.store.locked().find((each) => each.accountId === accountId);
    if (lockout) await this.#calmly(lockout, () => this.#look(lockout));
  }

  /** Resolves when nothing is being done. */
  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #read(): Promise<void> {
    const { serverLog, logReader, store, days, transaction } = this.deps;
    const now = await serverLog.time();
    const { fresh, around, cursor } = await logReader.read(store.logCursor(), now);
    const found = new Map<string, NewLockout>();
    for (const { kind, accountId, at } of fresh) {
      if (kind !== 'locked' || accountId === undefined) continue;
      found.set(accountId, { accountId, lockedAt: at, tries: triesAround(around, at) });
    }
    transaction(() => {
      store.take(cursor, [...found.values()]);
      for (const [at, failed] of failedByDay(fresh)) days.add(at, { failed });
    });
  }

  async #confirm({ id, accountId, tries, lockedAt }: Lockout): Promise<void> {
    const { store, audit, days, transaction } = this.deps;
    const account = await this.#account(accountId);
    if (!account || lockState(account) !== 'locked') return store.drop(id);
    const { name: accountName, isAdministrator: adminAccount } = account;
    const own = await triesFor(accountName, tries, () => this.#allNames());
    const known = own.isSure ? own.tries.map((each) => ({ ...each, text: '' })) : [];
    const address = onlyAddress(own, account.signInLimit);
    transaction(() => {
      store.confirm(id, { accountName, adminAccount, tries: known, address });
      days.add(lockedAt, { locked: 1 });
      audit.record({ actorId: 'latchkey', act: 'lockout', outcome: 'locked', accountId, accountName });
    });
  }

  /** Locked accounts to look at, in turns; without those that this round has read just now. */
  #lockedDue(justRead: readonly Lockout[]): Lockout[] {
    const locked = this.deps.store.locked().filter(({ id }) => !justRead.some((each) => each.id === id));
    const due = [
      ...locked.filter(({ id }) => id > this.#lastLooked),
      ...locked.filter(({ id }) => id <= this.#lastLooked),
    ].slice(0, looksPerRound);
    this.#lastLooked = due.at(-1)?.id ?? 0;
    return due;
  }

  async #look({ id, accountId, accountName }: Lockout): Promise<void> {
    const { store, audit, transaction, now } = this.deps;
    const end = endOf(await this.#account(accountId), store.byId(id));
    if (!end) return;
    transaction(() => {
      store.end(id, end, now());
      audit.record({ actorId: 'latchkey', act: 'lockout', outcome: end, accountId, accountName });
    });
  }

  /** Where one fails, the others tell all the same. */
  async #tell(): Promise<void> {
    for (const teller of this.deps.tellers) {
      try {
        await teller.round();
      } catch (err) {
        this.deps.log.error({ err }, 'not everybody could be told about lockouts yet');
      }
    }
  }

  /** Reads an account; undefined when it was deleted. */
  async #account(id: string): Promise<Account | undefined> {
    try {
      return await this.deps.jellyfin.getAccount(id);
    } catch (error) {
      if (error instanceof AppError && error.code === 'accountGone') return undefined;
      throw error;
    }
  }

  async #allNames(): Promise<string[]> {
    return (await this.deps.accounts.list()).map(({ name }) => name);
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
  async #calmly({ accountId }: Lockout, look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (err) {
      this.deps.log.warn({ err, account: accountId }, 'a locked account could not be looked at yet');
    }
  }
}

function endOf(account: Account | undefined, lockout: Lockout | undefined): LockoutEnd | undefined {
  if (!account) return 'gone';
  const state = lockState(account);
  if (state === 'locked') return undefined;
  if (state === 'disabled') return 'disabled';
  return lockout?.unlockedBy === undefined ? 'open' : 'unlocked';
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
