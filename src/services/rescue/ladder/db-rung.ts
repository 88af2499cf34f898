import type { Params } from '../../../errors.js';
import { otherProvider } from '../../accounts/account.js';
import { type Attempt, RungFailed, stateOf } from './attempt.js';
import type { Question } from './ports.js';
import type { RefusalCode, RepairEnd, RepairJob } from './repair-port.js';

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

/** How a repair ended, and the password that it wrote and the person has seen. */
export type Repaired = RepairEnd & { readonly password?: string | undefined };

/** Rung 4: repairs jellyfin.db itself, by way of the repair's own process; the end says whether the server is there to go on with. Throws RungFailed. */
export async function dbRung(attempt: Attempt): Promise<Repaired> {
  const { plan, options, ui } = attempt.given;
  const { target, account } = plan;
  const provider = account && otherProvider(account);
  // Asked while the server still runs, where that is known.
  if (provider) await attempt.wantsOwnProvider(target.name, provider);
  let repaired: Repaired | undefined;
  if (!options.setPassword || options.dryRun) repaired = await repair(attempt);
  if (repaired) return repaired;
  await attempt.step('password', () =>
    ui.handOver({ id: target.id ?? '', name: target.name }, async (password) => {
      const end = await repair(attempt, password);
      if (!end) throw new Error('a repair that has a password needs none');
      repaired = { ...end, password };
      attempt.passwordIsNew();
      attempt.facts.passwordIsInFile = true;
    }),
  );
  if (!repaired) throw new Error('a password was handed over that nobody has set');
  return repaired;
}

/** Undefined where Jellyfin is to check the password, so that one has to be handed over first. */
async function repair(attempt: Attempt, setPassword?: string): Promise<RepairEnd | undefined> {
  let job = jobOf(attempt, setPassword);
  for (;;) {
    const { ownProvider, facts } = attempt;
    if (ownProvider === true && setPassword === undefined) return undefined;
    if (ownProvider === false && setPassword !== undefined)
      throw new RungFailed('needsProvider', { name: job.account.name, provider: facts.provider ?? '' });
    // Before it is there, not at its own first line: it goes on without the process that started it.
    // A further run begins with the same look, which is told once.
    const isTold = attempt.facts.steps.some(({ name }) => name === 'who');
    if (!isTold) attempt.show('who', 'begun');
    const end = await attempt.given.ports.repair.run(job, (line) => {
      if (line.kind === 'step' && !(isTold && line.step === 'who'))
        attempt.show(line.step, line.outcome, line.code, line.params);
    });
    note(attempt, end);
    if (end.outcome === 'done') return end;
    const failure = new RungFailed(end.code ?? 'unexpected', end.params);
    failure.step = end.step;
    const said = await consent(attempt, end);
    if (said) {
      job = { ...job, ...said };
      continue;
    }
    const way = end.code && answers[end.code];
    const isOpen = way && !(end.code === 'needsStop' && !attempt.given.options.byHand);
    const then = way?.then(job, end.params ?? {}) ?? {};
    if (!isOpen || alreadySaid(job, then)) throw failure;
    const stops = job.stopCommand !== undefined && !job.serverIsStopped;
    if (!(await attempt.ask(way.question, { ...end.params, ...(stops && { stops: 1 }) }))) throw failure;
    job = { ...job, ...then };
    attempt.stoppedByPerson ||= then.serverIsStopped === true;
  }
}

/** What is asked of an account that needs more than an unlock: it goes on without, too. */
async function consent(attempt: Attempt, { code, params }: RepairEnd): Promise<Partial<RepairJob> | undefined> {
  const name = String(params?.name ?? attempt.given.plan.target.name);
  if (code === 'needsProvider')
    return { ownProvider: await attempt.wantsOwnProvider(name, String(params?.provider ?? '')) };
  return code === 'needsRight' ? { giveRight: await attempt.wantsRight(name) } : undefined;
}

function jobOf({ given, facts, ownProvider, giveRight }: Attempt, setPassword: string | undefined): RepairJob {
  const { ports, plan, options } = given;
  const { serverDir, logDir, db, commands } = plan.location;
  const { administratorOnly, serverIsStopped, dryRun } = options;
  if (db === undefined) throw new RungFailed('noDatabase', { file: 'jellyfin.db' });
  // A key is of use only to a rescue that goes on with it.
  const isOfUse = commands !== undefined && !serverIsStopped && setPassword === undefined && !facts.keptPassword;
  return {
    ...ports.settings,
    ...{ serverDir, logDir, db, administratorOnly, ownProvider, giveRight, serverIsStopped, dryRun },
    // Never the account of an unfinished repair: whether it is the same one is for the repair to say.
    account: plan.target,
    ...(!dryRun && (options.giveKey || isOfUse) && { key: ports.newKey() }),
    ...(setPassword !== undefined && { setPassword }),
  };
}

function note(attempt: Attempt, end: RepairEnd): void {
  const { facts } = attempt;
  const { before, after, copy, leftStopped, unseen, started } = end;
  if (before) facts.before ??= stateOf(before);
  if (after) facts.after = stateOf(after);
  if (after && !after.isAdministrator) facts.ordinary ??= 'maybeOthers';
  facts.copy = copy ?? facts.copy;
  facts.leftStopped = leftStopped;
  facts.unseen = unseen;
  attempt.isStarting = started;
}

/** Asked once, and answered, it is not asked again. */
function alreadySaid(job: RepairJob, then: Yes): boolean {
  return Object.entries(then).every(([name, value]) => String(job[name as keyof Yes]) === String(value));
}
