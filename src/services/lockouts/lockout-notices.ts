import { calmly } from '../log.js';
import { type AccountNotice, newOnesPerDay, sameMessageMs } from '../notices/account-notices.js';
import { messageKey } from '../notices/kept-message.js';
import { type Request, setsPassword } from '../requests/request.js';
import type { Lockout, LockoutCard, LockoutDeps, OwnersTold } from './lockout.js';

/** Tells the owners of an account that it is locked, and later edits that message when the lock is over. */
export class LockoutNotices {
  constructor(private readonly deps: LockoutDeps) {
    deps.notices.drawnBy('lockout', (notice) => this.#redraw(notice));
  }

  /** Tells owners of new lockouts, and edits messages whose lockout is over. Never throws: a later round tries again. */
  async round(): Promise<void> {
    const { notices, lockoutMessages: messages } = this.deps;
    const { lockouts, accountNotices } = this.deps.stores;
    for (const lockout of lockouts.untold()) {
      await this.#calmly(lockout.id, async () => lockouts.setOwners(lockout.id, await this.#tell(lockout)));
    }
    for (const notice of accountNotices.standing('lockout')) {
      const lockout = lockouts.byId(lockoutOf(notice));
      const isTheirs = this.#isTheirs(notice);
      if (lockout?.state === 'locked' && isTheirs) continue;
      await this.#calmly(lockoutOf(notice), async () => {
        if (!isTheirs) await notices.takeBack(notice, messages.notTheirs(notice.recipientId));
        else if (lockout) {
          const mayDeny =
            !this.deps.stores.denials.has(notice.recipientId, lockout.id) &&
            // Where a PIN still stands in the message, the button is the PIN's.
            notices.beside(notice).length === 0;
          await notices.takeBack(notice, messages.over(notice.id, notice.recipientId, lockout, mayDeny));
        } else accountNotices.end(notice.id, 0);
      });
    }
  }

  async #tell(lockout: Lockout): Promise<OwnersTold> {
    // Nobody is told of a lock that ended before they could be.
    if (lockout.state === 'ended') return 'over';
    const owners = (await this.deps.ownership.ownersNow(lockout.accountId)).map(({ memberId }) => memberId);
    const willing = owners.filter((memberId) => this.deps.stores.memberPreferences.wantsLockouts(memberId));
    let told: OwnersTold = owners.length > 0 ? 'unwanted' : 'nobody';
    for (const memberId of willing) {
      // Who has asked for something knows.
      if (this.deps.stores.requests.openOf(memberId).some(({ accountId }) => accountId === lockout.accountId)) {
        told = 'told';
        continue;
      }
      const said = await this.#say(memberId, lockout);
      if (told !== 'told') told = said === 'said' ? 'told' : said;
    }
    return told;
  }

  async #say(memberId: string, lockout: Lockout) {
    const { notices, stores } = this.deps;
    const occasionKey = occasionKeyOf(lockout);
    // This owner was told already: before a restart, before telling another owner failed, or before the owners changed.
    if (stores.accountNotices.stands(occasionKey, memberId)) return 'said';
    const { accountId: accountKey, accountName } = lockout;
    const notice = { accountKey, accountName, recipientId: memberId, kind: 'lockout', occasionKey } as const;
    // That it does not end by itself any more is told beside those that said it would.
    const most = newOnesPerDay + (lockout.tooOften ? 1 : 0);
    return notices.say(notice, (id) => this.#drawn(id, memberId, lockout), most);
  }

  #redraw(notice: AccountNotice) {
    const lockout = this.deps.stores.lockouts.byId(lockoutOf(notice));
    return lockout && this.#drawn(notice.id, notice.recipientId, lockout);
  }

  #drawn(noticeId: number, memberId: string, lockout: Lockout) {
    if (this.deps.stores.denials.has(memberId, lockout.id)) {
      return this.deps.lockoutMessages.deniedByOwner(memberId, lockout);
    }
    const { accountId: id, adminAccount: isAdministrator } = lockout;
    const unlock = this.deps.unlocks.mayOwnerUnlockLocked({ id, isAdministrator }) ? 'now' : 'ask';
    return this.deps.lockoutMessages.toOwner(noticeId, memberId, lockout, unlock);
  }

  /** Whether the member is still linked: a link may be taken away while the message stands. */
  #isTheirs({ recipientId, accountKey }: AccountNotice): boolean {
    return this.deps.ownership.has(recipientId, accountKey);
  }

  #calmly(lockout: number, work: () => Promise<unknown>): Promise<void> {
    return calmly(this.deps.log, { lockout }, 'the owner of a locked account could not be told yet', work);
  }
}

