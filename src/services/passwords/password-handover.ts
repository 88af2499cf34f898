import { AppError } from '../../errors.js';
import type { ForAnswer } from '../../keyed-mutex.js';
import type { Actor } from '../members/actor.js';
import type { Request } from '../requests/request.js';
import type { PasswordDelivery } from './password-delivery.js';
import type { PasswordDeps } from './temp-password.js';

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
    if (request.state !== 'approved' || request.delivery !== 'button') {
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
        const request = this.#existing(id);
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
    const request = this.#existing(id);
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
    const { stores, executor, requests, now } = this.deps;
    const earlier = this.own(id, actor);
    if (!(await executor.isStillTheirs(earlier, actor.rank))) throw new AppError('linkGone');
    const record = stores.tempPasswords.byRequest(id);
    // One that is hidden only is still needed: Jellyfin asks for it when they set their own.
    if (!record?.message || record.endedAt !== undefined || record.expiresAt <= now()) {
      throw new AppError('passwordOld');
    }
    requests.checkPace(actor);
    const { memberId, accountId, accountName, adminAccount } = earlier;
    // Whatever the first one was made for, from then on it is Jellyfin's own to set.
    const kind = 'reset';
    const request = stores.requests.insert({
      ...{ kind, memberId, accountId, accountName, adminAccount, state: 'approved', origin: 'direct' },
      createdAt: now(),
      decidedBy: actor.id,
      delivery: 'dm',
      notice: record.message,
    });
    if (!request) {
      const open = stores.requests.open(memberId, accountId, kind);
      throw new AppError(open?.state === 'pending' ? 'resetWaiting' : 'passwordBeingShown');
    }
    return executor.execute(request);
  }

  /** Ends a request whose password nobody came to see in time. */
  async expireUncollected({ id, accountId }: Request): Promise<void> {
    const { stores, executor } = this.deps;
    const expired = await this.delivery.locks.run(accountId, () => {
      // A password that was made was perhaps seen, or not: its member asks for another.
      const code = stores.tempPasswords.byRequest(id) ? 'passwordNotShown' : 'notCollected';
      // Read again: its member may have pressed during the wait.
      return Promise.resolve(executor.fail(this.#existing(id), new AppError(code)));
    });
    await executor.publish(expired);
  }

  /** At a start: answers that a stopped bot was about to give can never be given. */
  failAbandonedAnswers(): void {
    for (const request of this.deps.stores.requests.unfinished()) {
      if (request.state === 'approved' && request.delivery === 'answer') this.#lost(request);
    }
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

  #existing(id: number): Request {
    const request = this.deps.stores.requests.byId(id);
    if (!request) throw new AppError('requestGone');
    return request;
  }
}
