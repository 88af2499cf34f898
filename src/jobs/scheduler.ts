import { schedule, type ScheduledTask } from 'node-cron';
import type { Job } from './job.js';

interface JobLog {
  error(fields: object, message: string): void;
}

/** Runs jobs by the clock, each never twice at once; what a job throws is logged, and its next round comes all the same. */
export class Scheduler {
  readonly #tasks: ScheduledTask[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #jobs = new Map<string, Job>();

  /** `byHand`: nothing runs by the clock, only what `runNow` names. */
  constructor(
    private readonly log: JobLog,
    private readonly byHand = false,
  ) {}

  start(jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#jobs.set(job.name, job);
      if (this.byHand) continue;
      this.#tasks.push(schedule(job.schedule, () => this.#run(job), { name: job.name, noOverlap: true }));
    }
  }

  /** Runs a job now, as the clock would. Throws for one that there is not. */
  async runNow(name: string): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`no job is called ${name}`);
    await this.#run(job);
  }

  /** Starts nothing more, and waits for what runs. */
  async stop(): Promise<void> {
    for (const task of this.#tasks.splice(0)) await task.destroy();
    await Promise.allSettled(this.#running);
  }

  #run(job: Job): Promise<void> {
    const run = job
      .run()
      .catch((err: unknown) => this.log.error({ err, job: job.name }, 'a job failed'))
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }
}
