/** Collects what has to be taken down, so that a start that fails or is stopped half way leaves nothing either. */
export class Teardown {
  readonly #steps: (() => Promise<unknown>)[] = [];
  #done: Promise<void> | undefined;

  /** What is added when all else is down already is taken down at once. */
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
    if (this.#done) this.#done = this.#done.then(() => this.#unwind());
  }

  /** Takes everything down, last things first; throws only after the last step was tried. */
  run(): Promise<void> {
    this.#done ??= this.#unwind();
    return this.#done;
  }

  async #unwind(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be taken down');
  }
}
