import type { NewAccount } from './people.js';

export interface JellyfinOptions {
  /** `10.10.7`, `10.11.8`, `10.11.11` or `12.0`: what it behaves like. */
  readonly version: string;
  /** The server folder; a temporary one, removed on close, when left out. */
  readonly dir?: string;
  /** Made beside the administrator `root`. */
  readonly users?: readonly NewAccount[];
  readonly basePath?: string;
  /** The server's clock, for tests of things that take hours. */
  readonly now?: () => Date;
  /** What its answers give as the time, where that is not the computer's own. */
  readonly date?: () => Date;
  /** A real server takes 210,000, which costs 0.1 s a try; the default makes a test of ten tries bearable. */
  readonly hashIterations?: number;
  /** Starts as a fresh server whose wizard nobody has been through: no root, no key. */
  readonly beforeWizard?: boolean;
  /** A port of one's own choice, so that a server that is started again is found where it was. */
  readonly port?: number;
  /** Holds the newest log locked while it runs, as a real server does. */
  readonly holdsLog?: boolean;
  /** How long a restart keeps the server away. */
  readonly restartMs?: number;
}

/** A real server takes 210,000; here a password has to be hashed, not kept from whoever has the file. */
export const defaultHashIterations = 100;
