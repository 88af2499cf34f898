/** Lets tasks with the same key run one after the other, in the order they came; other keys do not wait. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs the task when its turn has come and gives its result; a task that fails does not stop the next. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const over = result.then(nothing, nothing);
    this.#last.set(key, over);
    void over.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    return result;
  }
}

/** The failure itself goes to whoever asked for the task, through `result`. */
function nothing(): void {}
