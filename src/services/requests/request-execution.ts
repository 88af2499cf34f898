import { AppError } from '../../errors.js';
import type { Transaction } from '../transaction.js';
import type { Audit } from '../audit.js';
import type { Events } from '../events.js';
import type { Jellyfin, PreWriteCheck } from '../accounts/jellyfin-port.js';
import type { LinkStore } from '../accounts/link.js';
import type { Log } from '../log.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { OwnerNotices } from '../links/owner-notices.js';
import type { Outbox } from '../notices/outbox.js';
import type { PasswordDelivery } from '../passwords/password-delivery.js';
import type { OutcomeNotifier } from './outcome-notices.js';
import type { Permissions } from '../accounts/permissions.js';
import { isOwnAct, type Request, type RequestStore } from './request.js';
import type { RequestCards } from './request-cards.js';

/** After so many attempts that Discord's troubles cut short, a request fails rather than going on for ever. */
const maxAttempts = 10;

/** What was carried out, undefined where there is no such request, and two ways to say what became of the answer that tells it. */
export interface CarriedOut {
  readonly request: Request | undefined;
  readonly delivered: () => Promise<void>;
  readonly lost: () => Promise<void>;
}

/** Who tells people what came of it: the asker, the same who was linked with it, and those whose account it was before. */
export interface EffectTellers {
  readonly reach: OutcomeNotifier;
  readonly outbox: Pick<Outbox, 'deliver'>;
  readonly owners: Pick<OwnerNotices, 'owe' | 'tell' | 'hearsElsewhere'>;
}

/**
 * Carries approved requests to their end. Everything here can be stopped at any line and begun again: each step either
 * looks first whether it was done, or does no harm when done twice.
 */
export class RequestExecutor {
  readonly #queue = new KeyedMutex<number>();

  constructor(
    private readonly store: RequestStore,
    private readonly links: LinkStore,
    private readonly permissions: Pick<Permissions, 'isServerAdmin'>,
    private readonly jellyfin: Jellyfin,
    private readonly passwords: PasswordDelivery,
    private readonly cards: RequestCards,
    private readonly tellers: EffectTellers,
    private readonly transaction: Transaction,
    private readonly audit: Audit,
    private readonly events: Pick<Events, 'emit'>,
    private readonly log: Log,
    private readonly now: () => number,
  ) {}

