import type { Log } from '../log.js';
import type { AdminChannel } from './admin-channel.js';
import type { Edited, Message, MessageRef, Messenger } from './messenger-port.js';

/**
 * What follows when a message cannot be edited. `send`: another is sent in its place; `later`: a later round tries again;
 * `leave`: it stays for good, and counts as up to date.
 */
type Next = 'send' | 'later' | 'leave';
type Policy = Readonly<Record<Exclude<Edited, 'edited'> | 'unsent', Next>>;

/**
 * What follows for each kind of message that is not sent yet (`unsent`), was deleted (`gone`), was edited too often
 * (`editLimitReached`), or whose edit is refused for good. A temporary refusal is thrown for every kind: nothing is noted,
 * and a later round tries again.
 */
const policies = {
  requestCard: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'later' },
  endedRequestCard: { unsent: 'send', gone: 'leave', editLimitReached: 'send', refused: 'later' },
  lockoutCard: { unsent: 'send', gone: 'send', editLimitReached: 'later', refused: 'later' },
  endedLockoutCard: { unsent: 'leave', gone: 'leave', editLimitReached: 'later', refused: 'later' },
  denialCard: { unsent: 'send', gone: 'leave', editLimitReached: 'later', refused: 'leave' },
  statusCard: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'later' },
  outageCard: { unsent: 'send', gone: 'leave', editLimitReached: 'later', refused: 'leave' },
  endedOutageCard: { unsent: 'leave', gone: 'leave', editLimitReached: 'later', refused: 'leave' },
  rescueCard: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'leave' },
  accountNotice: { unsent: 'send', gone: 'send', editLimitReached: 'send', refused: 'send' },
  /** A message whose password is to be covered. */
  scrubbedPassword: { unsent: 'leave', gone: 'leave', editLimitReached: 'later', refused: 'leave' },
  /** The last edit of a message: that it is over, or where it continues. It is tried once. */
  lastWord: { unsent: 'leave', gone: 'leave', editLimitReached: 'leave', refused: 'leave' },
} satisfies Record<string, Policy>;

type PolicyName = keyof typeof policies;

/** One message that changes. */
interface KeptMessage {
  readonly policy: PolicyName;
  /** The message at Discord; undefined while it is not known to have been sent. */
  readonly at: MessageRef | undefined;
  /** The channel for a new message. */
  readonly channelId: string;
  readonly key: string;
  /** Custom ids of its buttons, to find a message that a stopped bot sent and did not note; empty where there can be none. */
  readonly findBy: readonly string[];
  /** Id of the former message, which has the same button and is not to be found. */
  readonly except?: string | undefined;
  readonly message: Message;
}

/**
 * How it went. `shown`: the message is up to date, and stands `at`, which is undefined where none is needed any more;
 * `later`: a later round tries again; `closed`: nothing can be sent in its channel.
 */
export interface Put {
  readonly state: 'shown' | 'later' | 'closed';
  readonly at?: MessageRef | undefined;
}

/** Keeps messages up to date by editing them, or by sending new ones. */
export class KeptMessages {
  constructor(
    private readonly messenger: Messenger,
    private readonly adminChannel: AdminChannel,
    private readonly log: Log,
  ) {}

  /** Where somebody is written to: the admins, or a member in direct messages; undefined when they cannot be reached that way. */
  async channelOf(recipientId: string): Promise<string | undefined> {
    return recipientId === 'admins' ? this.adminChannel.id : this.messenger.openDm(recipientId);
  }

  /** Edits or sends a message by its policy; the caller notes where it stands. Throws errors of Discord. */
  async put(kept: KeptMessage): Promise<Put> {
    const { policy, channelId, key, message } = kept;
    const at = kept.at ?? (await this.find(kept));
    const next = at ? await this.revise(policy, at, message) : policies[policy].unsent;
    if (next === 'later') return { state: 'later' };
    if (next !== 'send') return { state: 'shown', at };
    const sent = await this.messenger.send(channelId, message, key);
    // Said once: what is owed there is tried every minute.
    if (channelId === this.adminChannel.id && this.adminChannel.sent(sent !== undefined) && !sent)
      this.log.error({}, 'the bot cannot write in the admin channel: give it back its permissions there');
    return sent ? { state: 'shown', at: sent } : { state: 'closed' };
  }

