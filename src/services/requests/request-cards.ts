import { AppError } from '../../errors.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { type LinkStore, freeAccounts } from '../accounts/link.js';
import type { Ownership } from '../accounts/ownership.js';
import type { Log } from '../log.js';
import { type MemberNames, nameFacts } from '../members/member-names.js';
import type { AdminChannel } from '../notices/admin-channel.js';
import { type KeptMessages, messageKey } from '../notices/kept-message.js';
import type { Message } from '../notices/messenger-port.js';
import {
  helpersMayDecide,
  isByName,
  isOver,
  otherOwners,
  ownersBeside,
  type Request,
  type RequestStore,
  requestButtonIds,
  setsPassword,
  type CardFacts,
  type Named,
  type RequestMessages,
} from './request.js';
import type { UnpostedRequests } from './unposted-requests.js';

/** What a card asks of the server; neither throws: a card says what is not known. */
export interface CardLook {
  free(): Promise<CardFacts['candidates']>;
  named(name: string): Promise<Named>;
}

export interface RequestCardsDeps {
  readonly store: RequestStore;
  readonly ownership: Pick<Ownership, 'find' | 'ofAccount'>;
  readonly names: MemberNames;
  readonly kept: KeptMessages;
  readonly messages: RequestMessages;
  readonly adminChannelId: string;
  readonly adminChannel: Pick<AdminChannel, 'reaches'>;
  readonly look: CardLook;
  readonly unposted: Pick<UnpostedRequests, 'tell'>;
  readonly log: Log;
}

/** Keeps each request's card in the admin channel in step with the request. */
export class RequestCards {
  constructor(private readonly deps: RequestCardsDeps) {}

  /**
   * Makes the card show how the request stands, with a new card where there is none, and returns the request with it. A
   * failure at Discord is logged and not thrown: the request matters more, and the next round of the upkeep tries again.
   */
  async refresh(request: Request, recovering: boolean): Promise<Request> {
    const { id } = request;
    const { store, kept, adminChannelId, adminChannel, log } = this.deps;
    // An open pass has a card always, as it can be ended there.
    const hasCard = request.origin === 'asked' || request.kind === 'pass';
    if (!hasCard || request.cardVersion === request.version) return request;
    try {
      const { message, version } = await this.#draw(request, false);
      const { at } = await kept.put({
        policy: isOver(request.state) ? 'endedRequestCard' : 'requestCard',
        at: request.card,
        channelId: adminChannelId,
        key: messageKey('requestCard', { id, since: request.createdAt }, request.card ? request.version : 0),
        // Sending a card anew whose sending was cut off would give it back as it was, buttons and all (the key).
        findBy: recovering || request.version > 1 ? requestButtonIds(request).card : [],
        message,
      });
      const isReaching = adminChannel.reaches({ helpersToo: helpersMayDecide(request) });
      if (request.state === 'pending' && !isReaching) this.deps.unposted.tell(request);
      return (at && store.setCard(id, at, version, undefined)) ?? request;
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
    if (request.state !== 'pending' || !request.card || request.card.channelId === this.deps.adminChannelId) return;
    await this.#sendAnew(request, 'requestMoved', requestButtonIds(request).card, undefined);
  }

  async #sendAnew(
    request: Request,
    key: 'requestReminder' | 'requestMoved',
    findBy: readonly string[],
    remindedAt: number | undefined,
  ): Promise<void> {
    const { store, kept, messages, adminChannelId } = this.deps;
    const { message, version } = await this.#draw(request, remindedAt !== undefined);
    const { at } = await kept.put({
      policy: 'requestCard',
      at: undefined,
      channelId: adminChannelId,
      key: messageKey(key, { id: request.id, since: request.createdAt }),
      findBy,
      message,
    });
    if (!at) return;
    // Before the new one is noted: a bot that is stopped in between would never come back to the buttons of the old one.
    if (request.card) await kept.revise('lastWord', request.card, messages.movedCard(request, at.messageId));
    store.setCard(request.id, at, version, remindedAt);
  }

  /** The card and the version that it shows; none, where Jellyfin could not be asked: then it is drawn again in the next round. */
  async #draw(request: Request, reminder: boolean): Promise<{ message: Message; version: number }> {
    const { store, ownership, names, look, messages } = this.deps;
    const { id, kind, memberId, accountId, linksOnApproval } = request;
    const isPending = request.state === 'pending';
    const picks = linksOnApproval && isPending;
    const candidates = picks ? await look.free() : [];
    const named = picks && isByName(request) ? await this.#named(request) : undefined;
    const message = messages.card(
      request,
      {
        candidates,
        named,
        owners: named?.kind === 'account' ? otherOwners(ownership, { ...request, offeredId: named.account.id }) : [],
        // A new password for an account that they own themselves takes the place of everybody's.
        sharedWith: setsPassword(kind) && isPending && !linksOnApproval ? ownersBeside(ownership, request) : [],
        asker: isPending ? nameFacts(names, memberId) : undefined,
        link: ownership.find(memberId, accountId),
        earlier: store.earlier(id),
      },
      reminder,
    );
    return { message, version: named?.kind === 'unknown' ? 0 : request.version };
  }

  /** What is offered is written down: whoever approves approves that, and not what the name stands for by then. */
  async #named(request: Request): Promise<Named> {
    const named = await this.deps.look.named(request.accountName);
    const isOffered = named.kind === 'account' && !named.account.isAdministrator;
    this.deps.store.setOffered(request.id, isOffered ? named.account.id : undefined);
    return named;
  }
}

/** What cards ask of the server. */
export function cardLook(directory: AccountDirectory, links: Pick<LinkStore, 'linkedAccountIds'>, log: Log): CardLook {
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
        const [account, another] = await directory.find(name);
        return account && !another ? { kind: 'account', account } : { kind: 'none' };
      } catch (err) {
        if (!(err instanceof AppError)) throw err;
        log.warn({ err }, 'a request goes out without a look at the account that it names');
        return { kind: 'unknown' };
      }
    },
  };
}
