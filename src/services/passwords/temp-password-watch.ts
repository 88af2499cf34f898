import { isGone } from '../../errors.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { dayMs, hourMs, isRecent } from '../../time.js';
import type { Request } from '../requests/request.js';
import type { PasswordDelivery } from './password-delivery.js';
import {
  isUsed,
  type LogNews,
  type PasswordDeps,
  type PasswordNoticeKind,
  readNews,
  retire,
  type TempPassword,
  type TempPasswordEnd,
  type TempPasswordFinding,
} from './temp-password.js';

/** An account is looked at so often, to find out that it was deleted: the log does not say whose entry that was. */
const lookEveryMs = dayMs;

/** Follows temporary passwords to their end: replaced by the person, reminded of, or taken away because nobody used them. */
export class TempPasswordWatch {
  readonly #rounds = new KeyedMutex<'round'>();
  readonly #lookedAt = new Map<number, number>();
  /** Since when Discord lets a message rest that was edited too often, by request. */
  readonly #restsSince = new Map<number, number>();

  constructor(
    private readonly deps: PasswordDeps,
    private readonly delivery: PasswordDelivery,
  ) {}

  /** Once a minute. Where the server cannot be asked, nothing is judged: nobody is reminded of what may be done. */
  round(): Promise<void> {
    return this.#rounds.run('round', () => this.#round());
  }

