import type { Key } from 'node:readline';
import { CANCEL_SYMBOL, confirm, log, multiselect, password, select, text, type Option } from '@clack/prompts';
import { fitting, harmless, printable } from '../cli/report.js';
import type { Terminal } from './terminal.js';
import { TerminalUi } from './terminal-ui.js';
import { Leaving, type Choice, type SetupUi, type TextQuestion } from './ui.js';

type Common = Pick<Terminal, 'input' | 'output'> & { readonly signal: AbortSignal };

const barWidth = 3;

/** Questions at a terminal with arrow keys and colours: Escape goes back, Ctrl-C stops. */
export class ClackUi extends TerminalUi implements SetupUi {
  say(message: string): void {
    log.message(this.#fitting(message), this.terminal);
  }

  good(message: string): void {
    log.success(this.#fitting(message), this.terminal);
  }

  warn(message: string): void {
    log.warn(this.#fitting(message), this.terminal);
  }

  plain(message: string): void {
    this.terminal.output.write(`\n${message}\n`);
  }

  text({ message, initial, check }: TextQuestion): Promise<string> {
    return this.untilTaken(check, () => {
      const kept = initial?.() ?? '';
      return this.#ask((common) =>
        text({ ...common, message: harmless(message), placeholder: kept, defaultValue: kept }),
      );
    });
  }

  secret({ message, check }: Omit<TextQuestion, 'initial'>): Promise<string> {
    return this.untilTaken(check, () => this.#ask((common) => password({ ...common, message: harmless(message) })));
  }

  pick<T>(message: string, choices: readonly Choice<T>[], initial?: T): Promise<T> {
    const start = choices.findIndex(({ value }) => value === initial);
    return this.#ask((common) =>
      select({
        ...common,
        message: `${harmless(message)}\n${this.t('setup.keys.pick')}`,
        ...{ options: options(choices), initialValue: Math.max(0, start), showInstructions: false },
      }),
    ).then((index) => chosen(choices, index));
  }

  async pickMany<T>(message: string, choices: readonly Choice<T>[], initial: readonly T[], least: 0 | 1): Promise<T[]> {
    let marked = choices.flatMap(({ value }, index) => (initial.includes(value) ? [index] : []));
    for (;;) {
      marked = await this.#ask((common) =>
        multiselect({
          ...common,
          message: `${harmless(message)}\n${this.t('setup.keys.pickMany')}`,
          ...{ options: options(choices), initialValues: marked, required: false, showInstructions: false },
        }),
      );
      if (marked.length >= least) return marked.map((index) => chosen(choices, index));
      this.warn(this.t('setup.keys.pickOne'));
    }
  }

  confirm(message: string, initial = true): Promise<boolean> {
    const labels = { active: this.t('setup.keys.yes'), inactive: this.t('setup.keys.no') };
    return this.#ask((common) => confirm({ ...common, ...labels, message: harmless(message), initialValue: initial }));
  }

  /** The library has one answer for Escape and Ctrl-C; the key tells them apart. */
  async #ask<T>(question: (common: Common) => Promise<T | typeof CANCEL_SYMBOL>): Promise<T> {
    const { input, output, stop } = this.terminal;
    let last: Key | undefined;
    const note = (_text: string | undefined, key: Key) => void (last = key);
    // A signal for each question, as the library never stops listening to one.
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    if (stop.aborted) leave();
    stop.addEventListener('abort', leave);
    input.on('keypress', note);
    try {
      const answer = await question({ input, output, signal: leaving.signal });
      if (answer !== CANCEL_SYMBOL) return answer;
    } finally {
      stop.removeEventListener('abort', leave);
      input.off('keypress', note);
    }
    throw new Leaving(last?.name === 'escape' ? 'back' : 'stop');
  }

  /** Broken between words, beside the line that the library draws. */
  #fitting(message: string): string {
    return fitting(this.terminal.output, harmless(message), barWidth);
  }
}

/** By number, as the library asks for other things of other values; it shows a hint only where the cursor is. */
function options(choices: readonly Choice<unknown>[]): Option<number>[] {
  return choices.map(({ label, hint }, value) => ({ value, label: printable(hint ? `${label} (${hint})` : label) }));
}

const chosen = <T>(choices: readonly Choice<T>[], index: number): T => (choices[index] as Choice<T>).value;
