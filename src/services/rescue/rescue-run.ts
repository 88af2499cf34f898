import { AppError } from '../../errors.js';
import type { Audit } from '../audit.js';
import type { PreWriteCheck } from '../accounts/jellyfin-port.js';
import type { Log } from '../log.js';
import type { KeptMessages } from '../notices/kept-message.js';
import type { MessageRef, Message, Messenger } from '../notices/messenger-port.js';
import { RescueCard, type RescueMessages } from './rescue-card.js';
import type { RescuePasswords } from './rescue-passwords.js';
import type { RescueRights } from './rescue-rights.js';
import { DmRescueUi } from './dm-rescue-ui.js';
import type { RescueUi, Step } from './ladder/ports.js';
import { Facts } from './ladder/attempt.js';
import type { Plan, RescueOptions } from './ladder/plan.js';
import type { Rescue, RescueEnd } from './ladder/rescue.js';

/** From Discord only an administrator's account, and nobody is at the server's keyboard. */
const options: RescueOptions = { administratorOnly: true, byHand: false };

export interface RunDeps {
  readonly store: RescueStore;
  readonly passwords: RescuePasswords;
  readonly rights: Pick<RescueRights, 'assertMayStill'>;
  readonly adminChannelId: string;
  /** Whether a repair that ended since then has left an API key in jellyfin.db that is not the one in use. */
  readonly leavesKey: (sinceMs: number) => Promise<boolean>;
  readonly messenger: Messenger;
  readonly kept: KeptMessages;
  readonly messages: RescueMessages;
  readonly audit: Audit;
  /** Loaded when somebody needs it. */
  readonly ladder: () => Promise<Rescue>;
  readonly log: Log;
  readonly now: () => number;
  readonly editEveryMs?: number | undefined;
  readonly answerWithinMs?: number | undefined;
}

/** One person's rescue of one account in direct messages, from its card to its last message. */
export class RescueRun {
  readonly talk: DmRescueUi;
  readonly #card: RescueCard;
  /** A repair has finished, and the bot died before it was settled what becomes of its key, which nobody knows now. */
  #mayLeaveKey = false;

