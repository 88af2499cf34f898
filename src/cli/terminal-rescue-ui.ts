import { setImmediate } from 'node:timers/promises';
import type { NamedAccount } from '../services/accounts/account.js';
import { styleText } from 'node:util';
import type { Translate } from '../words.js';
import { exitCodes, fitting, harmless, jsonRefusal, sayJson } from './report.js';
import type { RescueFlags } from './rescue-command.js';
import type { Out, Shell } from './shell.js';
import type { HowToStop } from '../server/packages.js';
import type { RescueSentences } from '../commands/rescue/rescue-sentences.js';
import { AppError, type Params } from '../errors.js';
import type { RescueUi, Question, Step } from '../services/rescue/ladder/ports.js';
import { newTempPassword } from '../services/passwords/temp-password.js';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const everyMs = 80;
const clearLine = '\r\u001B[2K';

/** One line at a terminal that moves while something is being done. How it ended is written in its place. */
class Spinner {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly out: Out) {}

  start(sentence: string): void {
    this.stop();
    // Longer than the terminal is wide it would take two lines, of which only one is taken away again.
    const shown = [...harmless(sentence)].slice(0, Math.max(10, (this.out.columns ?? 80) - 6)).join('');
    let turn = 0;
    const draw = () => {
      const frame = frames[turn++ % frames.length] ?? '';
      this.out.write(`${clearLine}${styleText('cyan', frame)} ${styleText('dim', `${shown} …`)}`);
    };
    draw();
    this.#timer = setInterval(draw, everyMs);
    // Nobody stays for its sake.
    this.#timer.unref();
  }

  /** Takes the line away. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.out.write(clearLine);
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const sameWishMs = 500;

interface Hearing {
  readonly ui: TerminalRescueUi;
  readonly t: Translate;
  readonly account: string | undefined;
  readonly flags: RescueFlags;
  readonly shell: Shell;
  readonly breakOff: () => void;
  /** Milliseconds since whenever. */
  readonly now?: () => number;
}

/**
 * Ends at once what has only looked; what is begun is finished, as the server must start again, unless the person says so
 * once more. Returns a function that stops listening.
 */
export function hearInterrupts({ ui, t, account, flags, shell, breakOff, now = () => performance.now() }: Hearing) {
  let toldAt: number | undefined;
  const hear = (signal: NodeJS.Signals) => {
    // What is written to a file, as with nohup, is read there later.
    if (signal === 'SIGHUP' && !ui.isAtTerminal) return;
    if (!ui.hasBegun) {
      const sentence = t('rescue.end.cancelled');
      ui.line(sentence);
      if (flags.serverIsStopped) ui.line(t('rescue.end.saidStopped.byHand'));
      if (flags.json) sayJson(shell.stdout, jsonRefusal({ account, outcome: 'cancelled', sentence }));
      process.exit(exitCodes.failed);
    }
    // npm hands on what its process group has got already.
    if (toldAt !== undefined && now() - toldAt < sameWishMs) return;
    if (signal === 'SIGHUP') ui.losesReader();
    else ui.leave();
    ui.line(t(toldAt === undefined ? 'commandLine.rescue.interrupted' : 'commandLine.rescue.brokenOff'));
    if (toldAt !== undefined) breakOff();
    toldAt = now();
  };
  // Where nobody can be told any more, that is known from what was written last.
  const broken = () => ui.losesReader();
  for (const signal of signals) process.on(signal, hear);
  for (const stream of [shell.stdout, shell.stderr]) stream.on('error', broken);
  return () => {
    for (const signal of signals) process.off(signal, hear);
    // The streams' are heard to the end: what is said last may break, too.
  };
}

/** The flag that answers a question beforehand. */
const flagOf: Readonly<Record<Question, string>> = {
  knowsPassword: '--keep-password',
  plan: '--yes',
  nextRung: '--yes',
  restart: '--yes',
  moveBadPin: '--yes',
  enableDisabled: '--enable',
  ownProvider: '--own-provider',
  giveRight: '--administrator',
  unseen: '--yes',
  stopByHand: '--server-is-stopped',
  keepKey: '--give-key',
};

interface TerminalOptions {
  readonly flags: RescueFlags;
  readonly sentences: RescueSentences;
  readonly t: Translate;
  /** Where people read: standard output, or standard error beside `--json`. */
  readonly out: Out;
  /** Where the password is read, which with `--json` is another place. */
  readonly stdout: Out;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** Whether colours and moving things are welcome. */
  readonly isColoured: boolean;
  readonly stop: HowToStop;
}

/** A rescue at a terminal: questions where somebody can answer, flags and plain lines where nobody can. */
export class TerminalRescueUi implements RescueUi {
  /** The question that nobody answered, if it came to that. */
  unanswered: Question | undefined;
  /** With `--json`, the password's one way is that object. */
  password: string | undefined;
  /** Something has been begun that must not be left half done. */
  hasBegun = false;
  /** The person has pressed Ctrl-C, or is gone: what is begun is finished, and nothing is asked any more. */
  readonly #leaving = new AbortController();
  /** What is written here reaches nobody. */
  #isUnread = false;
  readonly #spinner: Spinner;

  constructor(private readonly options: TerminalOptions) {
    this.#spinner = new Spinner(options.out);
  }

