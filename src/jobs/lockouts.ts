import type { Lockouts } from '../services/lockouts.js';
import type { Job } from './job.js';

/** Twice a minute: who has been locked out, so that they hear of it before they ask. */
export function lockoutsJob(lockouts: Pick<Lockouts, 'round'>): Job {
  return { name: 'lockouts', schedule: '*/30 * * * * *', run: () => lockouts.round() };
}
