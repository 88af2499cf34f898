import type { LogPosition } from './lockout.js';
import type { LogEntry, ServerLog } from '../accounts/activity-log-port.js';

const pageSize = 500;
/**
 * So far before the position it is read again: entries that were written a moment out of order, and the failed tries
 * before a lockout. What was read before is known by its id.
 */
const overlapMs = 10 * 60_000;
/** Ids are handed out one after the other: one that is missing stands further back, where a clock was moved. */
const furtherMs = 24 * 60 * 60_000;

export interface LogRead {
  /** What was not there before, oldest id first. */
  readonly fresh: readonly LogEntry[];
  /** Everything of the last minutes, the fresh among it. */
  readonly around: readonly LogEntry[];
  readonly position: LogPosition;
}

/**
 * Reads the activity log on from where it was left. The position is an entry's id and date, since neither alone is
 * enough: dates go back with the server's clock, and ids begin again in a log that was made anew.
 */
export class ActivityLogReader {
  constructor(private readonly log: ServerLog) {}

  /** Without a position it begins at the newest entry, and nothing is fresh. Throws a `jellyfin…` AppError. */
  async read(position: LogPosition | undefined): Promise<LogRead> {
    const now = await this.log.time();
    if (!position) {
      const newest = await this.log.page({ startIndex: 0, limit: pageSize });
      return { fresh: [], around: [], position: newestOf(newest) ?? { id: 0, date: dateOf(now) } };
    }
    // A clock that went back writes dates before the position's.
    const since = Math.min(Date.parse(position.date), now) - overlapMs;
    let around = await this.#all(since);
    if (hasHole(around, position)) around = await this.#all(since - furtherMs);
    return readOn(around, position, now);
  }

  /** By id: pages overlap when something is written in between. */
  async #all(since: number): Promise<LogEntry[]> {
    const found = new Map<number, LogEntry>();
    for (let startIndex = 0; ; startIndex += pageSize) {
      const page = await this.log.page({ since, startIndex, limit: pageSize });
      for (const entry of page) found.set(entry.id, entry);
      if (page.length < pageSize) return [...found.values()].sort((one, other) => one.id - other.id);
    }
  }
}

function readOn(around: readonly LogEntry[], position: LogPosition, now: number): LogRead {
  const isSameLog = holds(around, position);
  const fresh = around.filter(({ id, date }) => (isSameLog ? id > position.id : date > position.date));
  const next = newestOf(fresh) ?? (isSameLog ? position : newestOf(around));
  // A log that was emptied is followed from this moment on.
  return { fresh, around, position: next ?? { id: 0, date: earlier(position.date, dateOf(now)) } };
}

/** Whether the entry that was read last still stands in the log; another with its id is another log's. */
function holds(around: readonly LogEntry[], { id, date }: LogPosition): boolean {
  return id === 0 || around.some((entry) => entry.id === id && entry.date === date);
}

function hasHole(around: readonly LogEntry[], position: LogPosition): boolean {
  if (position.id === 0 || !holds(around, position)) return false;
  const above = around.filter(({ id }) => id > position.id);
  return above.length !== (above.at(-1)?.id ?? position.id) - position.id;
}

function newestOf(entries: readonly LogEntry[]): LogPosition | undefined {
  const newest = entries.reduce<LogEntry | undefined>(
    (best, entry) => (best && best.id > entry.id ? best : entry),
    undefined,
  );
  return newest && { id: newest.id, date: newest.date };
}

/** As the log writes its dates. */
function dateOf(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000Z');
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
