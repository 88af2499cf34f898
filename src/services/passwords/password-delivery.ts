import { AppError } from '../../errors.js';
import type { Jellyfin, PreWriteCheck } from '../accounts/jellyfin-port.js';
import type { Log } from '../log.js';
import type { MessageRef, Messenger } from '../notices/messenger-port.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { nonceOf, type Request, type RequestStore } from '../requests/request.js';
import { markOf, type RequestMessages } from '../requests/request-messages.js';
import type { TempPassword, TempPasswordStore } from './temp-password.js';
import type { TempPasswordEvidence } from './temp-password-usage.js';
import type { Account } from '../accounts/account.js';

/** Sets a password at the server. Throws AppError. */
export type Write = (password: string) => Promise<void>;

/**
 * Makes a temporary password, sets it and shows it: the one place where a password exists, and the one message.
 * The way to the person is proven before anything is set. An account has one password, so only one is made and shown at
 * a time, from setting it to knowing that it was seen.
 */
export class PasswordDelivery {
  readonly #locks = new KeyedMutex<string>();

  constructor(
    private readonly store: RequestStore,
    private readonly records: TempPasswordStore,
    private readonly jellyfin: Jellyfin,
    private readonly messenger: Messenger,
    private readonly messages: RequestMessages,
    private readonly evidence: Pick<TempPasswordEvidence, 'newest'>,
    private readonly newPassword: () => string,
    private readonly ttlMs: number,
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /**
   * By direct message; where those are closed, leaves the request waiting behind a button. Calls `done` once the
   * password stands in the message. Throws AppError when the request has failed, anything else when Discord is in
   * trouble: then the same call, made again, goes on from where it stopped. `write` sets it in another way than with the key.
   */
  async deliver(request: Request, permit: PreWriteCheck, done: () => void, write?: Write): Promise<void> {
    const place = await this.#provenPlace(request);
    if (place === 'closed') {
      this.store.setDelivery(request.id, 'button', 'due');
      return;
    }
    await this.exclusively(request.accountId, async () => {
      if (!place.shown) {
        const password = await this.set(request, permit, write);
        const edited = await this.messenger.edit(place, this.messages.passwordShown(request, password));
        if (edited !== 'edited') throw new AppError('passwordNotShown');
      }
      this.records.shown(request.id, this.now(), place);
      done();
    });
    await this.scrubSupersededOf(request.accountId);
  }

  /** Runs something about an account's password while no other password is made or shown for it. */
  exclusively<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    return this.#locks.run(accountId, work);
  }

  /** Makes a password and sets it at the server; whoever calls this shows it and then says so. Throws AppError. */
  async set(request: Request, permit: PreWriteCheck, write?: Write): Promise<string> {
    const { id: requestId, accountId, memberId } = request;
    const before = this.records.byRequest(requestId);
    const begunBefore = before !== undefined && before.end !== 'not set';
    const begunAt = this.now();
    const password = this.newPassword();
    this.records.begin({ requestId, accountId, memberId, begunAt, expiresAt: begunAt + this.ttlMs });
    let after: Account | undefined;
    try {
      if (write) await write(password);
      else after = (await this.jellyfin.setPassword(accountId, password, permit)).after;
    } catch (cause) {
      // An earlier attempt, cut short, may have set a password that nobody saw: the old one may be gone all the same.
      if (begunBefore && cause instanceof AppError) throw new AppError('passwordUncertain', {}, { cause });
      const isCertain = !write && cause instanceof AppError && cause.code !== 'passwordUncertain';
      if (isCertain) this.records.note(requestId, { end: 'not set', endedAt: this.now() });
      throw cause;
    }
    await this.#followFromHere(requestId, accountId, after);
    return password;
  }

  /** Before anybody sees the password: what the server's log says from here on is not the bot's own doing. */
  async #followFromHere(requestId: number, accountId: string, after: Account | undefined): Promise<void> {
    try {
      const { lastSignIn } = after ?? (await this.jellyfin.getAccount(accountId));
      this.records.set(requestId, await this.evidence.newest(), lastSignIn?.getTime() ?? 0);
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      this.log.warn({ err, request: requestId }, 'whether this temporary password is used will not be known for sure');
      this.records.set(requestId, undefined, undefined);
    }
  }

  /** Notes that a password without a message of its own was seen. */
  shown(request: Request): void {
    this.records.shown(request.id, this.now(), undefined);
  }

  /**
   * Scrubs messages whose password a newer one has replaced: they would only mislead. What Discord does not take now is
   * scrubbed in a later round.
   */
  async scrubSuperseded(): Promise<void> {
    for (const accountId of new Set(this.records.outstanding().map((each) => each.accountId))) {
      await this.scrubSupersededOf(accountId);
    }
  }

  /** The same for one account, in its turn: a newer password may just be on its way into one of these messages. */
  async scrubSupersededOf(accountId: string): Promise<void> {
    const newest = this.records.newestShownOf(accountId)?.requestId;
    if (this.records.outstandingOf(accountId).every(({ requestId }) => requestId === newest)) return;
    await this.exclusively(accountId, async () => {
      const current = this.records.newestShownOf(accountId);
      for (const each of this.records.outstandingOf(accountId)) {
        if (current && each.requestId !== current.requestId) await this.#supersede(each, current);
      }
    });
  }

  async #supersede(old: TempPassword, current: TempPassword): Promise<void> {
    const request = this.store.byId(old.requestId);
    try {
      // A renewed password stands in the same message as the one before.
      if (request && old.place && old.place.messageId !== current.place?.messageId) {
        await this.messenger.edit(old.place, this.messages.passwordScrubbed(request, 'superseded'));
      }
      this.records.note(old.requestId, { end: 'superseded', endedAt: this.now() });
      this.records.scrub(old.requestId, 'superseded', this.now());
    } catch (err) {
      this.log.warn({ err, request: old.requestId }, 'a message with an old password could not be scrubbed yet');
    }
  }

  /** The message in which the password will appear, sent unless it is there already. */
  async #provenPlace(request: Request): Promise<(MessageRef & { shown: boolean }) | 'closed'> {
    if (request.notice) {
      const standing = await this.messenger.read(request.notice);
      if (standing) return { ...request.notice, shown: standing.buttons.includes(markOf.password(request.id)) };
      // Gone. Was a password set, then nobody can tell whether it was seen: no second one without being asked.
      if (this.records.byRequest(request.id)) throw new AppError('passwordNotShown');
    }
    const channelId = await this.messenger.openDm(request.memberId);
    if (channelId === undefined) return 'closed';
    const place = (await this.#sentBefore(request, channelId)) ?? (await this.#sendComing(request, channelId));
    if (!place) return 'closed';
    this.store.setNotice(request.id, place);
    this.store.setDelivery(request.id, 'dm');
    return { ...place, shown: false };
  }

  /** A message that a stopped bot sent but did not get to write down. */
  async #sentBefore(request: Request, channelId: string): Promise<MessageRef | undefined> {
    if (request.attempts <= 1) return undefined;
    return (await this.messenger.findOwn(channelId, markOf.coming(request.id)))?.place;
  }

  #sendComing(request: Request, channelId: string): Promise<MessageRef | undefined> {
    return this.messenger.send(channelId, this.messages.passwordComing(request), nonceOf(request, 'p'));
  }
}
