import { createInterface, emitKeypressEvents, type Key } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Leaving } from './ui.js';

/** What somebody types on, and reads. */
export interface Terminal {
  readonly input: Readable & { setRawMode?: (isRaw: boolean) => unknown };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Aborted by a signal: whatever is asked or done ends as by Ctrl-C. */
  readonly stop: AbortSignal;
  /** Between two looks at what somebody is waited for. */
  readonly lookEveryMs: number;
}

/** Ends with the work, or by Ctrl-C. */
export function unlessStopped<T>({ stop }: Terminal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new Leaving('stop'));
    if (stop.aborted) leave();
    stop.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', leave));
  });
}

/** Looks every so often until there is something; Escape and Ctrl-C end it. */
export async function lookUntil<T>(terminal: Terminal, look: () => Promise<T | undefined>): Promise<T> {
  const { input, stop, lookEveryMs } = terminal;
  const leaving = new AbortController();
  let wish: Leaving['wish'] = 'stop';
  // One listener however often is looked: node warns of more than ten, in the middle of the set-up.
  const left = new Promise<undefined>((resolve) => {
    leaving.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const leave = (how: Leaving['wish']) => {
    wish = how;
    leaving.abort();
  };
  const onStop = () => leave('stop');
  const onKey = (_text: string | undefined, key: Key) => {
    if (key.ctrl && key.name === 'c') leave('stop');
    if (key.name === 'escape') leave('back');
  };
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop);
  // Takes each key by itself, and what is typed meanwhile away; tells Escape from the beginning of an arrow key.
  const reader = createInterface({ input, escapeCodeTimeout: 50, terminal: true });
  emitKeypressEvents(input, reader);
  input.on('keypress', onKey);
  try {
    for (;;) {
      const found = await Promise.race([look(), left]);
      if (leaving.signal.aborted) throw new Leaving(wish);
      if (found !== undefined) return found;
      await pause(lookEveryMs, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
  } finally {
    stop.removeEventListener('abort', onStop);
    input.off('keypress', onKey);
    reader.close();
  }
}
