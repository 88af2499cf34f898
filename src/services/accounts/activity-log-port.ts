/** One entry of the server's activity log, as far as sign-ins and passwords are concerned. */
export interface LogEntry {
  /** Handed out one after the other; a log that was cleared may begin again at 1. */
  readonly id: number;
  /** By the server's clock, in milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'locked' | 'failed' | 'signedIn' | 'passwordChanged' | 'other';
  /** Not known for a failed sign-in: the server does not say whose it was. */
  readonly accountId: string | undefined;
  /** A sentence in the server's language, names in it: other people's words. */
  readonly text: string;
  readonly address: string | undefined;
}

/** The server's activity log; throws AppError with a `jellyfin…` code. */
export interface ServerLog {
  /** The server's clock, which may be another than ours; milliseconds since 1970. */
  time(): Promise<number>;
  /** Entries dated then or later, newest date first; of the whole log without `since`. */
  page(page: { readonly since?: number; readonly startIndex: number; readonly limit: number }): Promise<LogEntry[]>;
}

/** A device that somebody is signed in on. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly accountId: string;
  readonly lastSeen: number | undefined;
}

/** Signed-in devices; throws AppError with a `jellyfin…` code. */
export interface Devices {
  /** Of all accounts: the server does not filter. */
  list(): Promise<Device[]>;
  /** Signs a device out, whoever is signed in there; one that is gone already is no error. */
  signOut(deviceId: string): Promise<void>;
}
