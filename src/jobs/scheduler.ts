import { schedule, type ScheduledTask } from 'node-cron';
import type { Job, JobName } from './job.js';

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
