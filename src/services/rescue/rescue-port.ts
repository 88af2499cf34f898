import type { Params } from '../../errors.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Message, MessageRef } from '../notices/messenger-port.js';
import type { PasswordDelivery } from '../passwords/password-delivery.js';
import type { PinsExpected, PinWatch } from '../pins/pin-watch.js';
import type { Engine } from '../requests/create-requests.js';
import type { Unlocks } from '../unlocks/unlocks.js';
import type { Plan } from './ladder/plan.js';
import type { Question, Step } from './ladder/ports.js';
import type { Repair } from './ladder/repair-port.js';
import type { Rescue, RescueEnd } from './ladder/rescue.js';

/** What rescues in direct messages need from outside. */
export interface RescuePorts {
  readonly stores: { readonly rescues: RescueStore };
  readonly rescue: {
    readonly messages: RescueMessages;
    /** Loaded when somebody needs it, as the ladder is, which changes accounts through the directory as everything else. */
    readonly repair: () => Promise<Repair>;
    readonly ladder: (jellyfin: Jellyfin, pinsExpected: PinsExpected) => Promise<Rescue>;
    /** jellyfin.db, where its folder was told. */
    readonly db: string | undefined;
    /** Whether a repair that ended since then has left an API key in jellyfin.db that is not the one in use. */
    readonly leavesKey: (sinceMs: number) => Promise<boolean>;
    readonly wait: (ms: number) => Promise<void>;
    /** Between two edits of a card, and how long its questions wait; as long as they should unless given. */
    readonly editEveryMs?: number | undefined;
    readonly answerWithinMs?: number | undefined;
  };
}

/** What rescues stand on; `pins` is undefined where the server's folder cannot be watched. */
export interface RescueDeps extends RescuePorts, Engine {
  readonly stores: RescuePorts['stores'] & Engine['stores'];
  readonly passwordDelivery: PasswordDelivery;
  readonly pins: PinWatch | undefined;
  readonly unlocks: Unlocks;
}

/** A rescue that was asked for in Discord. Times are milliseconds since 1970. */
export interface RescueRow {
  readonly id: number;
  readonly actorId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly startedAt: number;
  /** When the plan was agreed to. */
  readonly confirmedAt: number | undefined;
  /** They know the password, and it stays. */
  readonly keepsPassword: boolean;
  /** The direct messages that it lives in. */
  readonly channelId: string;
  readonly card: MessageRef | undefined;
}

export interface RescueStore {
  begin(row: Omit<RescueRow, 'id' | 'confirmedAt' | 'keepsPassword' | 'card'>): RescueRow;
  byId(id: number): RescueRow | undefined;
  setCard(id: number, messageId: string): void;
  confirmed(id: number, at: number, keepsPassword: boolean): void;
  end(id: number, at: number): void;
  /** The one that was agreed to, and not ended, at that moment. */
  goingOnAt(at: number): RescueRow | undefined;
  /** Begun, and not ended: by a bot that is gone, unless it is this one. */
  unfinished(): RescueRow[];
}

/** What a rescue's card shows at one moment. */
export interface RescueView {
  readonly id: number;
  readonly actorId: string;
  readonly accountName: string;
  readonly plan: Plan | undefined;
  readonly steps: readonly Step[];
  /** What the person is being asked; its number goes with the buttons, so that an old answer is known for one. */
  readonly question:
    { readonly number: number; readonly name: Question; readonly params: Params | undefined } | undefined;
  readonly stage: 'looking' | 'working' | 'over' | 'cutShort';
  /** Why the last question was taken for a no: nobody answered, the bot was stopped, or they began anew. */
  readonly unanswered: 'expired' | 'stopping' | 'newer' | undefined;
}

/** What is left of a card that goes on further down; what stands in the place of a password that could not be shown; a bot that was stopped goes on. */
export type RescueSentence = 'moved' | 'noPassword' | 'carryOn';

/** Draws what a rescue says in direct messages. */
export interface RescueMessages {
  card(view: RescueView): Message;
  sentence(name: RescueSentence, view: Pick<RescueView, 'actorId' | 'accountName'>): Message;
  /** The last message, as an edit of the card makes no sound. */
  last(view: RescueView, end: RescueEnd, mayLeaveKey: boolean): Message;
  /** `mayHaveSet`: a password, or a PIN on the way to one, that nobody has seen. */
  cutShort(view: RescueView, found: { readonly mayHaveSet: boolean; readonly mayLeaveKey: boolean }): Message;
  /** For the admin channel: a rescue of this account, or one on the command line, may have left the server stopped. */
  leftStopped(accountName: string | undefined): Message;
  /** For the admin channel: there is a record of a rescue that the bot may not read. */
  unreadableRecord(file: string): Message;
  /** For the admin channel: the person who was to get a password may not have it any more. */
  noRight(view: RescueView): Message;
}
