import type { Translate } from '../words.js';
import { exitCodes } from './exit-codes.js';
import { jsonRefusal } from './json-report.js';
import type { RescueFlags } from './rescue-settings.js';
import type { TerminalRescueUi } from './terminal-rescue-ui.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C, or a terminal that is gone, ends at once what has only been looking so far. What is begun is finished: a repair
 * starts the server again, and an account is not left with a password that nobody knows. Returns what stops listening.
 */
export function hearInterrupts(ui: TerminalRescueUi, t: Translate, account: string | undefined, flags: RescueFlags) {
  const hear = (signal: NodeJS.Signals) => {
    // What is written to a file, as with nohup, is read there later.
    if (signal === 'SIGHUP' && !ui.isAtTerminal) return;
    if (!ui.hasBegun) {
      const sentence = t('rescue.end.cancelled');
      ui.line(sentence);
      if (flags.serverIsStopped) ui.line(t('rescue.end.stillStopped.said.byHand'));
      if (flags.json)
        process.stdout.write(`${JSON.stringify(jsonRefusal({ account, outcome: 'cancelled', sentence }))}\n`);
      process.exit(exitCodes.failed);
    }
    if (signal === 'SIGHUP') ui.losesReader();
    else ui.leave();
    ui.line(t('commandLine.rescue.interrupted'));
  };
  // Where nobody can be told any more, that is known from what was written last.
  const broken = () => ui.losesReader();
  for (const signal of signals) process.on(signal, hear);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', broken);
  return () => {
    for (const signal of signals) process.off(signal, hear);
    // The streams' are heard to the end: what is said last may break, too.
  };
}
