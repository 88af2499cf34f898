import { dayMs } from '../../time.js';
import type { Account } from '../accounts/account.js';
import type { ServiceEvents } from '../events.js';
import type { KeptLink } from '../accounts/link.js';
import type { LinkNewsDesk } from './link-notices.js';
import type { LinkDeps } from './link-ports.js';
import { calmly } from '../log.js';
import type { Request } from '../requests/request.js';

/** The link of somebody who left is kept so long, without any rights. */
const sleepMs = 30 * dayMs;

/**
 * Follows both ends of every link: members who leave and come back, accounts that are renamed or deleted. What is seen of
 * one is written down in one go, with the word to the admins and the end of what waited: a bot that is stopped has seen
 * all of it or nothing, and tells it once.
 */
export class LinkSync {
  constructor(private readonly deps: LinkDeps & { readonly news: LinkNewsDesk }) {}

  /** Once a night. Never throws: what cannot be asked tonight is asked tomorrow. */
  async run(): Promise<void> {
    await this.#members();
    await this.#accounts();
    await calmly(this.deps.log, {}, 'changed passwords were not read', () => this.deps.passwordChanges.read());
    await this.deps.news.tell();
  }

  /** Somebody is in the server: links of theirs that slept are awake. */
  readonly onMemberRead = ({ id }: ServiceEvents['memberRead']): void => {
    const { links } = this.deps.stores;
    // Asked at every interaction: a read is far cheaper than a write that changes nothing.
    const asleep = links.everyOf(id).filter(({ asleepSince }) => asleepSince !== undefined);
    if (asleep.length > 0) this.#turn(asleep, 'back', () => links.wake(id));
  };

  /** Somebody is not in the server, whyever they were looked for: from then on their links sleep, and give them nothing. */
  readonly onMemberGone = ({ id }: ServiceEvents['memberGone']): void => {
    const { links } = this.deps.stores;
    const awake = links.everyOf(id).filter(({ asleepSince }) => asleepSince === undefined);
    if (awake.length > 0) this.#turn(awake, 'left', () => links.sleep(id, this.deps.now()));
  };

  #turn(turned: readonly KeptLink[], kind: 'back' | 'left', write: () => void): void {
    const { stores, news, endings, executor, events } = this.deps;
    const changed = stores.transaction(() => {
      write();
      return turned.flatMap(({ memberId, accountId, accountName }) => {
        news.add({ kind, memberId, accountName });
        events.emit('ownersChanged', { accountId, change: kind === 'back' ? 'gained' : 'lost' });
        return endings.ownersChanged(accountId);
      });
    });
    void news.tell();
    void executor.publishAll(changed);
  }

  /**
   * An account was read for whatever reason: its links take its new name, and the admins hear of it. A failure costs
   * nothing: every night all names are compared.
   */
  readonly onAccountRead = ({ account }: ServiceEvents['accountRead']): void => {
    if (account && this.#rename(account)) void this.deps.news.tell();
  };

  /** A link counts no more, or again: whoever it is about and the admins hear of the former. */
  readonly onLinkTurned = ({ link, counts }: ServiceEvents['linkTurned']): void => {
    const { endings, executor, events, outbox, news } = this.deps;
    const { memberId, accountId, accountName } = link;
    if (!counts) {
      this.deps.news.add({ kind: 'unproved', memberId, accountName });
      outbox.oweAgain({ kind: 'linkUnproved', subjectId: accountId, recipientId: memberId });
    }
    events.emit('ownersChanged', { accountId, change: counts ? 'gained' : 'lost' });
    const changed = counts ? endings.ownersChanged(accountId) : endings.withdraw(memberId, accountId);
    // Once the transaction is over in which a link turns.
    queueMicrotask(() => {
      void news.tell();
      void outbox.deliver(['linkUnproved'], accountId);
      void executor.publishAll(changed);
    });
  };

  async #members(): Promise<void> {
    const { stores, members, log, endings, executor } = this.deps;
    for (const memberId of new Set(stores.links.all().map((link) => link.memberId))) {
      try {
        if (await members.find(memberId)) continue;
        await endings.release(memberId);
        await executor.publishAll(stores.transaction(() => this.#dropOverdue(memberId)));
      } catch (err) {
        log.warn({ err, member: memberId }, 'Discord did not say whether a linked member is still in the server');
      }
    }
  }

  #dropOverdue(memberId: string): Request[] {
    const { stores, now } = this.deps;
    const overdue = stores.links
      .everyOf(memberId)
      .filter(({ asleepSince }) => asleepSince !== undefined && now() - asleepSince >= sleepMs);
    return overdue.flatMap((link) => this.#drop(link, 'dropped'));
  }

  async #accounts(): Promise<void> {
    const { stores, jellyfin, log } = this.deps;
    if (stores.links.linkedAccountIds().size === 0) return;
    try {
      const accounts = new Map((await jellyfin.listAccounts()).map((account) => [account.id, account]));
      const known = [...stores.links.linkedAccountIds()];
      const missing = known.filter((id) => !accounts.has(id));
      // All gone at once: somebody set the server up anew, or the bot was pointed at another one.
      if (missing.length > 1 && missing.length === known.length) return this.#otherServer();
      stores.linkNews.settle('otherServer');
      for (const link of stores.links.all()) await this.#follow(link, accounts.get(link.accountId));
    } catch (err) {
      log.warn({ err }, 'Jellyfin did not tell its accounts, so links were not compared with them');
    }
  }

  async #follow(link: KeptLink, account: Account | undefined): Promise<void> {
    const { stores, accounts, executor } = this.deps;
    if (account) this.#rename(account);
    // Asked for by itself before anything is dropped: a list may be cut short.
    else if (!(await accounts.byId(link.accountId)))
      await executor.publishAll(stores.transaction(() => this.#drop(link, 'deleted')));
  }

  /** Writes a new name down, with the news of it; false where nothing is new. */
  #rename({ id, name }: Account): boolean {
    const { stores, news } = this.deps;
    const former = stores.links.everyOfAccount(id).filter(({ accountName }) => accountName !== name);
    if (former.length === 0) return false;
    stores.transaction(() => {
      stores.links.rename(id, name);
      for (const { memberId, accountName } of former) {
        news.add({ kind: 'renamed', memberId, accountName, newName: name });
      }
    });
    return true;
  }

  #otherServer(): void {
    this.deps.log.warn({}, 'none of the linked accounts is on this Jellyfin server: is JELLYFIN_URL right?');
    // Said once: every night again it would be read as something new.
    if (this.deps.stores.linkNews.isKnown('otherServer')) return;
    this.deps.news.add({ kind: 'otherServer', memberId: '', accountName: '' });
  }

  /** Returns the requests that are then to be published. */
  #drop({ memberId, accountId, accountName }: KeptLink, kind: 'dropped' | 'deleted'): Request[] {
    const { stores, endings } = this.deps;
    this.deps.news.add({ kind, memberId, accountName });
    stores.links.remove(memberId, accountId);
    stores.audit.record({ actorId: 'latchkey', act: 'unlink', outcome: kind, accountId, accountName, memberId });
    return endings.withdraw(memberId, accountId);
  }
}