  async #round(): Promise<void> {
    const { stores, log } = this.deps;
    const outstanding = stores.tempPasswords.outstanding();
    if (outstanding.length > 0) {
      try {
        const news = await readNews(this.deps.logReader, outstanding);
        for (const password of outstanding) await this.#inTurn(password, news);
      } catch (err) {
        log.warn({ err }, 'whether temporary passwords were replaced cannot be seen now');
      }
    }
    for (const password of stores.tempPasswords.toScrub()) await this.#scrub(password);
  }

  async #inTurn(read: TempPassword, news: LogNews): Promise<void> {
    const { stores, log } = this.deps;
    await this.delivery.locks.run(read.accountId, async () => {
      const password = stores.tempPasswords.byRequest(read.requestId);
      const request = stores.requests.byId(read.requestId);
      // Another one was made meanwhile, or is just being made: what was read is not about this one.
      if (!password || !request || password.endedAt !== undefined || password.begunAt !== read.begunAt) return;
      if (this.#isBeingReplaced(password)) return;
      try {
        await this.#judge(password, request, news);
      } catch (err) {
        if (isGone(err)) this.#end(password, request, 'gone', true, {});
        else log.warn({ err, request: request.id }, 'a temporary password could not be followed up now');
      }
    });
  }

  /** A newer one that the bot was making when it was stopped, and shows when it carries on. */
  #isBeingReplaced({ accountId, requestId }: TempPassword): boolean {
    const newest = this.deps.stores.tempPasswords.newestOf(accountId);
    if (!newest || newest.requestId === requestId) return false;
    return newest.shownAt !== undefined || this.deps.stores.requests.byId(newest.requestId)?.state === 'approved';
  }

  async #judge(password: TempPassword, request: Request, all: LogNews): Promise<void> {
    const { stores, executor } = this.deps;
    const { requestId, message, scrubbedAt } = password;
    // Who passed one on by hand was never linked.
    const isTheirs = request.delivery === 'answer' || (await executor.isStillTheirs(request));
    const news = all.about(password);
    const usedAt = password.usedAt ?? (news.isSignedIn ? this.deps.now() : undefined);
    const read = { logCursor: all.cursor, usedAt, isBlind: password.isBlind || !news.isWhole };
    if (news.isChanged) {
      this.#end(password, request, this.#whoChanged(password, news.isSignedIn), isTheirs, read);
      return;
    }
    const isNew =
      all.cursor.id !== password.logCursor?.id || usedAt !== password.usedAt || read.isBlind !== password.isBlind;
    if (isNew) stores.tempPasswords.note(requestId, read);
    if (!isTheirs && message && scrubbedAt === undefined) stores.tempPasswords.scrub(requestId, 'unlinked', undefined);
    await this.#atItsTime({ ...password, ...read }, request, isTheirs);
  }

  /** Once the bot began to take it away itself, a change without a sign-in is its own, done by a bot that was killed. */
  #whoChanged({ accountId, requestId, retiringAt, usedAt }: TempPassword, isSignedIn: boolean) {
    if (this.deps.stores.tempPasswords.newestOf(accountId)?.requestId !== requestId) return 'superseded';
    if (retiringAt === undefined) return 'replaced';
    return isSignedIn || usedAt !== undefined ? 'cut off' : 'expired';
  }

  async #atItsTime(password: TempPassword, request: Request, isTheirs: boolean): Promise<void> {
    const { stores, outbox, jellyfin } = this.deps;
    const { begunAt, expiresAt, requestId } = password;
    const now = this.deps.now();
    const isOver = now >= expiresAt;
    const isHalfOver = now >= begunAt + (expiresAt - begunAt) / 2;
    const reminder = isOver ? 'passwordReminder2' : isHalfOver ? 'passwordReminder1' : undefined;
    // What a helper passed on by hand is not for the helper to replace.
    const isForThem = isTheirs && request.delivery !== 'answer';
    const due = reminder && isForThem ? noticeAbout(password, reminder) : undefined;
    const notice = due && !outbox.wasOwed(due) ? due : undefined;
    const mayEnd = isOver && (password.usedAt === undefined || !isTheirs);
    const lookedAt = this.#lookedAt.get(requestId) ?? begunAt;
    if (!notice && !mayEnd && isRecent(lookedAt, now, lookEveryMs)) return;
    const account = await jellyfin.getAccount(password.accountId);
    this.#lookedAt.set(requestId, now);
    const usedAt = password.usedAt ?? (isUsed(password, account) ? now : undefined);
    if (isOver && usedAt === undefined) await this.#retire(password, request, isTheirs);
    else if (isOver && !isTheirs) this.#end(password, request, 'unlinked', isTheirs, { usedAt });
    // Who came in after the log was read may have set their own as well: the next round knows, and reminds if not.
    else if (usedAt !== password.usedAt) stores.tempPasswords.note(requestId, { usedAt });
    else if (notice) outbox.owe(notice);
  }

  async #retire(password: TempPassword, request: Request, isTheirs: boolean): Promise<void> {
    const retired = await retire(this.deps, password, request);
    if (retired === 'used') this.deps.stores.tempPasswords.note(password.requestId, { usedAt: this.deps.now() });
    // What has just changed the next round reads as well, and judges it.
    else if (retired !== 'changed') this.#end(password, request, retired, isTheirs, {});
  }

  #end(
    password: TempPassword,
    request: Request,
    end: Exclude<TempPasswordEnd, 'not set'>,
    isTheirs: boolean,
    found: TempPasswordFinding,
  ): void {
    const { stores, now, outbox } = this.deps;
    const isTold = isTheirs && (end === 'expired' || end === 'cut off' || end === 'unknown');
    const scrub = isTheirs ? end : 'unlinked';
    stores.transaction(() => {
      stores.tempPasswords.note(password.requestId, { ...found, end, endedAt: now(), scrub });
      if (isTold) outbox.owe(noticeAbout(password, 'passwordEnd'));
    });
    this.#lookedAt.delete(password.requestId);
    const { accountId, requestId, memberId } = password;
    const { accountName } = request;
    const about = { accountId, accountName, memberId, requestId };
    stores.audit.record({ actorId: 'latchkey', act: 'temporary password', outcome: end, ...about });
  }

  /** In the account's turn, as a newer password may be on its way into this very message. */
  async #scrub({ requestId, accountId }: TempPassword): Promise<void> {
    const { stores, kept, passwordMessages, log, now } = this.deps;
    const restsSince = this.#restsSince.get(requestId);
    if (restsSince !== undefined && isRecent(restsSince, now(), hourMs)) return;
    await this.delivery.locks.run(accountId, async () => {
      const due = stores.tempPasswords.toScrub().find((password) => password.requestId === requestId);
      const request = stores.requests.byId(requestId);
      if (!due?.message || !due.scrub || !request) return;
      try {
        const message = passwordMessages.passwordScrubbed(request, due.scrub);
        const next = await kept.revise('scrubbedPassword', due.message, message);
        if (next === 'later') this.#restsSince.set(requestId, now());
        else stores.tempPasswords.scrub(requestId, due.scrub, now());
      } catch (err) {
        log.warn({ err, request: requestId }, 'a message with a temporary password could not be scrubbed yet');
      }
    });
  }
}

function noticeAbout({ requestId, memberId }: TempPassword, kind: PasswordNoticeKind) {
  return { kind, subjectId: `${requestId}`, recipientId: memberId };
}
