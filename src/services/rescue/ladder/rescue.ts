import { AppError, type Params } from '../../../errors.js';
import type { PreWriteCheck } from '../../accounts/jellyfin-port.js';
import { ApiRung, RestartRung } from './server-rungs.js';
import { AfterRepair } from './after-repair.js';
import { RescueProgress, RungFailed, stateOf } from './rescue-progress.js';
import { DbRung } from './db-rung.js';
import type { RescueUi, RescuePorts, Rung, StepName, WhyNot } from './ports.js';
import { goesOn, look } from './look.js';
import { NewKey } from './new-key.js';
import { PinRung } from './pin-rung.js';
import type { Plan, RescueOptions } from './plan.js';
import type { Target } from './repair-port.js';

/** How a rescue ended; the rest is what its progress knew by then. */
export interface RescueEnd extends Readonly<Known> {
  /**
   * `backIn`: a temporary password works. `changed`: jellyfin.db is as it should be, and the person starts the server.
   * `cancelled`: the person said no, and nothing was done. `planned`: a dry run. `notYet`: came to nothing.
   */
  readonly outcome: 'backIn' | 'changed' | 'cancelled' | 'planned' | 'notYet';
  /** The rung it ended on. */
  readonly rung: Rung | undefined;
  readonly code: WhyNot | undefined;
  readonly params: Params | undefined;
  /** The person stopped the server in vain, and it stands still. `seen`: that was verified; `said`: they say so. */
  readonly stillStopped?: 'seen' | 'said' | undefined;
}
type Known = Pick<RescueProgress, 'steps' | 'before' | 'after' | 'copy' | 'leftStopped' | 'key' | 'pinIsPassword'> &
  Partial<Pick<RescueProgress, 'diedAtStart' | 'pinOfOther' | 'isForPersonToStart' | 'unseen' | 'passwordIsInFile'>>;

/** The administrator's way back: looks before it acts, and tries rung after rung until one works. */
export class Rescue {
  readonly #api: ApiRung;
  readonly #pin: PinRung;
  readonly #restart: RestartRung;
  readonly #db: DbRung;
  readonly #afterRepair: AfterRepair;

  constructor(private readonly ports: RescuePorts) {
    const { jellyfin, keylessJellyfin, keys, wait, log } = ports;
    const key = new NewKey(keys, jellyfin, log);
    this.#api = new ApiRung(jellyfin);
    this.#pin = new PinRung({ ...ports, newKey: key });
    this.#restart = new RestartRung(keylessJellyfin, wait);
    this.#db = new DbRung(ports);
    this.#afterRepair = new AfterRepair(ports, this.#api, key);
  }

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
    const progress = begun(ui, plan, options);
    progress.before = plan.account && stateOf(plan.account);
    const open = inOrder(plan).filter((rung) => (options.rung ?? rung) === rung);
    const [first] = open;
    if (first === undefined) return this.#end(progress, 'notYet', options.rung);
    if (options.dryRun && !this.#canTryOut(plan, options)) return this.#end(progress, 'planned');
    const commands = options.serverIsStopped ? {} : plan.location.commands;
    const commandsOf = (next: readonly Rung[]) => (next.includes('db') ? commands : {});
    if (!options.dryRun && !(await ui.ask('plan', commandsOf(open)))) return this.#end(progress, 'cancelled');
    let rung: Rung = first;
    let failure: RungFailed;
    for (;;) {
      progress.rung = rung;
      try {
        return await this.#tried(progress, plan, options, permit, rung);
      } catch (error) {
        failure = progress.failed(error, firstStepOf[rung]);
        // A repair that was refused has started the server again: nobody else sees whether it comes up.
        if (progress.isStarting) await this.#afterRepair.waitFor(progress, plan.location);
        if (!(error instanceof AppError) && failure.code === 'unexpected')
          this.ports.log.error({ err: error }, 'a rung of the rescue broke');
      }
      const next: Rung | undefined = open[open.indexOf(rung) + 1];
      // Nothing more can be asked of a server that is stopped by now, nor of a person who has said what they do not want.
      if (next === undefined || progress.leftStopped || final.includes(failure.code)) break;
      const more = { ...commandsOf([next]), ...(progress.pinIsPassword && { pinIsPassword: 1 }) };
      if (!(await ui.ask('nextRung', { rung: next, ...more }))) break;
      rung = next;
    }
    if (ordinary.includes(failure.code) && progress.pinIsPassword) progress.isPinOf(plan.target.name);
    return this.#end(progress, 'notYet', rung, failure);
  }

