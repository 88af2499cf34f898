import type { Log } from '../log.js';
import type { Edited, Message, MessageRef, Messenger } from './messenger-port.js';

/**
 * What follows when a message cannot be edited: `send` another in its place; `later`: leave it, a later round tries again;
 * `leave` it for good, as if it showed how things stand; `delete` it, as what it says is not true any more.
 */
type Next = 'send' | 'later' | 'leave' | 'delete';
type Policy = Readonly<Record<Exclude<Edited, 'edited'> | 'unsent', Next>>;

/**
 * What to do with each kind of message that is not sent yet, was deleted, was edited too often (Discord lets it rest then),
 * or is refused for good. A refusal that passes is thrown, for every kind: nothing is noted, and a later round tries again.
 */
const policies = {
  requestCard: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'later' },
  endedRequestCard: { unsent: 'send', gone: 'leave', editLimitReached: 'send', refused: 'later' },
  lockoutCard: { unsent: 'send', gone: 'send', editLimitReached: 'later', refused: 'later' },
  endedLockoutCard: { unsent: 'leave', gone: 'leave', editLimitReached: 'later', refused: 'later' },
  denialCard: { unsent: 'send', gone: 'leave', editLimitReached: 'later', refused: 'leave' },
  statusCard: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'later' },
  /** A status card that is kept no longer, or goes on elsewhere. */
  leftStatusCard: { unsent: 'leave', gone: 'leave', editLimitReached: 'delete', refused: 'delete' },
  rescueCard: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'leave' },
  accountNotice: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'send' },
  /** A message whose password is not to be read there any longer. */
  scrubbedPassword: { unsent: 'leave', gone: 'leave', editLimitReached: 'later', refused: 'leave' },
  /** A message that is over, or that says where it goes on: it is tried once. */
  lastWord: { unsent: 'leave', gone: 'leave', editLimitReached: 'leave', refused: 'leave' },
} satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;

/** One message that changes. */
export interface KeptMessage {
  readonly policy: PolicyName;
  /** Where it stands; undefined while it is not known to have been sent. */
  readonly at: MessageRef | undefined;
  /** Where another one is sent. */
  readonly channelId: string;
  readonly key: string;
  /** Custom ids of its buttons, by which a message is found that a stopped bot sent and did not note; empty where there can be none. */
  readonly findBy: readonly string[];
  /** The message before, which has the same button. */
  readonly except?: string | undefined;
  readonly message: Message;
  /** Writes down where it stands and what it shows; `at` is undefined where none is needed any more. */
  readonly shown: (at: MessageRef | undefined) => void | Promise<void>;
}

/** How it went: it shows how things stand; a later round tries again; nothing can be sent in its channel. */
export type Put = 'shown' | 'later' | 'closed';

/** Keeps messages in step with what they show. */
export class KeptMessages {
  constructor(
    private readonly messenger: Messenger,
    private readonly adminChannelId: string,
    private readonly log: Log,
  ) {}

  /** Edits the message, or sends it, by its policy, and notes that. Throws what Discord threw. */
  async put(kept: KeptMessage): Promise<Put> {
    const at = kept.at ?? (await this.find(kept));
    const next = at ? await this.revise(kept.policy, at, kept.message) : policies[kept.policy].unsent;
    if (next === 'later') return 'later';
    if (next === 'send') return this.#send(kept);
    await kept.shown(at);
    return 'shown';
  }

  /** Edits a message; gives back what its policy says to do next, `leave` when the edit was made. Throws what Discord threw. */
  async revise(policy: PolicyName, at: MessageRef, message: Message): Promise<Next> {
    const edited = await this.messenger.edit(at, message);
    return edited === 'edited' ? 'leave' : policies[policy][edited];
  }

  async #send({ channelId, key, message, shown }: KeptMessage): Promise<Put> {
    const sent = await this.messenger.send(channelId, message, key);
    if (sent) {
      await shown(sent);
      return 'shown';
    }
    if (channelId === this.adminChannelId)
      this.log.error({}, 'the bot cannot write in the admin channel: give it back its permissions there');
    return 'closed';
  }

  /** A message that a stopped bot sent and did not note. Throws what Discord threw. */
  async find({
    channelId,
    findBy,
    except,
  }: Pick<KeptMessage, 'channelId' | 'findBy' | 'except'>): Promise<MessageRef | undefined> {
    for (const customId of findBy) {
      const found = await this.messenger.findOwn(channelId, customId);
      if (found && found.place.messageId !== except) return found.place;
    }
    return undefined;
  }
}

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
