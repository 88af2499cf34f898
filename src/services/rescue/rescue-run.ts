import { AppError, type Params } from '../../errors.js';
import type { PreWriteCheck } from '../accounts/jellyfin-port.js';
import { messageKey } from '../notices/kept-message.js';
import type { Message } from '../notices/messenger-port.js';
import { Facts } from './ladder/attempt.js';
import type { Plan, RescueOptions } from './ladder/plan.js';
import type { Question, RescueUi, Step } from './ladder/ports.js';
import type { Rescue, RescueEnd } from './ladder/rescue.js';
import { RescueCard } from './rescue-card.js';
import type { RescuePasswords } from './rescue-passwords.js';
import type { RescueDeps, RescueRow } from './rescue-port.js';
import { RescueQuestion } from './rescue-question.js';
import type { RescueRights } from './rescue-rights.js';

/** From Discord only an administrator's account, and nobody is at the server's keyboard. */
const options: RescueOptions = { administratorOnly: true, byHand: false };

export type RunDeps = RescueDeps & {
  readonly passwords: RescuePasswords;
  readonly rights: RescueRights;
  readonly ladder: () => Promise<Rescue>;
};

/** Its messages besides the card; each has a key of its own. */
const versions = { end: 0, carriedOnEnd: 1, carriesOn: 2, noRight: 3 } as const;
type Said = keyof typeof versions;

/** One person's rescue of one account in direct messages, from its card to its last message. */
export class RescueRun implements RescueUi {
  readonly question: RescueQuestion;
  readonly #card: RescueCard;
  /** What this person has said to the plan, perhaps before the bot was stopped. */
  #isAgreed: boolean | undefined;
  /** A repair has finished, and the bot died before it was settled what becomes of its key, which nobody knows now. */
  #mayLeaveKey = false;

