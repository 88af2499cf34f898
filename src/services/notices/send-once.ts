import type { Message, MessageRef, Messenger } from './messenger-port.js';

/** The letters that the keys of the bot's messages begin with; no two kinds share one. */
const letters = {
  // Notices in the outbox.
  outcome: 'to',
  passwordReminder1: 'r1',
  passwordReminder2: 'r2',
  passwordEnd: 'pe',
  ownerOfDone: 'od',
  ownerOfFailed: 'of',
  greeting: 'gr',
  proofEnded: 'pr',
  linkNews: 'ln',
  announcement: 'an',
  // Messages that change.
  requestCard: 'rc',
  requestReminder: 'rr',
  passwordMessage: 'pw',
  accountNotice: 'ac',
  pinDenial: 'pd',
  lockoutCard: 'lc',
  lockoutDenial: 'ld',
  statusCard: 'sc',
  statusCardRemoved: 'sr',
  rescueCard: 're',
  rescueEnd: 'rn',
} as const;

export type KeyedMessage = keyof typeof letters;

/** The row that a message is about. */
export interface KeyedRow {
  readonly id: number;
  /** When the row was made, in milliseconds since 1970: another database counts its ids from 1 again. */
  readonly since: number;
}

/**
 * The key of a message, which goes with it as its nonce: within some minutes Discord answers the same key with the same
 * message. Discord takes 25 characters. `version` tells apart the messages of one row.
 */
export function messageKey(kind: KeyedMessage, { id, since }: KeyedRow, version = 0): string {
  return `${letters[kind]}${id.toString(36)}.${version.toString(36)}.${since.toString(36)}`;
}

export interface Sending {
  readonly key: string;
  /** Custom ids of which one stands on this message and on no other. */
  readonly findBy: readonly string[];
  /** Whether an earlier sending may have succeeded without the bot's knowing, as it was killed or cut off. */
  readonly mayBeSent: boolean;
}

/**
 * Sends a message, unless the channel has it already. Undefined when nobody can be reached there.
 * Throws an error of Discord's that passes.
 */
export async function sendOnce(
  messenger: Pick<Messenger, 'findOwn' | 'send'>,
  channelId: string,
  { key, findBy, mayBeSent }: Sending,
  draw: () => Message,
): Promise<MessageRef | undefined> {
  for (const customId of mayBeSent ? findBy : []) {
    const own = await messenger.findOwn(channelId, customId);
    if (own) return own.place;
  }
  return messenger.send(channelId, draw(), key);
}
