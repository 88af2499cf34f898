import type { Params } from '../../../errors.js';
import { RungFailed, stateOf, type RescueProgress } from './rescue-progress.js';
import type { Question, RescuePorts } from './ports.js';
import type { Plan, RescueOptions } from './plan.js';
import type { RefusalCode, RepairEnd, RepairJob } from './repair-port.js';

type Deps = Pick<RescuePorts, 'repair' | 'settings' | 'newKey'>;

/** What a person may be asked when the repair does not go on by itself, and how it goes on when they say yes. */
const answers: Partial<Record<RefusalCode, { question: Question; then: (job: RepairJob, asked: Params) => Yes }>> = {
  // A yes is one to the signs that were named: for any more that go later it is asked again.
  cannotSee: {
    question: 'unseen',
    then: ({ acceptUnseen = [] }, { signs = '' }) => ({
      acceptUnseen: [...new Set([...acceptUnseen, ...String(signs).split(',')])],
    }),
  },
  needsEnable: { question: 'enableDisabled', then: () => ({ enableDisabled: true }) },
  needsStop: { question: 'stopByHand', then: () => ({ serverIsStopped: true }) },
};
type Yes = Pick<RepairJob, 'acceptUnseen' | 'enableDisabled' | 'serverIsStopped'>;

/** Rung 4: jellyfin.db itself, by way of the repair's own process. */
export class DbRung {
  constructor(private readonly deps: Deps) {}

  /** Repairs; the end says whether the server is there to go on with. Throws RungFailed. */
  async run(progress: RescueProgress, plan: Plan, options: RescueOptions): Promise<RepairEnd> {
    const { target } = plan;
    if (!options.setPassword || options.dryRun) return this.#repair(progress, plan, options);
    let end: RepairEnd | undefined;
    const account = { id: target.id ?? '', name: target.name };
    await progress.step('password', () =>
      progress.ui.handOver(account, async (password) => {
        end = await this.#repair(progress, plan, options, password);
        progress.pinIsPassword = false;
        progress.passwordIsInFile = true;
      }),
    );
    if (!end) throw new Error('a password was handed over that nobody has set');
    return end;
  }

  #repair(progress: RescueProgress, plan: Plan, options: RescueOptions, setPassword?: string): Promise<RepairEnd> {
    // A key is of use only to a rescue that goes on with it.
    const isOfUse = this.#startsItself(plan, options) && !options.setPassword;
    const wantsKey = !options.dryRun && (options.giveKey || isOfUse);
    return this.#run(
      progress,
      this.#job(plan, options, {
        // Never the account of an unfinished repair: whether it is the same one is for the repair to say.
        account: plan.target,
        ...(wantsKey && { key: this.deps.newKey() }),
        ...(setPassword !== undefined && { setPassword }),
      }),
      options,
    );
  }

  #startsItself({ location }: Plan, { serverIsStopped }: RescueOptions): boolean {
    return location.commands !== undefined && !serverIsStopped;
  }

  #job({ location }: Plan, options: RescueOptions, job: Partial<RepairJob> & Pick<RepairJob, 'account'>): RepairJob {
    const { serverDir, logDir, db } = location;
    const { administratorOnly, serverIsStopped, dryRun } = options;
    if (db === undefined) throw new RungFailed('noDatabase', { file: 'jellyfin.db' });
    return { ...this.deps.settings, serverDir, logDir, db, administratorOnly, serverIsStopped, dryRun, ...job };
  }

  async #run(progress: RescueProgress, first: RepairJob, options: RescueOptions): Promise<RepairEnd> {
    let job = first;
    for (;;) {
      // Before it is there, not at its own first line: it goes on without the process that started it.
      progress.show('who', 'begun');
      const end = await this.deps.repair.run(job, (line) => {
        if (line.kind === 'step') progress.show(line.step, line.outcome, line.code, line.params);
      });
      this.#note(progress, end);
      if (end.outcome === 'done') return end;
      const failure = new RungFailed(end.code ?? 'unexpected', end.params);
      failure.step = end.step;
      const way = end.code && answers[end.code];
      const isOpen = way && !(end.code === 'needsStop' && !options.byHand);
      const then = way?.then(job, end.params ?? {}) ?? {};
      if (!isOpen || alreadySaid(job, then)) throw failure;
      if (!(await progress.ui.ask(way.question, { ...end.params, ...(this.#stops(job) && { stops: 1 }) })))
        throw failure;
      job = { ...job, ...then };
      progress.stoppedByPerson ||= then.serverIsStopped === true;
    }
  }

  #stops({ stopCommand, serverIsStopped }: RepairJob): boolean {
    return stopCommand !== undefined && !serverIsStopped;
  }

  #note(progress: RescueProgress, { before, after, copy, leftStopped, started, unseen }: RepairEnd): void {
    if (before) progress.before ??= stateOf(before);
    if (after) progress.after = stateOf(after);
    progress.copy = copy ?? progress.copy;
    progress.leftStopped = leftStopped;
    progress.isStarting = started;
    progress.unseen = unseen;
  }
}

/** Asked once, and answered, it is not asked again. */
function alreadySaid(job: RepairJob, then: Yes): boolean {
  return Object.entries(then).every(([name, value]) => String(job[name as keyof Yes]) === String(value));
}
