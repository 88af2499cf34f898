import type { Database, Statement } from 'better-sqlite3';
import { noUserId, toApiDate, toApiId, toDbDate } from './formats.js';

type ActivityType =
  | 'AuthenticationSucceeded'
  | 'AuthenticationFailed'
  | 'SessionStarted'
  | 'SessionEnded'
  | 'UserLockedOut'
  | 'UserPasswordChanged'
  | 'UserCreated'
  | 'UserDeleted';

interface Entry {
  Id: number;
  Name: string;
  ShortOverview: string | null;
  Type: string;
  UserId: string;
  DateCreated: string;
  LogSeverity: number;
}

interface ActivityQuery {
  startIndex: number;
  limit: number;
  /** As stored, inclusive. */
  minDate: string | undefined;
  hasUserId: boolean | undefined;
}

const severities: Record<number, string> = { 2: 'Information', 4: 'Error' };

export class ActivityLog {
  readonly #add: Statement<[string, string | null, string, string, string, number]>;
  readonly #page: Statement<[Record<string, unknown>], Entry>;
  #lastDate = '';
  #ticks = 0;
  readonly #count: Statement<[Record<string, unknown>], { n: number }>;
  readonly #clear: Statement<[]>;
  readonly #forgetIds: Statement<[]>;

  constructor(
    db: Database,
    private readonly now: () => Date,
  ) {
    this.#add = db.prepare(`INSERT INTO ActivityLogs (Name, ShortOverview, Type, UserId, DateCreated, LogSeverity,
      RowVersion) VALUES (?, ?, ?, ?, ?, ?, 0)`);
    // A comparison that is always there lets SQLite use its index, as the server's own query does.
    const where = `WHERE DateCreated >= ifnull(@minDate, '')
      AND (@hasUserId IS NULL OR (UserId <> '${noUserId}') = @hasUserId)`;
    this.#page = db.prepare(
      `SELECT * FROM ActivityLogs ${where} ORDER BY DateCreated DESC, Id DESC LIMIT @limit OFFSET @startIndex`,
    );
    this.#count = db.prepare(`SELECT count(*) AS n FROM ActivityLogs ${where}`);
    this.#clear = db.prepare('DELETE FROM ActivityLogs');
    this.#forgetIds = db.prepare("DELETE FROM sqlite_sequence WHERE name = 'ActivityLogs'");
  }

  /** Failed sign-ins carry no user's id, whoever it was: so does the real server's log. */
  add(type: ActivityType, name: string, userId: string = noUserId, shortOverview: string | null = null): void {
    const severity = type === 'AuthenticationFailed' || type === 'UserLockedOut' ? 4 : 2;
    this.#add.run(name, shortOverview, type, userId, this.#nextDate(), severity);
  }

  /** An entry as it may stand in a log of another language, time or writer. */
  addAs(entry: { type: string; name: string; userId?: string; shortOverview?: string | null; at: Date }): void {
    const { type, name, userId = noUserId, shortOverview = null, at } = entry;
    this.#add.run(name, shortOverview, type, userId, toDbDate(at), 2);
  }

  /** Everything is gone, and the ids begin at 1 again, as in a database that was made anew. */
  clear(): void {
    this.#clear.run();
    this.#forgetIds.run();
  }

  /** No two entries have one date, as on a server, whose clock ticks ten thousand times a millisecond. */
  #nextDate(): string {
    const date = toDbDate(this.now());
    this.#ticks = date === this.#lastDate ? this.#ticks + 1 : 0;
    this.#lastDate = date;
    if (this.#ticks === 0) return date;
    const [seconds = '', fraction = ''] = date.split('.');
    return `${seconds}.${fraction.padEnd(3, '0')}${String(this.#ticks).padStart(4, '0')}`;
  }

  page(query: ActivityQuery): object {
    const filter = {
      minDate: query.minDate ?? null,
      hasUserId: query.hasUserId === undefined ? null : query.hasUserId ? 1 : 0,
    };
    const rows = this.#page.all({ ...filter, limit: query.limit, startIndex: query.startIndex });
    return {
      Items: rows.map((row) => ({
        Id: row.Id,
        Name: row.Name,
        ...(row.ShortOverview === null ? {} : { ShortOverview: row.ShortOverview }),
        Type: row.Type,
        Date: toApiDate(row.DateCreated),
        UserId: toApiId(row.UserId),
        Severity: severities[row.LogSeverity],
      })),
      TotalRecordCount: this.#count.get(filter)?.n ?? 0,
      StartIndex: query.startIndex,
    };
  }
}
