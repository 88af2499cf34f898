import { AppError } from '../errors.js';
import type { Actor } from './actor.js';
import type { NamedAccount } from './account-picker.js';
import type { Audit } from './audit.js';
import type { Log } from './log.js';
import type { Messenger } from './messenger-port.js';
import type { RescuePasswords } from './rescue-passwords.js';
import type { RescueRights } from './rescue-rights.js';
import type { RescueRow, RescueStore } from './rescue-store.js';
import { RescueTalk } from './rescue-talk.js';
import type { RescueVoice } from './rescue-voice.js';
import type { Door, Question } from './rescue/door.js';
import type { Plan, RescueOptions } from './rescue/plan.js';
import type { Repair, UnfinishedRepair } from './rescue/repair-port.js';
import type { Rescue, RescueEnd } from './rescue/rescue.js';

/** A repair that outlived the bot that began it is waited for so long. */
const orphanPatienceMs = 10 * 60_000;
const lookEveryMs = 1000;

/** From Discord only an administrator's account, and nobody is at the server's keyboard. */
const options: RescueOptions = { administratorOnly: true, byHand: false };

export interface RescuesNeeds {
  readonly store: RescueStore;
  readonly rights: RescueRights;
  readonly passwords: RescuePasswords;
  readonly messenger: Messenger;
  readonly voice: RescueVoice;
  readonly audit: Audit;
  /** Loaded when somebody needs it. */
  readonly ladder: () => Promise<Rescue>;
  readonly repair: () => Promise<Repair>;
  /** jellyfin.db, where its folder was told. */
  readonly db: string | undefined;
  readonly adminChannelId: string;
  readonly log: Log;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Rescues in direct messages: one at a time, each one person's, and nobody is left without a last word. */
export class Rescues {
  #current: { readonly row: RescueRow; readonly talk: RescueTalk } | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly needs: RescuesNeeds) {}

  /** The accounts that somebody may mean. Throws as `RescueRights.find` does. */
  find(actor: Actor, text: string | undefined): Promise<NamedAccount[]> {
    return this.needs.rights.find(actor, text);
  }

  suggest(actor: Actor, typed: string): Promise<NamedAccount[]> {
    return this.needs.rights.suggest(actor, typed);
  }

