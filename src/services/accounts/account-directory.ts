import { setTimeout as wait } from 'node:timers/promises';
import { isGone } from '../../errors.js';
import { nameKey, readAccountId, withName } from '../../identifiers.js';
import { isRecent } from '../../time.js';
import type { Account } from './account.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { ServiceEvents } from '../events.js';

export interface DirectoryOptions {
  readonly now?: () => number;
  /** How long a suggestion waits for Jellyfin before it comes back empty: Discord allows 3 s in all. */
  readonly suggestWithinMs?: number;
  /** Called when the list could not be fetched for autocomplete, or ahead of time, where nobody can be told. */
  readonly onFailure?: (error: unknown) => void;
}

/** How long a list counts as right, from the moment it was asked for. */
const maxAgeMs = 25_000;
/** A list that took the server long is not asked for again before so many times as long: it has other things to do. */
const restFactor = 10;

/** One answer of the server, in its order, by id. */
interface Listing {
  readonly askedAt: number;
  /** How long the server needed for it. */
  readonly tookMs: number;
  readonly accounts: Map<string, Account>;
}

/** A list, and since when it is known where it is not of this moment. */
interface KeptList {
  readonly accounts: readonly Account[];
  readonly keptSince: number | undefined;
}

/**
 * All accounts, for autocomplete and for finding an account by what somebody typed. A server that has many needs up to half a
 * minute for the list: then the last one is kept and serves, and what was found in it is read by itself before it counts.
 */
export class AccountDirectory {
  readonly #options: Required<DirectoryOptions>;
  /** Changes that are newer than the list, until a list asked for later brings them itself. */
  readonly #notes = new Map<string, { readonly asked: number; readonly account: Account | undefined }>();
  /** Accounts that turned out to be gone: others may have their names by now. */
  readonly #gone = new Map<string, Account>();
  /** How many lists were asked for; a count, as a clock may be put back. */
  #asked = 0;
  #listing: Listing | undefined;
  #fetching: Promise<Listing> | undefined;
  /** When the list was last asked for, by a clock that is never put right. */
  #begunAt = 0;

  constructor(
    private readonly jellyfin: Pick<Jellyfin, 'listAccounts' | 'getAccount'>,
    options: DirectoryOptions = {},
  ) {
    this.#options = { now: Date.now, suggestWithinMs: 2_000, onFailure: () => undefined, ...options };
  }

