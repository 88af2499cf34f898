import type { AuditEntry } from '../audit.js';

/** One row of the audit, as it is shown. */
export interface HistoryEntry extends AuditEntry {
  readonly id: number;
  /** Milliseconds since 1970, as are all times here. */
  readonly at: number;
}

/** What a view of the history is about; all of it where nothing is named. */
export interface HistoryFilter {
  readonly accountId?: string | undefined;
  /** As it was called when the view was opened. */
  readonly accountName?: string | undefined;
  /** Whoever did it, or whom it was done to. */
  readonly memberId?: string | undefined;
}

/** A view somebody has open: its buttons carry its id, which stands for the filters. */
export interface HistoryView extends HistoryFilter {
  readonly id: number;
  readonly actorId: string;
  /** The newest entry there was: what happens meanwhile does not push lines from one page to the next. */
  readonly newestId: number;
}

export interface HistoryStore {
  newestId(): number;
  count(filter: HistoryFilter, newestId: number): number;
  /** Newest first. */
  page(filter: HistoryFilter, newestId: number, offset: number, limit: number): HistoryEntry[];
  /** The newest entry's account of this id, or of this name whatever its case. */
  accountCalled(text: string): { readonly id: string; readonly name: string } | undefined;
  openView(view: Omit<HistoryView, 'id'>, at: number): HistoryView;
  /** Undefined for one made before `since`. */
  view(id: number, since: number): HistoryView | undefined;
  /** Removes whatever was over before the first moment, in every table, and views made before the second; how many entries. */
  removeBefore(before: number, viewsBefore: number): number;
}

/** Failed sign-ins and lockouts of one day. */
export interface SignInDay {
  /** `2026-11-25`, in UTC. */
  readonly day: string;
  readonly failed: number;
  readonly locked: number;
}

/** Counted as Jellyfin's activity log is followed: the log itself may be long, and forgets. */
export interface SignInDays {
  add(at: number, counts: { readonly failed?: number; readonly locked?: number }): void;
  /** The days on which there was any, oldest first. */
  since(at: number): SignInDay[];
}
