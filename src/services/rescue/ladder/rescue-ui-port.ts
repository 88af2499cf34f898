import type { Params } from '../../../errors.js';
import type { Step } from './step.js';

/** What a person must say yes to before it is done; each has its sentence in the locales under `rescue.question`. */
export type Question =
  /** The plan, before anything is done. */
  | 'plan'
  /** A rung failed: the next one? */
  | 'nextRung'
  /** It ends what is being played. */
  | 'restart'
  /** Files that break redeeming are moved into a folder of their own. */
  | 'moveBadPin'
  /** An administrator disabled this account; it is enabled only when somebody says so. */
  | 'enableDisabled'
  /** Some signs cannot be read from here: is the server stopped? */
  | 'unseen'
  /** There is no command to stop the server: stop it now, then say so. */
  | 'stopByHand'
  /** Make a key for Latchkey and write it to `.env`. */
  | 'keepKey';

/** Where a person stands who is being rescued: the terminal, or a direct message. */
export interface RescueUi {
  show(step: Step): void;
  /** False for a no, and for a person who does not answer in time. */
  ask(question: Question, params?: Params): Promise<boolean>;
  /**
   * Makes a temporary password, has it set by `set`, and shows it to the person and nobody else. That they may still have
   * it (it may be a while since they said yes), and the way to them, is proven before `set` is called: with that the old
   * one is lost. Throws AppError, and what `set` throws.
   */
  handOver(
    account: { readonly id: string; readonly name: string },
    set: (password: string) => Promise<void>,
  ): Promise<void>;
}
