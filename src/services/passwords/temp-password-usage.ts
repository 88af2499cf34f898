import type { LogEntry, ServerLog } from '../accounts/activity-log-port.js';
import type { LogCursor, TempPassword } from './temp-password.js';

/** Entries may be written out of the order of their dates, and a server's clock may be put back a little. */
const overlapMs = 5 * 60_000;
const pageSize = 200;
/** Enough to find the newest id among entries whose dates are not in order. */
const newestSize = 25;

/** What the server's log says since a mark. */
export interface LogNews {
  /** The newest entry, to read on from. */
  readonly mark: LogCursor;
  /** About one temporary password: what happened to its account since it was read last. */
  about(password: Pick<TempPassword, 'accountId' | 'mark'>): AccountNews;
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
 * account's id, on every version. Nothing is tried out: a sign-in would count as a failed one where it fails. What is read
 * are new entries, for all passwords at once, however many accounts there are.
 */
export class TempPasswordEvidence {
  constructor(private readonly log: ServerLog) {}

  /** The newest entry; undefined when there is none. Throws a Jellyfin code. */
  async newest(): Promise<LogCursor | undefined> {
    return newestOf(await this.log.page({ startIndex: 0, limit: newestSize }));
  }

  /** Reads what is new since the oldest of these marks. Throws a Jellyfin code. */
  async read(passwords: readonly Pick<TempPassword, 'mark'>[]): Promise<LogNews> {
    const marks = passwords.flatMap(({ mark }) => mark ?? []);
    const entries = marks.length > 0 ? await this.#since(Math.min(...marks.map(({ at }) => at)) - overlapMs) : [];
    // A log that was cleared holds nothing that is dated so late, or begins anew.
    const mark = newestOf(entries) ?? (await this.newest()) ?? { id: 0, at: Math.max(0, ...marks.map(({ at }) => at)) };
    return { mark, about: (password) => newsAbout(password, entries) };
  }

  async #since(since: number): Promise<LogEntry[]> {
    const found: LogEntry[] = [];
    for (let startIndex = 0; ; startIndex += pageSize) {
      // Newest first: what comes in meanwhile moves the rest back, so that an entry may come twice, and none is missed.
      const page = await this.log.page({ since, startIndex, limit: pageSize });
      found.push(...page);
      if (page.length < pageSize) return found;
    }
  }
}

function newsAbout({ accountId, mark }: Pick<TempPassword, 'accountId' | 'mark'>, entries: readonly LogEntry[]) {
  if (!mark) return { isChanged: false, isSignedIn: false, isWhole: false };
  // A cleared log may count from 1 again: another entry may have that number, and the dates have to do.
  const isWhole = entries.some(({ id, at }) => id === mark.id && at === mark.at);
  const isNew = (entry: LogEntry) => (isWhole ? entry.id > mark.id : entry.at > mark.at);
  const has = (kind: LogEntry['kind']) =>
    entries.some((entry) => entry.accountId === accountId && entry.kind === kind && isNew(entry));
  return { isChanged: has('passwordChanged'), isSignedIn: has('signedIn'), isWhole };
}

function newestOf(entries: readonly LogEntry[]): LogCursor | undefined {
  let newest: LogEntry | undefined;
  for (const entry of entries) if (!newest || entry.id > newest.id) newest = entry;
  return newest && { id: newest.id, at: newest.at };
}
