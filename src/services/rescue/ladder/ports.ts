import type { Jellyfin } from '../../accounts/jellyfin-port.js';
import type { Log } from '../../log.js';
import type { KeylessJellyfin } from './keyless-jellyfin-port.js';
import type { PinFolder } from './pin-port.js';
import type { ServerLocation } from './server-location-port.js';
import type { Repair, RepairJob } from './repair-port.js';

/** The API key in use, and what becomes of one that a rescue was given. */
export interface Keys {
  /** Whether there is one at all. */
  readonly isThere: boolean;
  /** From now on Jellyfin is asked with this one. */
  use(key: string): void;
  /** Back to the one from before. */
  restore(): void;
  /** Writes it where the next start reads it. Throws AppError `keyNotSaved` or `keyFromEnvironment`. */
  save(key: string): void;
  /** Deletes it at the server, using itself. */
  delete(key: string): Promise<void>;
}

/** What the ladder stands on. */
export interface RescuePorts {
  /** Asks with the key of the moment. */
  readonly jellyfin: Jellyfin;
  readonly keylessJellyfin: KeylessJellyfin;
  readonly keys: Keys;
  readonly location: ServerLocation;
  readonly pins: (serverDir: string) => PinFolder;
  /** Told of the PINs that a rescue asks for itself, so that nobody else is sent them. */
  readonly pinsExpected: PinsExpected;
  readonly repair: Repair;
  /** How this machine reaches, stops and starts the server. */
  readonly settings: Pick<RepairJob, 'url' | 'stopCommand' | 'startCommand' | 'lookAgainAfterMs'>;
  /** 32 lower-case hex digits, from a cryptographic generator. */
  readonly newKey: () => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

export interface PinsExpected {
  expect(userName: string): void;
  over(userName: string): void;
}
