import { EventEmitter } from 'node:events';

/** Tells everybody who waits that something in the loopback Discord has changed. */
export class Changes {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private ended = false;
  private announced = false;

  /** Several changes in one turn of the event loop are told as one. */
  announce(): void {
    if (this.announced) return;
    this.announced = true;
    setImmediate(() => {
      this.announced = false;
      this.emitter.emit('change');
    });
  }

  /** Ends all waiting: whoever still waits is told so by a rejection. */
  end(): void {
    this.ended = true;
    this.announce();
  }

  /**
   * Waits until `look` finds something, looking again at every change.
   * @throws Error made of `complain` when nothing was found within so many milliseconds.
   */
  until<T>(look: () => T | undefined, complain: () => string, within: number): Promise<T> {
    const caller = new Error();
    return new Promise<T>((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.emitter.off('change', attempt);
        settle();
      };
      const attempt = () => {
        try {
          const found = look();
          if (found !== undefined) finish(() => resolve(found));
          else if (this.ended) throw new Error(`${complain()} (the loopback Discord was closed)`);
        } catch (error) {
          finish(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
      const timer = setTimeout(() => {
        caller.message = `${complain()} (waited ${within} ms)`;
        finish(() => reject(caller));
      }, within);
      this.emitter.on('change', attempt);
      attempt();
    });
  }
}
