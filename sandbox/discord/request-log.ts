import type { Json } from './json.js';

/** One REST request of the bot. `status` is 0 until it was answered, and stays so when the connection was cut. */
export interface RecordedRequest {
  method: string;
  /** Without `/api/v10` and without the query. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Json | undefined;
  files: { name: string; filename: string; bytes: Buffer }[];
  status: number;
  /** What was answered; undefined when nothing was. */
  answer: Json | undefined;
  /** Milliseconds since 1970. */
  at: number;
}

export type RequestListener = (request: RecordedRequest) => void;

/** Every request that came, in order, and those who want to hear of each when it has been answered. */
export class RequestLog {
  readonly all: RecordedRequest[] = [];
  private readonly listeners = new Set<RequestListener>();

  /** Calls the listener for every request once its answer is known; returns a function that ends it. */
  listen(listener: RequestListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  answered(request: RecordedRequest): void {
    for (const listener of this.listeners) listener(request);
  }
}
