/** Every job there is. */
export type JobName = 'backup' | 'follow links' | 'forget old' | 'lockouts' | 'upkeep';

/** Something that happens by the clock. What `run` throws is logged by the scheduler. */
export interface Job {
  readonly name: JobName;
  /** A cron expression in local time; undefined for what the household has switched off, which runs by hand only. */
  readonly schedule: string | undefined;
  run(): Promise<void>;
}
