import { AppError } from '../../errors.js';
import type { Actor } from '../members/actor.js';
import { lockState, type Account } from '../accounts/account.js';
import type { RequestExecutor } from '../requests/request-execution.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Link, LinkStore } from '../accounts/link.js';
import type { PasswordDelivery } from './password-delivery.js';
import type { Permissions } from '../accounts/permissions.js';
import { isOwnAct, type Request, type RequestStore } from '../requests/request.js';
import type { Requests } from '../requests/requests.js';
import type { TempPasswordStore } from './temp-password.js';

/** A password to be shown in a private answer, and what to call when the answer was taken or was not. */
export interface HandedPassword {
  readonly password: string;
  readonly request: Request;
  readonly delivered: () => Promise<void>;
  readonly lost: () => Promise<void>;
}

/** What a helper's reset came to: sent on its way to an owner, to be shown to the helper, or who is meant. */
export type ResetNow =
  | { readonly way: 'owner'; readonly request: Request }
  | { readonly way: 'helper'; readonly handed: HandedPassword }
  | { readonly way: 'may only ask' }
  | { readonly way: 'which owner'; readonly owners: readonly Link[]; readonly account: Account };

/** New passwords beside the asking and approving: by a helper at once, and what the owner does with one. */
export class Resets {
  constructor(
    private readonly store: RequestStore,
    private readonly records: TempPasswordStore,
    private readonly links: LinkStore,
    private readonly jellyfin: Jellyfin,
    private readonly permissions: Permissions,
    private readonly passwords: PasswordDelivery,
    private readonly executor: RequestExecutor,
    private readonly requests: Requests,
    private readonly now: () => number,
  ) {}

