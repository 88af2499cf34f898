import { AppError, type ErrorCode } from '../../errors.js';
import { calmly } from '../log.js';
import { messageKey, sendOnce } from '../notices/kept-message.js';
import type { MessageRef } from '../notices/messenger-port.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { isOwnAct, type Request, requestButtonIds } from '../requests/request.js';
import type { RequestKindActions } from '../requests/request-executor.js';
import type { PasswordDeps, TempPassword } from './temp-password.js';
import { isPutOff, type Account } from '../accounts/account.js';
import type { PreWriteCheck } from '../accounts/jellyfin-port.js';

/** Sets a password at the server in another way than with the key. Throws AppError. */
export type Write = (password: string) => Promise<void>;

/** Failures after which a password that was begun may be set; a second attempt calls all of Jellyfin's `passwordUncertain`. */
const uncertain: ReadonlySet<ErrorCode> = new Set(['passwordUncertain', 'passwordNotShown', 'discordTrouble']);

/**
 * Requests of the kinds `reset` and `provider`. Makes a temporary password, sets it and shows it: the one place where a password exists,
 * and the one message. The way to the person is proven before anything is set. An account has one password, so only one is
 * made and shown at a time, from setting it to knowing that it was seen.
 */
export class PasswordDelivery implements RequestKindActions {
  readonly changesAccount = true;
  /** By account: no other password is made or shown for it meanwhile. */
  readonly locks = new KeyedMutex<string>();

  constructor(private readonly deps: PasswordDeps) {}

  /**
   * Sends the password by direct message and finishes the request once it stands there; where direct messages are closed,
   * leaves the request waiting behind a button. Throws as every kind does; made again, it goes on from where it stopped.
   */
  async execute(request: Request, write?: Write): Promise<Request> {
    const { stores, executor, messenger, passwordMessages, now } = this.deps;
    const notice = await this.#provenNotice(request);
    if (notice === 'closed') {
      const waiting = { delivery: 'button', deliveryStatus: 'due' } as const;
      return stores.requests.move(request.id, ['approved'], 'approved', waiting) ?? request;
    }
    return this.locks.run(request.accountId, async () => {
      if (!notice.shown) {
        const password = await this.set(request, write);
        const edited = await messenger.edit(notice, passwordMessages.passwordShown(request, password));
        if (edited !== 'edited') throw new AppError('passwordNotShown');
      }
      stores.tempPasswords.shown(request.id, now(), notice);
      const finished = executor.finish(request, 'told');
      await this.scrubSuperseded(request.accountId);
      return finished;
    });
  }

  /** A new password clears a lock, too: requests for an unlock are needless, as their usual password is not right any more. */
  onDone(done: Request): readonly Request[] {
    const { events, endings, owners } = this.deps;
    events.emit('accountOpened', { accountId: done.accountId, actorId: done.decidedBy ?? 'latchkey' });
    // A rescue with a PIN clears no lock.
    if (done.adminAccount && isOwnAct(done)) return [];
    const cancelled = (['unlock', 'provider'] as const).flatMap((kind) => endings.cancelNeedless(kind, done));
    for (const { memberId } of cancelled) owners.hearsElsewhere(done, memberId);
    return cancelled;
  }

  /** The message that was to show the password is left alone where an earlier password stands in it that still works. */
  async onFailed(failed: Request): Promise<void> {
    const { messenger, kept, passwordMessages, stores } = this.deps;
    const { id, notice, failure } = failed;
    if (!notice) return;
    const standing = await messenger.read(notice);
    const showsEarlier = standing?.buttons.some((each) => each.startsWith('resetpw:in:')) ?? false;
    const mayHaveSetAnother =
      stores.tempPasswords.byRequest(id) !== undefined && failure !== undefined && uncertain.has(failure);
    if (!standing || (showsEarlier && !mayHaveSetAnother)) return;
    await kept.revise('lastWord', notice, passwordMessages.passwordNotShown(failed));
  }

