import type { Account } from '../accounts/account.js';
import type { ServiceEvents } from '../events.js';
import type { Transaction } from '../transaction.js';
import type { LinkStore } from '../accounts/link.js';
import type { LinkNewsDesk } from './link-news.js';

/** Lets links take the new name of an account that was renamed, and the admins know. */
export class LinkNames {
  constructor(
    private readonly links: Pick<LinkStore, 'everyOfAccount' | 'rename'>,
    private readonly news: Pick<LinkNewsDesk, 'add' | 'tell'>,
    private readonly transaction: Transaction,
  ) {}

  /** Writes a new name down, with the news of it, for whoever tells them; false where nothing is new. */
  follow({ id, name }: Pick<Account, 'id' | 'name'>): boolean {
    const former = this.links.everyOfAccount(id).filter(({ accountName }) => accountName !== name);
    if (former.length === 0) return false;
    this.transaction(() => {
      this.links.rename(id, name);
      for (const { memberId, accountName } of former) {
        this.news.add({ kind: 'renamed', memberId, accountName, newName: name });
      }
    });
    return true;
  }

  /**
   * The same for an account that was read for whatever reason: who is told of it by its new name can answer with that.
   * A failure costs nothing: every night all names are compared.
   */
  accountRead(account: ServiceEvents['accountRead']): void {
    if (this.follow(account)) void this.news.tell();
  }
}
