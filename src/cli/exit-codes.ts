import type { RefusalCode } from '../services/rescue/ladder/repair-port.js';
import type { Plan } from '../services/rescue/ladder/plan.js';
import type { RescueEnd } from '../services/rescue/ladder/rescue.js';
import type { Rung, Step, StepName } from '../services/rescue/ladder/step.js';

/** What `latchkey rescue` ends with; said in its help and in docs/rescue.md. */
export const exitCodes = { done: 0, failed: 1, usage: 2, needsAnswer: 3, notTouched: 4, leftStopped: 5 } as const;

/** The server runs, or the file is not ours to change. */
const notOurs: readonly RefusalCode[] = [
  'folderClosed',
  'notOwner',
  'mountPoint',
  'hardLink',
  'endsInBlank',
  'fileNotWritable',
  'folderNotWritable',
  'strangeFile',
  'rescueRunning',
  'otherRescueUnfinished',
  'serverRunning',
  'cannotSee',
  'needsStop',
];

/** What leaves the account or the server otherwise than it was. */
const touching: readonly StepName[] = ['unlock', 'password', 'moveBadPin', 'redeem', 'restart', 'stop'];

/** The same, seen before anything was tried. */
const closedNotes: readonly unknown[] = ['folderClosed', 'dbNotOurs', 'dbNotWritable', 'rescueAtWork'];

interface Planned {
  readonly plan: Plan;
  /** The one rung that was asked for. */
  readonly only: Rung | undefined;
}

/** The exit code of a rescue; `isUnanswered`: it stopped at a question that nobody was there to answer. */
export function exitCodeOf(end: RescueEnd, isUnanswered: boolean, planned?: Planned): number {
  const { outcome, code, leftStopped, steps } = end;
  if (leftStopped || !isBack(steps)) return exitCodes.leftStopped;
  if (isUnanswered) return exitCodes.needsAnswer;
  if (outcome === 'notYet' && code === undefined && planned && isClosedDb(planned)) return exitCodes.notTouched;
  if (outcome === 'notYet')
    return notOurs.some((each) => each === code) && !hasTouched(steps) ? exitCodes.notTouched : exitCodes.failed;
  return outcome === 'cancelled' ? exitCodes.failed : exitCodes.done;
}

/** Whether a server that was started again has answered; of the last rung alone, as one after it saw the server anew. */
function isBack(steps: readonly Step[]): boolean {
  const last = steps.at(-1)?.rung;
  return steps.findLast(({ name, rung }) => name === 'serverBack' && rung === last)?.outcome !== 'failed';
}

const hasTouched = (steps: readonly Step[]) =>
  steps.some(({ name, outcome }) => outcome === 'done' && touching.includes(name));

function isClosedDb({ plan, only }: Planned): boolean {
  return only === 'db' && plan.rungs.some(({ rung, note }) => rung === 'db' && closedNotes.includes(note));
}
