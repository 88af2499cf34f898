import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { fitting, harmless, printable } from '../cli/report.js';
import { TerminalUi } from './terminal-ui.js';
import { Leaving, type Choice, type SetupUi, type TextQuestion } from './ui.js';

const backKey = '<';

/** Questions as lines that are written once and never changed, answered by what is typed: for screen readers. */
export class PlainUi extends TerminalUi implements SetupUi {
  say(text: string): void {
    this.plain(fitting(this.terminal.output, text));
  }

  good(text: string): void {
    this.say(text);
  }

  warn(text: string): void {
    this.say(`! ${text}`);
  }

  plain(text: string): void {
    this.terminal.output.write(`${harmless(text)}\n`);
  }

  text({ message, initial, check }: TextQuestion): Promise<string> {
    return this.untilTaken(check, async () => {
      const kept = initial?.() ?? '';
      return (await this.#line(kept === '' ? message : `${message} [${kept}]`)) || kept;
    });
  }

  secret({ message, check }: Omit<TextQuestion, 'initial'>): Promise<string> {
    return this.untilTaken(check, () => this.#line(message, true));
  }

  async pick<T>(message: string, choices: readonly Choice<T>[], initial?: T): Promise<T> {
    this.#list(message, choices);
    const start = choices.findIndex(({ value }) => value === initial) + 1;
    for (;;) {
      const asked = this.t('setup.keys.number');
      const typed = (await this.#line(start > 0 ? `${asked} [${start}]` : asked)) || `${start}`;
      const found = choices[Number(typed) - 1];
      if (found) return found.value;
      this.warn(this.t('setup.keys.badNumber', { most: choices.length }));
    }
  }

  async pickMany<T>(message: string, choices: readonly Choice<T>[], initial: readonly T[], least: 0 | 1): Promise<T[]> {
    this.#list(message, choices);
    const start = choices.flatMap(({ value }, index) => (initial.includes(value) ? [index + 1] : [])).join(',');
    for (;;) {
      const asked = this.t(least === 0 ? 'setup.keys.numbersOrNone' : 'setup.keys.numbers');
      const typed = (await this.#line(start ? `${asked} [${start}]` : asked)) || start;
      const numbers = typed === '0' ? [] : typed.split(/[\s,]+/).filter((part) => part !== '');
      const found = numbers.map((number) => choices[Number(number) - 1]);
      const known = found.filter((each) => each !== undefined);
      if (known.length === found.length && known.length >= least) return [...new Set(known.map(({ value }) => value))];
      this.warn(this.t('setup.keys.badNumber', { most: choices.length }));
    }
  }

  async confirm(message: string, initial = true): Promise<boolean> {
    const [yes, no] = [this.t('setup.keys.yes'), this.t('setup.keys.no')];
    for (;;) {
      const typed = (await this.#line(`${message} (${yes}/${no}) [${initial ? yes : no}]`)).toLowerCase();
      if (typed === '') return initial;
      if (yes.toLowerCase().startsWith(typed)) return true;
      if (no.toLowerCase().startsWith(typed)) return false;
    }
  }

  #list(message: string, choices: readonly Choice<unknown>[]): void {
    this.say(message);
    for (const [index, { label, hint }] of choices.entries())
      this.plain(`  ${index + 1}  ${printable(hint ? `${label} (${hint})` : label)}`);
  }

  /** One line, typed behind the message; a secret one is not shown. */
  #line(message: string, isSecret = false): Promise<string> {
    const { input, output, stop } = this.terminal;
    output.write(`${harmless(message)}: `);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({ input, output: isSecret ? silent : output, terminal: true });
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => {
        stop.removeEventListener('abort', onStop);
        act();
        reader.close();
      };
      const onStop = () => end(() => reject(new Leaving('stop')));
      if (stop.aborted) return onStop();
      stop.addEventListener('abort', onStop, { once: true });
      reader.once('SIGINT', onStop);
      // The terminal is gone, or Ctrl-D.
      reader.once('close', () => reject(new Leaving('stop')));
      reader.once('line', (line) => {
        if (isSecret) output.write('\n');
        const typed = line.trim();
        end(() => (typed === backKey ? reject(new Leaving('back')) : resolve(typed)));
      });
    });
  }
}
