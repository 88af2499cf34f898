import { AppError, type Params } from '../../../errors.js';
import type { PreWriteCheck } from '../../accounts/jellyfin-port.js';
import type { PinFolder } from '../../pins/pin-port.js';
import { afterRepair, waitForServer } from './after-repair.js';
import { Attempt, type Facts, RungFailed, stateOf } from './attempt.js';
import { dbRung } from './db-rung.js';
import { pinRung } from './pin-rung.js';
import { goesOn, look, mayBeLockedOnly, type Plan, type RescueOptions } from './plan.js';
import type { LadderPorts, RescueUi, Rung, StepName, WhyNot } from './ports.js';
import type { Target } from './repair-port.js';
import { apiRung, restartRung } from './server-rungs.js';

/** How a rescue ended, and what was known by then. */
export interface RescueEnd extends Readonly<Facts> {
  /**
   * `backIn`: a temporary password works. `changed`: the account is open, in jellyfin.db or at the server, and the rest is for
   * the person: they start the server, or sign in with the password that they know.
   * `cancelled`: the person said no, and nothing was done. `planned`: a dry run. `notYet`: came to nothing.
   */
  readonly outcome: 'backIn' | 'changed' | 'cancelled' | 'planned' | 'notYet';
  /** The rung it ended on. */
  readonly rung?: Rung | undefined;
  readonly code?: WhyNot | undefined;
  readonly params?: Params | undefined;
  /** The person stopped the server in vain, and it stands still. `seen`: that was verified; `said`: they say so. */
  readonly stillStopped?: 'seen' | 'said' | undefined;
}

/** The administrator's way back: looks before it acts, and tries rung after rung until one works. */
export class Rescue {
  constructor(private readonly ports: LadderPorts) {}

  /** What is the matter, and which rungs are open. Throws AppError `accountUnknown`, `accountGone` or `accountAmbiguous`. */
  look(target: Target, options: RescueOptions = {}): Promise<Plan> {
    return look(this.ports, target, options);
  }

  /** Runs the plan once the person confirms it; `permit` checks every account right before it is changed. Never throws: the end says why. */
  async run(
    plan: Plan,
    ui: RescueUi,
    options: RescueOptions = {},
    permit: PreWriteCheck = () => undefined,
  ): Promise<RescueEnd> {
    const attempt = new Attempt({ ports: this.ports, ui, plan, options, permit });
    const { facts } = attempt;
    // Another rescue that is at work may have stopped it, and then starts it.
    attempt.stoppedByPerson = options.serverIsStopped === true && !plan.unfinished?.atWork;
    facts.before = plan.account && stateOf(plan.account);
    if (this.ports.pinNotes.has(plan.target.name)) facts.pinFromBefore = plan.target.name;
    let open = inOrder(plan).filter((rung) => (options.rung ?? rung) === rung);
    if (open.length === 0) return endOf(attempt, 'notYet', options.rung);
    // A copy can be checked without changing anything only where the server is stopped already.
    if (options.dryRun && !options.serverIsStopped) return endOf(attempt, 'planned');
    if (!options.dryRun) {
      await keepPassword(attempt);
      // It replaces the password, and undoes no lock.
      if (facts.keptPassword) open = open.filter((rung) => rung !== 'pin');
      if (open.length > 0 && !(await ui.ask('plan'))) return endOf(attempt, 'cancelled');
    }
    const [first] = open;
    if (first === undefined) return endOf(attempt, 'notYet', options.rung);
    let failure: RungFailed;
    for (attempt.rung = first; ;) {
      const { rung } = attempt;
      try {
        return endOf(attempt, await climb(attempt), rung);
      } catch (error) {
        failure = attempt.failed(error, firstStepOf[rung]);
        // A repair that was refused has started the server again: nobody else sees whether it comes up.
        if (attempt.isStarting) await waitForServer(attempt);
        if (failure.code === 'unexpected') this.ports.log.error({ err: error }, 'a rung of the rescue broke');
      }
      const next: Rung | undefined = open[open.indexOf(rung) + 1];
      // Nothing more can be asked of a server that is stopped by now, nor of a person who has said what they do not want.
      if (next === undefined || facts.leftStopped || final.includes(failure.code)) break;
      // By now the plan is out of sight: what would be run is said again.
      const commands = next === 'db' && plan.location.commands;
      const more = { ...commands, ...(facts.pinIsPassword && { pinIsPassword: 1 }) };
      if (!(await ui.ask('nextRung', { rung: next, ...more }))) break;
      attempt.rung = next;
    }
    if (ordinary.includes(failure.code) && facts.pinIsPassword) attempt.pinIsOf(plan.target.name);
    return endOf(attempt, 'notYet', attempt.rung, failure);
  }
}

