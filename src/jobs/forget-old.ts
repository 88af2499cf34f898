import type { History } from '../services/history/history.js';
import type { Job } from './job.js';

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
