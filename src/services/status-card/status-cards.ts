import { createHash } from 'node:crypto';
import { AppError } from '../../errors.js';
import { hourMs, isRecent } from '../../time.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { Actor } from '../members/actor.js';
import type { Audit } from '../audit.js';
import type { Log } from '../log.js';
import type { NoticeServices } from '../notices/create-notices.js';
import { type KeptMessages, type Put, messageKey, sendOnce } from '../notices/kept-message.js';
import type { Message, MessageRef, Messenger } from '../notices/messenger-port.js';
import type { Channels, StatusCard, StatusCardStore, StatusCardMessages } from './status-card.js';

/** Discord limits the edits of messages that are older than this. */
const oldAfterMs = hourMs;
const restOldMs = 10 * 60_000;

/** The button that stands on one status card and on no other message. */
export const removeButtonId = (id: number) => `status:unkeep:${id}`;

/** The button that stands on the message that a status card was given up. */
export const givenUpButtonId = (id: number) => `status:keep:instead-of-${id}`;

export interface StatusCardsDeps {
  readonly store: StatusCardStore;
  readonly messages: StatusCardMessages;
  readonly channels: Channels;
  readonly messenger: Messenger;
  readonly kept: KeptMessages;
  readonly adminChannelId: string;
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
}

/** `notPinned`: the bot may not pin there; `later`: Discord is in trouble, and the next round sends or pins the card. */
type Kept = 'pinned' | 'notPinned' | 'later';

/** Keeps cards with the household at a glance in channels: drawn once a minute, and edited when something has changed. */
export class StatusCards {
  readonly #locks = new KeyedMutex<string>();
  /** Cards that this process has looked for: a bot that was killed may have sent one without noting it. */
  readonly #known = new Set<number>();

  constructor(private readonly deps: StatusCardsDeps) {}

