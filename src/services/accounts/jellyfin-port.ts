import type { Account, RestrictionFields } from './account.js';

/** The Jellyfin server, for the services; every method throws AppError with a `jellyfin…` code or `accountGone`. */
export interface Jellyfin {
  /**
   * Every account, in the server's order. One call, which all share who ask meanwhile; it may take minutes (docs/jellyfin.md,
   * "Accounts"), so nobody who can do with less waits for it.
   */
  listAccounts(): Promise<Account[]>;
  /** One account, by id. One call. */
  getAccount(id: string): Promise<Account>;
  /**
   * Puts `IsDisabled` to false and the count of failed sign-ins to 0, keeps every other field, reads back and compares.
   * Does nothing to an account that is open with a count under its limit, and refuses a disabled one with `disabledByAdmin`.
   * Three calls at most, when nobody else writes at the same time.
   */
  unlock(id: string, permit?: PreWriteCheck): Promise<UnlockResult>;
  /**
   * Switches an account on that an administrator had disabled, and puts its count to 0: only ever at somebody's express
   * wish. An open account is left as it is. Three calls.
   */
  enable(id: string, permit?: PreWriteCheck): Promise<UnlockResult>;
  /**
   * Writes what `change` makes of the account as just read, keeps every other field, reads back and compares; returns the
   * account as it is then. Three calls. After a write that may not have been done the account is read, and `change` asked, again.
   */
  restrict(id: string, change: RestrictionChange): Promise<Account>;
  /**
   * Clears a lock and sets a password, then reads back. Four calls at most, when nothing has to be repeated. Every
   * signed-in device of the account is signed out by the server. A disabled account is refused with `disabledByAdmin`, one
   * whose password is not Jellyfin's own with `passwordElsewhere`; the read afterwards looks for that, too.
   * Throws `passwordUncertain`, with the cause, for everything that goes wrong once the password may have been written:
   * the old one may not work any more. After any other error but `accountGone` the old password is still the right one,
   * and a lock may have been cleared.
   */
  setPassword(id: string, password: string, permit?: PreWriteCheck): Promise<UnlockResult>;
  /**
   * Sets a password and nothing else: locked or disabled, the account stays so. `permit` is asked right before. Throws
   * `passwordElsewhere`, and `passwordUncertain` for everything that goes wrong once the password may have been written. Two calls.
   */
  replacePassword(id: string, password: string, permit: PreWriteCheck): Promise<void>;
  /**
   * Has Jellyfin itself check the password from now on, and sets this one. An account that has none of Jellyfin's own stands
   * open to anybody once Jellyfin checks it (docs/jellyfin.md, "Another provider"), and an administrator's cannot be disabled
   * meanwhile: so its hours are put off until the password is set, and put back then. Done again it finishes what was cut
   * short. Refuses a disabled account with `disabledByAdmin`. Throws `passwordUncertain` for all that goes wrong after the
   * first write. Six calls.
   */
  useOwnPassword(id: string, password: string, permit?: PreWriteCheck): Promise<UnlockResult>;
  /** Gives an open account the administrator's right, and reads it back. Throws `jellyfinNotApplied`. Three calls. */
  makeAdministrator(id: string, permit?: PreWriteCheck): Promise<UnlockResult>;
  /** The ids of all that can check passwords on this server. One call. */
  listProviders(): Promise<string[]>;
  /** Name and version of the server, with proof that the key is an administrator's. */
  serverInfo(): Promise<ServerInfo>;
}

/** Looks at the account as just read, before anything is written; throws to stop the change. */
export type PreWriteCheck = (account: Account) => void | Promise<void>;

/** Says which restrictions to write; undefined leaves the account as it is. Throws to stop the change. */
export type RestrictionChange = (
  account: Account,
) => RestrictionFields | undefined | Promise<RestrictionFields | undefined>;

export interface UnlockResult {
  readonly before: Account;
  readonly after: Account;
}

export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  /** By which it is known under another address; undefined where it does not say. */
  readonly id?: string | undefined;
  /** How far its clock is ahead of this machine's (negative: behind), where that is more than a minute. */
  readonly clockAheadMs?: number | undefined;
}
