import type { Upkeep } from '../services/upkeep.js';
import type { Job } from './job.js';

/** Every minute: what is overdue, and what Discord's troubles left unfinished. */
export function upkeepJob(upkeep: Pick<Upkeep, 'round'>): Job {
  return { name: 'upkeep', schedule: '* * * * *', run: () => upkeep.round() };
}
