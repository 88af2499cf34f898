import { freeAccounts } from '../accounts/link.js';
import { calmly } from '../log.js';
import { nameFacts } from '../members/member-names.js';
import { messageKey } from '../notices/kept-message.js';
import type { Message } from '../notices/messenger-port.js';
import {
  helpersMayDecide,
  isByName,
  isOver,
  otherOwners,
  ownersBeside,
  type Request,
  requestButtonIds,
  setsPassword,
} from './request.js';
import type { CardFacts, Named, RequestDeps } from './request-deps.js';
import type { UnpostedRequests } from './unposted-requests.js';

/** Keeps each request's card in the admin channel in step with the request. */
export class RequestCards {
  constructor(private readonly deps: RequestDeps & { readonly unposted: UnpostedRequests }) {}

  /**
   * Makes the card show how the request stands, with a new card where there is none, and returns the request with it. A
   * failure at Discord is logged and not thrown: the request matters more, and the next round of the upkeep tries again.
   */
  async refresh(request: Request, recovering: boolean): Promise<Request> {
    const { id } = request;
    const { stores, kept, adminChannel, unposted, log } = this.deps;
    // An open pass has a card always, as it can be ended there.
    const hasCard = request.origin === 'asked' || request.kind === 'pass';
    if (!hasCard || request.cardVersion === request.version) return request;
    try {
      const { message, version } = await this.#draw(request, false);
      const { at } = await kept.put({
        policy: isOver(request.state) ? 'endedRequestCard' : 'requestCard',
        at: request.card,
        channelId: adminChannel.id,
        key: messageKey('requestCard', { id, since: request.createdAt }, request.card ? request.version : 0),
        // Sending a card anew whose sending was cut off would give it back as it was, buttons and all (the key).
        findBy: recovering || request.version > 1 ? requestButtonIds(request).card : [],
        message,
      });
      const isReaching = adminChannel.reaches({ helpersToo: helpersMayDecide(request) });
      if (request.state === 'pending' && !isReaching) unposted.tell(request);
      return (at && stores.requests.setCard(id, at, version, undefined)) ?? request;
    } catch (err) {
      log.warn({ err, request: id }, 'the card in the admin channel could not be brought up to date yet');
      return request;
    }
  }

  /** Sends the card once more, which is what makes a phone ring; the older one points to it. */
  remind(request: Request, now: number): Promise<void> {
    return this.#sendAnew(request, 'requestReminder', [], now);
  }

  /** Sends the card of a waiting request that stands in another channel than the one that is the admins' now. */
  async moveHere(request: Request): Promise<void> {
    if (request.state !== 'pending' || !request.card || request.card.channelId === this.deps.adminChannel.id) return;
    await this.#sendAnew(request, 'requestMoved', requestButtonIds(request).card, undefined);
  }

  async #sendAnew(
    request: Request,
    key: 'requestReminder' | 'requestMoved',
    findBy: readonly string[],
    remindedAt: number | undefined,
  ): Promise<void> {
    const { stores, kept, messages, adminChannel } = this.deps;
    const { message, version } = await this.#draw(request, remindedAt !== undefined);
    const { at } = await kept.put({
      policy: 'requestCard',
      at: undefined,
      channelId: adminChannel.id,
      key: messageKey(key, { id: request.id, since: request.createdAt }),
      findBy,
      message,
    });
    if (!at) return;
    // Before the new one is noted: a bot that is stopped in between would never come back to the buttons of the old one.
    if (request.card) await kept.revise('lastWord', request.card, messages.movedCard(request, at.messageId));
    stores.requests.setCard(request.id, at, version, remindedAt);
  }

  /** The card and the version that it shows; none, where Jellyfin could not be asked: then it is drawn again in the next round. */
  async #draw(request: Request, reminder: boolean): Promise<{ message: Message; version: number }> {
    const { stores, ownership, messages } = this.deps;
    const { id, kind, memberId, accountId, linksOnApproval } = request;
    const isPending = request.state === 'pending';
    const picks = linksOnApproval && isPending;
    const candidates = picks ? await this.#free() : [];
    const named = picks && isByName(request) ? await this.#named(request) : undefined;
    const offeredId = named?.kind === 'account' ? named.account.id : undefined;
    // A new password for an account that they own themselves takes the place of everybody's.
    const isShared = setsPassword(kind) && isPending && !linksOnApproval;
    if (offeredId !== undefined || isShared) await this.#lookForThoseBack(offeredId ?? accountId);
    const linksOf = (id: string) => ownership.ofAccount(id);
    // Its buttons carry the version of what it offers, and of whose that is.
    const shown = (picks && stores.requests.byId(id)) || request;
    const message = messages.card(
      shown,
      {
        candidates,
        named,
        owners: offeredId === undefined ? [] : otherOwners(linksOf, { ...request, offeredId }),
        sharedWith: isShared ? ownersBeside(linksOf, request) : [],
        asker: isPending ? nameFacts(stores.memberNames, memberId) : undefined,
        link: ownership.find(memberId, accountId),
        earlier: stores.requests.earlier(id),
      },
      reminder,
    );
    return { message, version: named?.kind === 'unknown' ? 0 : shown.version };
  }

  /** Never throws: whom the card does not name is told of what was done in any case. */
  #lookForThoseBack(accountId: string): Promise<void> {
    const { ownership, log } = this.deps;
    return calmly(log, {}, 'Discord did not say whether owners who left are back', () =>
      ownership.lookForThoseBack(accountId),
    );
  }

  /** What is offered is written down: whoever approves approves that, and not what the name stands for by then. */
  async #named(request: Request): Promise<Named> {
    const named = await this.#accountOf(request.accountName);
    const isOffered = named.kind === 'account' && !named.account.isAdministrator;
    this.deps.stores.requests.setOffered(request.id, isOffered ? named.account.id : undefined);
    return named;
  }

  /** The accounts that nobody has. Never throws: without them the card still says how to link by command. */
  async #free(): Promise<CardFacts['candidates']> {
    const { accounts, stores, log } = this.deps;
    try {
      return await freeAccounts(accounts, stores.links);
    } catch (err) {
      log.warn({ err }, 'a request that links goes out without accounts to pick from');
      return [];
    }
  }

  /** What a name stands for. Never throws: the card says that it is not known. */
  async #accountOf(name: string): Promise<Named> {
    try {
      const [account, another] = await this.deps.accounts.find(name);
      return account && !another ? { kind: 'account', account } : { kind: 'none' };
    } catch (err) {
      this.deps.log.warn({ err }, 'a request goes out without a look at the account that it names');
      return { kind: 'unknown' };
    }
  }
}
