import { ask } from '../ask.js';
import type { RecordedCall } from '../calls.js';
import type { Jellyfin } from '../index.js';

/** What a server of its own process tells: the calls since the last time, and who is signed in. */
export interface ServerReport {
  readonly calls: readonly (Omit<RecordedCall, 'at'> & { readonly at: string })[];
  readonly signedIn: ReturnType<Jellyfin['signedIn']>;
}

/** Tells `address` of each call soon after it, in the order they came; nobody has to listen. */
export function reportCalls(jellyfin: Jellyfin, address: string): void {
  let waiting: RecordedCall[] = [];
  let last = Promise.resolve();
  const send = async (): Promise<void> => {
    const calls = waiting;
    waiting = [];
    const body = JSON.stringify({ calls, signedIn: jellyfin.signedIn() });
    await ask(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  };
  const soon = (): void => {
    if (waiting.length > 1) return;
    // Who listens may be gone, and the server may have stopped meanwhile.
    setImmediate(() => {
      last = last.then(send).catch(() => undefined);
    });
  };
  jellyfin.onCall((call) => {
    waiting.push(call);
    soon();
  });
  soon();
}