  /**
   * Begins a rescue and goes on with it in direct messages. Throws as `find` does, `rescueRunning`, or `rescueNeedsDm`: then
   * nothing was begun.
   */
  async start(actor: Actor, accountId: string): Promise<void> {
    const [account] = await this.needs.rights.find(actor, accountId);
    if (!account) throw new AppError('rescueNotYours');
    if (this.#current) throw new AppError('rescueRunning');
    const { store, messenger, now } = this.needs;
    const channelId = await messenger.openDm(actor.id);
    if (channelId === undefined) throw new AppError('rescueNeedsDm');
    // Somebody else may have begun one meanwhile.
    if (this.#current) throw new AppError('rescueRunning');
    const { id: rescued, name } = account;
    const row = store.begin({ actorId: actor.id, accountId: rescued, accountName: name, startedAt: now(), channelId });
    const talk = this.#talk(row);
    this.#current = { row, talk };
    this.#record(row, 'begun');
    if (!(await talk.open().catch(() => false))) {
      this.#ended(row, 'rescueNeedsDm');
      throw new AppError('rescueNeedsDm');
    }
    this.#running = this.#run(row, talk);
  }

  /**
   * A press on the card. Throws `rescueOver`, `requestNotYours`, `cardOutdated`, or why this person may not any more.
   */
  async answer(id: number, question: number, yes: boolean, actor: Actor): Promise<void> {
    const current = this.#current;
    if (current?.row.id !== id) throw new AppError('rescueOver');
    if (current.row.actorId !== actor.id) throw new AppError('requestNotYours');
    // A no does no harm, whoever they are by now.
    if (yes) await this.needs.rights.assertStillMay(actor, current.row.accountId);
    current.talk.answered(question, yes);
  }

  /** At a start: what a bot that is gone has left. */
  async resume(): Promise<void> {
    const left = this.needs.store.unfinished();
    const record = await this.#unfinished();
    const owner = left.find(
      (row) => record?.account?.id === row.accountId || record?.account?.name === row.accountName,
    );
    for (const row of left) {
      if (row !== owner) await this.#cutShort(row);
    }
    if (owner && record) this.#running = this.#carryOn(owner, record);
    else if (record?.stoppedByUs && !record.atWork) await this.#tellOfStopped(record);
  }

  /** Resolves when no rescue is going on. */
  idle(): Promise<void> {
    return this.#running;
  }

  async #run(row: RescueRow, talk: RescueTalk): Promise<void> {
    const ladder = await this.needs.ladder();
    const target = { id: row.accountId, name: row.accountName };
    await this.#toItsEnd(row, talk, async () => {
      const plan = await ladder.look(target, options);
      talk.planned(plan);
      return ladder.climb(plan, this.#noting(row, talk), options, (account) => {
        if (!account.isAdministrator) throw new AppError('rescueOrdinary');
      });
    });
  }

  /** The plan was agreed to before the bot was stopped; what is left is to finish it. */
  async #carryOn(row: RescueRow, record: UnfinishedRepair): Promise<void> {
    const talk = this.#talk(row);
    this.#current = { row, talk };
    const { messenger, voice, log } = this.needs;
    await messenger.send(row.channelId, voice.carryOn(talk.view), this.#nonce(row, 'o')).catch((err: unknown) => {
      log.warn({ err, rescue: row.id }, 'nobody could be told that a rescue goes on');
    });
    await this.#toItsEnd(row, talk, async () => {
      if (!(await this.#orphanIsGone(record))) throw new AppError('tryAgain');
      const ladder = await this.needs.ladder();
      const target = { id: row.accountId, name: row.accountName };
      const plan = await ladder.look(target, options);
      talk.planned(plan);
      const door = agreeing(this.#noting(row, talk));
      return ladder.climb(planFor(plan), door, options);
    });
  }

  async #toItsEnd(row: RescueRow, talk: RescueTalk, work: () => Promise<RescueEnd>): Promise<void> {
    const { log, messenger, voice } = this.needs;
    let end: RescueEnd;
    try {
      end = await work();
    } catch (error) {
      if (!(error instanceof AppError)) log.error({ err: error, rescue: row.id }, 'a rescue broke');
      end = brokenOff(error instanceof AppError ? error : undefined);
    }
    this.#ended(row, end.code ?? end.outcome, end.rung);
    try {
      await talk.close('over');
      // A message of its own: an edit makes no sound, and it may be twenty minutes since the last one.
      await messenger.send(row.channelId, voice.last(talk.view, end), this.#nonce(row, 'e'));
    } catch (err) {
      log.warn({ err, rescue: row.id }, 'the last word of a rescue could not be sent');
    }
  }

  async #cutShort(row: RescueRow): Promise<void> {
    const talk = this.#talk(row);
    const { messenger, voice, log } = this.needs;
    try {
      await talk.close('cutShort');
      await messenger.send(row.channelId, voice.cutShort(talk.view), this.#nonce(row, 'x'));
      this.#ended(row, 'cutShort');
    } catch (err) {
      log.warn({ err, rescue: row.id }, 'nobody could be told that a rescue was cut short');
    }
  }

  async #tellOfStopped(record: UnfinishedRepair): Promise<void> {
    const { messenger, voice, adminChannelId, log } = this.needs;
    log.warn({ db: record.db }, 'a rescue on the command line was cut short: Jellyfin may still be stopped');
    await messenger
      .send(adminChannelId, voice.leftStopped(), `r${record.startedAt.toString(36)}`)
      .catch((err: unknown) => log.warn({ err }, 'the admins could not be told'));
  }

  /** A repair finishes by itself when the bot is gone. */
  async #orphanIsGone(record: UnfinishedRepair): Promise<boolean> {
    let found: UnfinishedRepair | undefined = record;
    for (let waitedMs = 0; found?.atWork && waitedMs < orphanPatienceMs; waitedMs += lookEveryMs) {
      await this.needs.wait(lookEveryMs);
      found = await this.#unfinished();
    }
    return !found?.atWork;
  }

  async #unfinished(): Promise<UnfinishedRepair | undefined> {
    const { db, repair } = this.needs;
    return db === undefined ? undefined : (await repair()).unfinished(db);
  }

  /** Notes when the plan was agreed to. */
  #noting(row: RescueRow, talk: RescueTalk): Door {
    return {
      show: (step) => talk.show(step),
      handOver: (account, set) => talk.handOver(account, set),
      ask: async (question, params) => {
        const yes = await talk.ask(question, params);
        if (yes && question === 'plan') this.needs.store.confirmed(row.id, this.needs.now());
        return yes;
      },
    };
  }

  #talk(row: RescueRow): RescueTalk {
    const { messenger, voice, log, passwords, store } = this.needs;
    return new RescueTalk(
      {
        messenger,
        voice,
        log,
        handOver: (account, set) => passwords.handOver(row.actorId, account, set),
        placed: ({ messageId }) => store.setCard(row.id, messageId),
        nonce: (kind) => this.#nonce(row, kind),
      },
      row.channelId,
      row.card,
      row,
    );
  }

  #nonce({ id, startedAt }: RescueRow, kind: string): string {
    return `s${id}${kind}.${startedAt.toString(36)}`;
  }

  #ended(row: RescueRow, outcome: string, rung?: string): void {
    if (this.#current?.row.id === row.id) this.#current = undefined;
    this.needs.store.end(row.id, this.needs.now(), outcome);
    this.#record(row, outcome, rung);
  }

  #record({ actorId, accountId, accountName }: RescueRow, outcome: string, detail?: string): void {
    this.needs.audit.record({ actorId, act: 'rescue', outcome, accountId, accountName, detail });
  }
}

/** Only jellyfin.db is carried on; if the repair finished without the bot, the other ways are open as ever. */
function planFor(plan: Plan): Plan {
  return plan.unfinished ? { ...plan, rungs: plan.rungs.filter(({ rung }) => rung === 'db') } : plan;
}

function agreeing(door: Door): Door {
  const agreed: readonly Question[] = ['plan'];
  return { ...door, ask: async (question, params) => agreed.includes(question) || door.ask(question, params) };
}

function brokenOff(error: AppError | undefined): RescueEnd {
  return {
    outcome: 'notYet',
    rung: undefined,
    code: error?.code ?? 'unexpected',
    params: error?.params,
    steps: [],
    before: undefined,
    after: undefined,
    copy: undefined,
    leftStopped: false,
    key: undefined,
    pinIsPassword: false,
  };
}
