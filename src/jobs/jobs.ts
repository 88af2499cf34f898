import type { History } from '../services/history/history.js';
import type { LinkSync } from '../services/links/link-sync.js';
import type { Lockouts } from '../services/lockouts/lockout-watch.js';
import type { Upkeep } from '../services/upkeep.js';
import { schedule, type ScheduledTask } from 'node-cron';

/** Every job there is. */
export type JobName = 'backup' | 'follow links' | 'forget old' | 'lockouts' | 'upkeep';

/** Something that happens by the clock. What `run` throws is logged by the scheduler. */
export interface Job {
  readonly name: JobName;
  /** A cron expression in local time; undefined for what the household has switched off, which runs by hand only. */
  readonly schedule: string | undefined;
  run(): Promise<void>;
}

/** Twice a minute, where the household wants it: who has been locked out, so that they hear of it before they ask. */
export function lockoutsJob(lockouts: Pick<Lockouts, 'round'>, isWanted: boolean): Job {
  return { name: 'lockouts', schedule: isWanted ? '*/30 * * * * *' : undefined, run: () => lockouts.round() };
}

/** Every minute: what is overdue, and what Discord's troubles left unfinished. */
export function upkeepJob(upkeep: Pick<Upkeep, 'round'>): Job {
  return { name: 'upkeep', schedule: '* * * * *', run: () => upkeep.round() };
}

/** What the job asks of the database. */
export interface Backups {
  /** Makes today's copy, checks it and removes what is too old; throws when there is no good new copy. */
  copy(): Promise<BackupResult>;
}

export interface BackupResult {
  readonly file: string;
  readonly bytes: number;
  readonly removed: readonly string[];
  readonly ms: number;
}

export interface BackupLog {
  info(fields: object, message: string): void;
}

/** The nightly copy of the bot's own database, at half past three. */
export function backupJob(backups: Backups, log: BackupLog): Job {
  return {
    name: 'backup',
    schedule: '30 3 * * *',
    async run() {
      const result = await backups.copy();
      log.info({ ...result }, 'database copied');
    },
  };
}

interface ForgetLog {
  info(fields: object, message: string): void;
}

/** Every night: the history that is older than it is to be kept. */
export function forgetOldJob(history: Pick<History, 'removeOld'>, log: ForgetLog): Job {
  return {
    name: 'forget old',
    schedule: '50 3 * * *',
    async run() {
      const removed = history.removeOld();
      if (removed > 0) log.info({ removed }, 'what is past its time was removed from the history');
    },
  };
}

/** At ten past four, when nobody is about: who has left, and which accounts were renamed or deleted. */
export function followLinksJob(follow: Pick<LinkSync, 'run'>): Job {
  return { name: 'follow links', schedule: '10 4 * * *', run: () => follow.run() };
}

interface JobLog {
  error(fields: object, message: string): void;
}

/** Runs jobs by the clock, each never twice at once; what a job throws is logged, and its next round comes all the same. */
export class Scheduler {
  readonly #tasks: ScheduledTask[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #jobs = new Map<JobName, Job>();

  /** `byHand`: nothing runs by the clock, only what `runNow` names. */
  constructor(
    private readonly log: JobLog,
    private readonly byHand = false,
  ) {}

  start(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#jobs.set(job.name, job);
      if (this.byHand || job.schedule === undefined) continue;
      this.#tasks.push(schedule(job.schedule, () => this.#runCalmly(job), { name: job.name, noOverlap: true }));
    }
  }

  /** Runs a job now, one that is switched off, too. Throws what the job throws, and before `start`. */
  async runNow(name: JobName): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`the job ${name} is not there yet`);
    await this.#run(job);
  }

  /** Starts nothing more, and waits for what runs. */
  async stop(): Promise<void> {
    for (const task of this.#tasks.splice(0)) await task.destroy();
    await Promise.allSettled(this.#running);
  }

  async #runCalmly(job: Job): Promise<void> {
    try {
      await this.#run(job);
    } catch (err) {
      this.log.error({ err, job: job.name }, 'a job failed');
    }
  }

  #run(job: Job): Promise<void> {
    const run = job.run().finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }
}