  /** Makes a password and sets it at the server; the caller shows it and then says so. Throws AppError. */
  async set(request: Request, write?: Write): Promise<string> {
    const { stores, executor, jellyfin, logReader, newPassword, config, log, now } = this.deps;
    const { id: requestId, accountId, memberId } = request;
    const begunBefore = stores.tempPasswords.mayBeSet(requestId);
    const begunAt = now();
    const password = newPassword();
    stores.tempPasswords.begin({
      requestId,
      accountId,
      memberId,
      begunAt,
      expiresAt: begunAt + config.tempPasswordTtlMs,
    });
    let after: Account | undefined;
    try {
      if (write) await write(password);
      else if (request.kind === 'provider')
        after = (await jellyfin.useOwnPassword(accountId, password, this.#takeoverCheck(request, begunBefore))).after;
      else after = (await jellyfin.setPassword(accountId, password, executor.preWriteCheck(request))).after;
    } catch (cause) {
      // An earlier attempt, cut short, may have set a password that nobody saw: the old one may be gone all the same.
      if (begunBefore && cause instanceof AppError) throw new AppError('passwordUncertain', {}, { cause });
      const isCertain = !write && cause instanceof AppError && cause.code !== 'passwordUncertain';
      if (isCertain) stores.tempPasswords.note(requestId, { end: 'not set', endedAt: now() });
      throw cause;
    }
    // Before anybody sees the password: what the server's log says from here on is not the bot's own doing.
    try {
      const { lastSignIn } = after ?? (await jellyfin.getAccount(accountId));
      stores.tempPasswords.set(requestId, await logReader.newest(), lastSignIn?.getTime() ?? 0);
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      log.warn({ err, request: requestId }, 'whether this temporary password is used will not be known for sure');
      stores.tempPasswords.set(requestId, undefined, undefined);
    }
    return password;
  }

  /** The provider may have come back meanwhile, or somebody else have done the same; this request carries on with its own. */
  #takeoverCheck(request: Request, isBegun: boolean): PreWriteCheck {
    const check = this.deps.executor.preWriteCheck(request);
    return async (account) => {
      await check(account);
      if (!isBegun && !isPutOff(account)) await this.deps.causes.assertProviderGone(account);
    };
  }

  /**
   * Scrubs messages whose password a newer one has replaced: they would only mislead. What Discord does not take now is
   * scrubbed in a later round. With the account's lock, as a newer password may just be on its way into one of them.
   */
  async scrubSuperseded(accountId: string): Promise<void> {
    const { stores } = this.deps;
    const current = stores.tempPasswords.newestShownOf(accountId);
    for (const each of stores.tempPasswords.outstandingOf(accountId)) {
      if (current && each.requestId !== current.requestId) await this.#supersede(each, current);
    }
  }

  /** The same for every account. */
  async scrubAllSuperseded(): Promise<void> {
    for (const accountId of new Set(this.deps.stores.tempPasswords.outstanding().map((each) => each.accountId))) {
      await this.locks.run(accountId, () => this.scrubSuperseded(accountId));
    }
  }

  async #supersede(old: TempPassword, current: TempPassword): Promise<void> {
    const { stores, kept, passwordMessages, log, now } = this.deps;
    const request = stores.requests.byId(old.requestId);
    const message = 'a message with an old password could not be scrubbed yet';
    await calmly(log, { request: old.requestId }, message, async () => {
      // A renewed password stands in the same message as the one before.
      const isElsewhere = request && old.message && old.message.messageId !== current.message?.messageId;
      const next = isElsewhere
        ? await kept.revise('scrubbedPassword', old.message, passwordMessages.passwordScrubbed(request, 'superseded'))
        : 'leave';
      stores.tempPasswords.note(old.requestId, { end: 'superseded', endedAt: now(), scrub: 'superseded' });
      // A message that Discord does not let be edited now is scrubbed by a later round, like that of any other password.
      if (next !== 'later') stores.tempPasswords.scrub(old.requestId, 'superseded', now());
    });
  }

  /** The message in which the password will appear, sent unless it is there already. */
  async #provenNotice(request: Request): Promise<(MessageRef & { shown: boolean }) | 'closed'> {
    const { stores, messenger, passwordMessages } = this.deps;
    const { id, createdAt: since, version } = request;
    const ids = requestButtonIds(request);
    if (request.notice) {
      const standing = await messenger.read(request.notice);
      if (standing) return { ...request.notice, shown: standing.buttons.includes(ids.password) };
      // Gone. Was a password set, then nobody can tell whether it was seen: no second one without being asked.
      if (stores.tempPasswords.byRequest(id)) throw new AppError('passwordNotShown');
    }
    const channelId = await messenger.openDm(request.memberId);
    if (channelId === undefined) return 'closed';
    const key = messageKey('passwordMessage', { id, since }, version);
    const sending = { key, findBy: [ids.coming], mayBeSent: request.attempts > 1 };
    const place = await sendOnce(messenger, channelId, sending, () => passwordMessages.passwordComing(request));
    if (!place) return 'closed';
    stores.requests.setNotice(id, place);
    return { ...place, shown: false };
  }
}
