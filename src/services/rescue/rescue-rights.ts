import { setTimeout as wait } from 'node:timers/promises';
import { AppError, ignoreAppError } from '../../errors.js';
import { readAccountId, readMention, sameName, withNamePart } from '../../identifiers.js';
import type { Account, NamedAccount } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import type { RescueDeps } from './rescue-port.js';

type Who = Pick<Actor, 'id' | 'rank'>;

/** Discord allows 3 s for choices. */
const suggestWithinMs = 2000;

/**
 * Who may rescue which account: an admin the administrator's account that is linked to them, which makes them a server
 * admin, who may rescue the other administrators', too. When the server cannot be asked, it counts what the account was when
 * it last could, and a link that would count on an administrator's account; the repair looks for itself what it is.
 */
export class RescueRights {
  constructor(private readonly deps: RescueDeps) {}

  /** The accounts that are meant and theirs to rescue; their own without a text. Throws `adminsOnly`, `rescueOrdinary`, `linkUnproved` or `rescueNotYours`. */
  async find(actor: Who, text: string | undefined): Promise<NamedAccount[]> {
    if (actor.rank !== 'admin') throw new AppError('adminsOnly');
    const isMeant = this.#meant(text);
    const own = await Promise.all(
      this.deps.picker
        .accountsOf(actor.id)
        .filter(isMeant)
        .map((each) => this.#rescuable(actor, each)),
    );
    const rescuable = own.filter((each) => typeof each === 'object');
    if (rescuable.length > 0) return rescuable;
    const all = text === undefined ? undefined : await this.#now();
    const administrators = (await this.#asServerAdmin(actor, () => Promise.resolve(all))) ?? [];
    const others = administrators.filter(isMeant);
    if (others.length > 0) return others;
    const [refusal] = own.filter((each) => typeof each === 'string');
    // Whoever owns no administrator's account hears the same of an account that there is and of one that there is not.
    const isOrdinary = administrators.length > 0 && all?.some(isMeant);
    throw new AppError(refusal ?? (isOrdinary ? 'rescueOrdinary' : 'rescueNotYours'));
  }

  /** The same of somebody who is not asking now. Throws as `find` does, `notInServer`, or `tryAgain` when Discord did not say. */
  async assertMayStill(id: string, accountId: string): Promise<void> {
    const member = await this.deps.members.find(id).catch((cause: unknown) => {
      throw new AppError('tryAgain', {}, { cause });
    });
    if (!member) throw new AppError('notInServer');
    await this.find({ id, rank: member.rank }, accountId);
  }

  /** For autocomplete: the administrators' accounts that this person may rescue. */
  async suggest(actor: Actor, typed: string): Promise<NamedAccount[]> {
    const offered = (await this.#asServerAdmin(actor, this.#lately)) ?? this.deps.picker.accountsOf(actor.id);
    return withNamePart(offered, typed);
  }

  #meant(text: string | undefined): (account: NamedAccount) => boolean {
    if (text === undefined) return () => true;
    const mentioned = readMention(text);
    if (mentioned !== undefined) return ({ id }) => this.deps.ownership.has(mentioned, id);
    return ({ id, name }) => id === readAccountId(text) || sameName(name, text);
  }

  /** An own account, or why it is not theirs to rescue. */
  async #rescuable({ id }: Pick<Actor, 'id'>, account: NamedAccount) {
    const { jellyfin, ownership } = this.deps;
    const read = await jellyfin.getAccount(account.id).catch(ignoreAppError);
    // Not only when it comes out: a PIN that was redeemed by then is its password, and nobody has seen it.
    if (!(read?.isAdministrator ?? ownership.wasAdministrators(account.id))) return 'rescueOrdinary';
    const isTheirs = read ? ownership.has(id, account.id) : ownership.hasUnread(id, account.id);
    return isTheirs ? account : 'linkUnproved';
  }

  /** Every administrator's account, for a server admin; none for anybody else. Undefined when the server cannot be asked. */
  async #asServerAdmin(
    actor: Pick<Actor, 'id'>,
    list: () => Promise<readonly Account[] | undefined>,
  ): Promise<NamedAccount[] | undefined> {
    const administrators = (await list())?.filter(({ isAdministrator }) => isAdministrator);
    if (administrators && !administrators.some(({ id }) => this.deps.ownership.has(actor.id, id))) return [];
    return administrators?.map(({ id, name }) => ({ id, name }));
  }

  readonly #now = () => this.deps.jellyfin.listAccounts().catch(ignoreAppError);
  readonly #lately = () =>
    Promise.race([this.deps.accounts.list().catch(ignoreAppError), wait(suggestWithinMs, undefined, { ref: false })]);
}
