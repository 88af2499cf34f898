import { AppError } from '../errors.js';
import type { Jellyfin, Permit } from './jellyfin-port.js';
import type { Messenger } from './messenger-port.js';
import type { MessagePlace, Request } from './request.js';
import type { RequestStore } from './request-store.js';
import { markOf, type RequestVoice } from './request-voice.js';
import type { TempPasswordStore } from './temp-password.js';

/**
 * Makes a temporary password, sets it and shows it: the one place where a password exists, and the one message.
 * The way to the person is proven before anything is set.
 */
export class PasswordDelivery {
  constructor(
    private readonly store: RequestStore,
    private readonly records: TempPasswordStore,
    private readonly jellyfin: Jellyfin,
    private readonly messenger: Messenger,
    private readonly voice: RequestVoice,
    private readonly newPassword: () => string,
    private readonly ttlMs: number,
    private readonly now: () => number,
  ) {}

  /**
   * By direct message; where those are closed, leaves the request waiting behind a button. Calls `done` once the
   * password stands in the message. Throws AppError when the request has failed, anything else when Discord is in
   * trouble: then the same call, made again, goes on from where it stopped.
   */
  async deliver(request: Request, permit: Permit, done: () => void): Promise<void> {
    const place = await this.#provenPlace(request);
    if (place === 'closed') {
      this.store.setDelivery(request.id, 'button', 'due');
      return;
    }
    if (!place.shown) {
      const password = await this.set(request, permit);
      const edited = await this.messenger.edit(place, this.voice.passwordShown(request, password));
      if (edited !== 'edited') throw new AppError('passwordNotShown');
    }
    await this.shown(request, place);
    done();
  }

  /** Makes a password and sets it at the server; whoever calls this shows it and then says so. Throws AppError. */
  async set(request: Request, permit: Permit): Promise<string> {
    const { id: requestId, accountId, memberId } = request;
    const begunAt = this.now();
    const password = this.newPassword();
    this.records.begin({ requestId, accountId, memberId, begunAt, expiresAt: begunAt + this.ttlMs });
    await this.jellyfin.setPassword(accountId, password, permit);
    return password;
  }

  /** Notes that a password was shown, and scrubs the messages of earlier ones: an account has one password. */
  async shown(request: Request, place?: MessagePlace): Promise<void> {
    for (const earlier of this.records.outstandingOf(request.accountId)) {
      const before = this.store.byId(earlier.requestId);
      if (earlier.requestId === request.id || !before) continue;
      if (earlier.place && earlier.place.messageId !== place?.messageId) {
        await this.messenger.edit(earlier.place, this.voice.passwordScrubbed(before, 'superseded'));
      }
      this.records.end(earlier.requestId, this.now(), 'superseded');
    }
    this.records.shown(request.id, this.now(), place);
  }

  /** The message in which the password will appear, sent unless it is there already. */
  async #provenPlace(request: Request): Promise<(MessagePlace & { shown: boolean }) | 'closed'> {
    if (request.notice) {
      const standing = await this.messenger.read(request.notice);
      if (standing) return { ...request.notice, shown: standing.buttons.includes(markOf.password(request.id)) };
      // Gone. Was a password set, then nobody can tell whether it was seen: no second one without being asked.
      if (this.records.byRequest(request.id)) throw new AppError('passwordNotShown');
    }
    const channelId = await this.messenger.openDm(request.memberId);
    if (channelId === undefined) return 'closed';
    const place = await this.messenger.send(
      channelId,
      this.voice.passwordComing(request),
      `r${request.id}p${request.version}`,
    );
    if (!place) return 'closed';
    this.store.setNotice(request.id, place);
    this.store.setDelivery(request.id, 'dm');
    return { ...place, shown: false };
  }
}
