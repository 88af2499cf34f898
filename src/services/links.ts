import { AppError } from '../errors.js';
import type { Account } from './account.js';
import type { Actor } from './actor.js';
import type { Audit } from './audit.js';
import type { Link, LinkStore } from './link.js';
import type { Requests } from './requests.js';

/** Links made and taken away by admins; the rules about whom and what. */
export class Links {
  constructor(
    private readonly store: LinkStore,
    private readonly requests: Requests,
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /** Links a member to an ordinary account; a link request of theirs is answered with it. Throws `linkAdminAccount`, `alreadyLinked`. */
  async link(actor: Actor, memberId: string, account: Account): Promise<void> {
    if (account.isAdministrator) throw new AppError('linkAdminAccount');
    if (this.store.find(memberId, account.id)) throw new AppError('alreadyLinked');
    const asked = this.requests.pending().find((each) => each.kind === 'link' && each.memberId === memberId);
    if (asked) {
      await this.requests.approveLink(asked.id, actor, account);
      return;
    }
    this.#add(actor.id, memberId, account);
  }

  /** Takes a link away and cancels what the member asked for that account. Throws `linkUnknown`, `linkAdminAccount`. */
  async unlink(
    actor: Actor,
    memberId: string,
    account: Pick<Account, 'id' | 'name' | 'isAdministrator'>,
  ): Promise<void> {
    if (account.isAdministrator) throw new AppError('linkAdminAccount');
    if (!this.store.remove(memberId, account.id)) throw new AppError('linkUnknown');
    this.#record(actor.id, 'unlink', memberId, account);
    await this.requests.withdraw(memberId, account.id);
  }

  ofMember(memberId: string): Link[] {
    return this.store.ofMember(memberId);
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
