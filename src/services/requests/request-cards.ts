import type { LinkStore } from '../accounts/link.js';
import type { Log } from '../log.js';
import type { MessageRef, Messenger } from '../notices/messenger-port.js';
import { otherOwners, ownersBeside } from './co-owners.js';
import { isOver, makesLink, nonceOf, type Request, type RequestStore } from './request.js';
import { markOf, type CardFacts, type Named, type RequestMessages } from './request-messages.js';
import { AppError } from '../../errors.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { freeAccounts } from '../accounts/unlinked-accounts.js';

/** What a card asks of the server; neither throws: a card says what is not known. */
export interface CardLook {
  free(): Promise<CardFacts['candidates']>;
  named(name: string): Promise<Named>;
}

/** Keeps each request's card in the admin channel in step with the request. */
export class RequestCards {
  /** Requests whose card was drawn while Jellyfin could not be asked about it: it is drawn again in the next round. */
  readonly #blind = new Set<number>();

  constructor(
    private readonly store: RequestStore,
    private readonly links: LinkStore,
    private readonly messenger: Messenger,
    private readonly messages: RequestMessages,
    private readonly adminChannelId: string,
    private readonly look: CardLook,
    private readonly log: Log,
  ) {}

  /**
   * Makes the card show how the request stands, with a new card where there is none. A failure at Discord is logged
   * and not thrown: the request matters more, and the next round of the upkeep tries again.
   */
  async refresh(id: number, recovering = false): Promise<void> {
    try {
      const request = this.store.byId(id);
      if (!request?.wantsCard || request.cardVersion === request.version) return;
      const edited = request.card && (await this.messenger.edit(request.card, await this.#draw(request, false)));
      if (edited === 'edited') this.store.setCardVersion(id, this.#shown(request));
      // A card that is there and cannot be changed, because of permissions say, is tried again rather than doubled.
      else if (edited !== 'refused') await this.#post(request, recovering, edited === 'gone');
    } catch (err) {
      this.log.warn({ err, request: id }, 'the card in the admin channel could not be brought up to date yet');
    }
  }

  /** Sends the card once more, which is what makes a phone ring; the older one points to it. */
  async remind(request: Request, now: number): Promise<void> {
    const place = await this.#send(request, true, nonceOf(request, 'm', 0));
    if (!place) return;
    // Before the new one is noted: a bot that is stopped in between would never come back to the buttons of the old one.
    if (request.card) await this.messenger.edit(request.card, this.messages.movedCard(request, place.messageId));
    this.store.setCard(request.id, place, this.#shown(request), now);
  }

  async #post(request: Request, recovering: boolean, wasDeleted: boolean): Promise<void> {
    // A card that a stopped bot sent but did not get to write down is found by its button.
    const mark = makesLink(request) ? markOf.linkCard(request.id) : markOf.card(request.id);
    // So is one whose sending was cut off: sending it anew would give it back as it was, buttons and all (the nonce).
    const mayBeThere = !request.card && (recovering || request.version > 1);
    const lost = mayBeThere ? await this.messenger.findOwn(this.adminChannelId, mark) : undefined;
    if (lost && (await this.messenger.edit(lost.place, await this.#draw(request, false))) === 'edited') {
      this.store.setCard(request.id, lost.place, this.#shown(request));
      return;
    }
    // A card that was deleted after the end of its request is not put back.
    if (wasDeleted && isOver(request.state)) {
      this.store.setCardVersion(request.id, request.version);
      return;
    }
    const place = await this.#send(request, false, nonceOf(request, 'v', request.card ? request.version : 0));
    if (place) this.store.setCard(request.id, place, this.#shown(request));
  }

  async #send(request: Request, reminder: boolean, nonce: string): Promise<MessageRef | undefined> {
    const place = await this.messenger.send(this.adminChannelId, await this.#draw(request, reminder), nonce);
    if (!place)
      this.log.error(
        { request: request.id },
        'the bot cannot write in the admin channel: give it back its permissions there',
      );
    return place;
  }

  /** The version that the card shows; none, where something on it is still to be looked up. */
  #shown({ id, version }: Request): number {
    return this.#blind.has(id) ? 0 : version;
  }

  async #draw(request: Request, reminder: boolean) {
    this.#blind.delete(request.id);
    const picks = makesLink(request) && request.state === 'pending';
    const candidates = picks ? await this.look.free() : [];
    const named = picks && request.links ? await this.#named(request) : undefined;
    const facts = {
      candidates,
      named,
      owners: named?.kind === 'account' ? otherOwners(this.links, { ...request, offeredId: named.account.id }) : [],
      sharedWith: isOpenReset(request) ? ownersBeside(this.links, request) : [],
      link: this.links.find(request.memberId, request.accountId),
      earlier: this.store.earlier(request.id),
    };
    return this.messages.card(request, facts, reminder);
  }

  /** What is offered is written down: whoever approves approves that, and not what the name stands for by then. */
  async #named(request: Request): Promise<Named> {
    const named = await this.look.named(request.accountName);
    if (named.kind === 'unknown') this.#blind.add(request.id);
    const isOffered = named.kind === 'account' && !named.account.isAdministrator;
    this.store.setOffered(request.id, isOffered ? named.account.id : undefined);
    return named;
  }
}

/** A new password for an account that they own themselves: it takes the place of everybody's. */
function isOpenReset(request: Request): boolean {
  return request.kind === 'reset' && request.state === 'pending' && !makesLink(request);
}

/** What cards ask of the server. */
export function cardLook(directory: AccountDirectory, links: LinkStore, log: Log): CardLook {
  return {
    free: async () => {
      try {
        return await freeAccounts(directory, links);
      } catch (err) {
        // The card still says how to link by command.
        log.warn({ err }, 'a request that links goes out without accounts to pick from');
        return [];
      }
    },
    named: async (name) => {
      try {
        const found = await directory.find(name);
        return found.kind === 'one' ? { kind: 'account', account: found.account } : { kind: 'none' };
      } catch (err) {
        if (!(err instanceof AppError)) throw err;
        log.warn({ err }, 'a request goes out without a look at the account that it names');
        return { kind: 'unknown' };
      }
    },
  };
}
