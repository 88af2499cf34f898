import { randomBytes } from 'node:crypto';
import { dayMs } from '../../time.js';
import { AppError } from '../../errors.js';
import type { NamedAccount } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { AuditEntry } from '../audit.js';
import type { Engine } from '../requests/create-requests.js';
import type { RescueStore } from '../rescue/rescue-port.js';

/** The buttons of a view work for so long. */
const viewLivesMs = dayMs;
const daysInPicture = 30;
/** A phone's screen. */
const entriesOnPage = 8;
/** Discord takes 10 MB: a year of a busy household is a tenth of that. */
const mostInFile = 50_000;

export interface HistoryPage {
  readonly view: HistoryView;
  readonly entries: readonly HistoryEntry[];
  readonly page: number;
  readonly pages: number;
  readonly count: number;
}

export interface HistoryPorts {
  readonly stores: {
    readonly history: HistoryStore;
    readonly signInDays: SignInDays;
    readonly rescues: RescueStore;
    readonly forgetMember: (memberId: string, instead: string) => void;
  };
  readonly config: { readonly historyTtlMs: number };
}

/** Who did what to whom, when, and how it ended: shown, given out, and forgotten in time. */
export class History {
  constructor(private readonly deps: HistoryPorts & Engine) {}

  /** The account that was called so, or has this id, when it was last written about: it may be gone from Jellyfin. */
  accountCalled(text: string): NamedAccount | undefined {
    return this.deps.stores.history.accountCalled(text);
  }

  /** Opens a view; its id stands for the filters for a day. */
  open(actor: Actor, filter: HistoryFilter): HistoryPage {
    const { stores, now } = this.deps;
    const view = stores.history.openView({ ...filter, actorId: actor.id, newestId: stores.history.newestId() }, now());
    return this.#page(view, 0);
  }

  /** Another page of a view. Throws `historyViewGone` for one that is over a day old, or somebody else's. */
  page(actor: Actor, viewId: number, page: number): HistoryPage {
    return this.#page(this.#view(actor, viewId), page);
  }

  /** The same view with another member in its filter, as a new view. Throws `historyViewGone`. */
  about(actor: Actor, viewId: number, memberId: string | undefined): HistoryPage {
    const { accountId, accountName } = this.#view(actor, viewId);
    return this.open(actor, { accountId, accountName, memberId });
  }

  /** Everything in a view, newest first, for a file. Throws `historyViewGone`. */
  all(actor: Actor, viewId: number): readonly NamedEntry[] {
    const view = this.#view(actor, viewId);
    const { history, memberNames } = this.deps.stores;
    const names = new Map(memberNames.all().map(({ memberId, name }) => [memberId, name]));
    return history.page(view, view.newestId, 0, mostInFile).map((entry) => ({
      ...entry,
      actorName: names.get(entry.actorId),
      memberName: names.get(entry.memberId ?? ''),
    }));
  }

  /** The last 30 days, today last, one for each, those on which nothing happened included. */
  lastDays(): SignInDay[] {
    const { stores, now } = this.deps;
    const first = now() - (daysInPicture - 1) * dayMs;
    const found = new Map(stores.signInDays.since(first).map((each) => [each.day, each]));
    return Array.from({ length: daysInPicture }, (_, at) => {
      const day = new Date(first + at * dayMs).toISOString().slice(0, 10);
      return found.get(day) ?? { day, failed: 0, locked: 0 };
    });
  }

  /**
   * Takes somebody who has left out of all that is kept, for good: what they wait for is cancelled. Throws `memberHere`
   * while they are in the server, where they could have done what the history is to tell, `memberStillLinked` while they
   * own an account, as unlinking comes first, and `memberBusy` while something is being done for them or by them.
   */
  async forget(actor: Actor, memberId: string): Promise<void> {
    const { endings, members, stores } = this.deps;
    this.#assertUnlinked(memberId);
    if (await members.find(memberId)) throw new AppError('memberHere');
    const isFree = await endings.release(memberId);
    if (!isFree || stores.rescues.unfinished().some(({ actorId }) => actorId === memberId))
      throw new AppError('memberBusy');
    // Discord was waited for meanwhile.
    this.#assertUnlinked(memberId);
    stores.forgetMember(memberId, `forgotten-${randomBytes(4).toString('hex')}`);
    stores.audit.record({ actorId: actor.id, act: 'forget', outcome: 'done' });
  }

  /** Every night: all that is over, and older than it is to be kept. How many entries of the history were removed. */
  removeOld(): number {
    const { stores, config, now } = this.deps;
    return stores.history.removeBefore(now() - config.historyTtlMs, now() - viewLivesMs);
  }

  #assertUnlinked(memberId: string): void {
    if (this.deps.stores.links.everyOf(memberId).length > 0) throw new AppError('memberStillLinked');
  }

  #view(actor: Actor, id: number): HistoryView {
    const view = this.deps.stores.history.view(id, this.deps.now() - viewLivesMs);
    if (view?.actorId !== actor.id) throw new AppError('historyViewGone');
    return view;
  }

  #page(view: HistoryView, wanted: number): HistoryPage {
    const { stores } = this.deps;
    const count = stores.history.count(view, view.newestId);
    const pages = Math.max(1, Math.ceil(count / entriesOnPage));
    const page = Math.min(Math.max(0, wanted), pages - 1);
    return {
      view,
      entries: stores.history.page(view, view.newestId, page * entriesOnPage, entriesOnPage),
      page,
      pages,
      count,
    };
  }
}

/** One row of the audit, as it is shown. */
export interface HistoryEntry extends AuditEntry {
  readonly id: number;
  /** Milliseconds since 1970, as are all times here. */
  readonly at: number;
  /** Of a refusal: how often it happened. */
  readonly times?: number | undefined;
}

/** One row with what its people are called in Discord, as far as that is known. */
export interface NamedEntry extends HistoryEntry {
  readonly actorName: string | undefined;
  readonly memberName: string | undefined;
}

/** What a view of the history is about, all of it where nothing is named; the member did it, or it was done to them. */
export type HistoryFilter = Pick<AuditEntry, 'accountId' | 'accountName' | 'memberId'>;

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
  accountCalled(text: string): NamedAccount | undefined;
  openView(view: Omit<HistoryView, 'id'>, at: number): HistoryView;
  /** Undefined for one made before `since`. */
  view(id: number, since: number): HistoryView | undefined;
  /** Removes whatever was over before the first moment, in every table, and views made before the second; how many entries. */
  removeBefore(before: number, dayAgo: number): number;
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

/** What a picture says in words: it is drawn in the language of whoever asked. */
export interface PictureWords {
  readonly title: string;
  readonly failed: string;
  readonly locked: string;
  /** For the days below the bars, such as `de`. */
  readonly locale: string;
}

/** Draws failed sign-ins and lockouts by day as a PNG, off the bot's own thread. */
export interface SignInPicture {
  /** Undefined, and a word in the log, where this machine cannot draw. */
  draw(days: readonly SignInDay[], words: PictureWords): Promise<Buffer | undefined>;
}
