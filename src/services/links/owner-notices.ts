import type { Account } from '../accounts/account.js';
import type { LinkStore } from '../accounts/link.js';
import type { Log } from '../log.js';
import type { Members } from '../members/member-lookup-port.js';
import type { Message, Messenger } from '../notices/messenger-port.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import { otherOwners, ownersBeside } from '../requests/co-owners.js';
import { nonceOf, type Request, type RequestStore, type RequestState } from '../requests/request.js';
import type { TempPasswordStore } from '../passwords/temp-password.js';

export interface OwnerNoticeMessages {
  /** What was done with an owner's account, on whose request and whose approval. */
  ownerNotice(notice: OwnerNotice, request: Request, facts: OwnerNoticeFacts): Message;
}

export interface OwnerNoticeStores {
  readonly ownerNotices: OwnerNoticeStore;
  readonly requests: Pick<RequestStore, 'byId' | 'insert' | 'move'>;
  readonly links: Pick<LinkStore, 'ofAccount' | 'find'>;
  readonly tempPasswords: Pick<TempPasswordStore, 'byRequest'>;
}

/** The custom id of the button that stands on such a word about this end of a request, and on no other. */
export function ownerNoticeMark({ id, state }: Pick<Request, 'id' | 'state'>): string {
  // No outcome of a request has so high a version.
  return `status:check:${id}:${state === 'done' ? 900_005 : 900_004}`;
}

/**
 * Tells the owners of an account when somebody else was linked to it because they asked or proved it, and what else was
 * done; and when one of them got a new password: whoever's password does not work any more, or was made to share an account
 * by mistake, hears why.
 */
export class OwnerNotices {
  readonly #locks = new KeyedMutex<'telling'>();

  constructor(
    private readonly stores: OwnerNoticeStores,
    private readonly members: Pick<Members, 'rankOf'>,
    private readonly messenger: Messenger,
    private readonly messages: OwnerNoticeMessages,
    private readonly log: Log,
  ) {}

  /** Writes down who is to hear of it, before an approved request is carried out. Whoever approved it knows. */
  owe(request: Request): void {
    const owners =
      request.kind === 'reset' ? ownersBeside(this.stores.links, request) : otherOwners(this.stores.links, request);
    for (const memberId of owners) {
      if (memberId !== request.decidedBy) this.stores.ownerNotices.owe(request.id, memberId);
    }
  }

  /** The same for a link that somebody proved, which is written down as a request that they approved themselves. */
  oweOfProof(memberId: string, { id: accountId, name: accountName, isAdministrator }: Account, at: number): void {
    const { links, requests } = this.stores;
    if (links.ofAccount(accountId).every((owner) => owner.memberId === memberId)) return;
    const act = { kind: 'link', state: 'approved', memberId, decidedBy: memberId, origin: 'direct' } as const;
    const about = { accountId, accountName, adminAccount: isAdministrator, createdAt: at };
    const approved = requests.insert({ ...act, ...about });
    const done = approved && requests.move(approved.id, ['approved'], 'done', { endedAt: at, word: 'told' });
    if (done) this.owe(done);
  }

  /** They are told the same by the word about a request of their own. */
  hearsElsewhere({ id }: Request, memberId: string): void {
    this.stores.ownerNotices.drop(id, memberId);
  }

  /** Tells whoever is still to hear. Never throws: what Discord's troubles delayed comes with the next round. */
  tell(): Promise<void> {
    return this.#locks.run('telling', async () => {
      for (const notice of this.stores.ownerNotices.due()) {
        const request = this.stores.requests.byId(notice.requestId);
        if (!request) continue;
        try {
          this.stores.ownerNotices.setWay(notice.id, await this.#wayTo(notice, request), request.state);
        } catch (err) {
          this.log.warn({ err, request: request.id }, 'the owner of an account could not be told yet what was done');
        }
      }
    });
  }

  /** Resolves when nobody is being told. */
  idle(): Promise<void> {
    return this.#locks.idle();
  }

  async #wayTo(notice: OwnerNotice, request: Request): Promise<OwnerNotice['way']> {
    const { messenger } = this;
    if (!(await this.#isTheirs(notice, request))) return 'moot';
    const facts = ownerNoticeFacts(this.stores, request);
    // What failed may still have made the link, or set a password that nobody knows.
    if (request.state === 'failed' && !facts.mayBeSet && !(request.linksOnApproval && facts.isLinked)) return 'told';
    // Written before it is sent: a bot that is killed while sending then looks whether it was.
    this.stores.ownerNotices.begin(notice.id);
    const channelId = await messenger.openDm(notice.memberId);
    if (channelId === undefined) return 'next';
    if (notice.attempts > 0 && (await messenger.findOwn(channelId, ownerNoticeMark(request)))) return 'told';
    const message = this.messages.ownerNotice(notice, request, facts);
    return (await messenger.send(channelId, message, nonceOf(request, `o${notice.id}.`))) ? 'told' : 'next';
  }

  /** A link may be taken away while the word waits, and who has left learns no more. */
  async #isTheirs({ memberId }: OwnerNotice, { accountId }: Request): Promise<boolean> {
    return (
      this.stores.links.find(memberId, accountId) !== undefined && (await this.members.rankOf(memberId)) !== undefined
    );
  }
}

/**
 * That an owner is to hear of what was done with their account because somebody else asked, or got a new password. `due`: is to be told; `told`:
 * was; `next`: could not be reached, and hears of it at their next command; `moot`: the account is not theirs any more.
 */
export interface OwnerNotice {
  readonly id: number;
  readonly requestId: number;
  readonly memberId: string;
  readonly way: 'due' | 'told' | 'next' | 'moot';
  /** How often its sending was begun. */
  readonly attempts: number;
}

export interface OwnerNoticeStore {
  /** Once for each owner, however often it is asked for. */
  owe(requestId: number, memberId: string): void;
  /** They need not hear of it any more. */
  drop(requestId: number, memberId: string): void;
  /** Those about requests that are over, and whose owner has not heard of that end yet. */
  due(): OwnerNotice[];
  /** What an owner is to hear first thing at their next command. */
  owedTo(memberId: string): OwnerNotice[];
  /** Counts one more attempt. */
  begin(id: number): void;
  /** `of`: the state of the request that this is about. */
  setWay(id: number, way: OwnerNotice['way'], of: RequestState): void;
}

/** What such a word depends on beside the request. */
export interface OwnerNoticeFacts {
  /** Whoever asked owns the account, too. */
  readonly isLinked: boolean;
  /** It failed, but only after the server was asked to set a password. */
  readonly mayBeSet: boolean;
}

/** Looks them up at the moment at which the word is said. */
export function ownerNoticeFacts(
  stores: { readonly links: Pick<LinkStore, 'find'>; readonly tempPasswords: Pick<TempPasswordStore, 'byRequest'> },
  { id, kind, state, memberId, accountId }: Request,
): OwnerNoticeFacts {
  const password = kind === 'reset' && state === 'failed' ? stores.tempPasswords.byRequest(id) : undefined;
  return {
    isLinked: stores.links.find(memberId, accountId) !== undefined,
    mayBeSet: password !== undefined && password.end !== 'not set',
  };
}
