import { AppError, troubleOf } from '../../errors.js';
import type { NamedAccount } from '../accounts/account.js';
import type { Actor } from '../members/actor.js';
import { messageKey } from '../notices/kept-message.js';
import type { PinsExpected } from '../pins/pin-watch.js';
import type { UnfinishedRepair } from './ladder/repair-port.js';
import { RescuePasswords } from './rescue-passwords.js';
import type { RescueDeps, RescueRow } from './rescue-port.js';
import type { Pressed } from './rescue-question.js';
import { RescueRights } from './rescue-rights.js';
import { RescueRun, type RunDeps } from './rescue-run.js';

/** A repair that outlived the bot that began it is waited for so long. */
const orphanPatienceMs = 10 * 60_000;
const lookEveryMs = 1000;

/** What only Jellyfin itself answers; for one that stands still a proxy may say all kinds of things. */
const ownAnswers = [
  ...(['jellyfinKeyRefused', 'jellyfinKeyNotAdmin', 'jellyfinNotSetUp'] as const),
  ...(['jellyfinStarting', 'jellyfinStartFailed'] as const),
];

const nobodyWatches: PinsExpected = { expect: () => undefined, over: () => undefined };

/** Builds rescues in direct messages. */
export function createRescues(deps: RescueDeps) {
  const rights = new RescueRights(deps);
  const passwords = new RescuePasswords(deps);
  const ladder = () => deps.rescue.ladder(deps.jellyfin, deps.pins ?? nobodyWatches);
  return { rescueRights: rights, rescues: new Rescues({ ...deps, rights, passwords, ladder }) };
}

/** Rescues in direct messages: one at a time, each one person's, and nobody is left without a last message. */
export class Rescues {
  #current: RescueRun | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: RunDeps) {}

  /** Begins a rescue in place of an unconfirmed plan of theirs. Throws as `find` does, or, with nothing begun, `rescueRunning` or `rescueNeedsDm`. */
  async start(actor: Actor, accountId: string): Promise<void> {
    const [account] = await this.deps.rights.find(actor, accountId);
    if (!account) throw new AppError('rescueNotYours');
    await this.#makeWay(actor);
    const channelId = await this.deps.messenger.openDm(actor.id);
    if (channelId === undefined) throw new AppError('rescueNeedsDm');
    const run = this.#begin(actor, account, channelId);
    if (!(await run.open().catch(() => false))) {
      this.#over(run);
      run.notBegun();
      throw new AppError('rescueNeedsDm');
    }
    this.#goes(run, run.run());
  }

  /** A press on the card. Throws `rescueNotYours`, `rescueOver`, `rescueAnswered`, or why they may not any more. */
  async answer(id: number, question: number, answer: Pressed, actor: Actor): Promise<void> {
    const row = this.deps.stores.rescues.byId(id);
    // Somebody else's card, or one that there never was: no answer tells which.
    if (row?.actorId !== actor.id) throw new AppError('rescueNotYours');
    // A role or a link may have been taken away meanwhile; a no does no harm all the same.
    if (answer !== 'no') await this.deps.rights.find(actor, row.accountId);
    if (this.#current?.row.id !== id) throw new AppError('rescueOver');
    this.#current.question.answered(question, answer);
  }

  /** At a start, before anything is carried on: what a bot that is gone has left. */
  async resume(): Promise<void> {
    const { passwords } = this.deps;
    const left = this.deps.stores.rescues.unfinished();
    const unseen = new Set<RescueRow>();
    for (const row of left) if (await passwords.settleCutShort(row.actorId, row.accountId)) unseen.add(row);
    const record = await this.#unfinished();
    const owner = left.find((row) => record && isAbout(record, row));
    for (const row of left) if (row !== owner) await this.#runOf(row).cutShort(unseen.has(row));
    if (owner && record) {
      const run = (this.#current = this.#runOf(owner));
      const work = run.goOn(() => this.#orphanIsGone(record));
      this.#goes(run, work);
    } else if (record) {
      await this.#tellOfStopped(record);
    }
  }

  /** The bot is being stopped: what waits for an answer is ended with a message. Resolves when no rescue is going on. */
  async stop(): Promise<void> {
    this.#current?.question.stop();
    await this.#running;
  }

  #begin({ id: actorId }: Actor, { id: accountId, name: accountName }: NamedAccount, channelId: string): RescueRun {
    // Somebody else may have begun one while Discord was asked.
    if (this.#current) throw new AppError('rescueRunning');
    const { stores, now } = this.deps;
    const row = stores.rescues.begin({ actorId, accountId, accountName, startedAt: now(), channelId });
    const run = (this.#current = this.#runOf(row));
    run.record('rescue', 'asked');
    return run;
  }

  async #makeWay(actor: Actor): Promise<void> {
    if (!this.#current) return;
    const isOwn = this.#current.row.actorId === actor.id;
    if (!isOwn || !this.#current.question.withdraw()) throw new AppError('rescueRunning');
    await this.#running;
  }

  #goes(run: RescueRun, work: Promise<void>): void {
    this.#running = work.finally(() => this.#over(run)).then(() => run.settled());
  }

  #over(run: RescueRun): void {
    if (this.#current === run) this.#current = undefined;
  }

  #runOf(row: RescueRow): RescueRun {
    return new RescueRun(this.deps, row);
  }

  /** Nobody here goes on with it: the person who began it runs it again. But a stopped server concerns everybody. */
  async #tellOfStopped({ unreadable, ...record }: UnfinishedRepair): Promise<void> {
    const { stores, rescue, messenger, adminChannel, log } = this.deps;
    const { stoppedByUs, atWork, startedAt: since } = record;
    if (!unreadable && (!stoppedByUs || atWork)) return;
    if (await this.#serverAnswers()) return;
    const about = { db: record.db, ...unreadable };
    log.warn(about, 'a rescue was cut short, or could not start Jellyfin again: it may still be stopped');
    const row = stores.rescues.goingOnAt(since);
    const name = row && isAbout(record, row) ? row.accountName : undefined;
    const message = unreadable ? rescue.messages.unreadableRecord(unreadable.file) : rescue.messages.leftStopped(name);
    await messenger
      .send(adminChannel.id, message, messageKey('rescueStopped', { id: 0, since }))
      .catch((err: unknown) => log.warn({ err }, 'the admins could not be told'));
  }

  /** Somebody may have started it since. */
  async #serverAnswers(): Promise<boolean> {
    const trouble = await troubleOf(this.deps.jellyfin.serverInfo());
    return !trouble || ownAnswers.some((code) => code === trouble.code);
  }

  /** A repair finishes by itself when the bot is gone. */
  async #orphanIsGone(record: UnfinishedRepair): Promise<boolean> {
    let found: UnfinishedRepair | undefined = record;
    for (let waitedMs = 0; found?.atWork && waitedMs < orphanPatienceMs; waitedMs += lookEveryMs) {
      await this.deps.rescue.wait(lookEveryMs);
      found = await this.#unfinished();
    }
    return !found?.atWork;
  }

  async #unfinished(): Promise<UnfinishedRepair | undefined> {
    const { db, repair } = this.deps.rescue;
    return db === undefined ? undefined : (await repair()).unfinished(db);
  }
}

/** Whether it is the repair that somebody agreed to in this rescue. */
function isAbout({ account }: UnfinishedRepair, { confirmedAt, accountId, accountName }: RescueRow): boolean {
  if (confirmedAt === undefined) return false;
  return account?.id === undefined ? account?.name === accountName : account.id === accountId;
}
