import type { LinkStore } from './link.js';
import type { Log } from './log.js';
import type { Members } from './members-port.js';
import type { Message, Messenger } from './messenger-port.js';
import { OneAtATime } from '../one-at-a-time.js';
import { otherOwners, ownersBeside } from './other-owners.js';
import type { OwnerNotice, OwnerNoticeStore } from './owner-notice.js';
import { makesLink, nonceOf, type Request } from './request.js';
import type { RequestStore } from './request-store.js';

export interface OwnerNoticeVoice {
  /** What was done with an owner's account, on whose request and whose approval. */
  ownerNotice(notice: OwnerNotice, request: Request): Message;
}

/** The custom id of the button that stands on such a word about this end of a request, and on no other. */
export function ownerNoticeMark({ id, state }: Pick<Request, 'id' | 'state'>): string {
  // No outcome of a request has so high a version.
  return `status:check:${id}:${state === 'done' ? 900_005 : 900_004}`;
}

/**
 * Tells the owners of an account when somebody else was linked to it because they asked, and what else was done; and when
 * one of them got a new password: whoever's password does not work any more, or was made to share an account by mistake,
 * hears why.
 */
export class OwnerNotices {
  readonly #turns = new OneAtATime<'telling'>();

  constructor(
    private readonly store: OwnerNoticeStore,
    private readonly requests: Pick<RequestStore, 'byId'>,
    private readonly links: Pick<LinkStore, 'ofAccount' | 'find'>,
    private readonly members: Pick<Members, 'rankOf'>,
    private readonly messenger: Messenger,
    private readonly voice: OwnerNoticeVoice,
    private readonly log: Log,
  ) {}

  /** Writes down who is to hear of it, before an approved request is carried out. Whoever approved it knows. */
  owe(request: Request): void {
    const owners = request.kind === 'reset' ? ownersBeside(this.links, request) : otherOwners(this.links, request);
    for (const memberId of owners) {
      if (memberId !== request.decidedBy) this.store.owe(request.id, memberId);
    }
  }

  /** Tells whoever is still to hear. Never throws: what Discord's troubles delayed comes with the next round. */
  tell(): Promise<void> {
    return this.#turns.run('telling', async () => {
      for (const notice of this.store.due()) {
        const request = this.requests.byId(notice.requestId);
        if (!request) continue;
        try {
          this.store.setWay(notice.id, await this.#wayTo(notice, request), request.state);
        } catch (err) {
          this.log.warn({ err, request: request.id }, 'the owner of an account could not be told yet what was done');
        }
      }
    });
  }

  /** Resolves when nobody is being told. */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  async #wayTo(notice: OwnerNotice, request: Request): Promise<OwnerNotice['way']> {
    const { messenger } = this;
    if (!(await this.#isTheirs(notice, request))) return 'moot';
    // What failed has still made the link, where there was one to make; unless it failed because that was taken away again.
    const isLinked = makesLink(request) && this.links.find(request.memberId, request.accountId);
    if (!isLinked && request.state === 'failed') return 'told';
    // Written before it is sent: a bot that is killed while sending then looks whether it was.
    this.store.begin(notice.id);
    const channelId = await messenger.openDm(notice.memberId);
    if (channelId === undefined) return 'next';
    if (notice.attempts > 0 && (await messenger.findOwn(channelId, ownerNoticeMark(request)))) return 'told';
    const message = this.voice.ownerNotice(notice, request);
    return (await messenger.send(channelId, message, nonceOf(request, `o${notice.id}.`))) ? 'told' : 'next';
  }

  /** A link may be taken away while the word waits, and who has left learns no more. */
  async #isTheirs({ memberId }: OwnerNotice, { accountId }: Request): Promise<boolean> {
    return this.links.find(memberId, accountId) !== undefined && (await this.members.rankOf(memberId)) !== undefined;
  }
}
