import { setTimeout as wait } from 'node:timers/promises';
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

/** One answer of the server, in its order, by id. */
interface Snapshot {
  readonly askedAt: number;
  readonly accounts: Map<string, Account>;
}

/** All accounts, remembered for a short while, for autocomplete and for finding an account by what somebody typed. */
export class AccountDirectory {
  readonly #options: Required<DirectoryOptions>;
  /** Changes that are newer than the list, until a list asked for later brings them itself. */
  readonly #notes = new Map<string, { readonly asked: number; readonly account: Account | undefined }>();
  /** Accounts that turned out to be gone: others may have their names by now. */
  readonly #gone = new Map<string, Account>();
  /** How many lists were asked for; a count, as a clock may be put back. */
  #asked = 0;
  #snapshot: Snapshot | undefined;
  #fetching: Promise<Snapshot> | undefined;

  constructor(
    private readonly jellyfin: Pick<Jellyfin, 'listAccounts'>,
    options: DirectoryOptions = {},
  ) {
    this.#options = { now: Date.now, suggestWithinMs: 2_000, onFailure: () => undefined, ...options };
  }

  /** Every account, in the server's order. Throws what the Jellyfin port throws. */
  async list(): Promise<readonly Account[]> {
    return [...(await this.#fresh()).accounts.values()];
  }

  /** Every account as it is at this moment. Throws what the Jellyfin port throws. */
  async listNow(): Promise<readonly Account[]> {
    return [...(await this.#fetch()).accounts.values()];
  }

  /** The account with this id (32 lower-case hex digits), or undefined. Throws what the Jellyfin port throws. */
  async byId(id: string): Promise<Account | undefined> {
    return (await this.#fresh()).accounts.get(id);
  }

  /** The accounts that fit: by id, by exact name, else by name without case. Throws what the Jellyfin port throws. */
  async find(text: string): Promise<readonly Account[]> {
    const known = this.#current();
    const found = known ? findIn(known, text) : [];
    // An account that is not in the list may have been added since.
    return found.length > 0 ? found : findIn(await this.#fetch(), text);
  }

  /** The account that has, by now, the name of one that has just turned out to be gone: deleted, and made again. Throws what the port throws. */
  async successor(goneId: string): Promise<Account | undefined> {
    const gone = this.#gone.get(goneId);
    const [found, another] = gone ? await this.find(gone.name) : [];
    return another ? undefined : found;
  }

  /**
   * Accounts whose names begin with the text, then those that contain it. Empty when Jellyfin does not answer in time:
   * no list is better than one that may be wrong.
   */
  async suggest(text: string, limit = 25): Promise<Account[]> {
    const snapshot = this.#current() ?? (await this.#withinTime());
    if (!snapshot) return [];
    const typed = nameKey(text.trim());
    const first: Account[] = [];
    const second: Account[] = [];
    for (const account of snapshot.accounts.values()) {
      const at = nameKey(account.name).indexOf(typed);
      if (at >= 0) (at === 0 ? first : second).push(account);
    }
    return [...first, ...second].slice(0, limit);
  }

  /** Puts an account that was just read into the list, or drops one that is gone, so that it shows at once. */
  readonly onAccountRead = ({ id, account }: ServiceEvents['accountRead']): void => {
    this.#notes.set(id, { asked: this.#asked, account });
    const known = account ? undefined : this.#snapshot?.accounts.get(id);
    if (known) this.#gone.set(id, known);
    if (this.#snapshot) putIn(this.#snapshot, id, account);
  };

  /** The list while it is recent; fetches the next one ahead of time, so that nobody has to wait for it. */
  #current(): Snapshot | undefined {
    const snapshot = this.#snapshot;
    if (!snapshot) return undefined;
    const { now, onFailure } = this.#options;
    if (!isRecent(snapshot.askedAt, now(), maxAgeMs)) return undefined;
    if (!isRecent(snapshot.askedAt, now(), maxAgeMs / 2)) this.#fetch().catch(onFailure);
    return snapshot;
  }

  async #fresh(): Promise<Snapshot> {
    return this.#current() ?? (await this.#fetch());
  }

  /** Asks Jellyfin once for all who wait at the same time. */
  #fetch(): Promise<Snapshot> {
    this.#fetching ??= this.#load().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #load(): Promise<Snapshot> {
    const asked = (this.#asked += 1);
    const snapshot: Snapshot = { askedAt: this.#options.now(), accounts: new Map() };
    for (const account of await this.jellyfin.listAccounts()) putIn(snapshot, account.id, account);
    for (const [id, { asked: noted, account }] of this.#notes) {
      // A note made while the answer was on its way is newer than the answer.
      if (noted < asked) this.#notes.delete(id);
      else putIn(snapshot, id, account);
    }
    this.#snapshot = snapshot;
    return snapshot;
  }

  /** The list if it comes in time. Coming late it is kept for the next key. */
  async #withinTime(): Promise<Snapshot | undefined> {
    const { suggestWithinMs, onFailure } = this.#options;
    const inTime = this.#fetch().catch((error: unknown) => {
      onFailure(error);
      return undefined;
    });
    return Promise.race([inTime, wait(suggestWithinMs, undefined, { ref: false })]);
  }
}

function findIn({ accounts }: Snapshot, text: string): readonly Account[] {
  const wanted = text.trim();
  const byId = accounts.get(readAccountId(wanted) ?? '');
  return byId ? [byId] : withName([...accounts.values()], wanted, ({ name }) => name);
}

function putIn({ accounts }: Snapshot, id: string, account: Account | undefined): void {
  if (account) accounts.set(id, account);
  else accounts.delete(id);
}
