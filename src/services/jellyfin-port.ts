import type { Account } from './account.js';

/** What the services ask of the Jellyfin server; every method throws AppError with a `jellyfin…` code or `accountGone`. */
export interface Jellyfin {
  /** Every account, in the server's order. One call. */
  listAccounts(): Promise<Account[]>;
  /** One account, by id. One call. */
  getAccount(id: string): Promise<Account>;
  /**
   * Puts `IsDisabled` to false and the count of failed sign-ins to 0, keeps every other field, reads back and compares.
   * Does nothing to an account that is open with a count under its limit, and refuses a disabled one with `disabledByAdmin`.
   * Three calls at most, when nobody else writes at the same time.
   */
  unlock(id: string): Promise<UnlockResult>;
  /**
   * Sets a password and clears a lock (never a disabled account's), then reads back. Five calls at most.
   * Every signed-in device of the account is signed out by the server.
   */
  setPassword(id: string, password: string): Promise<UnlockResult>;
  /** Name and version of the server, with proof that the key is an administrator's. */
  serverInfo(): Promise<ServerInfo>;
}

export interface UnlockResult {
  readonly before: Account;
  readonly after: Account;
}

export interface ServerInfo {
  readonly name: string;
  readonly version: string;
}
