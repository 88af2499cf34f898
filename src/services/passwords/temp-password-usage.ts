import type { LogEntry } from '../accounts/activity-log-port.js';
import { after, type ActivityLogReader, isIn, type LogCursor } from '../accounts/activity-log-reader.js';
import type { TempPassword } from './temp-password.js';

/** What the server's log says since some temporary passwords were read about last. */
export interface LogNews {
  /** The newest entry, to read on from. */
  readonly cursor: LogCursor;
  /** About one temporary password: what happened to its account since it was read about last. */
  about(password: Pick<TempPassword, 'accountId' | 'logCursor'>): AccountNews;
}

export interface AccountNews {
  /** Somebody set another password. */
  readonly isChanged: boolean;
  readonly isSignedIn: boolean;
  /** False when the log was cleared in between, or never read: then there may be more. */
  readonly isWhole: boolean;
}

/**
 * Whether a temporary password was used or replaced, read from the server's activity log: both leave an entry with the
 * account's id, on every version. Nothing is tried out: a sign-in would count as a failed one where it fails. New entries
 * are read for all passwords at once, however many accounts there are.
 */
export class TempPasswordEvidence {
  constructor(private readonly log: ActivityLogReader) {}

  /** The newest entry; undefined when there is none. Throws a Jellyfin code. */
  newest(): Promise<LogCursor | undefined> {
    return this.log.newest();
  }

  /** Reads on from the oldest of their cursors. Throws a Jellyfin code. */
  async read(passwords: readonly Pick<TempPassword, 'logCursor'>[]): Promise<LogNews> {
    const [oldest] = passwords.flatMap(({ logCursor }) => logCursor ?? []).sort((one, other) => one.at - other.at);
    const { around, cursor } = await this.log.read(oldest);
    return { cursor, about: (password) => newsAbout(password, around) };
  }
}

function newsAbout({ accountId, logCursor }: Pick<TempPassword, 'accountId' | 'logCursor'>, all: readonly LogEntry[]) {
  if (!logCursor) return { isChanged: false, isSignedIn: false, isWhole: false };
  const fresh = after(all, logCursor);
  const has = (kind: LogEntry['kind']) => fresh.some((entry) => entry.accountId === accountId && entry.kind === kind);
  return { isChanged: has('passwordChanged'), isSignedIn: has('signedIn'), isWhole: isIn(all, logCursor) };
}
