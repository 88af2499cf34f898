import { AppError, isGone } from '../../errors.js';
import { readAccountId, readMention, withName, withNamePart } from '../../identifiers.js';
import type { Account, NamedAccount } from './account.js';
import { helps, type Actor } from '../members/actor.js';
import type { AccountDirectory } from './account-directory.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { Ownership } from './ownership.js';

type Picked =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'several'; readonly accounts: readonly NamedAccount[] };

/**
 * Finds the account somebody means. A member learns nothing about accounts that are not theirs, not even by waiting: all that
 * is ever asked of the server for them is how their own are called.
 */
export class AccountPicker {
  constructor(
    private readonly directory: AccountDirectory,
    private readonly ownership: Pick<Ownership, 'ofMember'>,
    private readonly jellyfin: Pick<Jellyfin, 'getAccount'>,
  ) {}

  /**
   * By id, name, or a member's mention; without any, the person's own. Throws `notLinked`, `accountNotYours`,
   * `accountUnknown`, or a Jellyfin code.
   */
  async pick(actor: Actor, text: string | undefined): Promise<Picked> {
    if (text === undefined) return oneOrSeveral(this.own(actor));
    const mentioned = readMention(text);
    if (!helps(actor)) return this.#ownNamed(actor, text, mentioned);
    if (mentioned !== undefined) {
      const accounts = this.accountsOf(mentioned);
      if (accounts.length === 0) throw new AppError('memberNotLinked', { member: `<@${mentioned}>` });
      return oneOrSeveral(accounts);
    }
    // An id from the autocomplete needs no list; what acts on the account finds out whether it exists.
    const id = readAccountId(text);
    if (id !== undefined) return { kind: 'one', id };
    const found = await this.directory.find(text);
    if (found.length === 0) throw new AppError('accountUnknown', { name: shown(text) });
    return oneOrSeveral(found);
  }

  /** Whether somebody names an account who is linked to none: whether it exists is not for them to know. */
  mayAskByName(actor: Actor, text: string): boolean {
    return !helps(actor) && readMention(text) === undefined && this.accountsOf(actor.id).length === 0;
  }

  /** For autocomplete: helpers and up are offered all accounts, members their own. */
  async suggest(actor: Actor, typed: string): Promise<readonly NamedAccount[]> {
    if (helps(actor)) return this.directory.suggest(typed);
    return withNamePart(this.accountsOf(actor.id), typed);
  }

  /** The accounts linked to a member, by the names they had then. */
  accountsOf(memberId: string): NamedAccount[] {
    return this.ownership.ofMember(memberId).map((link) => ({ id: link.accountId, name: link.accountName }));
  }

  /** The person's own. Throws `notLinked`. */
  own(actor: Actor): NamedAccount[] {
    const accounts = this.accountsOf(actor.id);
    if (accounts.length === 0) throw new AppError('notLinked');
    return accounts;
  }

  /** Exactly one account, for commands that change a link. Throws `accountUnknown`, `accountAmbiguous` or a Jellyfin code. */
  async account(text: string): Promise<Account> {
    const [found, another] = await this.directory.find(text);
    if (found && !another) return found;
    throw new AppError(another ? 'accountAmbiguous' : 'accountUnknown', { name: shown(text) });
  }

  /**
   * Does something with an account that a helper named; if it was deleted since the list was read, with the one that was made
   * under its name. Throws what `act` throws.
   */
  async orSuccessor<T>(actor: Actor, id: string, act: (id: string) => Promise<T>): Promise<T> {
    try {
      return await act(id);
    } catch (error) {
      const successor = isGone(error) && helps(actor) ? await this.directory.successor(id) : undefined;
      if (!successor) throw error;
      return act(successor.id);
    }
  }

  async #ownNamed(actor: Actor, text: string, mentioned: string | undefined): Promise<Picked> {
    const accounts = this.own(actor);
    if (mentioned === actor.id) return oneOrSeveral(accounts);
    const id = readAccountId(text);
    // Somebody else's mention is no name: nothing need be asked to refuse it.
    const isName = id === undefined && mentioned === undefined;
    const mine = isName ? await this.#ownCalled(accounts, text) : accounts.find((each) => each.id === id);
    if (!mine) throw new AppError('accountNotYours');
    return { kind: 'one', id: mine.id };
  }

  /** By the names that they have at this moment. All are read whatever is called for, so that the time tells nothing. */
  async #ownCalled(accounts: readonly NamedAccount[], text: string): Promise<NamedAccount | undefined> {
    const read = await Promise.allSettled(accounts.map(({ id }) => this.jellyfin.getAccount(id)));
    const now = accounts.map((each, at) => {
      const account = read[at];
      return account?.status === 'fulfilled' ? account.value : each;
    });
    const [mine] = withName(now, text, ({ name }) => name);
    if (mine) return mine;
    // One that could not be read may be called so by now: it is not said that it is not theirs.
    const failed = read.find((each) => each.status === 'rejected' && !isGone(each.reason));
    if (failed?.status === 'rejected') throw failed.reason;
    return undefined;
  }
}

function oneOrSeveral(accounts: readonly NamedAccount[]): Picked {
  const [first, ...others] = accounts;
  if (first && others.length === 0) return { kind: 'one', id: first.id };
  return { kind: 'several', accounts };
}

/** What somebody typed, as code: it is said back to them alone, and nothing in it may act. */
function shown(text: string): string {
  return `\`${text.replaceAll('`', "'").slice(0, 100)}\``;
}
