import { AppError } from '../../errors.js';
import { readAccountId, withName } from '../../identifiers.js';
import type { Account, NamedAccount } from '../accounts/account.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import type { Actor, Rank } from '../members/actor.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import { assertFree, freeAccounts, type Link, type LinkCheck, type LinkStore } from '../accounts/link.js';
import type { Ownership } from '../accounts/ownership.js';
import type { Outbox } from '../notices/outbox.js';
import type { LinkMaker } from '../requests/link-maker.js';
import type { LinkNewsDesk } from './link-notices.js';
import type { Members } from '../members/member-lookup-port.js';
import type { OwnerNotices } from './owner-notices.js';
import type { Permissions } from '../accounts/permissions.js';
import type { RequestEndings } from '../requests/request-endings.js';
import type { RequestExecutor } from '../requests/request-executor.js';
import { otherOwners, type Request } from '../requests/request.js';
import type { Requests } from '../requests/requests.js';

export interface LinksDeps {
  readonly store: LinkStore;
  readonly ownership: Pick<Ownership, 'find' | 'ofAccount'>;
  readonly maker: LinkMaker;
  readonly transaction: Transaction;
  readonly requests: Requests;
  readonly endings: Pick<RequestEndings, 'fulfilLink' | 'withdraw'>;
  readonly executor: Pick<RequestExecutor, 'publishAll'>;
  readonly permissions: Permissions;
  readonly accounts: Pick<AccountDirectory, 'byId' | 'find' | 'latest'>;
  readonly jellyfin: Pick<Jellyfin, 'getAccount'>;
  readonly members: Members;
  readonly outbox: Pick<Outbox, 'deliver'>;
  readonly owners: Pick<OwnerNotices, 'tell'>;
  readonly news: LinkNewsDesk;
  readonly audit: Audit;
  readonly events: Pick<Events, 'emit'>;
  readonly now: () => number;
}

/** Links made and taken away; the rules about whom and what. */
export class Links {
  constructor(private readonly deps: LinksDeps) {}

  /** The ordinary accounts that no member has yet, by name. Throws a Jellyfin code. */
  free(): Promise<readonly NamedAccount[]> {
    return freeAccounts(this.deps.accounts, this.deps.store);
  }

  /** Whom the account belongs to already that approving a request would link its asker to. */
  otherOwners(request: Request): string[] {
    return otherOwners(this.deps.ownership, request);
  }

  /** Links a member to an ordinary account; a link request of theirs is answered with it. Throws `memberUnknown`, `linkAdminAccount`, `alreadyLinked`, or a Jellyfin code. */
  async link(actor: Actor, memberId: string, accountId: string, check?: LinkCheck): Promise<Account> {
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
      const { maker, executor, outbox, owners, now } = this.deps;
      const link = {
        memberId,
        account,
        madeBy: 'admin',
        linkedBy: actor.id,
        linkedAt: now(),
        isGreeted: true,
      } as const;
      void executor.publishAll(maker.make(link).changed);
      void outbox.deliver(['greeting'], account.id);
      void owners.tell();
    }
    return account;
  }

  /** As `link`, for what was picked in a list of accounts that nobody had. Throws `accountTaken`, too. */
  linkFree(actor: Actor, memberId: string, accountId: string): Promise<Account> {
    return this.link(actor, memberId, accountId, ({ id }) => assertFree(this.deps.store, memberId, id));
  }

  /**
   * Links somebody who has proved that the account is theirs, an administrator's, too. `ended` is told whether that is new
   * and writes down how the proof went, together with the link and the word to the admins and the other owners: killed in
   * between, the bot would find the link at its next start, take it for an old one and tell nobody.
   */
  linkProved<T>(memberId: string, rank: Rank, account: Account, ended: (isNew: boolean) => T): T {
    const { transaction, maker, news, outbox, owners, executor, endings, now } = this.deps;
    const how = { madeBy: 'proof', linkedBy: memberId, ofAdmin: rank === 'admin', isGreeted: true } as const;
    const [end, changed] = transaction(() => {
      const made = maker.make({ memberId, account, ...how, linkedAt: now() });
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
   * may be gone from the server), and cancels what the member asked for it. The link that comes back has the name of today.
   * Throws `linkUnknown`, `adminAccount`, or a Jellyfin code.
   */
  async unlink(actor: Actor, memberId: string, account: string): Promise<Link & { readonly isAdministrator: boolean }> {
    const { store, accounts, permissions, endings, executor, transaction, audit, events } = this.deps;
    const link = await this.#meant(store.everyOf(memberId), account);
    if (!link) throw new AppError('linkUnknown');
    const { accountId } = link;
    const known = await accounts.byId(accountId);
    const isAdministrator = known?.isAdministrator ?? false;
    if (isAdministrator) await permissions.assertMayChange(actor, { id: accountId, isAdministrator });
    const accountName = known?.name ?? link.accountName;
    const changed = transaction(() => {
      store.remove(memberId, accountId);
      audit.record({ actorId: actor.id, act: 'unlink', outcome: 'done', accountId, accountName, memberId });
      events.emit('ownersChanged', { accountId, change: 'lost' });
      return endings.withdraw(memberId, accountId);
    });
    await executor.publishAll(changed);
    return { ...link, accountName, isAdministrator };
  }

  /** The link whose account is called so: an account may have got another name, and another account its old one. */
  async #meant(links: readonly Link[], account: string): Promise<Link | undefined> {
    const id = readAccountId(account);
    const byId = links.find((each) => each.accountId === id);
    if (byId || links.length === 0) return byId;
    const { accounts } = this.deps;
    const named = await accounts.find(account);
    const byName = links.find(({ accountId }) => named.some(({ id }) => id === accountId));
    const [formerly] = withName(links, account, ({ accountName }) => accountName);
    if (byName || !formerly || named.length === 0) return byName ?? formerly;
    return (await accounts.byId(formerly.accountId)) ? undefined : formerly;
  }
}