  /** Whether a password would be read at a terminal, and not where it is kept. */
  get isAtTerminal(): boolean {
    return Boolean(this.options.stdout.isTTY);
  }

  /** Nothing is asked any more. */
  leave(): void {
    this.#leaving.abort();
  }

  /** What is written comes to nowhere: the terminal is gone, the connection, or the program that was reading. */
  losesReader(): void {
    this.#isUnread = true;
    this.leave();
  }

  /** A line, after a mark that may be coloured. */
  line(text: string, mark = ''): void {
    const { out, isColoured } = this.options;
    this.#spinner.stop();
    const shown = harmless(text).replace(/\*\*(.+?)\*\*/g, (_all, inner: string) =>
      isColoured ? styleText('bold', inner) : inner,
    );
    out.write(`${fitting(out, `${mark}${shown}`)}\n`);
  }

  show(step: Step): void {
    const sentence = this.options.sentences.step(step);
    const { isColoured } = this.options;
    this.hasBegun = true;
    if (step.outcome === 'begun') {
      if (isColoured) this.#spinner.start(sentence);
      return;
    }
    const isFailed = step.outcome === 'failed';
    const mark = isFailed ? '✗' : '✓';
    this.line(sentence, `${isColoured ? styleText(isFailed ? 'red' : 'green', mark) : mark} `);
  }

  async ask(question: Question, params?: Params): Promise<boolean> {
    const { flags, sentences, t, isInteractive } = this.options;
    if (this.#leaving.signal.aborted) return false;
    const answer = this.#answeredBefore(question, flags);
    if (answer !== undefined) return answer;
    const sentence = sentences.question(question, params);
    if (isInteractive) return question === 'stopByHand' ? this.#stopByHand(params) : this.confirm(sentence);
    this.unanswered = question;
    this.line(sentence);
    // A yes to all that is asked is none to a server that nobody has said is stopped.
    const isUnsaid = question === 'unseen' && !flags.serverIsStopped;
    this.line(t('commandLine.rescue.needsAnswer', { flag: isUnsaid ? flagOf.stopByHand : flagOf[question] }));
    return false;
  }

  async handOver(_account: NamedAccount, set: (password: string) => Promise<void>): Promise<void> {
    // A person who is gone would be left with a password that nobody knows; that they are is heard after the last line.
    await setImmediate();
    if (this.#isUnread) throw new AppError('nobodyReads');
    const password = newTempPassword();
    await set(password);
    this.password = password;
    if (this.options.flags.json) return;
    this.line('');
    this.line(this.options.t('commandLine.rescue.password', { password }));
    this.line('');
  }

  #answeredBefore(question: Question, flags: RescueFlags): boolean | undefined {
    const { yes, enable, ownProvider, administrator, giveKey, serverIsStopped } = flags;
    // Where nobody is asked the plan says what becomes of it.
    if (question === 'knowsPassword') return yes || !this.options.isInteractive ? false : undefined;
    if (question === 'enableDisabled') return enable ? true : undefined;
    if (question === 'ownProvider') return ownProvider ? true : undefined;
    if (question === 'giveRight') return administrator ? true : undefined;
    if (question === 'stopByHand') return serverIsStopped ? true : undefined;
    if (question === 'unseen') return serverIsStopped && yes ? true : undefined;
    // A key that nobody asks for is deleted again, so there is nothing to ask.
    if (question === 'keepKey') return giveKey || yes || !this.options.isInteractive ? (giveKey ?? false) : undefined;
    return yes ? true : undefined;
  }

  /** What was seen may be much: it is shown to whoever wants to know. */
  async #stopByHand(params: Params | undefined): Promise<boolean> {
    const { sentences, t, out, stop } = this.options;
    const { signal } = this.#leaving;
    const { select, isCancel } = await import('@clack/prompts');
    const command = 'command' in stop ? stop.command : t(`commandLine.rescue.stop.${stop.by}`);
    const asked = harmless(sentences.question('stopByHand', { ...params, command }));
    const message = `${asked}\n${t('setup.keys.pick')}`;
    const options = (['no', 'yes', 'more'] as const).map((value) => ({
      value,
      label: t(`commandLine.rescue.isStopped.${value}`),
    }));
    for (;;) {
      this.#spinner.stop();
      const answer = await select({
        ...{ message, options, initialValue: 'no', output: out, signal },
        // Its own are English.
        showInstructions: false,
      });
      // No other way is asked for then: a rescue that goes on with jellyfin.db begins with this one.
      if (isCancel(answer)) this.leave();
      if (answer !== 'more') return answer === 'yes';
      this.line(sentences.question('stopByHand', params));
    }
  }

  /** Asks where somebody can answer; no is the answer where nobody can. */
  async confirm(message: string): Promise<boolean> {
    const { signal } = this.#leaving;
    if (!this.options.isInteractive) return false;
    this.#spinner.stop();
    const { confirm, isCancel } = await import('@clack/prompts');
    const { t, out } = this.options;
    const words = { active: t('commandLine.rescue.answer.yes'), inactive: t('commandLine.rescue.answer.no') };
    const answer = await confirm({ message: harmless(message), ...words, initialValue: false, output: out, signal });
    // Ctrl-C at a question: no other question is asked.
    if (isCancel(answer)) this.leave();
    return answer === true;
  }
}
