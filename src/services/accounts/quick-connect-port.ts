import type { Secret } from '../../secret.js';

/** Jellyfin's Quick Connect, in both directions; every method throws AppError with a `jellyfin…` code or what it names. */
export interface QuickConnect {
  /** Signs the device that shows this code in to an account. Throws `quickConnectOff`, `codeWrong`, `codeUsed` or `accountGone`. */
  authorise(code: string, accountId: string): Promise<void>;
  /** Asks for a code of the bot's own, for a device of this id. Throws `quickConnectOff`. */
  begin(deviceId: string): Promise<BegunCode>;
  /** Whether somebody has confirmed the code. Throws `codeExpired`, or `quickConnectOff`. */
  isConfirmed(secret: Secret): Promise<boolean>;
  /** Opens the session of a confirmed code, which tells whose it is. Throws `codeExpired`. */
  open(secret: Secret, deviceId: string): Promise<OpenedSession>;
  /** Who is signed in on a device, by the API key; undefined where nobody is. */
  whoIsOn(deviceId: string): Promise<string | undefined>;
  /** Signs a device out, by the API key; a device that the server does not know is no error. */
  signOutDevice(deviceId: string): Promise<void>;
}

export interface BegunCode {
  readonly code: string;
  /** Gives access to the session: never logged, shown or stored. */
  readonly secret: Secret;
}

interface OpenedSession {
  readonly accountId: string;
  readonly signOut: () => Promise<void>;
}
