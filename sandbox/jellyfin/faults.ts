/** Which calls a fault is for; everything when nothing is said. */
interface Match {
  readonly method?: string;
  readonly path?: RegExp;
}

interface Fault extends Match {
  /** How many calls it hits; default all. */
  readonly times?: number;
  /** Answered instead of the real thing, which then does not happen. */
  readonly status?: number;
  readonly body?: string;
  readonly contentType?: string;
  /** Waited before anything is done. */
  readonly delayMs?: number;
  /** The connection is cut before the call is done, after it is done, or in the middle of the answer. */
  readonly cut?: 'before' | 'after' | 'mid';
}

/** A call that was stopped at the door. */
interface Hold {
  /** Fulfilled when a matching call is there. */
  readonly arrived: Promise<void>;
  /** Lets that call, and later ones, go on. */
  release(): void;
}

/** What a test switched on to go wrong. */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];
  #holds: { match: Match; arrive: () => void; released: Promise<void> }[] = [];

  /** Switches a fault on; answers a function that switches it off. */
  on(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.push(entry);
    return () => {
      this.#active = this.#active.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#active = [];
  }

  /** Stops matching calls before anything is done, until they are released. */
  hold(match: Match): Hold {
    let release = (): void => undefined;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const entry = { match, arrive, released };
    this.#holds.push(entry);
    return {
      arrived,
      release: () => {
        this.#holds = this.#holds.filter((other) => other !== entry);
        release();
      },
    };
  }

  /** Waits as long as the call is held. */
  async held(method: string, path: string): Promise<void> {
    for (const { match, arrive, released } of this.#holds) {
      if (!matches(match, method, path)) continue;
      arrive();
      await released;
    }
  }

  /** The fault that hits this call, used up by one. */
  take(method: string, path: string): Fault | undefined {
    const entry = this.#active.find(({ fault, left }) => left > 0 && matches(fault, method, path));
    if (entry) entry.left -= 1;
    return entry?.fault;
  }
}

function matches(match: Match, method: string, path: string): boolean {
  return (match.method ?? method) === method && (match.path?.test(path) ?? true);
}
