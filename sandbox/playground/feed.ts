import type { ServerResponse } from 'node:http';
import type { Patch, State } from './shared.js';

/** How long changes are collected before they are sent: many calls of the bot come at once. */
const collectMs = 25;

/** Sends what the page shows, and what changes of it, to every window that is open. */
export class Feed {
  readonly #windows = new Set<ServerResponse>();
  readonly #recorders = new Set<(patch: Patch) => void>();
  #sent = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #isWhole = true;

  /** `look`: gives everything as it is now. */
  constructor(private readonly look: () => State) {}

  /** A window opens: it gets everything, then whatever changes. */
  open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.flush();
    write(response, { set: parsed(this.#sent), drop: [], whole: true });
    this.#windows.add(response);
    response.on('close', () => this.#windows.delete(response));
  }

  /** Hears of every patch, beginning with everything as it is now; returns what ends it. */
  record(listener: (patch: Patch) => void): () => void {
    this.flush();
    listener({ set: parsed(this.#sent), drop: [], whole: true });
    this.#recorders.add(listener);
    return () => this.#recorders.delete(listener);
  }

  /** Something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.flush(), collectMs);
  }

  /** Another household: nothing of the one before stays. */
  startOver(): void {
    this.#isWhole = true;
    this.touch();
  }

  /** Sends what has changed since the last time, if anything has. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = new Map([...this.look()].map(([key, value]) => [key, JSON.stringify(value)]));
    const changed = [...now].filter(([key, value]) => this.#isWhole || this.#sent.get(key) !== value);
    const drop = [...this.#sent.keys()].filter((key) => !now.has(key));
    this.#sent = now;
    if (changed.length === 0 && drop.length === 0) return;
    const patch: Patch = { set: parsed(new Map(changed)), drop, ...(this.#isWhole && { whole: true }) };
    this.#isWhole = false;
    for (const window of this.#windows) write(window, patch);
    for (const recorder of this.#recorders) recorder(patch);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const window of this.#windows) window.end();
  }
}

function write(window: ServerResponse, patch: Patch): void {
  window.write(`data: ${JSON.stringify(patch)}\n\n`);
}

function parsed(entries: ReadonlyMap<string, string>): Record<string, unknown> {
  return Object.fromEntries([...entries].map(([key, json]) => [key, JSON.parse(json) as unknown]));
}
