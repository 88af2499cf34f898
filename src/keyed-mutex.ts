/** What an answer shows. One of `delivered` and `lost` must be called. */
export interface ForAnswer<T> {
  readonly result: T;
  readonly delivered: () => Promise<void>;
  readonly lost: () => Promise<void>;
}

/** Runs pieces of work one after the other for each key; different keys do not wait for one another. */
export class KeyedMutex<K> {
  readonly #last = new Map<K, Promise<unknown>>();

  /** Runs `work` when everything queued before it under this key has ended, well or not; gives back its outcome. */
  run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work).finally(() => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    });
    this.#last.set(key, mine);
    return mine;
  }

  /**
   * Runs `work` for an answer to somebody, and gives its result back at once. Keeps the key until it is known whether the
   * answer arrived, and `then` has ended.
   */
  runForAnswer<T>(
    key: K,
    work: () => Promise<T>,
    then: (result: T, hasArrived: boolean) => Promise<void>,
  ): Promise<ForAnswer<T>> {
    return new Promise((resolve, reject) => {
      const run = this.run(key, async () => {
        const result = await work();
        const hasArrived = await new Promise<boolean>((settle) => {
          const settled = (arrived: boolean) => () => {
            settle(arrived);
            return run;
          };
          resolve({ result, delivered: settled(true), lost: settled(false) });
        });
        await then(result, hasArrived);
      });
      run.catch(reject);
    });
  }

  /** Resolves when nothing is queued any more. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