  constructor(
    private readonly deps: RunDeps,
    readonly row: RescueRow,
  ) {
    this.#card = new RescueCard(
      { ...deps, placed: ({ messageId }) => deps.store.setCard(row.id, messageId) },
      row.channelId,
      row.card,
      row,
    );
    this.talk = new DmRescueUi({
      ...deps,
      card: this.#card,
      handOver: (account, set) => this.#handOver(account, set),
    });
  }

  /** Sends the card. False when this person cannot be reached. Throws what Discord threw. */
  open(): Promise<boolean> {
    return this.#card.open();
  }

  /** Looks, and runs the plan. Never throws. */
  async run(): Promise<void> {
    await this.#toItsEnd((ladder) => this.#run(ladder, this.#ui(false), (plan) => plan));
  }

  /** Goes on with what was agreed to before the bot was stopped, once `ready` says so. Never throws. */
  async goOn(ready: () => Promise<boolean>): Promise<void> {
    await this.#say(this.deps.messages.carryOn(this.#card.view), 'o');
    this.#card.sendAnew();
    await this.#toItsEnd(async (ladder) => {
      if (!(await ready())) throw new AppError('tryAgain');
      this.#mayLeaveKey = await this.#leavesKey();
      return this.#run(ladder, this.#ui(true), onlyWhatIsLeft);
    }, 'g');
  }

  /** Ends what the bot's stop cut short; `mayHaveSet`: a password, or a PIN on the way to it, that nobody has read. Never throws. */
  async cutShort(mayHaveSet: boolean): Promise<void> {
    this.record('rescue', 'cutShort');
    const message = this.deps.messages.cutShort(this.#card.view, { mayHaveSet, mayLeaveKey: await this.#leavesKey() });
    await this.#close('cutShort', message, 'e');
  }

  /** Resolves when the card shows its last state. */
  settled(): Promise<void> {
    return this.#card.settled();
  }

  /** Nobody could be reached: nothing was begun. */
  notBegun(): void {
    this.record('rescue', 'rescueNeedsDm');
    this.#end('rescueNeedsDm');
  }

  record(act: string, outcome: string, detail?: string): void {
    const { actorId, accountId, accountName } = this.row;
    this.deps.audit.record({ actorId, act, outcome, accountId, accountName, detail });
  }

  async #run(ladder: Rescue, ui: RescueUi, chosen: (plan: Plan) => Plan): Promise<RescueEnd> {
    const plan = await ladder.look({ id: this.row.accountId, name: this.row.accountName }, options);
    this.talk.planned(plan);
    return ladder.run(chosen(plan), ui, options, onlyAdministrators);
  }

  async #toItsEnd(work: (ladder: Rescue) => Promise<RescueEnd>, kind = 'e'): Promise<void> {
    const { log, ladder, messages } = this.deps;
    let end: RescueEnd;
    try {
      end = await work(await ladder());
    } catch (error) {
      if (!(error instanceof AppError)) log.error({ err: error, rescue: this.row.id }, 'a rescue broke');
      const { code = 'unexpected', params } = error instanceof AppError ? error : {};
      end = { ...new Facts(), outcome: 'notYet', code, params };
    }
    try {
      // A person who begins anew needs no message about the plan before.
      const isReplaced = this.#card.view.unanswered === 'newer';
      const message = isReplaced ? undefined : messages.last(this.#card.view, end, this.#mayLeaveKey);
      this.record('rescue', end.code ?? end.outcome, end.rung);
      await this.#close('over', message, kind);
    } catch (err) {
      log.error({ err, rescue: this.row.id }, 'the end of a rescue could not be written down');
    }
  }

  /** The card's last state, and a message of its own: an edit makes no sound, and it may be twenty minutes since the last. */
  async #close(stage: 'over' | 'cutShort', message: Message | undefined, kind: string): Promise<void> {
    this.#card.change({ stage, question: undefined });
    // One that could not be told is not ended: the next start tells it. If it was told and the bot died before this was
    // written down, the same nonce keeps it from being told twice.
    if (message === undefined || (await this.#say(message, kind))) this.#end(stage);
  }

  #end(outcome: string): void {
    this.deps.store.end(this.row.id, this.deps.now(), outcome);
  }

  /** False when Discord is in trouble. */
  async #say(message: Message, kind: string): Promise<boolean> {
    const { id, startedAt, channelId } = this.row;
    const { messenger, log } = this.deps;
    try {
      await messenger.send(channelId, message, `s${id}${kind}.${startedAt.toString(36)}`);
      return true;
    } catch (err) {
      log.warn({ err, rescue: id }, 'a word about a rescue could not be sent');
      return false;
    }
  }

  /** `isAgreed`: this person has said yes to the plan before the bot was stopped. */
  #ui(isAgreed: boolean): RescueUi {
    const { talk, row, deps } = this;
    return {
      show: (step) => {
        if (step.outcome === 'failed') this.#recordFailed(step);
        talk.show(step);
      },
      handOver: (account, set) => talk.handOver(account, set),
      ask: async (question, params) => {
        if (question !== 'plan') return talk.ask(question, params);
        if (isAgreed) return true;
        if (!(await talk.ask(question, params))) return false;
        // Written before anything is changed: where nothing can be saved any more, nothing is changed either.
        deps.store.confirmed(row.id, deps.now());
        this.record('rescue', 'begun');
        return true;
      },
    };
  }

  /** A rescue that has begun is gone through with, whether or not this can be written down. */
  #recordFailed({ rung, name, code }: Step): void {
    try {
      this.record('rescue step', code ?? 'failed', `${rung} ${name}`);
    } catch (err) {
      this.deps.log.error({ err, rescue: this.row.id }, 'a failed step of a rescue could not be put into the audit');
    }
  }

  /** A name may be another account's by now: what is handed over is this account's password, or none. */
  async #handOver(...[account, set]: Parameters<RescueUi['handOver']>): Promise<void> {
    if (account.id !== this.row.accountId) throw new AppError('rescueNotYours');
    await this.#assertMayStill();
    await this.deps.passwords.handOver(this.row.actorId, account, set);
  }

  /** It may be days since they said yes: the bot was away. What was begun is finished, but they are given nothing. */
  async #assertMayStill(): Promise<void> {
    const { rights, messenger, messages, adminChannelId, log } = this.deps;
    const { id, actorId, accountId, startedAt } = this.row;
    try {
      await rights.assertMayStill(actorId, accountId);
    } catch (error) {
      if (error instanceof AppError && error.code !== 'tryAgain')
        await messenger
          .send(adminChannelId, messages.noRight(this.#card.view), `n${id}.${startedAt.toString(36)}`)
          .catch((err: unknown) => log.warn({ err, rescue: id }, 'the admins could not be told'));
      throw error;
    }
  }

  async #leavesKey(): Promise<boolean> {
    const { confirmedAt } = this.row;
    return confirmedAt !== undefined && this.deps.leavesKey(confirmedAt);
  }
}

const onlyAdministrators: PreWriteCheck = ({ isAdministrator }) => {
  if (!isAdministrator) throw new AppError('rescueOrdinary');
};

/** Only jellyfin.db is carried on; if the repair finished without the bot, the other ways are open as ever. */
function onlyWhatIsLeft(plan: Plan): Plan {
  return plan.unfinished ? { ...plan, rungs: plan.rungs.filter(({ rung }) => rung === 'db') } : plan;
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
  /** The direct messages that it lives in. */
  readonly channelId: string;
  readonly card: MessageRef | undefined;
}

export interface RescueStore {
  begin(row: Omit<RescueRow, 'id' | 'confirmedAt' | 'card'>): RescueRow;
  byId(id: number): RescueRow | undefined;
  setCard(id: number, messageId: string): void;
  confirmed(id: number, at: number): void;
  end(id: number, at: number, outcome: string): void;
  /** The one that was agreed to, and not ended, at that moment. */
  goingOnAt(at: number): RescueRow | undefined;
  /** Begun, and not ended: by a bot that is gone, unless it is this one. */
  unfinished(): RescueRow[];
}
