import type { Answer } from './answer.js';

/** The cause behind an error about an answer: which call and which status; never headers or bodies, which may hold secrets. */
export class OddAnswer extends Error {
  override readonly name = 'OddAnswer';
  readonly status: number;

  constructor(answer: Answer) {
    super(`${answer.call.method} ${answer.call.path}: ${answer.status}${answer.isDocument ? ' with a page' : ''}`);
    this.status = answer.status;
  }
}
