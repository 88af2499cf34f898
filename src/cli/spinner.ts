import { styleText } from 'node:util';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const everyMs = 80;
const clearLine = '\r\u001B[2K';

/** One line at a terminal that moves while something is being done. How it ended is written in its place. */
export class Spinner {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly out: NodeJS.WriteStream) {}

  start(sentence: string): void {
    this.stop();
    // Longer than the terminal is wide it would take two lines, of which only one is taken away again.
    const shown = [...sentence].slice(0, Math.max(10, (this.out.columns ?? 80) - 6)).join('');
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
