import type { LinkStore } from '../accounts/link.js';
import type { Log } from '../log.js';
import type { Messenger } from '../notices/messenger-port.js';
import { nonceOf, type Request, type RequestStore } from '../requests/request.js';
import {
  type TempPassword,
  type TempPasswordStore,
  isTheirsToHear,
  type TempPasswordNotice,
  type TempPasswordNoticeStore,
} from './temp-password.js';
import { tempPasswordMark, type PasswordMessages } from './password-messages.js';

/** Tells people what they are to hear about their temporary passwords, on the same ways as the outcome of a request. */
export class TempPasswordNotices {
  constructor(
    private readonly store: TempPasswordNoticeStore,
    private readonly records: Pick<TempPasswordStore, 'byRequest'>,
    private readonly requests: Pick<RequestStore, 'byId'>,
    private readonly links: Pick<LinkStore, 'find'>,
    private readonly messenger: Messenger,
    private readonly messages: PasswordMessages,
    private readonly log: Log,
  ) {}

  /** Tells what is due. What Discord does not take now is told in a later round. */
  async tellDue(): Promise<void> {
    for (const word of this.store.due()) {
      try {
        await this.#tell(word);
      } catch (err) {
        this.log.warn({ err, request: word.requestId }, 'a word about a temporary password could not be told yet');
      }
    }
  }

  /** Whether this was told already, or is about to be. */
  isBegun(requestId: number, kind: TempPasswordNotice['kind']): boolean {
    return this.store.of(requestId).some((word) => word.kind === kind);
  }

  /** Changes reminders whose password has ended, without a sound; those that nobody read yet are dropped. */
  async withdrawOutdated(): Promise<void> {
    for (const word of this.store.outdated()) {
      const request = this.requests.byId(word.requestId);
      try {
        if (word.place && request) await this.messenger.edit(word.place, this.messages.reminderOver(request));
        this.store.setWay(word.id, 'moot');
      } catch (err) {
        this.log.warn({ err, request: word.requestId }, 'a reminder that is over could not be changed yet');
      }
    }
  }

  async #tell(word: TempPasswordNotice): Promise<void> {
    const password = this.records.byRequest(word.requestId);
    const request = this.requests.byId(word.requestId);
    const isOver = word.kind !== 'end' && password?.endedAt !== undefined;
    if (!password || !request || isOver || !isTheirsToHear(this.links, word, request))
      return this.store.setWay(word.id, 'moot');
    // Written before it is sent: a bot that is killed while sending then looks whether it was.
    this.store.begin(word.id);
    if (await this.#dm(word, password, request)) return;
    const channelId = request.askedInChannelId;
    const isInPlace = channelId !== undefined && (await this.#inPlace(word, request, channelId));
    this.store.setWay(word.id, isInPlace ? 'place' : 'next');
  }

  async #dm(word: TempPasswordNotice, password: TempPassword, request: Request): Promise<boolean> {
    const channelId = await this.messenger.openDm(request.memberId);
    if (channelId === undefined) return false;
    const place =
      (await this.#sentBefore(word, request, channelId)) ??
      (await this.messenger.send(channelId, this.messages.word(word, password, request), nonce(word, request, 'e')));
    if (place) this.store.setWay(word.id, 'told', place);
    return place !== undefined;
  }

  async #inPlace(word: TempPasswordNotice, request: Request, channelId: string): Promise<boolean> {
    if (await this.#sentBefore(word, request, channelId)) return true;
    const message = this.messages.wordInPlace(word, request);
    return (await this.messenger.send(channelId, message, nonce(word, request, 'f'))) !== undefined;
  }

  async #sentBefore(word: TempPasswordNotice, request: Request, channelId: string) {
    if (word.attempts === 0) return undefined;
    return (await this.messenger.findOwn(channelId, tempPasswordMark(word, request)))?.place;
  }
}

function nonce({ kind }: TempPasswordNotice, request: Request, way: string): string {
  return nonceOf(request, way, kind === 'reminder 1' ? 1 : kind === 'reminder 2' ? 2 : 3);
}