  /** Does what an approved request asks for, tells its member and brings its card up to date. Never throws. */
  carryOut(id: number, recovering = false): Promise<Request | undefined> {
    return this.#queue.run(id, async () => {
      // One that waits for its member to press *Show my password* goes on when they do.
      const delivery = this.store.byId(id)?.delivery;
      if (delivery === undefined || delivery === 'dm') {
        const request = this.store.begin(id);
        if (request) await this.#attempt(request);
        // What was asked for comes first; who was linked with it hears of that, too.
        if (request?.linksOnApproval) void this.tellers.outbox.deliver(['greeting'], request.accountId);
      }
      return this.#settle(id, recovering);
    });
  }

  /**
   * Does what its member has just approved themselves, and whose outcome the answer to them tells. The request's turn is
   * held until that is known to have arrived: nobody else tells them meanwhile. Was it lost, or the bot killed before,
   * they are told as anybody is. One of `delivered` and `lost` must be called.
   */
  carryOutInAnswer(id: number): Promise<CarriedOut> {
    return new Promise((give, refuse) => {
      const turn = this.#queue.run(id, async () => {
        const begun = this.store.begin(id);
        if (begun) await this.#attempt(begun);
        const hasArrived = await new Promise<boolean>((known) => {
          const settled = (arrived: boolean) => async () => {
            known(arrived);
            await turn;
          };
          give({ request: this.store.byId(id), delivered: settled(true), lost: settled(false) });
        });
        // One that was cut short has its outcome still before it.
        if (hasArrived && this.store.byId(id)?.word === 'due') this.store.setWord(id, 'told');
        await this.#settle(id, false);
      });
      turn.catch(refuse);
    });
  }

  /** Tells the member and brings the card up to date, for a request whose state somebody else changed. */
  settle(id: number, recovering = false): Promise<Request | undefined> {
    return this.#queue.run(id, () => this.#settle(id, recovering));
  }

  /** Runs something about one request while nothing else is done to it. */
  exclusively<T>(id: number, work: () => Promise<T>): Promise<T> {
    return this.#queue.run(id, work);
  }

  /** Resolves when everything that was begun is finished. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Ends an approved request as failed; its member hears of it. */
  fail(request: Request, error: AppError, word: 'due' | 'told' = 'due'): void {
    const change = { endedAt: this.now(), failure: error.code, word };
    this.transaction(() => {
      const failed = this.store.move(request.id, ['approved'], 'failed', change);
      if (!failed) return;
      this.record(failed, error.code);
      this.tellers.owners.owe(failed);
    });
  }

  record(request: Request, outcome: string): void {
    const { id, kind, accountId, accountName, memberId } = request;
    this.audit.record({
      actorId: request.decidedBy ?? 'latchkey',
      act: kind,
      outcome,
      accountId,
      accountName,
      memberId,
      requestId: id,
    });
  }

  /**
   * Asked at the moment of the change, as a link may be taken away while a request waits for its turn, and an account that
   * has become an administrator's since it was asked for is not changed on an ordinary approval.
   */
  permitFor(request: Request): PreWriteCheck {
    return async (account) => {
      // What is shown to the helper who ran the command is about an account that nobody is linked to.
      if (request.delivery !== 'answer' && !(await this.isStillTheirs(request))) throw new AppError('linkGone');
      if (account.isAdministrator && !request.adminAccount) throw new AppError('adminAccount');
    };
  }

  /** Linked; or another administrator's account, of which a server admin has asked for a new password after a rescue. */
  async isStillTheirs(request: Request): Promise<boolean> {
    const { memberId: id, accountId, adminAccount } = request;
    if (this.links.find(id, accountId)) return true;
    // Their role was looked at when they pressed.
    return adminAccount && isOwnAct(request) && this.permissions.isServerAdmin({ id, rank: 'admin' });
  }

  async #attempt(request: Request): Promise<void> {
    try {
      // Where an approval links, it did so itself: what was taken away since is not given back here.
      if (!(await this.isStillTheirs(request))) throw new AppError('linkGone');
      if (request.kind === 'link') this.done(request, 'due');
      else if (request.kind === 'unlock') await this.#unlock(request);
      else await this.passwords.deliver(request, this.permitFor(request), () => this.done(request, 'told'));
    } catch (error) {
      if (error instanceof AppError) return this.fail(request, error);
      this.log.error(
        { err: error, request: request.id, attempt: request.attempts },
        'an approved request was cut short',
      );
      if (request.attempts >= maxAttempts) this.fail(request, new AppError('discordTrouble'));
    }
  }

  async #unlock(request: Request): Promise<void> {
    await this.jellyfin.unlock(request.accountId, this.permitFor(request));
    this.done(request, 'due');
  }

  /** Ends an approved request well, and with it what need not wait any more, whoever asked for that. */
  done(request: Request, word: 'due' | 'told'): void {
    const overtaken = this.transaction(() => {
      const ended = this.store.move(request.id, ['approved'], 'done', { endedAt: this.now(), word });
      if (!ended) return [];
      this.tellers.owners.owe(ended);
      // A link is put into the history where it is made.
      if (ended.kind === 'link') return [];
      this.record(ended, 'done');
      const { accountId, decidedBy: actorId = 'latchkey' } = ended;
      this.events.emit('accountOpened', { accountId, actorId });
      return this.#endUnlocks(ended);
    });
    for (const id of overtaken) void this.settle(id);
  }

  /** An unlock and a new password both open a locked account: what else waits for its unlock is over. */
  #endUnlocks(by: Request): number[] {
    // What a rescue sets with a PIN opens nothing that is locked.
    if (by.adminAccount && isOwnAct(by)) return [];
    const waiting = this.store.pending().filter((each) => each.kind === 'unlock' && each.accountId === by.accountId);
    for (const { id, memberId } of waiting) {
      const [decidedAt, decidedBy] = [this.now(), by.decidedBy ?? by.memberId];
      if (by.kind === 'unlock') {
        const approved = this.store.move(id, ['pending'], 'approved', { decidedBy, decidedAt });
        if (approved) this.done(approved, 'due');
      } else {
        // They cannot be told to sign in with their usual password; who has got the new one knows.
        const word = memberId === by.memberId ? 'told' : 'due';
        const change = { decidedBy, decidedAt, endedAt: decidedAt, word } as const;
        const cancelled = this.store.move(id, ['pending'], 'cancelled', change);
        if (cancelled) this.record({ ...cancelled, decidedBy: undefined }, 'not needed');
        if (cancelled) this.tellers.owners.hearsElsewhere(by, memberId);
      }
    }
    return waiting.map(({ id }) => id);
  }

  async #settle(id: number, recovering: boolean): Promise<Request | undefined> {
    try {
      await this.tellers.reach.tell(id, recovering);
    } catch (err) {
      this.log.warn({ err, request: id }, 'the member could not be told yet');
    }
    await this.cards.refresh(id, recovering);
    void this.tellers.owners.tell();
    return this.store.byId(id);
  }
}
