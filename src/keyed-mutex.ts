/** Runs pieces of work one after the other for each key; different keys do not wait for one another. */
export class KeyedMutex<K> {
  readonly #last = new Map<K, Promise<unknown>>();

  /** Runs `work` when everything queued before it under this key has ended, well or not; gives back its outcome. */
  run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(key, mine);
    const tidy = () => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    mine.then(tidy, tidy);
    return mine;
  }

  /** Resolves when nothing is queued any more. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
