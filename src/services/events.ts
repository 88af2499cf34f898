import type { Account } from './accounts/account.js';
import type { KeptLink } from './accounts/link.js';
import type { Log } from './log.js';
import type { Actor } from './members/actor.js';

/** What one capability tells the others, by name. */
export interface ServiceEvents {
  /** An unlock or a new password was recorded as done; `actorId` did it or decided it. */
  readonly accountOpened: { readonly accountId: string; readonly actorId: string };
  /** One account was read from Jellyfin; undefined: it is not there any more. */
  readonly accountRead: { readonly id: string; readonly account: Account | undefined };
  /** All accounts were read from Jellyfin. */
  readonly accountsListed: readonly Account[];
  /** An account was signed out on all its devices; `actorId` did it. */
  readonly signedOutEverywhere: { readonly accountId: string; readonly actorId: string };
  /** Discord gave somebody who is in the server, with their roles of this moment. */
  readonly memberRead: Actor;
  /** Discord was asked for somebody who is not in the server. */
  readonly memberGone: { readonly id: string };
  /** A link counts no more, or again, as its account has become an administrator's or ordinary, or its member's roles are others. */
  readonly linkTurned: { readonly link: KeptLink; readonly counts: boolean };
  /** Discord showed the admin channel: whether the bot can write there, and which of the configured roles are not there any more. */
  readonly adminChannelRead: { readonly isClosed: boolean; readonly goneRoleIds: readonly string[] };
  /** An account has got an owner or lost one: a link was made or taken away, fell asleep or woke up. */
  readonly ownersChanged: { readonly accountId: string; readonly change: 'gained' | 'lost' };
}

type Listener<E> = (event: E) => void;

/**
 * Made before every service and subscribed to after the last, so that no service refers to one made later. Listeners run
 * at once, inside the transaction that the event belongs to.
 */
export class Events {
  readonly #listeners: { readonly [N in keyof ServiceEvents]: Listener<ServiceEvents[N]>[] } = {
    accountOpened: [],
    accountRead: [],
    accountsListed: [],
    signedOutEverywhere: [],
    memberRead: [],
    memberGone: [],
    adminChannelRead: [],
    linkTurned: [],
    ownersChanged: [],
  };

  constructor(private readonly log: Pick<Log, 'error'>) {}

  on<N extends keyof ServiceEvents>(name: N, listener: Listener<ServiceEvents[N]>): void {
    this.#listeners[name].push(listener);
  }

  /** Never throws: the act itself is done, so a listener that fails is logged. */
  emit<N extends keyof ServiceEvents>(name: N, event: ServiceEvents[N]): void {
    for (const listener of this.#listeners[name]) {
      try {
        listener(event);
      } catch (err) {
        this.log.error({ err, event: name }, 'an event could not be handled');
      }
    }
  }
}
