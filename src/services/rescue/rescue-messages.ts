import type { Params } from '../../errors.js';
import type { Message } from '../notices/messenger-port.js';
import type { Question } from './ladder/rescue-ui-port.js';
import type { Plan } from './ladder/plan.js';
import type { RescueEnd } from './ladder/rescue.js';
import type { Step } from './ladder/step.js';

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

/** Draws what a rescue says in direct messages. */
export interface RescueMessages {
  card(view: RescueView): Message;
  /** What is left of a card that goes on further down. */
  movedCard(view: RescueView): Message;
  /** The last word, a message of its own, as an edit makes no sound. */
  last(view: RescueView, end: RescueEnd, mayLeaveKey: boolean): Message;
  /** In the place of a password that could not be shown. */
  noPassword(actorId: string): Message;
  /** `mayHaveSet`: a password, or a PIN on the way to one, that nobody has seen. */
  cutShort(view: RescueView, found: { readonly mayHaveSet: boolean; readonly mayLeaveKey: boolean }): Message;
  carryOn(view: RescueView): Message;
  /**
   * For the admin channel: a rescue may have left the server stopped, here that of an account, or one on the command line;
   * the command starts it.
   */
  leftStopped(accountName: string | undefined, command: string | undefined): Message;
  /** For the admin channel: there is a record of a rescue that the bot may not read. */
  unreadableRecord(file: string): Message;
  /** For the admin channel: whoever was to get a password may not have it any more. */
  noRight(view: RescueView): Message;
}
