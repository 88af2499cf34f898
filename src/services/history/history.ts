import { randomBytes } from 'node:crypto';
import { dayMs } from '../../time.js';
import { AppError } from '../../errors.js';
import type { NamedAccount } from '../accounts/account-picker.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { HistoryEntry, HistoryFilter, HistoryStore, HistoryView, SignInDay, SignInDays } from './history-store.js';
import type { LinkStore } from '../accounts/link.js';
import type { RequestServices } from '../requests/create-requests.js';
import type { RequestEndings } from '../requests/request-endings.js';
import type { RescueStore } from '../rescue/rescue-run.js';

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

export interface HistoryDeps {
  readonly store: HistoryStore;
  readonly days: SignInDays;
  readonly links: LinkStore;
  readonly audit: Audit;
  readonly endings: Pick<RequestEndings, 'release'>;
  readonly rescues: Pick<RescueStore, 'unfinished'>;
  readonly forget: (memberId: string, instead: string) => void;
  readonly keepMs: number;
  readonly now: () => number;
}

/** Who did what to whom, when, and how it ended: shown, given out, and forgotten in time. */
export class History {
  constructor(private readonly deps: HistoryDeps) {}

  /** The account that was called so, or has this id, when it was last written about: it may be gone from Jellyfin. */
  accountCalled(text: string): NamedAccount | undefined {
    return this.deps.store.accountCalled(text);
  }

  /** Opens a view; its id stands for the filters for a day. */
  open(actor: Actor, filter: HistoryFilter): HistoryPage {
    const { store, now } = this.deps;
    const view = store.openView({ ...filter, actorId: actor.id, newestId: store.newestId() }, now());
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
  all(actor: Actor, viewId: number): readonly HistoryEntry[] {
    const view = this.#view(actor, viewId);
    return this.deps.store.page(view, view.newestId, 0, mostInFile);
  }

  /** The last 30 days, today last, one for each, those on which nothing happened included. */
  lastDays(): SignInDay[] {
    const { days, now } = this.deps;
    const first = now() - (daysInPicture - 1) * dayMs;
    const found = new Map(days.since(first).map((each) => [each.day, each]));
    return Array.from({ length: daysInPicture }, (_, at) => {
      const day = new Date(first + at * dayMs).toISOString().slice(0, 10);
      return found.get(day) ?? { day, failed: 0, locked: 0 };
    });
  }

  /**
   * Takes a member out of all that is kept, for good: what they wait for is cancelled. Throws `memberStillLinked` while
   * they own an account, as unlinking comes first, and `memberBusy` while something is being done for them or by them.
   */
  async forget(actor: Actor, memberId: string): Promise<void> {
    const { endings, rescues, forget, audit } = this.deps;
    this.#assertUnlinked(memberId);
    const isFree = await endings.release(memberId);
    if (!isFree || rescues.unfinished().some(({ actorId }) => actorId === memberId)) throw new AppError('memberBusy');
    // Discord was waited for meanwhile.
    this.#assertUnlinked(memberId);
    forget(memberId, `forgotten-${randomBytes(4).toString('hex')}`);
    audit.record({ actorId: actor.id === memberId ? 'latchkey' : actor.id, act: 'forget', outcome: 'done' });
  }

  /** Every night: all that is over, and older than it is to be kept. How many entries of the history were removed. */
  removeOld(): number {
    const { store, keepMs, now } = this.deps;
    return store.removeBefore(now() - keepMs, now() - viewLivesMs);
  }

  #assertUnlinked(memberId: string): void {
    if (this.deps.links.ofMember(memberId).length > 0) throw new AppError('memberStillLinked');
  }

  #view(actor: Actor, id: number): HistoryView {
    const view = this.deps.store.view(id, this.deps.now() - viewLivesMs);
    if (view?.actorId !== actor.id) throw new AppError('historyViewGone');
    return view;
  }

  #page(view: HistoryView, wanted: number): HistoryPage {
    const { store } = this.deps;
    const count = store.count(view, view.newestId);
    const pages = Math.max(1, Math.ceil(count / entriesOnPage));
    const page = Math.min(Math.max(0, wanted), pages - 1);
    return { view, entries: store.page(view, view.newestId, page * entriesOnPage, entriesOnPage), page, pages, count };
  }
}

export interface HistoryPorts {
  readonly stores: {
    readonly history: HistoryStore;
    readonly signInDays: SignInDays;
    readonly links: LinkStore;
    readonly audit: Audit;
    readonly rescues: RescueStore;
    readonly forgetMember: HistoryDeps['forget'];
  };
  readonly config: { readonly historyTtlMs: number };
  readonly now: () => number;
}

export function createHistory({ stores, config, now }: HistoryPorts, { endings }: RequestServices): History {
  const { history: store, signInDays: days, links, audit, rescues, forgetMember: forget } = stores;
  return new History({ store, days, links, audit, endings, rescues, forget, keepMs: config.historyTtlMs, now });
}
