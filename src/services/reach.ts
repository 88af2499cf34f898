import type { Messenger } from './messenger-port.js';
import type { MessagePlace, Request, Word } from './request.js';
import type { RequestStore } from './request-store.js';
import { markOf, type RequestVoice } from './request-voice.js';

/** The ways to reach a member, in order: a direct message; the place they asked in; their next command. */
export class Reach {
  constructor(
    private readonly store: RequestStore,
    private readonly messenger: Messenger,
    private readonly voice: RequestVoice,
  ) {}

  /**
   * Tells the member how a request stands, if they are still to hear of it. Throws what Discord threw when it is
   * Discord that is in trouble: the word stays due then. `recovering`: a bot that was stopped may have told already.
   */
  async tell(id: number, recovering: boolean): Promise<void> {
    const request = this.store.byId(id);
    if (request?.word !== 'due') return;
    this.store.setWord(id, await this.#wayTo(request, recovering));
  }

  async #wayTo(request: Request, recovering: boolean): Promise<Word> {
    // A password that waits behind a button waits because direct messages are closed.
    if (request.delivery !== 'button' || request.state !== 'approved') {
      if (await this.#dm(request, recovering)) return 'told';
    }
    if (request.placeChannelId === undefined) return 'next';
    const message = this.voice.outcomeInPlace(request);
    return (await this.messenger.send(request.placeChannelId, message, nonce(request, 'w'))) ? 'place' : 'next';
  }

  async #dm(request: Request, recovering: boolean): Promise<boolean> {
    const channelId = await this.messenger.openDm(request.memberId);
    if (channelId === undefined) return false;
    // An edit makes no sound, so the word itself is a new message.
    if (request.notice) await this.#withdraw(request, request.notice);
    if (recovering && (await this.messenger.findOwn(channelId, markOf.outcome(request)))) return true;
    const place = await this.messenger.send(channelId, this.voice.outcome(request), nonce(request, 't'));
    return place !== undefined;
  }

  /** The message that was to show a password; one that still shows an earlier one is left, as that one still works. */
  async #withdraw(request: Request, notice: MessagePlace): Promise<void> {
    const standing = await this.messenger.read(notice);
    if (!standing || standing.buttons.some((each) => each.startsWith('resetpw:in:'))) return;
    await this.messenger.edit(notice, this.voice.passwordNotShown(request));
  }
}

/** A request's version is in it: the same request may end twice (failed, tried again). */
function nonce(request: Request, kind: string): string {
  return `r${request.id}${kind}${request.version}`;
}
