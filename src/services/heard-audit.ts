import type { Audit, AuditEntry } from './audit.js';
import type { Log } from './log.js';

/** The same audit, of which somebody hears: what is done to an account is written there, whoever does it. */
export function heardAudit(audit: Audit, hear: (entry: AuditEntry) => void, log: Log): Audit {
  return {
    record: (entry) => {
      audit.record(entry);
      try {
        hear(entry);
      } catch (err) {
        // The act itself is done and written down.
        log.error({ err, act: entry.act }, 'an act could not be shown where it should be');
      }
    },
  };
}
