import type { LinkSync } from '../services/links/link-sync.js';
import type { Job } from './job.js';

/** At ten past four, when nobody is about: who has left, and which accounts were renamed or deleted. */
export function followLinksJob(follow: Pick<LinkSync, 'run'>): Job {
  return { name: 'follow links', schedule: '10 4 * * *', run: () => follow.run() };
}
