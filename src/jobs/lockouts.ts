import type { Lockouts } from '../services/lockouts/lockout-watch.js';
import type { Job } from './job.js';

/** Twice a minute, where the household wants it: who has been locked out, so that they hear of it before they ask. */
export function lockoutsJob(lockouts: Pick<Lockouts, 'round'>, isWanted: boolean): Job {
  return { name: 'lockouts', schedule: isWanted ? '*/30 * * * * *' : undefined, run: () => lockouts.round() };
}
