import type { AccountNotice, AccountNoticeStore, AccountNotices } from '../notices/account-notices.js';
import type { LinkStore } from '../accounts/link.js';
import type { Lockout, LockoutStore, OwnersTold } from './lockout.js';
import type { LockoutMessages } from './lockout-messages.js';
import type { Log } from '../log.js';
import type { Members } from '../members/member-lookup-port.js';
import type { Messenger } from '../notices/messenger-port.js';
import type { SelfUnlocks } from '../requests/self-unlocks.js';
import type { MemberPreferences } from '../members/member-preferences.js';

export interface LockoutOwnersDeps {
  readonly store: LockoutStore;
  readonly words: AccountNotices;
  readonly wordStore: AccountNoticeStore;
  readonly links: Pick<LinkStore, 'ofAccount' | 'find'>;
  readonly members: Pick<Members, 'rankOf'>;
  readonly preferences: Pick<MemberPreferences, 'wantsLockouts'>;
  readonly selfUnlocks: Pick<SelfUnlocks, 'mayOnceLocked'>;
  readonly messenger: Pick<Messenger, 'openDm'>;
  readonly messages: LockoutMessages;
  readonly log: Log;
}

/** Tells the owners of an account that it is locked, and later in the same message that it is not any more. */
export class LockoutOwners {
  constructor(private readonly deps: LockoutOwnersDeps) {
    deps.words.drawnBy('lockout', (word) => this.#redraw(word));
  }

  /** Whom Discord's troubles keep from hearing now hears at a later round. Never throws. */
  async round(): Promise<void> {
    const { store, wordStore, words, messages } = this.deps;
    for (const lockout of store.untold()) {
      await this.#calmly(lockout.id, async () => store.setOwners(lockout.id, await this.#tell(lockout)));
    }
    for (const word of wordStore.standing('lockout')) {
      const lockout = store.byId(lockoutOf(word));
      const isTheirs = this.#isTheirs(word);
      if (lockout?.state === 'locked' && isTheirs) continue;
      await this.#calmly(lockoutOf(word), async () => {
        if (!isTheirs) await words.takeBack(word, messages.notTheirs(word.to));
        else if (lockout) await words.takeBack(word, messages.over(word.id, word.to, lockout));
        else wordStore.end(word.id, 0);
      });
    }
  }

  async #tell(lockout: Lockout): Promise<OwnersTold> {
    // Nobody need hear of a lock that was gone before they could be told.
    if (lockout.state === 'ended') return 'over';
    const owners = await this.#owners(lockout.accountId);
    const willing = owners.filter((memberId) => this.deps.preferences.wantsLockouts(memberId));
    let told: OwnersTold = owners.length > 0 ? 'unwanted' : 'nobody';
    for (const memberId of willing) {
      const said = await this.#say(memberId, lockout);
      if (told !== 'told') told = said === 'said' ? 'told' : said;
    }
    return told;
  }

  async #say(memberId: string, lockout: Lockout) {
    const { wordStore, messenger, words } = this.deps;
    const mark = markOf(lockout);
    // Told before a restart, before another owner's turn failed, or before the owners changed.
    if (wordStore.stands(mark, memberId)) return 'said';
    const channelId = await messenger.openDm(memberId);
    if (channelId === undefined) return 'closed';
    const { accountId: accountKey, accountName } = lockout;
    const word = {
      accountKey,
      accountName,
      to: memberId,
      kind: 'lockout',
      mark,
      file: undefined,
      expiresAt: undefined,
    } as const;
    return words.say(channelId, word, (id) => this.#drawn(id, memberId, lockout));
  }

  /** Everybody linked who is in the household's server at this moment. */
  async #owners(accountId: string): Promise<string[]> {
    const linked = this.deps.links.ofAccount(accountId).map(({ memberId }) => memberId);
    const ranks = await Promise.all(linked.map((memberId) => this.deps.members.rankOf(memberId)));
    return linked.filter((_memberId, at) => ranks[at] !== undefined);
  }

  #redraw(word: AccountNotice) {
    const lockout = this.deps.store.byId(lockoutOf(word));
    return lockout?.state === 'locked' && this.#isTheirs(word) ? this.#drawn(word.id, word.to, lockout) : undefined;
  }

  #drawn(wordId: number, to: string, lockout: Lockout) {
    const { accountId: id, adminAccount: isAdministrator } = lockout;
    const unlock = this.deps.selfUnlocks.mayOnceLocked({ id, isAdministrator }) ? 'now' : 'ask';
    return this.deps.messages.toOwner(wordId, to, lockout, unlock);
  }

  /** A link may be taken away while the word stands. */
  #isTheirs({ to, accountKey }: AccountNotice): boolean {
    return this.deps.links.find(to, accountKey) !== undefined;
  }

  async #calmly(lockout: number, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (err) {
      this.deps.log.warn({ err, lockout }, 'the owner of a locked account could not be told yet');
    }
  }
}

const markOf = ({ id }: Lockout) => `lockout ${id}`;

/** The lockout that a word is about. */
export function lockoutOf({ mark }: Pick<AccountNotice, 'mark'>): number {
  return Number(mark.replace(/^lockout /, ''));
}
