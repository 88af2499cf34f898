import type { Json } from './json.js';
import type { RecordedRequest } from './request-log.js';

export interface CallMatch {
  method?: string;
  /** Held against the path without `/api/v10`. */
  path?: RegExp;
}

export interface Fault extends CallMatch {
  /** How many matching calls it meets; default 1. */
  times?: number;
  status?: number;
  body?: Json;
  /** With status 429: how long the bot is told to wait. */
  retryAfterMs?: number;
  /** The call is carried out at once and answered so much later. */
  delayMs?: number;
  /** `before`: the connection is cut with nothing done; `after`: done, then cut without an answer. */
  cut?: 'before' | 'after';
}

export interface ActiveFault {
  readonly met: number;
  off(): void;
}

interface Hold {
  /** Resolves with the request when a matching call has come; nothing has been done for it yet. */
  readonly arrived: Promise<RecordedRequest>;
  /** Lets the call, and all later ones, go on. */
  release(): void;
  /** Cuts the connection of the calls that stand still, with nothing done; later ones go on. */
  drop(): void;
}

interface Armed {
  fault: Fault;
  left: number;
  met: number;
}

interface Held {
  match: CallMatch;
  arrive: (request: RecordedRequest) => void;
  gate: Promise<'go' | 'cut'>;
  open: (way: 'go' | 'cut') => void;
}

function fits(match: CallMatch, request: RecordedRequest): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  return match.path === undefined || match.path.test(request.path);
}

/** What goes wrong on purpose: tests say which calls fail and how. */
export class Faults {
  private armed: Armed[] = [];
  private held: Held[] = [];

  /** The next matching calls are answered as told. */
  on(fault: Fault): ActiveFault {
    const armed: Armed = { fault, left: fault.times ?? 1, met: 0 };
    this.armed.push(armed);
    return {
      get met() {
        return armed.met;
      },
      off: () => {
        this.armed = this.armed.filter((other) => other !== armed);
      },
    };
  }

  /** The next matching call, and all after it, stand still until released. */
  hold(match: CallMatch): Hold {
    let arrive: (request: RecordedRequest) => void = () => undefined;
    let open: Held['open'] = () => undefined;
    const arrived = new Promise<RecordedRequest>((resolve) => (arrive = resolve));
    const gate = new Promise<'go' | 'cut'>((resolve) => (open = resolve));
    const held: Held = { match, arrive, gate, open };
    this.held.push(held);
    const end = (way: 'go' | 'cut') => {
      this.held = this.held.filter((other) => other !== held);
      open(way);
    };
    return { arrived, release: () => end('go'), drop: () => end('cut') };
  }

  /** Forgets every fault and cuts every held call. */
  clear(): void {
    this.armed = [];
    for (const held of this.held) held.open('cut');
    this.held = [];
  }

  /** Waits at the first hold that fits the request, and says how it goes on. */
  async waitAtHold(request: RecordedRequest): Promise<'go' | 'cut'> {
    const held = this.held.find((each) => fits(each.match, request));
    if (!held) return 'go';
    held.arrive(request);
    return held.gate;
  }

  /** The fault that meets this request, used up by one. */
  meet(request: RecordedRequest): Fault | undefined {
    const armed = this.armed.find((each) => each.left > 0 && fits(each.fault, request));
    if (!armed) return undefined;
    armed.left -= 1;
    armed.met += 1;
    return armed.fault;
  }
}