const occasionKeyOf = ({ id }: Lockout) => `lockout ${id}`;

/** The lockout that a notice is about. */
export function lockoutOf({ occasionKey }: Pick<AccountNotice, 'occasionKey'>): number {
  return Number(occasionKey.replace(/^lockout /, ''));
}

/** Whether approving it ends a lock. */
const opens = ({ kind }: Request) => kind === 'unlock' || setsPassword(kind);

/** Lockouts within this time share a card: an edit makes no sound, and ten sounds are too many. */
const oneCardMs = 10 * 60_000;
/** A card on which nobody is locked any more takes further lockouts for this long only, as nobody reads it any more. */
const doneCardMs = 60_000;

/** The button that stands on the card of one lockout and on no other message. */
export const unlockButtonId = (accountId: string, cardId: number) => `unlock:now:${accountId}:${cardId}`;
/** That for an administrator's account, where helpers would be refused. */
export const lockDetailsId = (accountId: string, cardId: number) => `status:details:${accountId}:${cardId}`;

/** Keeps the admin channel's cards about lockouts up to date. */
export class LockoutCards {
  /** Cards that this process began and has not sent: there is no need to look for their messages. */
  readonly #unsent = new Set<number>();

  constructor(private readonly deps: LockoutDeps) {}

  /** Puts new lockouts on a card and draws cards that changed. Never throws: a later round tries again. */
  async round(): Promise<void> {
    const { lockoutCards: store, lockouts, requests } = this.deps.stores;
    const asked = new Map(requests.pending().flatMap((each) => (opens(each) ? [[each.accountId, each]] : [])));
    for (const lockout of lockouts.locked()) {
      const request = asked.get(lockout.accountId);
      if (lockout.requestId !== request?.id)
        await this.#calmly({ lockout: lockout.id }, () => this.#decidedOn(lockout, request));
    }
    for (const lockout of store.uncarded()) {
      if (asked.has(lockout.accountId)) continue;
      await this.#calmly({ lockout: lockout.id }, () => store.join(lockout.id, this.#cardFor(lockout).id));
    }
    for (const card of store.stale()) await this.#calmly({ card: card.id }, () => this.#show(card));
  }

  /** One lock, one card: what its owner asks has a card, on which the same is decided, and which tells what is known of the lock. */
  async #decidedOn({ id, address }: Lockout, request: Request | undefined): Promise<void> {
    const { stores, executor } = this.deps;
    const noted = request && address !== undefined ? stores.requests.noteAddress(request.id, address) : undefined;
    stores.lockouts.setRequest(id, request?.id);
    if (noted) await executor.publishAll([noted]);
  }

  #calmly(about: object, work: () => Promise<unknown> | void): Promise<void> {
    return calmly(this.deps.log, about, 'the card about lockouts could not be brought up to date yet', work);
  }

  #cardFor({ accountId }: Lockout): LockoutCard {
    const { stores, now } = this.deps;
    const { lockoutCards: store } = stores;
    const found = store.ofAccount(accountId, now(), sameMessageMs) ?? store.newest(now(), oneCardMs, doneCardMs);
    if (found) return found;
    const card = store.begin(now());
    this.#unsent.add(card.id);
    return card;
  }

  async #show(card: LockoutCard): Promise<void> {
    const { stores, kept, lockoutMessages: messages, adminChannel } = this.deps;
    const { lockoutCards: store } = stores;
    const { id, begunAt, version, message: at } = card;
    const lockouts = store.lockoutsOf(id);
    if (lockouts.length === 0) return;
    const accountIds = new Set(this.#unsent.delete(id) ? [] : lockouts.map(({ accountId }) => accountId));
    const put = await kept.put({
      policy: lockouts.every(({ state }) => state === 'ended') ? 'endedLockoutCard' : 'lockoutCard',
      at,
      channelId: adminChannel.id,
      key: messageKey('lockoutCard', { id, since: begunAt }, at ? version : 0),
      // The card has a button for each account that was locked when it was sent.
      findBy: [...accountIds].flatMap((accountId) => [unlockButtonId(accountId, id), lockDetailsId(accountId, id)]),
      message: messages.card(card, lockouts),
    });
    if (put.at) store.placed(id, put.at);
    if (put.state === 'shown') store.shown(id, version);
  }
}
