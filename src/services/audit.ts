/** Who did what to whom, and how it ended; one row for every act, and for every refusal up to a limit. */
export interface AuditEntry {
  /** A Discord user id, or `latchkey` for what the bot does by itself, or `command line`. */
  readonly actorId: string;
  /** A word for the act, such as `unlock` or `requests approve`. */
  readonly act: string;
  /** `done`, `asked`, or the code of a refusal or failure. */
  readonly outcome: string;
  readonly accountId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly memberId?: string | undefined;
  readonly requestId?: number | undefined;
  readonly detail?: string | undefined;
}

export interface Audit {
  record(entry: AuditEntry): void;
  /** The same of a refusal: twenty rows for each person and hour, then one that counts the rest. */
  recordRefusal(entry: AuditEntry): void;
}