  constructor(
    private readonly deps: RunDeps,
    readonly row: RescueRow,
  ) {
    this.#card = new RescueCard(deps, row);
    this.question = new RescueQuestion(deps, this.#card);
  }

  /** Sends the card. False when this person cannot be reached. Throws what Discord threw. */
  open(): Promise<boolean> {
    return this.#card.open();
  }

  /** Looks, and runs the plan. Never throws. */
  run(): Promise<void> {
    return this.#toItsEnd((ladder) => this.#run(ladder), 'end');
  }

  /** Goes on with what was agreed to before the bot was stopped, once `ready` says so. Never throws. */
  async goOn(ready: () => Promise<boolean>): Promise<void> {
    this.#isAgreed = true;
    await this.#say(this.deps.rescue.messages.sentence('carryOn', this.#card.view), 'carriesOn');
    this.#card.sendAnew();
    await this.#toItsEnd(async (ladder) => {
      if (!(await ready())) throw new AppError('tryAgain');
      this.#mayLeaveKey = await this.#leavesKey();
      return this.#run(ladder);
    }, 'carriedOnEnd');
  }

  /** Ends what the bot's stop cut short; `mayHaveSet`: a password, or a PIN on the way to it, that nobody has read. Never throws. */
  async cutShort(mayHaveSet: boolean): Promise<void> {
    this.record('rescue', 'cutShort');
    const found = { mayHaveSet, mayLeaveKey: await this.#leavesKey() };
    await this.#close('cutShort', this.deps.rescue.messages.cutShort(this.#card.view, found), 'end');
  }

  /** Resolves when the card shows its last state. */
  settled(): Promise<void> {
    return this.#card.settled();
  }

  /** Nobody could be reached: nothing was begun. */
  notBegun(): void {
    this.record('rescue', 'rescueNeedsDm');
    this.#end();
  }

  record(act: string, outcome: string, detail?: string): void {
    const { actorId, accountId, accountName } = this.row;
    this.deps.stores.audit.record({ actorId, act, outcome, accountId, accountName, detail });
  }

  show(step: Step): void {
    if (step.outcome === 'failed') this.#recordFailed(step);
    const { steps } = this.#card.view;
    const begun = steps.findLastIndex(({ name, rung, outcome }) => {
      return outcome === 'begun' && name === step.name && rung === step.rung;
    });
    // What was begun becomes what came of it, in its place.
    this.#card.change({ steps: begun < 0 ? [...steps, step] : steps.with(begun, step), stage: 'working' });
  }

  async ask(name: Question, params?: Params): Promise<boolean> {
    if (name === 'plan' && this.#isAgreed !== undefined) return this.#isAgreed;
    const answer = await this.question.ask(name, params);
    if (name !== 'plan' && name !== 'knowsPassword') return answer === 'yes';
    // Whether the password is known is asked with the plan: both answers are a yes to it.
    this.#isAgreed = answer !== 'no';
    if (!this.#isAgreed) return false;
    // Written before anything is changed: where nothing can be saved any more, nothing is changed either.
    this.deps.stores.rescues.confirmed(this.row.id, this.deps.now(), name === 'knowsPassword' && answer === 'yes');
    this.record('rescue', 'begun');
    return answer === 'yes';
  }

  /** A name may be another account's by now: what is handed over is this account's password, or none. */
  async handOver(...[account, set]: Parameters<RescueUi['handOver']>): Promise<void> {
    if (this.question.isStopping) throw new AppError('rescueStopping');
    if (account.id !== this.row.accountId) throw new AppError('rescueNotYours');
    await this.#assertMayStill();
    await this.deps.passwords.handOver(this.row.actorId, account, set);
  }

  async #run(ladder: Rescue): Promise<RescueEnd> {
    const plan = await ladder.look({ id: this.row.accountId, name: this.row.accountName }, options);
    this.#card.change({ plan });
    if (!this.#isAgreed) return ladder.run(plan, this, options, onlyAdministrators);
    const asAgreed = { ...options, keepPassword: this.row.keepsPassword };
    return ladder.run(onlyWhatIsLeft(plan), this, asAgreed, onlyAdministrators);
  }

  async #toItsEnd(work: (ladder: Rescue) => Promise<RescueEnd>, what: Said): Promise<void> {
    const { log, rescue } = this.deps;
    let end: RescueEnd;
    try {
      end = await work(await this.deps.ladder());
    } catch (error) {
      if (!(error instanceof AppError)) log.error({ err: error, rescue: this.row.id }, 'a rescue broke');
      const { code = 'unexpected', params } = error instanceof AppError ? error : {};
      end = { ...new Facts(), outcome: 'notYet', code, params };
    }
    try {
      // A person who begins anew needs no message about the plan before.
      const isReplaced = this.#card.view.unanswered === 'newer';
      const message = isReplaced ? undefined : rescue.messages.last(this.#card.view, end, this.#mayLeaveKey);
      this.record('rescue', end.code ?? end.outcome, end.rung);
      if (end.outcome === 'changed' && end.keptPassword) await this.#opened();
      await this.#close('over', message, what);
    } catch (err) {
      log.error({ err, rescue: this.row.id }, 'the end of a rescue could not be written down');
    }
  }

  /** A new password says so by itself. */
  async #opened(): Promise<void> {
    const { accountId, actorId } = this.row;
    this.record('unlock', 'done');
    await this.deps.unlocks.openedByRescue(accountId, actorId);
  }

  /** The card's last state, and a message of its own: an edit makes no sound, and it may be twenty minutes since the last. */
  async #close(stage: 'over' | 'cutShort', message: Message | undefined, what: Said): Promise<void> {
    this.#card.change({ stage, question: undefined });
    // One that could not be told is not ended: the next start tells it. If it was told and the bot died before this was
    // written down, the same nonce keeps it from being told twice.
    if (message === undefined || (await this.#say(message, what))) this.#end();
  }

  #end(): void {
    this.deps.stores.rescues.end(this.row.id, this.deps.now());
  }

  /** False when Discord is in trouble. */
  async #say(message: Message, what: Said, channelId = this.row.channelId): Promise<boolean> {
    const { id, startedAt: since } = this.row;
    const { messenger, log } = this.deps;
    try {
      await messenger.send(channelId, message, messageKey('rescueEnd', { id, since }, versions[what]));
      return true;
    } catch (err) {
      log.warn({ err, rescue: id }, 'a message about a rescue could not be sent');
      return false;
    }
  }

  /** A rescue that has begun is gone through with, whether or not this can be written down. */
  #recordFailed({ rung, name, code }: Step): void {
    try {
      this.record('rescue step', code ?? 'failed', `${rung} ${name}`);
    } catch (err) {
      this.deps.log.error({ err, rescue: this.row.id }, 'a failed step of a rescue could not be put into the audit');
    }
  }

  /** It may be days since they said yes: the bot was away. What was begun is finished, but they are given nothing. */
  async #assertMayStill(): Promise<void> {
    const { rescue, adminChannel } = this.deps;
    try {
      await this.deps.rights.assertMayStill(this.row.actorId, this.row.accountId);
    } catch (error) {
      if (error instanceof AppError && error.code !== 'tryAgain')
        await this.#say(rescue.messages.noRight(this.#card.view), 'noRight', adminChannel.id);
      throw error;
    }
  }

  async #leavesKey(): Promise<boolean> {
    const { confirmedAt } = this.row;
    return confirmedAt !== undefined && this.deps.rescue.leavesKey(confirmedAt);
  }
}

const onlyAdministrators: PreWriteCheck = ({ isAdministrator }) => {
  if (!isAdministrator) throw new AppError('rescueOrdinary');
};

/** Only jellyfin.db is carried on; if the repair finished without the bot, the other ways are open as ever. */
function onlyWhatIsLeft(plan: Plan): Plan {
  return plan.unfinished ? { ...plan, rungs: plan.rungs.filter(({ rung }) => rung === 'db') } : plan;
}
