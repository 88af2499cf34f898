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
