import { createHash } from 'node:crypto';
import { AppError } from '../../errors.js';
import { hourMs, isRecent } from '../../time.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { Actor } from '../members/actor.js';
import { calmly } from '../log.js';
import { type Put, messageKey, sendOnce } from '../notices/kept-message.js';
import type { Message, MessageRef } from '../notices/messenger-port.js';
import type { Engine } from '../requests/create-requests.js';

/** The household's card in one channel. Times are milliseconds since 1970. */
export interface StatusCard {
  readonly id: number;
  readonly channelId: string;
  /** Undefined while it is not known to have been sent. */
  readonly messageId: string | undefined;
  /** A digest of the message as it is shown. */
  readonly drawn: string | undefined;
  readonly sentAt: number | undefined;
  readonly editedAt: number | undefined;
  /** The former message, which is still to be deleted. */
  readonly leftMessageId: string | undefined;
  /** The bot still has to try to pin the message. */
  readonly isToPin: boolean;
  /** Somebody wants it out of its channel. */
  readonly isRemoving: boolean;
}

export interface StatusCardStore {
  all(): StatusCard[];
  byId(id: number): StatusCard | undefined;
  /** The card of this channel, which is made where there is none, and stays where it was to be taken out. */
  add(channelId: string): StatusCard;
  /** Notes a new message; the former one becomes `leftMessageId`. */
  sent(id: number, messageId: string, drawn: string, at: number): void;
  edited(id: number, drawn: string, at: number): void;
  /** Notes that the former message was deleted. */
  left(id: number): void;
  /** Notes that the message is pinned, or that the bot may not pin it. */
  pinned(id: number): void;
  /** Notes that it is to be taken out of its channel; false when it was already. */
  removing(id: number): boolean;
  remove(id: number): void;
}

/** Draws the household's card, in the household's language. */
export interface StatusCardMessages {
  card(id: number): Promise<Message>;
  /** The message to the admins that a card is kept no longer in its channel. */
  givenUp(card: Pick<StatusCard, 'id' | 'channelId'>): Message;
  /** The first message to the admins: what is to be done next. */
  firstCard(): Message;
  /** *Cannot sign in?*, with the one button that answers in private. */
  signInHelp(): Message;
}

/** The channels in which cards are kept. */
export interface Channels {
  /** Whether everybody in the server can read it. Throws AppError `cannotPostThere` when it cannot be seen. */
  isOpenToAll(channelId: string): Promise<boolean>;
  /** Pins a message; false when the bot may not, or the channel is full of pins. */
  pin(at: MessageRef): Promise<boolean>;
  /** Deletes a message of the bot's own, where that is still possible. */
  remove(at: MessageRef): Promise<void>;
}

/** Discord limits the edits of messages that are older than this. */
const oldAfterMs = hourMs;
const restOldMs = 10 * 60_000;

/** The button that stands on one status card and on no other message. */
export const removeButtonId = (id: number) => `status:unkeep:${id}`;

/** The button that stands on the message that a status card was given up. */
export const givenUpButtonId = (id: number) => `status:keep:instead-of-${id}`;

export interface StatusCardPorts {
  readonly stores: { readonly statusCards: StatusCardStore };
  readonly statusCards: { readonly channels: Channels };
}

/** `notPinned`: the bot may not pin there; `later`: Discord is in trouble, and the next round sends or pins the card. */
type Kept = 'pinned' | 'notPinned' | 'later';

/** Keeps cards with the household at a glance in channels: drawn once a minute, and edited when something has changed. */
export class StatusCards {
  readonly #locks = new KeyedMutex<string>();
  /** Cards that this process has looked for: a bot that was killed may have sent one without noting it. */
  readonly #known = new Set<number>();

  constructor(private readonly deps: StatusCardPorts & Engine & { readonly statusCardMessages: StatusCardMessages }) {}