  /**
   * Resets an account without being asked, for helpers and up; the password goes to the owner, or to the one who runs
   * it where nobody is linked. Throws `notAllowed`, `adminAccount`, `disabledByAdmin`, or a Jellyfin code.
   */
  async resetNow(actor: Actor, accountId: string, ownerId?: string): Promise<ResetNow> {
    const account = await this.jellyfin.getAccount(accountId);
    if (!(await this.#mayChange(actor, account))) return { way: 'may only ask' };
    if (lockState(account) === 'disabled') throw new AppError('disabledByAdmin');
    const owners = this.links.ofAccount(accountId);
    const owner = ownerId === undefined ? owners[0] : owners.find((each) => each.memberId === ownerId);
    if (!owner) {
      if (ownerId !== undefined) throw new AppError('linkUnknown');
      return { way: 'helper', handed: await this.#hand(this.#insert(actor, account, actor.id, 'answer').id) };
    }
    if (owners.length > 1 && ownerId === undefined) return { way: 'which owner', owners, account };
    const open = this.store.open(owner.memberId, accountId, 'reset');
    if (open) return { way: 'owner', request: await this.#approveOpen(open, actor) };
    const request = this.#insert(actor, account, owner.memberId);
    return { way: 'owner', request: (await this.executor.carryOut(request.id)) ?? request };
  }

  /** Makes and hands over the password that waits behind *Show my password*. Throws when it is not this person's to see. */
  async show(id: number, actor: Actor): Promise<HandedPassword> {
    const request = this.#ownLinked(id, actor);
    if (request.state !== 'approved' || request.delivery !== 'button') {
      throw new AppError('requestDecided', { state: request.state });
    }
    return this.#hand(id);
  }

  /** The request behind the message on which somebody says that they are in. Throws `requestGone` or `requestNotYours`. */
  shownTo(id: number, actor: Actor): Request {
    return this.#own(id, actor);
  }

  /**
   * The person says that they are in, and their message is scrubbed. Whether somebody signed in the server alone can say:
   * a password that was only hidden is taken away in time like any other.
   */
  signedIn(request: Request): void {
    const record = this.records.byRequest(request.id);
    if (!record || record.endedAt !== undefined || record.scrubbedAt !== undefined) return;
    this.records.scrub(request.id, 'signed in', this.now());
    this.executor.record({ ...request, decidedBy: request.memberId }, 'signed in');
  }

  /** Makes another password in the same message, when the owner asks for it in time. Throws `passwordOld`, `tooManyRequests`. */
  async renew(id: number, actor: Actor): Promise<Request> {
    const earlier = this.#own(id, actor);
    await this.#assertStillTheirs(earlier, actor);
    const record = this.records.byRequest(id);
    // One that is hidden only is still needed: Jellyfin asks for it when they set their own.
    if (!record?.place || record.endedAt !== undefined || record.expiresAt <= this.now())
      throw new AppError('passwordOld');
    this.requests.checkPace(actor);
    const { kind, memberId, accountId, accountName, adminAccount } = earlier;
    const request = this.store.insert({
      ...{ kind, memberId, accountId, accountName, adminAccount, state: 'approved', origin: 'direct' },
      createdAt: this.now(),
      decidedBy: actor.id,
      delivery: 'dm',
      notice: record.place,
    });
    if (!request) {
      const open = this.store.open(memberId, accountId, kind);
      throw new AppError(open?.state === 'pending' ? 'resetWaiting' : 'passwordBeingShown');
    }
    return (await this.executor.carryOut(request.id)) ?? request;
  }

  /** Ends a request whose password nobody came to see in time. */
  async expireUncollected(id: number): Promise<void> {
    await this.passwords.exclusively(this.#existing(id).accountId, () => {
      // One that was made and perhaps seen, or not: its member asks for another.
      const code = this.records.byRequest(id) ? 'passwordNotShown' : 'notCollected';
      this.executor.fail(this.#existing(id), new AppError(code));
      return Promise.resolve();
    });
    await this.executor.settle(id);
  }

  /** At a start: answers that a stopped bot was about to give can never be given. */
  failAbandonedAnswers(): void {
    for (const request of this.store.unfinished()) {
      if (request.state === 'approved' && request.delivery === 'answer') this.#lost(request);
    }
  }

  /** An administrator's own account, linked to somebody who may not change it, may still be asked for. */
  async #mayChange(actor: Actor, account: Account): Promise<boolean> {
    if (await this.permissions.mayChange(actor, account)) return true;
    if (!this.links.find(actor.id, account.id)) await this.permissions.assertMayChange(actor, account);
    return false;
  }

  #insert(actor: Actor, account: Account, memberId: string, delivery?: 'answer'): Request {
    const request = this.store.insert({
      kind: 'reset',
      state: 'approved',
      memberId,
      accountId: account.id,
      accountName: account.name,
      adminAccount: account.isAdministrator,
      createdAt: this.now(),
      decidedBy: actor.id,
      origin: 'direct',
      ...(delivery && { delivery }),
    });
    if (!request) throw new AppError('passwordBeingShown');
    return request;
  }

  async #approveOpen(open: Request, actor: Actor): Promise<Request> {
    if (open.state === 'pending') return this.requests.approve(open.id, actor);
    return (await this.executor.carryOut(open.id)) ?? open;
  }

  /** Holds the account's turn until the answer is known to have arrived, or not. */
  #hand(id: number): Promise<HandedPassword> {
    const { accountId } = this.#existing(id);
    return new Promise((give, refuse) => {
      const turn = this.passwords.exclusively(accountId, async () => {
        // Somebody may have pressed twice, and the first press has shown it meanwhile.
        const request = this.#existing(id);
        if (request.state !== 'approved') throw new AppError('requestDecided', { state: request.state });
        const password = await this.#set(request);
        const arrived = await new Promise<boolean>((known) => {
          give({
            password,
            request,
            delivered: () => Promise.resolve(known(true)).then(() => this.#settled(turn, id)),
            lost: () => Promise.resolve(known(false)).then(() => this.#settled(turn, id)),
          });
        });
        if (arrived) {
          this.passwords.shown(request);
          this.executor.done(request, 'told');
        } else if (request.delivery === 'answer') {
          this.#lost(request);
        }
      });
      turn.catch(refuse);
    });
  }

  async #settled(turn: Promise<void>, id: number): Promise<void> {
    await turn;
    await this.passwords.scrubSupersededOf(this.#existing(id).accountId);
    await this.executor.settle(id);
  }

  /** Behind a button the next press tries again; a helper, who reads the error, runs the command again. */
  async #set(request: Request): Promise<string> {
    try {
      return await this.passwords.set(request, this.executor.permitFor(request));
    } catch (error) {
      if (request.delivery === 'answer') {
        this.executor.fail(request, error instanceof AppError ? error : new AppError('tryAgain'), 'told');
      }
      throw error;
    }
  }

  #lost(request: Request): void {
    this.executor.fail(request, new AppError('answerLost'));
  }

  #existing(id: number): Request {
    const request = this.store.byId(id);
    if (!request) throw new AppError('requestGone');
    return request;
  }

  #own(id: number, actor: Actor): Request {
    const request = this.#existing(id);
    if (request.memberId !== actor.id) throw new AppError('requestNotYours');
    return request;
  }

  /** After a rescue the account may be linked to somebody else, or to nobody: then it is the server admin's rank that counts. */
  async #assertStillTheirs(request: Request, actor: Actor): Promise<void> {
    const { accountId: id, adminAccount: isAdministrator } = request;
    if (this.links.find(actor.id, id)) return;
    const isAdminsOwnAct = isAdministrator && isOwnAct(request);
    if (isAdminsOwnAct && (await this.permissions.mayChange(actor, { id, isAdministrator }))) return;
    throw new AppError('linkGone');
  }

  /** An own request about an account that is still this person's. */
  #ownLinked(id: number, actor: Actor): Request {
    const request = this.#own(id, actor);
    if (!this.links.find(actor.id, request.accountId)) throw new AppError('linkGone');
    return request;
  }
}