  /**
   * Sends the status card to a channel; one that is there already then says where the new one is. Throws `channelOpenToAll`
   * where everybody could read who is locked out, or `cannotPostThere`.
   */
  async keep(actor: Actor, channelId: string): Promise<Kept> {
    const { store, channels, audit, log } = this.deps;
    if (await channels.isOpenToAll(channelId)) throw new AppError('channelOpenToAll');
    return this.#locks.run(channelId, async () => {
      // Written before it is sent: if this is cut short, the next round continues.
      const card = store.add(channelId);
      const kept = await this.#bring(card, true).catch((err: unknown): Kept => {
        log.warn({ err, card: card.id }, 'a status card could not be sent or pinned yet');
        return 'later';
      });
      if (kept === 'closed') {
        if (card.messageId === undefined) store.remove(card.id);
        throw new AppError('cannotPostThere');
      }
      audit.record({ actorId: actor.id, act: 'keep card', outcome: 'done', detail: channelId });
      return kept;
    });
  }

  /** Posts *Cannot sign in?*, a message that is never edited. Throws `cannotPostThere`. */
  async post(actor: Actor, channelId: string): Promise<void> {
    const { messenger, messages, audit, now } = this.deps;
    const key = messageKey('announcement', { id: Number(channelId.slice(-8)), since: now() });
    if (!(await messenger.send(channelId, messages.signInHelp(), key))) throw new AppError('cannotPostThere');
    audit.record({ actorId: actor.id, act: 'post card', outcome: 'done', detail: channelId });
  }

  /** Takes a status card out of its channel; the next round tries again where Discord is in trouble. Throws `cardOutdated`. */
  async remove(actor: Actor, id: number): Promise<void> {
    const { store, audit } = this.deps;
    const card = store.byId(id);
    if (!card) throw new AppError('cardOutdated');
    const { channelId } = card;
    if (store.removing(id)) audit.record({ actorId: actor.id, act: 'remove card', outcome: 'done', detail: channelId });
    await this.#update(card);
  }

  /** Brings every status card up to date. Never throws: the next round tries again where Discord is in trouble. */
  async round(): Promise<void> {
    for (const card of this.deps.store.all()) await this.#update(card);
  }

  #update({ id, channelId }: StatusCard): Promise<void> {
    const { store, log } = this.deps;
    return this.#locks.run(channelId, async () => {
      try {
        const card = store.byId(id);
        if (card?.isRemoving) await this.#takeAway(card);
        else if (card && (await this.#bring(card, false)) === 'closed') await this.#giveUp(card);
      } catch (err) {
        log.warn({ err, card: id }, 'a status card could not be brought up to date yet');
      }
    });
  }

  /** Edits or sends the card, and pins it; `isAnew`: always as a new message. Throws errors of Discord. */
  async #bring(card: StatusCard, isAnew: boolean): Promise<Kept | 'closed'> {
    const { store, channels } = this.deps;
    await this.#leaveFormer(card);
    if ((await this.#put(card, isAnew)) === 'closed') return 'closed';
    const shown = store.byId(card.id);
    if (shown?.messageId === undefined) return 'later';
    await this.#leaveFormer(shown);
    if (!shown.isToPin) return 'pinned';
    const isPinned = await channels.pin(refOf(shown, shown.messageId));
    store.pinned(card.id);
    return isPinned ? 'pinned' : 'notPinned';
  }

  async #put(card: StatusCard, isAnew: boolean): Promise<Put> {
    const { store, messages, kept, now } = this.deps;
    const { id, channelId, messageId, leftMessageId } = card;
    const at = messageId === undefined || isAnew ? undefined : refOf(card, messageId);
    const mayBeSent = { channelId, findBy: [removeButtonId(id)], except: messageId ?? leftMessageId };
    const unknown = at && !this.#known.has(id) ? await kept.find(mayBeSent) : undefined;
    this.#known.add(id);
    if (at && !unknown && rests(card, now())) return 'shown';
    const message = await messages.card(id);
    const drawn = digest(message);
    if (at && !unknown && drawn === card.drawn) return 'shown';
    return kept.put({
      ...mayBeSent,
      policy: 'statusCard',
      at: unknown ?? at,
      key: messageKey('statusCard', { id, since: card.sentAt ?? 0 }),
      message,
      shown: (shown) => {
        if (shown?.messageId === messageId) store.edited(id, drawn, now());
        else if (shown) store.sent(id, shown.messageId, drawn, now());
      },
    });
  }

  /** Makes the former message say where the card is now. */
  async #leaveFormer(card: StatusCard): Promise<void> {
    const { leftMessageId, messageId } = card;
    if (leftMessageId === undefined || messageId === undefined) return;
    await this.#leave(refOf(card, leftMessageId), this.deps.messages.moved(refOf(card, messageId)));
    this.deps.store.left(card.id);
  }

  async #leave(at: MessageRef, message: Message): Promise<void> {
    const { kept, channels } = this.deps;
    if ((await kept.revise('leftStatusCard', at, message)) === 'delete') await channels.remove(at);
    else await channels.unpin(at);
  }

  /** Stops keeping a card, as the bot may not write in its channel any more. */
  async #giveUp(card: StatusCard): Promise<void> {
    const { store, audit, log } = this.deps;
    const { id, channelId } = card;
    log.warn({ card: id, channel: channelId }, 'a status card is kept no longer: the bot may not write in its channel');
    if (store.givenUp(id))
      audit.record({ actorId: 'latchkey', act: 'remove card', outcome: 'cannotPostThere', detail: channelId });
    await this.#takeAway({ ...card, isGivenUp: true });
  }

  /** May be cut short at any line and begun again: the row is removed last. */
  async #takeAway(card: StatusCard): Promise<void> {
    const { store, messages } = this.deps;
    for (const messageId of [card.leftMessageId, card.messageId])
      if (messageId !== undefined) await this.#leave(refOf(card, messageId), messages.removed());
    if (card.isGivenUp) await this.#tellAdmins(card);
    store.remove(card.id);
  }

  /** Tells the admins, so that nobody relies on a card that is not kept. */
  async #tellAdmins(card: StatusCard): Promise<void> {
    const { messages, messenger, adminChannelId } = this.deps;
    const key = messageKey('statusCardRemoved', { id: card.id, since: 0 });
    const sending = { key, findBy: [givenUpButtonId(card.id)], mayBeSent: true };
    if (!(await sendOnce(messenger, adminChannelId, sending, () => messages.givenUp(card))))
      throw new Error('the bot cannot write in the admin channel: give it back its permissions there');
  }
}

/** An old card that was edited a short while ago: the next edits might reach Discord's limit. */
function rests({ sentAt = 0, editedAt = 0 }: StatusCard, now: number): boolean {
  return !isRecent(sentAt, now, oldAfterMs) && isRecent(editedAt, now, restOldMs);
}

const refOf = ({ channelId }: StatusCard, messageId: string): MessageRef => ({ channelId, messageId });
const digest = (message: Message) => createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16);

export interface StatusCardPorts {
  readonly stores: { readonly statusCards: StatusCardStore; readonly audit: Audit };
  readonly statusCards: { readonly channels: Channels };
  readonly messenger: Messenger;
  readonly config: { readonly discord: { readonly adminChannelId: string } };
  readonly log: Log;
  readonly now: () => number;
}

/** Builds the service; `messages` draws what the services for commands know. */
export function createStatusCards(
  ports: StatusCardPorts,
  { kept }: NoticeServices,
  messages: StatusCardMessages,
): StatusCards {
  const { stores, messenger, log, now } = ports;
  return new StatusCards({
    ...{ store: stores.statusCards, audit: stores.audit, messages, messenger, kept, log, now },
    channels: ports.statusCards.channels,
    adminChannelId: ports.config.discord.adminChannelId,
  });
}