  /**
   * Sends the status card to a channel; one that is there already then says where the new one is. Throws `channelOpenToAll`
   * where everybody could read who is locked out, or `cannotPostThere`.
   */
  async keep(actor: Actor, channelId: string): Promise<Kept> {
    const { stores, statusCards, log } = this.deps;
    if (await statusCards.channels.isOpenToAll(channelId)) throw new AppError('channelOpenToAll');
    return this.#locks.run(channelId, async () => {
      // Written before it is sent: if this is cut short, the next round continues.
      const card = stores.statusCards.add(channelId);
      const kept = await this.#bring(card, true).catch((err: unknown): Kept => {
        log.warn({ err, card: card.id }, 'a status card could not be sent or pinned yet');
        return 'later';
      });
      if (kept === 'closed') {
        if (card.messageId === undefined) stores.statusCards.remove(card.id);
        throw new AppError('cannotPostThere');
      }
      this.#record(actor.id, 'keep card', channelId);
      return kept;
    });
  }

  /** Takes a status card out of its channel; the next round tries again where Discord is in trouble. Throws `cardOutdated`. */
  async remove(actor: Actor, id: number): Promise<void> {
    const { statusCards } = this.deps.stores;
    const card = statusCards.byId(id);
    if (!card) throw new AppError('cardOutdated');
    if (statusCards.removing(id)) this.#record(actor.id, 'remove card', card.channelId);
    await this.#update(card);
  }

  /** Brings every status card up to date. Never throws: the next round tries again where Discord is in trouble. */
  async round(): Promise<void> {
    for (const card of this.deps.stores.statusCards.all()) await this.#update(card);
  }

  #update({ id, channelId }: StatusCard): Promise<void> {
    return this.#locks.run(channelId, () =>
      calmly(this.deps.log, { card: id }, 'a status card could not be brought up to date yet', async () => {
        const card = this.deps.stores.statusCards.byId(id);
        if (card?.isRemoving) await this.#takeAway(card);
        else if (card && (await this.#bring(card, false)) === 'closed') await this.#giveUp(card);
      }),
    );
  }

  /** Edits or sends the card, and pins it; `isAnew`: always as a new message. Throws errors of Discord. */
  async #bring(card: StatusCard, isAnew: boolean): Promise<Kept | 'closed'> {
    const { statusCards: store } = this.deps.stores;
    await this.#deleteFormer(card);
    if ((await this.#put(card, isAnew)) === 'closed') return 'closed';
    const shown = store.byId(card.id);
    if (shown?.messageId === undefined) return 'later';
    await this.#deleteFormer(shown);
    if (!shown.isToPin) return 'pinned';
    const isPinned = await this.deps.statusCards.channels.pin(refOf(shown, shown.messageId));
    store.pinned(card.id);
    return isPinned ? 'pinned' : 'notPinned';
  }

  async #put(card: StatusCard, isAnew: boolean): Promise<Put['state']> {
    const { stores, now } = this.deps;
    const { id, channelId, messageId, leftMessageId } = card;
    const at = messageId === undefined || isAnew ? undefined : refOf(card, messageId);
    const mayBeSent = { channelId, findBy: [removeButtonId(id)], except: messageId ?? leftMessageId };
    const unknown = at && !this.#known.has(id) ? await this.deps.kept.find(mayBeSent) : undefined;
    this.#known.add(id);
    if (at && !unknown && rests(card, now())) return 'shown';
    const message = await this.deps.statusCardMessages.card(id);
    const drawn = digest(message);
    if (!unknown && drawn === card.drawn) return 'shown';
    const put = await this.deps.kept.put({
      ...mayBeSent,
      policy: 'statusCard',
      at: unknown ?? at,
      key: messageKey('statusCard', { id, since: card.sentAt ?? 0 }),
      message,
    });
    if (put.at?.messageId === messageId && put.state === 'shown') stores.statusCards.edited(id, drawn, now());
    else if (put.at) stores.statusCards.sent(id, put.at.messageId, drawn, now());
    return put.state;
  }

  async #deleteFormer(card: StatusCard): Promise<void> {
    if (card.leftMessageId === undefined) return;
    await this.deps.statusCards.channels.remove(refOf(card, card.leftMessageId));
    this.deps.stores.statusCards.left(card.id);
  }

  /** Stops keeping a card where the bot may not write any more, and tells the admins, so that nobody relies on it. */
  async #giveUp(card: StatusCard): Promise<void> {
    const { messenger, adminChannel, log } = this.deps;
    const { id, channelId } = card;
    log.warn({ card: id, channel: channelId }, 'a status card is kept no longer: the bot may not write in its channel');
    const key = messageKey('statusCardRemoved', { id, since: 0 });
    const sending = { key, findBy: [givenUpButtonId(id)], mayBeSent: true };
    const told = await sendOnce(messenger, adminChannel.id, sending, () => this.deps.statusCardMessages.givenUp(card));
    if (!told) throw new Error('the bot cannot write in the admin channel: give it back its permissions there');
    this.#record('latchkey', 'remove card', channelId, 'cannotPostThere');
    await this.#takeAway(card);
  }

  /** May be cut short at any line and begun again: the row is removed last. */
  async #takeAway(card: StatusCard): Promise<void> {
    for (const messageId of [card.leftMessageId, card.messageId])
      if (messageId !== undefined) await this.deps.statusCards.channels.remove(refOf(card, messageId));
    this.deps.stores.statusCards.remove(card.id);
  }

  #record(actorId: string, act: string, detail: string, outcome = 'done'): void {
    this.deps.stores.audit.record({ actorId, act, outcome, detail });
  }
}

/** An old card that was edited a short while ago: the next edits might reach Discord's limit. */
function rests({ sentAt = 0, editedAt = 0 }: StatusCard, now: number): boolean {
  return !isRecent(sentAt, now, oldAfterMs) && isRecent(editedAt, now, restOldMs);
}

const refOf = ({ channelId }: StatusCard, messageId: string): MessageRef => ({ channelId, messageId });
const digest = (message: Message) => createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16);