  /** Every account, in the server's order, as it was a moment ago, or longer where the list takes long. Throws what the Jellyfin port throws. */
  async list(): Promise<readonly Account[]> {
    return [...(this.#current() ?? (await this.#soon())).accounts.values()];
  }

  /** Every account as it is at this moment, or as it was where that takes long. Throws what the Jellyfin port throws. */
  async latest(): Promise<KeptList> {
    const listing = this.#resting() ?? (await this.#soon());
    const { now } = this.#options;
    const isNow = isRecent(listing.askedAt, now(), Math.max(maxAgeMs, 2 * listing.tookMs));
    return { accounts: [...listing.accounts.values()], keptSince: isNow ? undefined : listing.askedAt };
  }

  /** Every account as it is at this moment. Throws what the Jellyfin port throws. */
  async listNow(): Promise<readonly Account[]> {
    return [...(await this.#fetch()).accounts.values()];
  }

  /** The account with this id (32 lower-case hex digits) as it is at this moment, or undefined. Throws what the Jellyfin port throws. */
  async byId(id: string): Promise<Account | undefined> {
    try {
      return await this.jellyfin.getAccount(id);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** The accounts that fit: by id, by exact name, else by name without case. Throws what the Jellyfin port throws. */
  async find(text: string): Promise<readonly Account[]> {
    const known = this.#current() ?? (await this.#soon());
    const found = fitting([...known.accounts.values()], text);
    if (found.length > 0) {
      if (this.#isFresh(known)) return found;
      const read = await Promise.all(found.map(({ id }) => this.byId(id)));
      const still = read.filter((account) => account !== undefined);
      // Nobody acts on an account that is called otherwise by now.
      if (fitting(still, text).length === found.length) return still;
    }
    // An account that is not in the list may have been added since.
    return fitting(await this.listNow(), text);
  }

  /** The account that has, by now, the name of one that has just turned out to be gone: deleted, and made again. Throws what the port throws. */
  async successor(goneId: string): Promise<Account | undefined> {
    const gone = this.#gone.get(goneId);
    const [found, another] = gone ? await this.find(gone.name) : [];
    return another ? undefined : found;
  }

  /** Accounts whose names begin with the text, then those that contain it; from the last list there is when Jellyfin does not answer in time. */
  async suggest(text: string, limit = 25): Promise<Account[]> {
    const listing = this.#current() ?? (await this.#withinTime()) ?? this.#listing;
    if (!listing) return [];
    const typed = nameKey(text.trim());
    const first: Account[] = [];
    const second: Account[] = [];
    for (const account of listing.accounts.values()) {
      const at = nameKey(account.name).indexOf(typed);
      if (at >= 0) (at === 0 ? first : second).push(account);
    }
    return [...first, ...second].slice(0, limit);
  }

  /** Puts an account that was just read into the list, or drops one that is gone, so that it shows at once. */
  readonly onAccountRead = ({ id, account }: ServiceEvents['accountRead']): void => {
    this.#notes.set(id, { asked: this.#asked, account });
    const known = account ? undefined : this.#listing?.accounts.get(id);
    if (known) this.#gone.set(id, known);
    if (this.#listing) putIn(this.#listing, id, account);
  };

  /** The list while it serves; fetches the next one ahead of time, so that nobody has to wait for it. */
  #current(): Listing | undefined {
    const listing = this.#listing;
    if (!listing) return undefined;
    const servesMs = Math.max(maxAgeMs, restFactor * listing.tookMs);
    const { now, onFailure } = this.#options;
    if (!isRecent(listing.askedAt, now(), servesMs)) return undefined;
    if (!isRecent(listing.askedAt, now(), servesMs / 2)) this.#fetch().catch(onFailure);
    return listing;
  }

  /** The same of a server that needs longer for it than people like to wait. */
  #resting(): Listing | undefined {
    const current = this.#current();
    return current && current.tookMs > this.#options.suggestWithinMs ? current : undefined;
  }

  /** Whether what it says of an account may be believed. */
  #isFresh(listing: Listing | undefined): boolean {
    return listing !== undefined && isRecent(listing.askedAt, this.#options.now(), maxAgeMs);
  }

  /** The next list, or the last one where the next takes long; the first of all is waited for. */
  async #soon(): Promise<Listing> {
    const next = this.#fetch();
    const kept = this.#listing;
    if (!kept) return next;
    next.catch(this.#options.onFailure);
    return Promise.race([next, wait(this.#patienceMs(), kept, { ref: false })]);
  }

  /** Asks Jellyfin once for all who wait at the same time. */
  #fetch(): Promise<Listing> {
    if (this.#fetching) return this.#fetching;
    this.#begunAt = performance.now();
    this.#fetching = this.#load(this.#begunAt).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #load(begunAt: number): Promise<Listing> {
    const asked = (this.#asked += 1);
    const askedAt = this.#options.now();
    const listed = await this.jellyfin.listAccounts();
    const listing: Listing = { askedAt, tookMs: performance.now() - begunAt, accounts: new Map() };
    for (const account of listed) putIn(listing, account.id, account);
    for (const [id, { asked: noted, account }] of this.#notes) {
      // A note made while the answer was on its way is newer than the answer.
      if (noted < asked) this.#notes.delete(id);
      else putIn(listing, id, account);
    }
    this.#listing = listing;
    return listing;
  }

  /** Whoever comes while a list is awaited already waits for what is left of the time only. */
  #patienceMs(): number {
    return Math.max(0, this.#options.suggestWithinMs - (performance.now() - this.#begunAt));
  }

  /** The list if it comes in time. Coming late it is kept for the next key. */
  async #withinTime(): Promise<Listing | undefined> {
    const inTime = this.#fetch().catch((error: unknown) => {
      this.#options.onFailure(error);
      return undefined;
    });
    return Promise.race([inTime, wait(this.#patienceMs(), undefined, { ref: false })]);
  }
}

function fitting(accounts: readonly Account[], text: string): readonly Account[] {
  const wanted = text.trim();
  const byId = accounts.find(({ id }) => id === readAccountId(wanted));
  return byId ? [byId] : withName(accounts, wanted, ({ name }) => name);
}

function putIn({ accounts }: Listing, id: string, account: Account | undefined): void {
  if (account) accounts.set(id, account);
  else accounts.delete(id);
}
