/** A step of the demo that did not come true. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';

  constructor(
    readonly step: string,
    cause: unknown,
  ) {
    super(whatHappened(cause), { cause });
  }
}

/** One line an error: an AggregateError, as of a connection that was refused, has no message of its own. */
export function whatHappened(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(whatHappened).join('\n');
  return error instanceof Error ? error.message : String(error);
}

/** Knows which step the demo is in, so that whatever goes wrong or hangs can be named. */
export class Steps {
  #current = 'the demo starts';

  get current(): string {
    return this.#current;
  }

  /** Throws StepFailed with the step's name for whatever `work` throws. */
  async take<T>(step: string, work: () => T | Promise<T>): Promise<T> {
    this.#current = step;
    try {
      return await work();
    } catch (error) {
      throw new StepFailed(step, error);
    }
  }
}
