import { AppError } from '../../errors.js';
import { readAccountId, withName } from '../../identifiers.js';
import type { Account, NamedAccount } from '../accounts/account.js';
import type { Actor, Rank } from '../members/actor.js';
import { assertFree, type ChangedLink, freeAccounts, type Link, type LinkCheck } from '../accounts/link.js';
import type { LinkNewsDesk } from './link-notices.js';
import type { LinkDeps } from './link-ports.js';
import { type MemberName, nameFacts, type NameFacts } from '../members/member-names.js';
import { otherOwners, type Request } from '../requests/request.js';
import type { LinkingFacts } from '../requests/request-deps.js';

/** Links made and taken away; the rules about whom and what. */
export class Links {
  constructor(private readonly deps: LinkDeps & { readonly news: LinkNewsDesk }) {}

  /** The ordinary accounts that no member has yet, by name. Throws a Jellyfin code. */
  free(): Promise<readonly NamedAccount[]> {
    return freeAccounts(this.deps.accounts, this.deps.stores.links);
  }

  /** What is to be known of somebody's names before they are linked. */
  nameFacts(member: MemberName): NameFacts | undefined {
    return nameFacts(this.deps.stores.memberNames, member.memberId, member);
  }

  /** What is to be known before a request is approved that links its asker: what they are called, and whose the account is already. */
  factsAbout(request: Request): LinkingFacts {
    const { ownership, stores } = this.deps;
    return {
      asker: nameFacts(stores.memberNames, request.memberId),
      owners: otherOwners((id) => ownership.ofAccount(id), request),
    };
  }

  /** Links a member to an ordinary account; a link request of theirs is answered with it. Throws `memberUnknown`, `linkAdminAccount`, `alreadyLinked`, or a Jellyfin code. */
  async link(actor: Actor, memberId: string, accountId: string, check?: LinkCheck): Promise<ChangedLink> {
    // What they are called is known from here on, so that a card can say who only looks like them.
    if (!(await this.deps.members.find(memberId))) throw new AppError('memberUnknown');
    // Read anew: an account that has just become an administrator's is linked by proof only.
    const account = await this.deps.jellyfin.getAccount(accountId);
    if (account.isAdministrator) throw new AppError('linkAdminAccount');
    if (this.deps.ownership.find(memberId, account.id)) throw new AppError('alreadyLinked');
    const asked = this.deps.requests.pending().find((each) => each.kind === 'link' && each.memberId === memberId);
    if (asked) {
      await this.deps.requests.approveLink(asked, actor, account, check);
    } else {
      check?.(account);
      const { linkMaker, executor, outbox, owners, now } = this.deps;
      const link = {
        memberId,
        account,
        madeBy: 'admin',
        linkedBy: actor.id,
        linkedAt: now(),
        isGreeted: true,
      } as const;
      void executor.publishAll(linkMaker.make(link).changed);
      void outbox.deliver(['greeting'], account.id);
      void owners.tell();
    }
    return { memberId, accountId: account.id, accountName: account.name };
  }

  /** As `link`, for what was picked in a list of accounts that nobody had. Throws `accountTaken`, too. */
  linkFree(actor: Actor, memberId: string, accountId: string): Promise<ChangedLink> {
    return this.link(actor, memberId, accountId, ({ id }) => assertFree(this.deps.stores.links, memberId, id));
  }

  /**
   * Links somebody who has proved that the account is theirs, an administrator's, too. `ended` is told whether that is new
   * and writes down how the proof went, together with the link and the word to the admins and the other owners: killed in
   * between, the bot would find the link at its next start, take it for an old one and tell nobody.
   */
  linkProved<T>(memberId: string, rank: Rank, account: Account, ended: (isNew: boolean) => T): T {
    const { stores, linkMaker, news, outbox, owners, executor, endings, now } = this.deps;
    const how = { madeBy: 'proof', linkedBy: memberId, ofAdmin: rank === 'admin', isGreeted: true } as const;
    const [end, changed] = stores.transaction(() => {
      const made = linkMaker.make({ memberId, account, ...how, linkedAt: now() });
      if (made.isNew) news.add({ kind: 'proved', memberId, accountName: account.name });
      const answered = made.isNew ? endings.fulfilLink(memberId, account) : [];
      return [ended(made.isNew), [...made.changed, ...answered]] as const;
    });
    void news.tell();
    void outbox.deliver(['greeting'], account.id);
    void owners.tell();
    void executor.publishAll(changed);
    return end;
  }

  /**
   * Takes a link away, by the account's id or name, or the name it was linked under where no other account has that (it
   * may be gone from the server), and cancels what the member asked for it. Its member and the admins hear of it: nobody
   * takes an account over by having its owner hear no more. The link that comes back has the name of today.
   * Throws `linkUnknown`, `adminAccount`, or a Jellyfin code.
   */
  async unlink(actor: Actor, memberId: string, account: string): Promise<Link & { readonly isAdministrator: boolean }> {
    const { stores, accounts, ownership, permissions, endings, executor, events, news, outbox } = this.deps;
    const link = await this.#meant(stores.links.everyOf(memberId), account);
    if (!link) throw new AppError('linkUnknown');
    const { accountId } = link;
    const known = await accounts.byId(accountId);
    // Gone, for all that Jellyfin says, it is what it was last: one look alone takes nobody's link away.
    const isAdministrator = known?.isAdministrator ?? ownership.wasAdministrators(accountId);
    if (isAdministrator) await permissions.assertMayChange(actor, { id: accountId, isAdministrator });
    const accountName = known?.name ?? link.accountName;
    const changed = stores.transaction(() => {
      stores.links.remove(memberId, accountId);
      stores.audit.record({ actorId: actor.id, act: 'unlink', outcome: 'done', accountId, accountName, memberId });
      events.emit('ownersChanged', { accountId, change: 'lost' });
      if (memberId !== actor.id) {
        const id = news.add({ kind: 'unlinked', memberId, accountName, removedBy: actor.id });
        outbox.owe({ kind: 'unlinked', subjectId: `${id}`, recipientId: memberId });
      }
      return endings.withdraw(memberId, accountId);
    });
    void news.tell();
    void outbox.deliver(['unlinked']);
    await executor.publishAll(changed);
    return { ...link, accountName, isAdministrator };
  }

  /** The link whose account is called so: an account may have got another name, and another account its old one. */
  async #meant(links: readonly Link[], account: string): Promise<Link | undefined> {
    const id = readAccountId(account);
    const byId = links.find((each) => each.accountId === id);
    if (byId) return byId;
    const { accounts } = this.deps;
    const named = await accounts.find(account);
    const byName = links.find(({ accountId }) => named.some(({ id }) => id === accountId));
    const [formerly] = withName(links, account, ({ accountName }) => accountName);
    if (byName || !formerly || named.length === 0) return byName ?? formerly;
    return (await accounts.byId(formerly.accountId)) ? undefined : formerly;
  }
}