  async #tried(
    progress: RescueProgress,
    plan: Plan,
    options: RescueOptions,
    permit: PreWriteCheck,
    rung: Rung,
  ): Promise<RescueEnd> {
    switch (rung) {
      case 'api':
        await this.#api.run(progress, this.#idOf(plan), permit);
        break;
      case 'pin':
        await this.#pin.run(progress, plan, options, this.#pinFolder(plan));
        break;
      case 'restart':
        await this.#restart.run(progress);
        if (plan.account) await this.#api.run(progress, this.#idOf(plan), permit);
        else await this.#pin.run(progress, plan, options, this.#pinFolder(plan));
        break;
      case 'db':
        return this.#throughDb(progress, plan, options, permit);
    }
    return this.#end(progress, 'backIn', rung);
  }

  async #throughDb(
    progress: RescueProgress,
    plan: Plan,
    options: RescueOptions,
    permit: PreWriteCheck,
  ): Promise<RescueEnd> {
    const repaired = await this.#db.run(progress, plan, options);
    if (options.dryRun) return this.#end(progress, 'planned', 'db');
    return this.#end(progress, await this.#afterRepair.goOn(progress, plan, options, permit, repaired), 'db');
  }

  /** A copy can be checked without changing anything only where the server is stopped already. */
  #canTryOut({ rungs }: Plan, { rung, serverIsStopped }: RescueOptions): boolean {
    return rung === 'db' && serverIsStopped === true && rungs.some((each) => each.rung === 'db' && each.open);
  }

  #idOf({ target }: Plan): string {
    if (target.id === undefined) throw new AppError('accountUnknown', { name: target.name });
    return target.id;
  }

  #pinFolder({ location }: Plan) {
    if (location.serverDir === undefined) throw new RungFailed('folderUnreadable', { folder: '' });
    return this.ports.pins(location.serverDir);
  }

  #end(progress: RescueProgress, outcome: RescueEnd['outcome'], rung?: Rung, failure?: RungFailed): RescueEnd {
    const { steps, before, after, copy, leftStopped, key, pinIsPassword, isForPersonToStart, passwordIsInFile } =
      progress;
    const { unseen, diedAtStart, pinOfOther } = progress;
    const { code, params } = failure ?? {};
    const isStill = progress.stoppedByPerson && !isForPersonToStart && !(code && seenToRun.includes(code));
    return {
      outcome,
      rung,
      code,
      params,
      steps,
      before,
      after,
      copy,
      leftStopped,
      diedAtStart,
      key,
      pinIsPassword,
      pinOfOther,
      isForPersonToStart,
      passwordIsInFile,
      stillStopped: isStill ? (progress.sawStopped ? 'seen' : 'said') : undefined,
      unseen,
    };
  }
}

function begun(ui: RescueUi, { unfinished }: Plan, { serverIsStopped = false }: RescueOptions): RescueProgress {
  const progress = new RescueProgress(ui);
  // Another rescue that is at work may have stopped it, and then starts it.
  progress.stoppedByPerson = serverIsStopped && !unfinished?.atWork;
  return progress;
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

/** Said no to on purpose, or not theirs to change: another way to the same end would go round that. */
const final: readonly WhyNot[] = [
  ...ordinary,
  ...(['disabledByAdmin', 'needsEnable'] as const),
  ...(['notAllowed', 'adminsOnly', 'notInServer', 'rescueNotYours'] as const),
];

const firstStepOf: Readonly<Record<Rung, StepName>> = { api: 'unlock', pin: 'askPin', restart: 'restart', db: 'who' };
