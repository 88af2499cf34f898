import { AppError } from '../errors.js';
import type { Account } from './account.js';
import type { Actor } from './actor.js';
import type { Audit } from './audit.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { Link, LinkStore } from './link.js';
import type { AccountLookup, Permissions } from './permissions.js';
import type { Requests } from './requests.js';

/** Links made and taken away by admins; the rules about whom and what. */
export class Links {
  constructor(
    private readonly store: LinkStore,
    private readonly requests: Requests,
    private readonly permissions: Permissions,
    private readonly accounts: AccountLookup,
    private readonly jellyfin: Pick<Jellyfin, 'getAccount'>,
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /** Links a member to an ordinary account; a link request of theirs is answered with it. Throws `linkAdminAccount`, `alreadyLinked`, or a Jellyfin code. */
  async link(actor: Actor, memberId: string, accountId: string): Promise<Account> {
    // Read anew: an account that has just become an administrator's is linked by proof only.
    const account = await this.jellyfin.getAccount(accountId);
    if (account.isAdministrator) throw new AppError('linkAdminAccount');
    if (this.store.find(memberId, account.id)) throw new AppError('alreadyLinked');
    const asked = this.requests.pending().find((each) => each.kind === 'link' && each.memberId === memberId);
    if (asked) {
      await this.requests.approveLink(asked.id, actor, account);
    } else {
      this.#add(actor.id, memberId, account);
    }
    return account;
  }

  /**
   * Takes a link away, by the account's id or the name it was linked under (it may be gone from the server), and cancels
   * what the member asked for it. Throws `linkUnknown`, `adminAccount`, or a Jellyfin code.
   */
  async unlink(actor: Actor, memberId: string, account: string): Promise<Link> {
    const wanted = account.toLowerCase();
    const links = this.store.ofMember(memberId);
    const link =
      links.find((each) => each.accountId === wanted) ??
      links.find((each) => each.accountName === account) ??
      links.find((each) => each.accountName.toLowerCase() === wanted);
    if (!link) throw new AppError('linkUnknown');
    const isAdministrator = (await this.accounts.byId(link.accountId))?.isAdministrator ?? false;
    if (isAdministrator) await this.permissions.assertMayChange(actor, { id: link.accountId, isAdministrator });
    this.store.remove(memberId, link.accountId);
    this.#record(actor.id, 'unlink', memberId, { id: link.accountId, name: link.accountName });
    await this.requests.withdraw(memberId, link.accountId);
    return link;
  }

  #add(linkedBy: string, memberId: string, account: Account): void {
    const link = { memberId, accountId: account.id, accountName: account.name, linkedAt: this.now() };
    this.store.add(link, linkedBy);
    this.#record(linkedBy, 'link', memberId, account);
  }

  #record(actorId: string, act: string, memberId: string, account: Pick<Account, 'id' | 'name'>): void {
    this.audit.record({ actorId, act, outcome: 'done', accountId: account.id, accountName: account.name, memberId });
  }
}
