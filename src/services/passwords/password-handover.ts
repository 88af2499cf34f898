import { AppError } from '../../errors.js';
import type { ForAnswer } from '../../keyed-mutex.js';
import type { Actor } from '../members/actor.js';
import type { Account } from '../accounts/account.js';
import type { MessageRef } from '../notices/messenger-port.js';
import type { NewRequest, Request } from '../requests/request.js';
import type { PasswordDelivery } from './password-delivery.js';
import { isUsed, type PasswordDeps, type TempPassword } from './temp-password.js';

/** A password to be shown in a private answer. */
export type HandedPassword = ForAnswer<{ readonly password: string; readonly request: Request }>;

/** Passwords in private answers, and the buttons with which an owner sees, hides or renews theirs. */
export class PasswordHandover {
  constructor(
    private readonly deps: PasswordDeps,
    private readonly delivery: PasswordDelivery,
  ) {}

  /** Makes and hands over the password that waits behind *Show my password*. Throws when it is not this person's to see. */
  async show(id: number, actor: Actor): Promise<HandedPassword> {
    const request = this.own(id, actor);
    if (!(await this.deps.executor.isStillTheirs(request, actor.rank))) throw new AppError('linkGone');
    if (request.delivery !== 'button') {
      throw new AppError('requestDecided', { state: request.state });
    }
    return this.hand(request);
  }

  /** Makes a password for a private answer, and keeps the account's lock until that is known to have arrived, or not. */
  hand({ id, accountId }: Request): Promise<HandedPassword> {
    const { stores, executor, now } = this.deps;
    return this.delivery.locks.runForAnswer(
      accountId,
      async () => {
        // Read again: somebody may have pressed twice, and the first press has shown it meanwhile.
        const request = this.deps.requests.existing(id);
        if (request.state !== 'approved') throw new AppError('requestDecided', { state: request.state });
        return { request, password: await this.#set(request) };
      },
      async ({ request }, hasArrived) => {
        if (hasArrived) {
          stores.tempPasswords.shown(id, now(), undefined);
          executor.finish(request, 'told');
          await this.delivery.scrubSuperseded(accountId);
        } else if (request.delivery === 'answer') {
          this.#lost(request);
        }
        // Nobody waits for the account's lock with this request's: one that waits for a press or an answer is not executed.
        await executor.publish(request);
      },
    );
  }

  /** The request of a password that was made for this person. Throws `requestGone` or `requestNotYours`. */
  own(id: number, actor: Actor): Request {
    const request = this.deps.requests.existing(id);
    if (request.memberId !== actor.id) throw new AppError('requestNotYours');
    return request;
  }

  /**
   * The person says that they have set their own, and their message is scrubbed. Only the server can say whether that is
   * so: a password that was only hidden is taken away in time like any other.
   */
  ownSet(request: Request): void {
    const { stores, executor, now } = this.deps;
    const record = stores.tempPasswords.byRequest(request.id);
    if (!record || record.endedAt !== undefined || record.scrubbedAt !== undefined) return;
    stores.tempPasswords.scrub(request.id, 'own set', now());
    executor.record({ ...request, decidedBy: request.memberId }, 'own set');
  }

  /** Makes another password in the same message, when the owner asks for it in time. Throws `passwordOld`, `tooManyRequests`. */
  async renew(id: number, actor: Actor): Promise<Request> {
    const { message } = await this.#renewable(id, actor);
    return this.deps.executor.execute(this.#renewed(id, actor, { delivery: 'dm', notice: message }));
  }

  /** A password that this person was sent or shown, and with which nobody has signed in yet. */
  unused(memberId: string, account: Account): TempPassword | undefined {
    const { stores, now } = this.deps;
    return stores.tempPasswords
      .outstandingOf(account.id)
      .find((each) => each.memberId === memberId && isToBeUsed(each, now()) && !isUsed(each, account));
  }

  /** Makes another one in the place of such a password, for a private answer; its message is covered. Throws as `renew`. */
  async renewHere(id: number, actor: Actor): Promise<HandedPassword> {
    const { stores, executor } = this.deps;
    const record = await this.#renewable(id, actor);
    if (!isToBeUsed(record, this.deps.now())) throw new AppError('passwordOld');
    // One whose answer was lost still waits.
    const open = stores.requests.open(record.memberId, record.accountId, 'reset');
    const waits = open?.state === 'approved' && open.delivery === 'button';
    const request = waits ? open : this.#renewed(id, actor, { delivery: 'button' });
    try {
      return await this.hand(request);
    } catch (error) {
      if (error instanceof AppError) await executor.publish(executor.fail(request, error, 'told'));
      throw error;
    }
  }

  /** Ends a request whose password nobody came to see in time. */
  async expireUncollected({ id, accountId }: Request): Promise<void> {
    const { stores, executor } = this.deps;
    const expired = await this.delivery.locks.run(accountId, () => {
      // A password that was made was perhaps seen, or not: its member asks for another.
      const code = stores.tempPasswords.byRequest(id) ? 'passwordNotShown' : 'notCollected';
      // Read again: its member may have pressed during the wait.
      return Promise.resolve(executor.fail(this.deps.requests.existing(id), new AppError(code)));
    });
    await executor.publish(expired);
  }

  /** At a start: answers that a stopped bot was about to give can never be given. */
  failAbandonedAnswers(): void {
    for (const request of this.deps.stores.requests.unfinished()) {
      if (request.delivery === 'answer') this.#lost(request);
    }
  }

  async #renewable(id: number, actor: Actor): Promise<TempPassword & { readonly message: MessageRef }> {
    const { stores, executor, now } = this.deps;
    if (!(await executor.isStillTheirs(this.own(id, actor), actor.rank))) throw new AppError('linkGone');
    const record = stores.tempPasswords.byRequest(id);
    // One that is hidden only is still needed: Jellyfin asks for it when they set their own.
    if (!record?.message || record.endedAt !== undefined || record.expiresAt <= now()) {
      throw new AppError('passwordOld');
    }
    return { ...record, message: record.message };
  }

  #renewed(id: number, actor: Actor, how: Pick<NewRequest, 'delivery' | 'notice'>): Request {
    const { stores, requests, now } = this.deps;
    requests.checkPace(actor);
    const { memberId, accountId, accountName, adminAccount } = this.deps.requests.existing(id);
    // Whatever the first one was made for, from then on it is Jellyfin's own to set.
    const kind = 'reset';
    const request = stores.requests.insert({
      ...{ kind, memberId, accountId, accountName, adminAccount, state: 'approved', origin: 'direct' },
      createdAt: now(),
      decidedBy: actor.id,
      ...how,
    });
    if (request) return request;
    const open = stores.requests.open(memberId, accountId, kind);
    throw new AppError(open?.state === 'pending' ? 'resetWaiting' : 'passwordBeingShown');
  }

  /** Behind a button the next press tries again; a helper, who reads the error, runs the command again. */
  async #set(request: Request): Promise<string> {
    try {
      return await this.delivery.set(request);
    } catch (error) {
      if (request.delivery === 'answer') {
        this.deps.executor.fail(request, error instanceof AppError ? error : new AppError('tryAgain'), 'told');
      }
      throw error;
    }
  }

  #lost(request: Request): void {
    this.deps.executor.fail(request, new AppError('answerLost'));
  }
}

/** Whether it is still to be signed in with. */
function isToBeUsed({ usedAt, endedAt, scrub, expiresAt }: TempPassword, now: number): boolean {
  return ![usedAt, endedAt, scrub].some((each) => each !== undefined) && expiresAt > now;
}