/** Asks, where it may be so, whether the password is known: then it stays. */
async function keepPassword(attempt: Attempt): Promise<void> {
  const { plan, options } = attempt.given;
  const { facts } = attempt;
  facts.keptPassword = options.keepPassword ?? (mayBeLockedOnly(plan, options) && (await attempt.ask('knowsPassword')));
  // Who checks it stays as well.
  if (facts.keptPassword) attempt.ownProvider = false;
}

/** Tries one rung. Throws AppError, RungFailed, or what nobody expected. */
async function climb(attempt: Attempt): Promise<RescueEnd['outcome']> {
  const { plan, options } = attempt.given;
  const { keptPassword } = attempt.facts;
  switch (attempt.rung) {
    case 'api':
      await apiRung(attempt, idOf(plan));
      break;
    case 'pin':
      await pinRung(attempt, pinFolder(attempt));
      break;
    case 'restart':
      await restartRung(attempt);
      if (plan.account) await apiRung(attempt, idOf(plan));
      else if (!keptPassword) await pinRung(attempt, pinFolder(attempt));
      break;
    case 'db': {
      const repaired = await dbRung(attempt);
      return options.dryRun ? 'planned' : afterRepair(attempt, repaired);
    }
  }
  return keptPassword ? 'changed' : 'backIn';
}

function endOf(attempt: Attempt, outcome: RescueEnd['outcome'], rung?: Rung, failure?: RungFailed): RescueEnd {
  const { facts, stoppedByPerson, sawStopped } = attempt;
  const { code, params } = failure ?? {};
  const isStill = stoppedByPerson && !facts.isForPersonToStart && !(code && seenToRun.includes(code));
  const stillStopped = isStill ? (sawStopped ? 'seen' : 'said') : undefined;
  return { ...facts, outcome, rung, code, params, stillStopped };
}

function idOf({ target }: Plan): string {
  if (target.id === undefined) throw new AppError('accountUnknown', { name: target.name });
  return target.id;
}

function pinFolder({ given }: Attempt): PinFolder {
  const { serverDir } = given.plan.location;
  if (serverDir === undefined) throw new RungFailed('folderUnreadable', { folder: '' });
  return given.ports.pins(serverDir);
}

/** Whatever was said of it, the server runs, or another rescue has it in hand. */
const seenToRun: readonly WhyNot[] = ['serverRunning', 'rescueRunning'];

/** What was begun in jellyfin.db is finished before anything else is tried. */
function inOrder(plan: Plan): Rung[] {
  const open = plan.rungs.filter((each) => each.open).map(({ rung }) => rung);
  return goesOn(plan) && open.includes('db') ? ['db', ...open.filter((rung) => rung !== 'db')] : open;
}

/** The account is no administrator's, which came out on the way. */
const ordinary: readonly WhyNot[] = ['rescueOrdinary', 'notAdministrator'];

/** Said no to on purpose, not theirs to change, or done as far as it goes: another way to the same end would go round that. */
const final: readonly WhyNot[] = [
  ...ordinary,
  ...(['disabledByAdmin', 'needsEnable', 'needsProvider', 'signInNotNow'] as const),
  ...(['notAllowed', 'adminsOnly', 'notInServer', 'rescueNotYours'] as const),
];

const firstStepOf: Readonly<Record<Rung, StepName>> = { api: 'unlock', pin: 'askPin', restart: 'restart', db: 'who' };