  /** Edits a message; returns what its policy says to do next, `leave` when the edit was made. Throws errors of Discord. */
  async revise(policy: PolicyName, at: MessageRef, message: Message): Promise<Next> {
    const edited = await this.messenger.edit(at, message);
    return edited === 'edited' ? 'leave' : policies[policy][edited];
  }

  /** Finds a message that a stopped bot sent and did not note. Throws errors of Discord. */
  async find({
    channelId,
    findBy,
    except,
  }: Pick<KeptMessage, 'channelId' | 'findBy' | 'except'>): Promise<MessageRef | undefined> {
    const found = await this.messenger.findOwn(channelId, findBy);
    return found && found.at.messageId !== except ? found.at : undefined;
  }
}

/** The letters that the keys of notices in the outbox begin with; no two kinds of message share one. */
const noticeLetters = {
  outcome: 'to',
  unposted: 'up',
  firstCard: 'fc',
  oldApps: 'oa',
  passwordReminder1: 'r1',
  passwordReminder2: 'r2',
  passwordEnd: 'pe',
  ownerOfDone: 'od',
  ownerOfFailed: 'of',
  greeting: 'gr',
  proofEnded: 'pr',
  proofRefused: 'px',
  linkUnproved: 'lu',
  unlinked: 'ul',
  deviceSignedIn: 'ds',
  signInDenied: 'sd',
  linkNews: 'ln',
  passStillOpen: 'po',
  passEndedEarly: 'ee',
  pinDenied: 'pd',
} as const;

/** The kinds of notices; each capability registers a renderer for its own. */
export type NoticeKind = keyof typeof noticeLetters;

/** Those of all messages. */
const letters = {
  ...noticeLetters,
  announcement: 'an',
  requestCard: 'rc',
  requestReminder: 'rr',
  requestMoved: 'rm',
  passwordMessage: 'pw',
  accountNotice: 'ac',
  lockoutCard: 'lc',
  lockoutDenial: 'ld',
  statusCard: 'sc',
  statusCardRemoved: 'sr',
  rescueCard: 're',
  outageCard: 'oc',
  rescueEnd: 'rn',
  rescueStopped: 'rs',
} as const;

/** The row that a message is about. */
interface KeyedRow {
  readonly id: number;
  /** When the row was made, in milliseconds since 1970: another database counts its ids from 1 again. */
  readonly since: number;
}

/**
 * The key of a message, sent as its nonce: within some minutes Discord answers the same nonce with the same message, and
 * takes no more than 25 characters. `version` tells apart the messages of one row.
 */
export function messageKey(kind: keyof typeof letters, { id, since }: KeyedRow, version = 0): string {
  return `${letters[kind]}${id.toString(36)}.${version.toString(36)}.${since.toString(36)}`;
}

interface Sending {
  readonly key: string;
  /** Custom ids; one of them stands on this message, and on no other message. */
  readonly findBy: readonly string[];
  /** Whether an earlier attempt may have succeeded without the bot's knowing, as it was killed or cut off. */
  readonly mayBeSent: boolean;
}

/**
 * Sends a message, unless the channel has it already. Undefined when nobody can be reached there.
 * Throws temporary errors of Discord.
 */
export async function sendOnce(
  messenger: Pick<Messenger, 'findOwn' | 'send'>,
  channelId: string,
  { key, findBy, mayBeSent }: Sending,
  draw: () => Message,
): Promise<MessageRef | undefined> {
  const own = mayBeSent ? await messenger.findOwn(channelId, findBy) : undefined;
  return own ? own.at : messenger.send(channelId, draw(), key);
}
