import type { ServerInfo } from '../../accounts/jellyfin-port.js';

/**
 * What Jellyfin does for anybody who knocks, without a key; every method throws AppError with a `jellyfin…` code.
 */
export interface KeylessJellyfin {
  /** Name and version, from the public introduction. */
  introduction(): Promise<ServerInfo>;
  /** Asks for a PIN. The path is the server's own; there may be no file at it, or no path (docs/jellyfin.md, "PINs"). */
  forgotPassword(name: string): Promise<{ readonly pinFile: string | undefined; readonly action: string }>;
  /** Makes the PIN, typed exactly like this, the account's password. Throws `pinRefused`. */
  redeemPin(pin: string): Promise<void>;
  /** Throws `signInRefused` (401: not that password) or `signInForbidden` (403: locked, disabled, not now, not from here). */
  signIn(name: string, password: string): Promise<SignedIn>;
  /** Restarts the server, without a key, from the local network. Throws `restartRefused`. */
  restart(): Promise<void>;
  /** Waits until the real server answers, not one of the faces it shows while starting. Throws `jellyfinStarting` after `withinMs`. */
  back(withinMs: number): Promise<ServerInfo>;
}

/** A session of a person's own, on a device named Latchkey. */
export interface SignedIn {
  readonly accountId: string;
  readonly isAdministrator: boolean;
  changePassword(current: string, next: string): Promise<void>;
  /** Makes an API key called Latchkey and tells it: 32 lower-case hex digits. Administrators only. */
  makeKey(): Promise<string>;
  signOut(): Promise<void>;
}
