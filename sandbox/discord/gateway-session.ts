import type { WebSocket } from 'ws';
import type { Json, JsonObject } from './json.js';

interface Sent {
  s: number;
  t: string;
  d: Json;
}

const KEPT_EVENTS = 5000;

/** What one identified bot has been sent, so that it can resume where it lost the connection. */
export class GatewaySession {
  private readonly sent: Sent[] = [];
  private sequence = 0;
  socket: WebSocket | undefined;
  /** How often this session was taken up again. */
  resumes = 0;

  constructor(
    readonly id: string,
    readonly intents: number,
    socket: WebSocket,
  ) {
    this.socket = socket;
  }

  get connected(): boolean {
    return this.socket !== undefined && this.socket.readyState === this.socket.OPEN;
  }

  get lastSequence(): number {
    return this.sequence;
  }

  dispatch(event: string, data: Json): void {
    this.sequence += 1;
    const item = { s: this.sequence, t: event, d: data };
    this.sent.push(item);
    if (this.sent.length > KEPT_EVENTS) this.sent.shift();
    this.write({ op: 0, ...item });
  }

  /** Sends what was missed after `sequence`, then says that the session goes on. */
  replayAfter(sequence: number, socket: WebSocket): void {
    this.socket = socket;
    this.resumes += 1;
    for (const item of this.sent.filter((each) => each.s > sequence)) this.write({ op: 0, ...item });
    this.dispatch('RESUMED', {});
  }

  write(payload: JsonObject): void {
    if (this.connected) this.socket?.send(JSON.stringify(payload));
  }
}
