import { schedule, type ScheduledTask, type TaskOptions } from 'node-cron';
import type { History } from '../services/history/history.js';
import type { LinkSync } from '../services/links/link-sync.js';
import type { Lockouts } from '../services/lockouts/lockout-watch.js';
import type { OldApps } from '../services/outages/old-apps.js';
import type { Outages } from '../services/outages/outages.js';
import type { Log } from '../services/log.js';

/** Every job there is. */
export type JobName = 'backup' | 'follow links' | 'forget old' | 'jellyfin' | 'lockouts' | 'upkeep';

/** Something that happens by the clock. What `run` throws is logged by the scheduler. */
export interface Job {
  readonly name: JobName;
  /** A cron expression in local time; undefined for what the household has switched off, which runs by hand only. */
  readonly schedule: string | undefined;
  run(): Promise<void>;
}

export interface JobsDeps {
  /** What is overdue, and what Discord's troubles left unfinished. */
  readonly upkeep: () => Promise<void>;
  /** Copies the bot's own database; throws when there is no good new copy. */
  readonly backUp: () => Promise<object>;
  readonly history: Pick<History, 'removeOld'>;
  readonly follow: Pick<LinkSync, 'run'>;
  readonly outages: Pick<Outages, 'round'>;
  readonly oldApps: Pick<OldApps, 'round'>;
  readonly lockouts: Pick<Lockouts, 'round'>;
  readonly watchLockouts: boolean;
  readonly log: Pick<Log, 'info'>;
}

/** What happens by the clock: every minute, twice a minute so that people hear of a lockout before they ask, or at night. */
export function createJobs({
  upkeep,
  backUp,
  history,
  follow,
  outages,
  oldApps,
  lockouts,
  watchLockouts,
  log,
}: JobsDeps): Job[] {
  return [
    { name: 'upkeep', schedule: '* * * * *', run: upkeep },
    // By itself: a server that does not answer keeps nothing else waiting.
    { name: 'jellyfin', schedule: '* * * * *', run: () => outages.round().then(() => oldApps.round()) },
    { name: 'lockouts', schedule: watchLockouts ? '*/30 * * * * *' : undefined, run: () => lockouts.round() },
    { name: 'backup', schedule: '30 3 * * *', run: async () => log.info(await backUp(), 'database copied') },
    {
      name: 'forget old',
      schedule: '50 3 * * *',
      async run() {
        const removed = history.removeOld();
        if (removed > 0) log.info({ removed }, 'what is past its time was removed from the history');
      },
    },
    { name: 'follow links', schedule: '10 4 * * *', run: () => follow.run() },
  ];
}

/** Runs jobs by the clock, each never twice at once; what a job throws is logged, and its next round comes all the same. */
export class Scheduler {
  readonly #tasks: ScheduledTask[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #jobs = new Map<JobName, Job>();

  /** `byHand`: nothing runs by the clock, only what `runNow` names. */
  constructor(
    private readonly log: Pick<Log, 'warn' | 'error'>,
    private readonly byHand = false,
  ) {}

  start(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#jobs.set(job.name, job);
      if (this.byHand || job.schedule === undefined) continue;
      const options = { name: job.name, noOverlap: true, logger: this.#logOf(job) };
      this.#tasks.push(schedule(job.schedule, () => this.#runCalmly(job), options));
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

  /** node-cron would write to the terminal itself, such as that a round is left out while the one before it goes on. */
  #logOf({ name: job }: Job): NonNullable<TaskOptions['logger']> {
    const warn = (what: string | Error) => this.log.warn({ job }, String(what));
    const quiet = () => undefined;
    return { info: quiet, debug: quiet, warn, error: warn };
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
