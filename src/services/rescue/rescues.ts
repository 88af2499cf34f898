import { AppError } from '../../errors.js';
import type { Actor } from '../members/actor.js';
import type { NamedAccount } from '../accounts/account-picker.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import type { Message } from '../notices/messenger-port.js';
import type { RescueRights } from './rescue-rights.js';
import { RescueRun, type RunDeps, type RescueRow } from './rescue-run.js';
import type { Repair, UnfinishedRepair } from './ladder/repair-port.js';

/** A repair that outlived the bot that began it is waited for so long. */
const orphanPatienceMs = 10 * 60_000;
const lookEveryMs = 1000;

/** What only Jellyfin itself answers; for one that stands still a proxy may say all kinds of things. */
const ownAnswers = ['jellyfinKeyRefused', 'jellyfinKeyNotAdmin', 'jellyfinStarting', 'jellyfinNotSetUp'] as const;

export interface RescuesDeps extends RunDeps {
  readonly rights: RescueRights;
  readonly repair: () => Promise<Repair>;
  readonly jellyfin: Pick<Jellyfin, 'serverInfo'>;
  /** jellyfin.db, where its folder was told. */
  readonly db: string | undefined;
  readonly wait: (ms: number) => Promise<void>;
}

/** Rescues in direct messages: one at a time, each one person's, and nobody is left without a last message. */
export class Rescues {
  #current: RescueRun | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly deps: RescuesDeps) {}

  /** The accounts that somebody may mean. Throws as `RescueRights.find` does. */
  find(actor: Actor, text: string | undefined): Promise<NamedAccount[]> {
    return this.deps.rights.find(actor, text);
  }

  suggest(actor: Actor, typed: string): Promise<NamedAccount[]> {
    return this.deps.rights.suggest(actor, typed);
  }

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
  async answer(id: number, question: number, yes: boolean, actor: Actor): Promise<void> {
    const row = this.#current?.row.id === id ? this.#current.row : this.deps.store.byId(id);
    // Somebody else's card, or one that there never was: no answer tells which.
    if (row?.actorId !== actor.id) throw new AppError('rescueNotYours');
    // A role or a link may have been taken away meanwhile; a no does no harm all the same.
    if (yes) await this.deps.rights.find(actor, row.accountId);
    if (this.#current?.row.id !== id) throw new AppError('rescueOver');
    this.#current.talk.answered(question, yes);
  }

  /** At a start, before anything is carried on: what a bot that is gone has left. */
  async resume(): Promise<void> {
    const { store, passwords } = this.deps;
    const left = store.unfinished();
    const unseen = new Set<RescueRow>();
    for (const row of left) if (await passwords.settleCutShort(row.actorId, row.accountId)) unseen.add(row);
    const record = await this.#unfinished();
    const owner = left.find((row) => record && isAbout(record, row));
    for (const row of left) if (row !== owner) await new RescueRun(this.deps, row).cutShort(unseen.has(row));
    if (owner && record) {
      const run = new RescueRun(this.deps, owner);
      this.#current = run;
      this.#goes(
        run,
        run.goOn(() => this.#orphanIsGone(record)),
      );
    } else if (record) {
      await this.#tellOfStopped(record);
    }
  }

  /** The bot is being stopped: what waits for an answer is ended with a message. Resolves when no rescue is going on. */
  async stop(): Promise<void> {
    this.#current?.talk.stop();
    await this.#running;
  }

  #begin({ id: actorId }: Actor, { id: accountId, name: accountName }: NamedAccount, channelId: string): RescueRun {
    // Somebody else may have begun one while Discord was asked.
    if (this.#current) throw new AppError('rescueRunning');
    const { store, now } = this.deps;
    const run = new RescueRun(this.deps, store.begin({ actorId, accountId, accountName, startedAt: now(), channelId }));
    this.#current = run;
    run.record('rescue', 'asked');
    return run;
  }

  async #makeWay(actor: Actor): Promise<void> {
    if (!this.#current) return;
    const isOwn = this.#current.row.actorId === actor.id;
    if (!isOwn || !this.#current.talk.withdraw()) throw new AppError('rescueRunning');
    await this.#running;
  }

  #goes(run: RescueRun, work: Promise<void>): void {
    this.#running = work.finally(() => this.#over(run)).then(() => run.settled());
  }

  #over(run: RescueRun): void {
    if (this.#current === run) this.#current = undefined;
  }

  /** Nobody here goes on with it: the person who began it runs it again. But a stopped server concerns everybody. */
  async #tellOfStopped(record: UnfinishedRepair): Promise<void> {
    if (!record.unreadable && (!record.stoppedByUs || record.atWork)) return;
    if (await this.#serverAnswers()) return;
    const { messenger, adminChannelId, log } = this.deps;
    const { message, nonce } = this.#maybeStopped(record);
    await messenger
      .send(adminChannelId, message, nonce)
      .catch((err: unknown) => log.warn({ err }, 'the admins could not be told'));
  }

  #maybeStopped({ unreadable, ...record }: UnfinishedRepair): { message: Message; nonce: string } {
    const { messages, log, store } = this.deps;
    if (unreadable) {
      log.warn({ file: unreadable.file }, 'the record of a rescue cannot be read: Jellyfin may be stopped');
      return { message: messages.unreadableRecord(unreadable.file), nonce: 'r.unreadable' };
    }
    const { db, startedAt } = record;
    const row = store.goingOnAt(startedAt);
    const name = row && isAbout(record, row) ? row.accountName : undefined;
    log.warn({ db }, 'a rescue was cut short, or could not start Jellyfin again: it may still be stopped');
    return { message: messages.leftStopped(name), nonce: `r${startedAt.toString(36)}` };
  }

  /** Somebody may have started it since. */
  async #serverAnswers(): Promise<boolean> {
    try {
      await this.deps.jellyfin.serverInfo();
      return true;
    } catch (error) {
      if (error instanceof AppError) return ownAnswers.some((code) => code === error.code);
      throw error;
    }
  }

  /** A repair finishes by itself when the bot is gone. */
  async #orphanIsGone(record: UnfinishedRepair): Promise<boolean> {
    let found: UnfinishedRepair | undefined = record;
    for (let waitedMs = 0; found?.atWork && waitedMs < orphanPatienceMs; waitedMs += lookEveryMs) {
      await this.deps.wait(lookEveryMs);
      found = await this.#unfinished();
    }
    return !found?.atWork;
  }

  async #unfinished(): Promise<UnfinishedRepair | undefined> {
    const { db, repair } = this.deps;
    return db === undefined ? undefined : (await repair()).unfinished(db);
  }
}

/** Whether it is the repair that somebody agreed to in this rescue. */
function isAbout({ account }: UnfinishedRepair, { confirmedAt, accountId, accountName }: RescueRow): boolean {
  if (confirmedAt === undefined) return false;
  return account?.id === undefined ? account?.name === accountName : account.id === accountId;
}
