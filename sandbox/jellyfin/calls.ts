/** A call that somebody made, as tests look at it. */
export interface RecordedCall {
  readonly method: string;
  /** With the query, without the base path; no token in it. */
  readonly path: string;
  /** 0 when the connection was cut without an answer. */
  readonly status: number;
  readonly at: Date;
  /** From its arrival until its answer. */
  readonly ms: number;
  /** What the caller says that it is (User-Agent); empty when it does not. */
  readonly agent: string;
  /** The API key's name, the user's name, or `none`. */
  readonly by: string;
}

/** Everything that was asked of the server, oldest first. */
export class CallLog {
  readonly calls: RecordedCall[] = [];
  readonly #listeners = new Set<(call: RecordedCall) => void>();

  add(call: RecordedCall): void {
    this.calls.push(call);
    for (const listener of this.#listeners) listener(call);
  }

  /** Hears of each call once it is answered; answers a function that stops it. */
  onCall(listener: (call: RecordedCall) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
