import { createHash } from 'node:crypto';
import { AppError } from '../../errors.js';
import { isRecent } from '../../is-recent.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { MessageRef, Message, Messenger } from '../notices/messenger-port.js';
import type { Channels, StatusCard, StatusCardStore, StatusCardMessages } from './status-card.js';

/** Discord lets old messages be edited only now and then. */
const oldAfterMs = 3_600_000;
const restOldMs = 10 * 60_000;

/** The button of a card, which no other message has. */
export const standingMark = (id: number) => `status:unkeep:${id}`;

/** The button on the word that a card was given up, by which that is found again. */
export const givenUpMark = (id: number) => `status:keep:instead-of-${id}`;

export interface StatusCardsDeps {
  readonly store: StatusCardStore;
  readonly messages: StatusCardMessages;
  readonly channels: Channels;
  readonly messenger: Messenger;
  readonly adminChannelId: string;
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
}

type Kept = 'pinned' | 'notPinned' | 'later';

/** The household at a glance, standing in a channel: looked at once a minute, and drawn anew when something has changed. */
export class StatusCards {
  readonly #locks = new KeyedMutex<string>();

  constructor(private readonly deps: StatusCardsDeps) {}

  /**
   * Puts the card into a channel; one that stands there already is left, and says where. `notPinned` when the bot may not
   * pin; `later` when Discord's troubles leave sending it to the next round. Throws `channelOpenToAll` where everybody
   * would read who is locked out, or `cannotPostThere`.
   */
  async keep(actor: Actor, channelId: string): Promise<Kept> {
    if (await this.deps.channels.isOpenToAll(channelId)) throw new AppError('channelOpenToAll');
    return this.#locks.run(channelId, async () => {
      const begun = await this.#begin(channelId);
      const how = await this.#sendNow(begun);
      if (!how) {
        this.#unbegin(begun);
        throw new AppError('cannotPostThere');
      }
      this.deps.audit.record({ actorId: actor.id, act: 'keep card', outcome: 'done', detail: channelId });
      return how;
    });
  }

  /** One that was left before the last, and does not say yet where the card is, would say for good that it is kept up to date. */
  async #begin(channelId: string): Promise<StatusCard> {
    const { store, channels } = this.deps;
    const card = store.all().find((each) => each.channelId === channelId);
    const { messageId, leftMessageId } = card ?? {};
    if (messageId !== undefined && leftMessageId !== undefined)
      await channels.remove({ channelId, messageId: leftMessageId });
    return store.begin(channelId);
  }

  /** What is written down goes on by itself after trouble, and whoever waits is told so: they would press again. */
  async #sendNow(card: StatusCard): Promise<Kept | undefined> {
    try {
      const sent = await this.#send(card);
      return sent && ((await this.#pin(sent)) ? 'pinned' : 'notPinned');
    } catch (err) {
      this.deps.log.warn({ err, card: card.id }, 'a card that stays could not be sent or pinned yet');
      return 'later';
    }
  }

  /** Posts *Cannot sign in?*: it needs no keeping, as its button answers whatever happens to the bot. Throws `cannotPostThere`. */
  async post(actor: Actor, channelId: string): Promise<void> {
    const { messenger, messages, audit, now } = this.deps;
    const place = await messenger.send(
      channelId,
      messages.keylessJellyfin(),
      `f${now().toString(36)}.${channelId.slice(-8)}`,
    );
    if (!place) throw new AppError('cannotPostThere');
    audit.record({ actorId: actor.id, act: 'post card', outcome: 'done', detail: channelId });
  }

  /**
   * Takes a card out of its channel; what is left of it says so. That it is wanted is written down first: what Discord's
   * troubles keep from being done now is done by the next round. Throws `cardOutdated`.
   */
  async remove(actor: Actor, id: number): Promise<void> {
    const { store, audit, log } = this.deps;
    const channelId = store.byId(id)?.channelId;
    if (channelId === undefined) throw new AppError('cardOutdated');
    if (store.removing(id)) audit.record({ actorId: actor.id, act: 'remove card', outcome: 'done', detail: channelId });
    await this.#locks.run(channelId, async () => {
      try {
        const card = store.byId(id);
        if (card?.isRemoving) await this.#takeAway(card);
      } catch (err) {
        log.warn({ err, card: id }, 'a card could not be taken away yet');
      }
    });
  }

  /** Once a minute. Never throws: what Discord's troubles keep from being shown is shown by the next round. */
  async round(): Promise<void> {
    for (const { id, channelId } of this.deps.store.all()) {
      await this.#locks.run(channelId, async () => {
        try {
          const card = this.deps.store.byId(id);
          if (card?.isRemoving) await this.#takeAway(card);
          else if (card) await this.#refresh(card);
        } catch (err) {
          this.deps.log.warn({ err, card: id }, 'a card that stays could not be brought up to date yet');
        }
      });
    }
  }

  async #refresh(card: StatusCard): Promise<void> {
    const { store, messages, messenger, log, now } = this.deps;
    if (card.messageId === undefined) return this.#sendAndPin(card);
    // What cannot be pinned yet is kept up to date all the same.
    if (card.isToPin)
      await this.#pin(card).catch((err: unknown) => log.warn({ err, card: card.id }, 'a card could not be pinned yet'));
    await this.#point(card);
    const { sentAt = 0, editedAt = 0 } = card;
    if (!isRecent(sentAt, now(), oldAfterMs) && isRecent(editedAt, now(), restOldMs)) return;
    const message = await messages.card(card.id);
    const drawn = digest(message);
    if (drawn === card.drawn) return;
    const edited = await messenger.edit(placeOf(card, card.messageId), message);
    if (edited === 'edited') return store.edited(card.id, drawn, now());
    if (edited === 'refused') return;
    await this.#sendAndPin(await this.#begin(card.channelId));
  }

  /** One whose sending was cut short, by a kill or by Discord's troubles, is pinned like any other. */
  async #sendAndPin(card: StatusCard): Promise<void> {
    const sent = await this.#sendOrGiveUp(card);
    if (sent) await this.#pin(sent);
  }

  /** False when the bot may not; that is not tried again, unlike what was cut short. */
  async #pin(card: StatusCard): Promise<boolean> {
    if (card.messageId === undefined) return false;
    const pinned = await this.deps.channels.pin(placeOf(card, card.messageId));
    this.deps.store.pinned(card.id);
    return pinned;
  }

  /** One that cannot stand in its channel any more is kept no longer: trying again would only hear it again. */
  async #sendOrGiveUp(card: StatusCard): Promise<StatusCard | undefined> {
    const sent = await this.#send(card);
    if (sent) return sent;
    const { store, audit, log } = this.deps;
    const { id, channelId } = card;
    log.warn(
      { card: id, channel: channelId },
      'a card is not kept any longer: its channel takes no messages of the bot',
    );
    if (store.givenUp(id)) {
      audit.record({ actorId: 'latchkey', act: 'remove card', outcome: 'cannotPostThere', detail: channelId });
    }
    await this.#takeAway({ ...card, isGivenUp: true });
    return undefined;
  }

  /** Nothing was sent: a card that stood there before goes on, and without one there is nothing to keep. */
  #unbegin({ id, leftMessageId }: StatusCard): void {
    const { store, now } = this.deps;
    if (leftMessageId === undefined) return store.remove(id);
    store.sent(id, leftMessageId, '', now());
    store.pointed(id);
    store.pinned(id);
  }

  /** Can be begun again after any line; only when nothing says any more that it is kept is its row gone. */
  async #takeAway(card: StatusCard): Promise<void> {
    const { store, messages, messenger, channels } = this.deps;
    for (const messageId of [card.leftMessageId, card.messageId]) {
      if (messageId === undefined) continue;
      const place = placeOf(card, messageId);
      const edited = await messenger.edit(place, messages.removed());
      if (edited === 'edited') await channels.unpin(place);
      // One that Discord lets rest would say for good that it is kept up to date.
      else if (edited !== 'gone') await channels.remove(place);
    }
    if (card.isGivenUp) await this.#tellAdmins(card);
    store.remove(card.id);
  }

  /** Nobody may look for a card that is not there. A bot that was killed while sending finds its own word again. */
  async #tellAdmins(card: StatusCard): Promise<void> {
    const { messages, messenger, adminChannelId } = this.deps;
    if (await messenger.findOwn(adminChannelId, givenUpMark(card.id))) return;
    const sent = await messenger.send(adminChannelId, messages.givenUp(card), `k${card.id}.lost`);
    if (!sent) throw new Error('the bot cannot write in the admin channel: give it back its permissions there');
  }

  /** Sends it; a bot that was killed while sending finds its own message again. */
  async #send(card: StatusCard): Promise<StatusCard | undefined> {
    const { store, messages, messenger, now } = this.deps;
    const message = await messages.card(card.id);
    const own = await messenger.findOwn(card.channelId, standingMark(card.id));
    const isNew = own && own.place.messageId !== card.leftMessageId;
    const nonce = `k${card.id}.${card.generation}`;
    const place = isNew ? own.place : await messenger.send(card.channelId, message, nonce);
    if (!place) return undefined;
    store.sent(card.id, place.messageId, isNew ? '' : digest(message), now());
    const sent = store.byId(card.id);
    if (sent) await this.#point(sent);
    return sent;
  }

  /** The message before says where the card is now; one that Discord lets rest is tried again later. */
  async #point(card: StatusCard): Promise<void> {
    const { store, messages, messenger, channels } = this.deps;
    const { leftMessageId, messageId } = card;
    if (leftMessageId === undefined || messageId === undefined) return;
    const left = placeOf(card, leftMessageId);
    const edited = await messenger.edit(left, messages.moved(placeOf(card, messageId)));
    if (edited === 'editLimitReached') return;
    if (edited === 'edited') await channels.unpin(left);
    store.pointed(card.id);
  }
}

const placeOf = ({ channelId }: StatusCard, messageId: string): MessageRef => ({ channelId, messageId });
const digest = (message: Message) => createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16);
