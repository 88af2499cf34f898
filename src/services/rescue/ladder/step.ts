import type { ErrorCode, Params } from '../../../errors.js';
import type { RefusalCode, RepairStepName } from './repair-port.js';

/** The ladder, in the order in which it is climbed. */
export const rungs = ['api', 'pin', 'restart', 'db'] as const;
export type Rung = (typeof rungs)[number];

/** What is done on the first three rungs; the fourth has the steps of the repair. */
export type StepName =
  | 'unlock'
  | 'password'
  | 'readBack'
  | 'askPin'
  | 'findPin'
  | 'moveBadPin'
  | 'redeem'
  | 'signIn'
  | 'makeKey'
  | 'saveKey'
  | 'deleteKey'
  | 'restart'
  | 'serverBack'
  | RepairStepName;

/** `nothing`: there was nothing to do, which is as good as done. */
export type StepOutcome = 'begun' | 'done' | 'nothing' | 'failed';

/** Why a step failed or a rung is closed: a refusal of the repair's, or what any other part of Latchkey says. */
export type WhyNot = ErrorCode | RefusalCode | 'unexpected';

/** One thing that was tried, as it is shown while it happens; the same name comes again when it ends. */
export interface Step {
  readonly rung: Rung;
  readonly name: StepName;
  readonly outcome: StepOutcome;
  /** For `failed`, and for `done` with something to add. */
  readonly code?: WhyNot | undefined;
  /** Other people's words and paths of this machine: escape before drawing. */
  readonly params?: Params | undefined;
}
