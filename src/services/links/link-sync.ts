import { dayMs } from '../../time.js';
import { AppError, isGone } from '../../errors.js';
import type { Account } from '../accounts/account.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { Events, ServiceEvents } from '../events.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { KeptLink, LinkStore } from '../accounts/link.js';
import type { Outbox } from '../notices/outbox.js';
import type { LinkNews, LinkNewsDesk } from './link-notices.js';
import type { PasswordChanges } from '../accounts/password-changes.js';
import { calmly, type Log } from '../log.js';
import type { Members } from '../members/member-lookup-port.js';
import type { RequestEndings } from '../requests/request-endings.js';
import type { RequestExecutor } from '../requests/request-executor.js';
import type { Request } from '../requests/request.js';

/** The link of somebody who left is kept so long, without any rights. */
const sleepMs = 30 * dayMs;

export interface LinkSyncDeps {
  readonly links: LinkStore;
  readonly members: Members;
  readonly jellyfin: Pick<Jellyfin, 'listAccounts' | 'getAccount'>;
  readonly endings: Pick<RequestEndings, 'withdraw' | 'ownersChanged'>;
  readonly executor: Pick<RequestExecutor, 'publishAll'>;
  readonly events: Pick<Events, 'emit'>;
  readonly outbox: Pick<Outbox, 'deliver' | 'oweAgain'>;
  readonly transaction: Transaction;
  readonly news: LinkNewsDesk;
  readonly passwordChanges: Pick<PasswordChanges, 'read'>;
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Follows both ends of every link: members who leave and come back, accounts that are renamed or deleted. What is seen of
 * one is written down in one go, with the word to the admins and the end of what waited: a bot that is stopped has seen
 * all of it or nothing, and tells it once.
 */
export class LinkSync {
  constructor(private readonly deps: LinkSyncDeps) {}

  /** Once a night. Never throws: what cannot be asked tonight is asked tomorrow. */
  async run(): Promise<void> {
    await this.#members();
    await this.#accounts();
    await calmly(this.deps.log, {}, 'changed passwords were not read', () => this.deps.passwordChanges.read());
    await this.deps.news.tell();
  }

  /** Somebody is in the server: links of theirs that slept are awake. */
  readonly onMemberRead = ({ id: memberId }: ServiceEvents['memberRead']): void => {
    const { links, news, endings, executor, events, transaction } = this.deps;
    const asleep = links.everyOf(memberId).filter(({ asleepSince }) => asleepSince !== undefined);
    if (asleep.length === 0) return;
    const changed = transaction(() => {
      links.wake(memberId);
      return asleep.flatMap(({ accountId, accountName }) => {
        this.#note({ kind: 'back', memberId, accountName });
        events.emit('ownersChanged', { accountId, change: 'gained' });
        return endings.ownersChanged(accountId);
      });
    });
    void news.tell();
    void executor.publishAll(changed);
  };

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
      this.#note({ kind: 'unproved', memberId, accountName });
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
    const { links, members, log } = this.deps;
    for (const memberId of new Set(links.all().map((link) => link.memberId))) {
      try {
        if (!(await members.find(memberId))) await this.#away(memberId);
      } catch (err) {
        log.warn({ err, member: memberId }, 'Discord did not say whether a linked member is still in the server');
      }
    }
  }

  async #away(memberId: string): Promise<void> {
    const { links, now, endings, executor, events, transaction } = this.deps;
    const all = links.everyOf(memberId);
    const awake = all.filter(({ asleepSince }) => asleepSince === undefined);
    const overdue = all.filter(({ asleepSince }) => asleepSince !== undefined && now() - asleepSince >= sleepMs);
    const changed = transaction(() => {
      if (awake.length > 0) links.sleep(memberId, now());
      const withdrawn = awake.flatMap(({ accountId, accountName }) => {
        this.#note({ kind: 'left', memberId, accountName });
        events.emit('ownersChanged', { accountId, change: 'lost' });
        return endings.withdraw(memberId, accountId);
      });
      return [...withdrawn, ...overdue.flatMap((link) => this.#drop(link, 'dropped'))];
    });
    await executor.publishAll(changed);
  }

  async #accounts(): Promise<void> {
    const { links, jellyfin, log } = this.deps;
    if (links.linkedAccountIds().size === 0) return;
    try {
      const accounts = new Map((await jellyfin.listAccounts()).map((account) => [account.id, account]));
      const known = [...links.linkedAccountIds()];
      const missing = known.filter((id) => !accounts.has(id));
      // All gone at once: somebody set the server up anew, or the bot was pointed at another one.
      if (missing.length > 1 && missing.length === known.length) return this.#otherServer();
      this.deps.news.settle('otherServer');
      for (const link of links.all()) await this.#follow(link, accounts.get(link.accountId));
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      log.warn({ err }, 'Jellyfin did not tell its accounts, so links were not compared with them');
    }
  }

  async #follow(link: KeptLink, account: Account | undefined): Promise<void> {
    const { executor, transaction } = this.deps;
    if (account) {
      this.#rename(account);
      return;
    }
    // Asked for by itself before anything is dropped: a list may be cut short.
    if (await this.#isGone(link.accountId)) await executor.publishAll(transaction(() => this.#drop(link, 'deleted')));
  }

  /** Writes a new name down, with the news of it; false where nothing is new. */
  #rename({ id, name }: Account): boolean {
    const { links, news, transaction } = this.deps;
    const former = links.everyOfAccount(id).filter(({ accountName }) => accountName !== name);
    if (former.length === 0) return false;
    transaction(() => {
      links.rename(id, name);
      for (const { memberId, accountName } of former) {
        news.add({ kind: 'renamed', memberId, accountName, newName: name });
      }
    });
    return true;
  }

  async #isGone(accountId: string): Promise<boolean> {
    try {
      await this.deps.jellyfin.getAccount(accountId);
      return false;
    } catch (error) {
      if (isGone(error)) return true;
      throw error;
    }
  }

  #otherServer(): void {
    this.deps.log.warn({}, 'none of the linked accounts is on this Jellyfin server: is JELLYFIN_URL right?');
    // Said once: every night again it would be read as something new.
    if (this.deps.news.isKnown('otherServer')) return;
    this.#note({ kind: 'otherServer', memberId: '', accountName: '' });
  }

  /** Returns the requests that are then to be published. */
  #drop({ memberId, accountId, accountName }: KeptLink, kind: 'dropped' | 'deleted'): Request[] {
    const { links, audit, endings } = this.deps;
    this.#note({ kind, memberId, accountName });
    links.remove(memberId, accountId);
    audit.record({ actorId: 'latchkey', act: 'unlink', outcome: kind, accountId, accountName, memberId });
    return endings.withdraw(memberId, accountId);
  }

  #note(news: LinkNews): void {
    this.deps.news.add(news);
  }
}
