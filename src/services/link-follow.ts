import { AppError } from '../errors.js';
import type { Account } from './account.js';
import type { Audit } from './audit.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { KeptLink, LinkStore } from './link.js';
import type { LinkNews, LinkNewsDesk, LinkNewsStore } from './link-news.js';
import type { Log } from './log.js';
import type { Members } from './members-port.js';
import type { RequestEndings } from './request-endings.js';

/** The link of somebody who left is kept so long, without any rights. */
const sleepMs = 30 * 86_400_000;

export interface LinkFollowNeeds {
  readonly links: LinkStore;
  readonly members: Pick<Members, 'rankOf'>;
  readonly jellyfin: Pick<Jellyfin, 'listAccounts' | 'getAccount'>;
  readonly endings: Pick<RequestEndings, 'withdraw'>;
  readonly news: LinkNewsStore;
  readonly desk: LinkNewsDesk;
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
}

/** Follows both ends of every link: members who leave and come back, accounts that are renamed or deleted. */
export class LinkFollow {
  constructor(private readonly needs: LinkFollowNeeds) {}

  /** Once a night. Never throws: what cannot be asked tonight is asked tomorrow. */
  async run(): Promise<void> {
    await this.#members();
    await this.#accounts();
    await this.needs.desk.tell();
  }

  /** Somebody who was seen in the server: links of theirs that slept are awake. */
  seen(memberId: string): void {
    const { links, desk } = this.needs;
    const names = links.everyOf(memberId).flatMap((link) => (link.asleepSince === undefined ? [] : link.accountName));
    if (links.wake(memberId) === 0) return;
    for (const accountName of names) this.#note({ kind: 'back', memberId, accountName });
    void desk.tell();
  }

  async #members(): Promise<void> {
    const { links, members, log } = this.needs;
    for (const memberId of new Set(links.all().map((link) => link.memberId))) {
      try {
        if ((await members.rankOf(memberId)) === undefined) await this.#away(memberId);
        else this.seen(memberId);
      } catch (err) {
        log.warn({ err, member: memberId }, 'Discord did not say whether a linked member is still in the server');
      }
    }
  }

  async #away(memberId: string): Promise<void> {
    const { links, now, endings } = this.needs;
    const all = links.everyOf(memberId);
    const awake = all.filter(({ asleepSince }) => asleepSince === undefined);
    for (const { accountName } of awake) this.#note({ kind: 'left', memberId, accountName });
    if (awake.length > 0) links.sleep(memberId, now());
    for (const { accountId } of awake) await endings.withdraw(memberId, accountId);
    for (const link of all) {
      if (link.asleepSince !== undefined && now() - link.asleepSince >= sleepMs) this.#drop(link, 'dropped');
    }
  }

  async #accounts(): Promise<void> {
    const { links, jellyfin, log } = this.needs;
    if (links.linkedAccountIds().size === 0) return;
    try {
      const accounts = new Map((await jellyfin.listAccounts()).map((account) => [account.id, account]));
      const known = [...links.linkedAccountIds()];
      const missing = known.filter((id) => !accounts.has(id));
      // All gone at once: somebody set the server up anew, or the bot was pointed at another one.
      if (missing.length > 1 && missing.length === known.length) return this.#otherServer();
      this.needs.news.settle('otherServer');
      for (const link of links.all()) await this.#follow(link, accounts.get(link.accountId));
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      log.warn({ err }, 'Jellyfin did not tell its accounts, so links were not compared with them');
    }
  }

  async #follow(link: KeptLink, account: Account | undefined): Promise<void> {
    const { links } = this.needs;
    const { memberId, accountId, accountName } = link;
    if (!account) {
      // Asked for by itself before anything is dropped: a list may be cut short.
      if (await this.#isGone(accountId)) await this.#deleted(link);
      return;
    }
    if (account.name === accountName) return;
    links.rename(accountId, account.name);
    this.#note({ kind: 'renamed', memberId, accountName, newName: account.name });
  }

  async #deleted(link: KeptLink): Promise<void> {
    this.#drop(link, 'deleted');
    await this.needs.endings.withdraw(link.memberId, link.accountId);
  }

  async #isGone(accountId: string): Promise<boolean> {
    try {
      await this.needs.jellyfin.getAccount(accountId);
      return false;
    } catch (error) {
      if (error instanceof AppError && error.code === 'accountGone') return true;
      throw error;
    }
  }

  #otherServer(): void {
    this.needs.log.warn({}, 'none of the linked accounts is on this Jellyfin server: is JELLYFIN_URL right?');
    // Said once: every night again it would be read as something new.
    if (this.needs.news.isKnown('otherServer')) return;
    this.#note({ kind: 'otherServer', memberId: '', accountName: '' });
  }

  #drop({ memberId, accountId, accountName }: KeptLink, kind: 'dropped' | 'deleted'): void {
    const { links, audit } = this.needs;
    this.#note({ kind, memberId, accountName });
    links.remove(memberId, accountId);
    audit.record({ actorId: 'latchkey', act: 'unlink', outcome: kind, accountId, accountName, memberId });
  }

  #note(news: LinkNews): void {
    this.needs.news.add(news, this.needs.now());
  }
}
