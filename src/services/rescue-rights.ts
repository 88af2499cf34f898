import { AppError } from '../errors.js';
import type { Account } from './account.js';
import type { Actor } from './actor.js';
import type { NamedAccount } from './account-picker.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { LinkStore } from './link.js';

/** Who may rescue which account: an admin their own administrator's account, a server admin any administrator's. */
export class RescueRights {
  constructor(
    private readonly links: LinkStore,
    private readonly jellyfin: Pick<Jellyfin, 'getAccount' | 'listAccounts'>,
  ) {}

  /**
   * The account that somebody means, if it is theirs to rescue. When the server cannot be asked, the link alone counts, and
   * the repair looks for itself whether the account is an administrator's.
   * Throws `notAllowed`, `rescueNotYours` (whether or not there is such an account), `rescueOrdinary`.
   */
  async find(actor: Actor, text: string | undefined): Promise<NamedAccount[]> {
    if (actor.rank !== 'admin') throw new AppError('notAllowed');
    const own = this.links.ofMember(actor.id).map(({ accountId: id, accountName: name }) => ({ id, name }));
    const wanted = text?.toLowerCase();
    const meant = own.filter(({ id, name }) => wanted === undefined || id === wanted || name.toLowerCase() === wanted);
    const found = await Promise.all(meant.map((each) => this.#unlessOrdinary(each)));
    const rescuable = found.filter((each): each is NamedAccount => each !== 'ordinary');
    if (rescuable.length > 0) return rescuable;
    const others = wanted === undefined ? [] : await this.#othersFor(actor, wanted);
    if (others.length > 0) return others;
    throw new AppError(found.includes('ordinary') ? 'rescueOrdinary' : 'rescueNotYours');
  }

  /** Asked again at every press: a role or a link may have been taken away meanwhile. Throws as `find` does. */
  async assertStillMay(actor: Actor, accountId: string): Promise<void> {
    await this.find(actor, accountId);
  }

  /** For autocomplete: the administrators' accounts that this person may rescue. */
  async suggest(actor: Actor, typed: string): Promise<NamedAccount[]> {
    if (actor.rank !== 'admin') return [];
    const own = this.links.ofMember(actor.id).map(({ accountId: id, accountName: name }) => ({ id, name }));
    const all = await this.#administrators();
    const isServerAdmin = all?.some(({ id }) => own.some((each) => each.id === id)) ?? false;
    const offered = all === undefined ? own : isServerAdmin ? all : [];
    return offered.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
  }

  async #unlessOrdinary(account: NamedAccount): Promise<NamedAccount | 'ordinary'> {
    const read = await this.#read(account.id);
    return read && !read.isAdministrator ? 'ordinary' : account;
  }

  async #othersFor(actor: Actor, wanted: string): Promise<NamedAccount[]> {
    const all = await this.#administrators();
    if (!all?.some(({ id }) => this.links.find(actor.id, id))) return [];
    return all.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  }

  /** Undefined when the server cannot be asked. */
  async #administrators(): Promise<NamedAccount[] | undefined> {
    try {
      const all = await this.jellyfin.listAccounts();
      return all.filter(({ isAdministrator }) => isAdministrator).map(({ id, name }) => ({ id, name }));
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  async #read(id: string): Promise<Account | undefined> {
    try {
      return await this.jellyfin.getAccount(id);
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}
