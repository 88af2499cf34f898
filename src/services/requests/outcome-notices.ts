import type { Messenger } from '../notices/messenger-port.js';
import { nonceOf, type Request, type Word, type RequestStore } from './request.js';
import { markOf, type RequestMessages } from './request-messages.js';

/** The ways to reach a member, in order: a direct message; the place they asked in; their next command. */
export class OutcomeNotifier {
  constructor(
    private readonly store: RequestStore,
    private readonly messenger: Messenger,
    private readonly messages: RequestMessages,
  ) {}

  /**
   * Tells the member how a request stands, if they are still to hear of it. Throws what Discord threw when it is
   * Discord that is in trouble: the word stays due then. `recovering`: a bot that was stopped may have told already.
   */
  async tell(request: Request, recovering: boolean): Promise<Request> {
    if (request.word !== 'due') return request;
    return this.store.setWord(request.id, await this.#wayTo(request, recovering)) ?? request;
  }

  async #wayTo(request: Request, recovering: boolean): Promise<Word> {
    // Who was not asking is not told that a helper's own attempt came to nothing; the helper was.
    if (request.state === 'failed' && isHelpersAct(request)) return 'told';
    // A password that waits behind a button waits because direct messages are closed.
    const waitsBehindButton = request.state === 'approved' && request.delivery === 'button';
    if (!waitsBehindButton && (await this.#dm(request, recovering))) return 'told';
    if (request.askedInChannelId === undefined) return 'next';
    return (await this.#inPlace(request, request.askedInChannelId, recovering)) ? 'place' : 'next';
  }

  async #dm(request: Request, recovering: boolean): Promise<boolean> {
    const channelId = await this.messenger.openDm(request.memberId);
    if (channelId === undefined) return false;
    if (recovering && (await this.messenger.findOwn(channelId, markOf.outcome(request)))) return true;
    return (await this.messenger.send(channelId, this.messages.outcome(request), nonceOf(request, 't'))) !== undefined;
  }

  async #inPlace(request: Request, channelId: string, recovering: boolean): Promise<boolean> {
    const mark = request.state === 'approved' ? markOf.show(request.id) : markOf.outcome(request);
    if (recovering && (await this.messenger.findOwn(channelId, mark))) return true;
    const message = this.messages.outcomeInPlace(request);
    return (await this.messenger.send(channelId, message, nonceOf(request, 'w'))) !== undefined;
  }
}

/** A password that waited behind a button was offered to its member, who hears that it is gone. */
function isHelpersAct(request: Request): boolean {
  return request.origin === 'direct' && request.decidedBy !== request.memberId && request.delivery !== 'button';
}
