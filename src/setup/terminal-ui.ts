import type { Translate } from '../words.js';
import { lookUntil, unlessStopped, type Terminal } from './terminal.js';
import type { Check } from './ui.js';

/** Longer than this a check is not silent. */
const silentMs = 1000;

/** What is the same however somebody is asked at a terminal. */
export abstract class TerminalUi {
  constructor(
    protected readonly t: Translate,
    protected readonly terminal: Terminal,
  ) {}

  abstract say(text: string): void;
  abstract warn(text: string): void;

  busy<T>(work: () => Promise<T>, message?: string): Promise<T> {
    if (message !== undefined) this.say(message);
    return unlessStopped(this.terminal, work());
  }

  waitFor<T>(message: string, look: () => Promise<T | undefined>): Promise<T> {
    this.say(message);
    return lookUntil(this.terminal, look);
  }

  /** Asks until an answer passes the check. */
  protected async untilTaken(check: Check | undefined, ask: () => Promise<string>): Promise<string> {
    for (;;) {
      const answer = (await ask()).trim();
      const timer = setTimeout(() => this.say(this.t('setup.oneMoment')), silentMs);
      const checking = unlessStopped(this.terminal, Promise.resolve(check?.(answer)));
      const problem = await checking.finally(() => clearTimeout(timer));
      if (problem === undefined) return answer;
      this.warn(problem);
    }
  }
}
