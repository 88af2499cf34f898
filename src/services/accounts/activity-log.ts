import { dayMs } from '../../time.js';

/** One entry of the server's activity log, as far as sign-ins and passwords are concerned. */
export interface LogEntry {
  /** Counts up; a log that was cleared may begin again at 1. */
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

const pageSize = 500;
/** Enough to find the newest id among entries whose dates are not in order. */
const newestSize = 100;
/** So far before the cursor the log is read again: entries may be written a moment out of order. */
const overlapMs = 10 * 60_000;
/** Ids count up: an entry with a missing id has an earlier date, from a clock that was moved. */
const furtherMs = dayMs;

/** The entry up to which the log was read; id 0 where the log was empty. Milliseconds since 1970, by the server's clock. */
export interface LogCursor {
  readonly id: number;
  readonly at: number;
}

interface LogRead {
  /** Entries after the cursor, oldest id first. */
  readonly fresh: readonly LogEntry[];
  /** Everything of the last minutes, the fresh among it. */
  readonly around: readonly LogEntry[];
  readonly cursor: LogCursor;
}

/**
 * Reads the activity log on from where it was left. Neither an entry's id nor its date is enough for that: dates go back
 * with the server's clock, and ids begin again in a log that was made anew.
 */
export class ActivityLogReader {
  constructor(private readonly log: ServerLog) {}

  /** The newest entry; undefined when there is none. Throws a `jellyfin…` AppError. */
  async newest(): Promise<LogCursor | undefined> {
    return newestOf(await this.log.page({ startIndex: 0, limit: newestSize }));
  }

  /**
   * Without a cursor it begins at the newest entry, and nothing is fresh. `now` is the server's clock: one that went back
   * writes dates before the cursor's. Throws a `jellyfin…` AppError.
   */
  async read(cursor: LogCursor | undefined, now = cursor?.at ?? 0): Promise<LogRead> {
    if (!cursor) return { fresh: [], around: [], cursor: (await this.newest()) ?? { id: 0, at: now } };
    const since = Math.min(cursor.at, now) - overlapMs;
    let around = await this.#all(since);
    if (hasHole(around, cursor)) around = await this.#all(since - furtherMs);
    const fresh = after(around, cursor);
    const next = newestOf(fresh) ?? (isIn(around, cursor) ? cursor : newestOf(around));
    // A log that was emptied is followed from this moment on.
    return { fresh, around, cursor: next ?? { id: 0, at: Math.min(cursor.at, now) } };
  }

  /** Pages are newest first: entries that come in meanwhile may make one come twice, but none is missed. */
  async #all(since: number): Promise<LogEntry[]> {
    const found = new Map<number, LogEntry>();
    for (let startIndex = 0; ; startIndex += pageSize) {
      const page = await this.log.page({ since, startIndex, limit: pageSize });
      for (const entry of page) found.set(entry.id, entry);
      if (page.length < pageSize) return [...found.values()].sort((one, other) => one.id - other.id);
    }
  }
}

/** Whether the cursor's entry is still in the log; another entry with its id means that the log was made anew. */
export function isIn(entries: readonly LogEntry[], { id, at }: LogCursor): boolean {
  return id === 0 || entries.some((entry) => entry.id === id && entry.at === at);
}

/** Those that were written after the cursor's. */
export function after(entries: readonly LogEntry[], cursor: LogCursor): LogEntry[] {
  const isSameLog = isIn(entries, cursor);
  return entries.filter(({ id, at }) => (isSameLog ? id > cursor.id : at > cursor.at));
}

function hasHole(entries: readonly LogEntry[], cursor: LogCursor): boolean {
  const above = entries.filter(({ id }) => id > cursor.id);
  return above.length !== (above.at(-1)?.id ?? cursor.id) - cursor.id;
}

function newestOf(entries: readonly LogEntry[]): LogCursor | undefined {
  let newest: LogEntry | undefined;
  for (const entry of entries) if (!newest || entry.id > newest.id) newest = entry;
  return newest && { id: newest.id, at: newest.at };
}
