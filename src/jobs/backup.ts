import type { Job } from './job.js';

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
