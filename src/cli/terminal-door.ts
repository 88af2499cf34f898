import { styleText } from 'node:util';
import type { RescueSentences } from '../commands/drawn/rescue-sentences.js';
import type { Params } from '../errors.js';
import type { Door, Question } from '../services/rescue/door.js';
import type { Step } from '../services/rescue/step.js';
import { newTempPassword } from '../services/temp-password.js';
import type { Translate } from '../words.js';
import type { RescueFlags } from './rescue-settings.js';

/** The flag that answers a question beforehand. */
const flagOf: Readonly<Record<Question, string>> = {
  plan: '--yes',
  nextRung: '--yes',
  restart: '--yes',
  moveBadPin: '--yes',
  undo: '--yes',
  enableDisabled: '--enable',
  unseen: '--server-is-stopped',
  stopByHand: '--server-is-stopped',
  keepKey: '--give-key',
};

export interface TerminalOptions {
  readonly flags: RescueFlags;
  readonly sentences: RescueSentences;
  readonly t: Translate;
  /** Where people read: standard output, or standard error beside `--json`. */
  readonly out: NodeJS.WriteStream;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** Whether colours and moving things are welcome. */
  readonly isColoured: boolean;
}

/** A rescue at a terminal: questions where somebody can answer, flags and plain lines where nobody can. */
export class TerminalDoor implements Door {
  /** The question that nobody answered, if it came to that. */
  unanswered: Question | undefined;
  /** With `--json`, the password's one way is that object. */
  password: string | undefined;
  #isBusy = false;

  constructor(private readonly options: TerminalOptions) {}

  line(text: string): void {
    const { out, isColoured } = this.options;
    const shown = text.replace(/\*\*(.+?)\*\*/g, (_all, inner: string) =>
      isColoured ? styleText('bold', inner) : inner,
    );
    out.write(`${shown}\n`);
  }

  show(step: Step): void {
    const sentence = this.options.sentences.step(step);
    if (step.outcome === 'begun') return this.#begin(sentence);
    const isFailed = step.outcome === 'failed';
    const mark = isFailed ? '✗' : '✓';
    this.#clear();
    const { isColoured } = this.options;
    this.line(`${isColoured ? styleText(isFailed ? 'red' : 'green', mark) : mark} ${sentence}`);
  }

  async ask(question: Question, params?: Params): Promise<boolean> {
    this.#clear();
    const { flags, sentences, t, isInteractive } = this.options;
    const answer = this.#answeredBefore(question, flags);
    if (answer !== undefined) return answer;
    const sentence = sentences.question(question, params);
    if (isInteractive) return this.confirm(sentence);
    this.unanswered = question;
    this.line(sentence);
    this.line(t('commandLine.rescue.needsAnswer', { flag: flagOf[question] }));
    return false;
  }

  async handOver(
    _account: { readonly id: string; readonly name: string },
    set: (password: string) => Promise<void>,
  ): Promise<void> {
    const password = newTempPassword();
    await set(password);
    this.password = password;
    if (this.options.flags.json) return;
    this.#clear();
    this.line('');
    this.line(this.options.t('commandLine.rescue.password', { password }));
    this.line('');
  }

  #answeredBefore(question: Question, { yes, enable, giveKey, serverIsStopped }: RescueFlags): boolean | undefined {
    if (question === 'enableDisabled') return enable ? true : undefined;
    if (question === 'unseen' || question === 'stopByHand') return serverIsStopped ? true : undefined;
    // Whoever wants it says so; nobody has to be asked for what is cleaned up anyway.
    if (question === 'keepKey') return giveKey || yes || !this.options.isInteractive ? (giveKey ?? false) : undefined;
    return yes ? true : undefined;
  }

  /** Asks where somebody can answer; no is the answer where nobody can. */
  async confirm(message: string): Promise<boolean> {
    if (!this.options.isInteractive) return false;
    const { confirm, isCancel } = await import('@clack/prompts');
    const answer = await confirm({ message, initialValue: false, output: this.options.out });
    return !isCancel(answer) && answer;
  }

  #begin(sentence: string): void {
    this.#clear();
    const { out, isColoured } = this.options;
    if (!isColoured || !out.isTTY) return;
    out.write(styleText('dim', `  ${sentence} …`));
    this.#isBusy = true;
  }

  /** Takes the line about what is being done away: how it ended comes in its place. */
  #clear(): void {
    if (this.#isBusy) this.options.out.write('\r\u001B[2K');
    this.#isBusy = false;
  }
}
