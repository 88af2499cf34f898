import type { Translate } from '../words.js';
import { exitCodes } from './exit-codes.js';
import type { TerminalDoor } from './terminal-door.js';

/**
 * Ctrl-C ends at once what has only been looking so far. What is begun is finished: a repair starts the server again, and
 * an account is not left with a password that nobody knows. Returns what stops listening.
 */
export function hearInterrupts(door: TerminalDoor, t: Translate): () => void {
  const hear = () => {
    if (!door.hasBegun) {
      door.line(t('rescue.end.cancelled'));
      process.exit(exitCodes.failed);
    }
    door.isLeaving = true;
    door.line(t('commandLine.rescue.interrupted'));
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return () => {
    process.off('SIGINT', hear);
    process.off('SIGTERM', hear);
  };
}
