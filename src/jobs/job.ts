/** Something that happens by the clock; `schedule` is a cron expression in local time. What `run` throws is logged by the scheduler. */
export interface Job {
  readonly name: string;
  readonly schedule: string;
  run(): Promise<void>;
}
