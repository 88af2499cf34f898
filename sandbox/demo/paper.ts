import type { Paint } from './colours.js';
import type { Teller } from './director.js';
import { wrap } from './wrap.js';

const width = 78;

/** What the demo prints on: headings, what people do, what they see, and what was proven. */
export class Paper implements Teller {
  #isOver = false;

  constructor(
    private readonly stream: { write(text: string): unknown },
    readonly paint: Paint,
  ) {}

  heading(text: string): void {
    this.#print(['', this.paint.bold(text), this.paint.dim('─'.repeat(width))]);
  }

  /** Says what nobody in the household says. */
  narrates(text: string): void {
    this.#print(wrap(text, width));
  }

  /** `Maya, in #general:  /resetpw` */
  acts(who: string, where: string, what: string): void {
    const { name, dim, bold } = this.paint;
    this.#print(['', `${bold(name(who))}${dim(`, ${where}:`)}  ${what}`]);
  }

  /** A message as it stands on the screen, under who can see it. */
  shows(place: string, lines: readonly string[]): void {
    const { dim } = this.paint;
    const text = lines.flatMap((line) => {
      const embed = line.includes('│');
      return wrap(line, width - 8).map((piece, n) => (n > 0 && embed ? `${dim('│')}   ${piece}` : piece));
    });
    this.#print([`    ${dim(place)}`, ...text.map((line) => `    ${dim('┃')} ${line}`)]);
  }

  proves(claim: string): void {
    const [first = '', ...rest] = wrap(claim, width - 4);
    this.#print([`  ${this.paint.good('✓')} ${first}`, ...rest.map((line) => `    ${line}`)]);
  }

  fails(step: string, why: string): void {
    const reasons = why.split('\n').map((line) => `    ${line}`);
    this.ends(`  ${this.paint.bad('✗')} ${step}`, ...reasons);
  }

  /** The last word: what still happens while everything is taken down is not printed any more. */
  ends(...lines: readonly string[]): void {
    this.#print(['', ...lines]);
    this.#isOver = true;
  }

  #print(lines: readonly string[]): void {
    if (!this.#isOver) this.stream.write(`${lines.join('\n')}\n`);
  }
}
