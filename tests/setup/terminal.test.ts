import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { lookUntil, unlessStopped, type Terminal } from '../../src/setup/terminal.js';

function terminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => void raw.push(isRaw) });
  const stopping = new AbortController();
  const at: Terminal = { input, output: new PassThrough(), stop: stopping.signal, lookEveryMs: 1 };
  /** What would still hear a key, or a signal, when nobody is waited for any more. */
  const listening = () => [input.listenerCount('keypress'), getEventListeners(stopping.signal, 'abort').length];
  return { at, input, raw, stopping, listening };
}

const never = () => Promise.resolve(undefined);

test('somebody is waited for until they are there, and nothing listens any more afterwards', async () => {
  const { at, raw, listening } = terminal();
  let looks = 0;
  expect(await lookUntil(at, () => Promise.resolve((looks += 1) === 13 ? 'here' : undefined))).toBe('here');
  expect([looks, raw, listening()]).toEqual([13, [true, false], [0, 0]]);
});

test.each([
  ['Escape goes back', '\u001B', 'back'],
  ['Ctrl-C stops', '\u0003', 'stop'],
])('while somebody is waited for %s, and whatever else is typed is taken away', async (_, key, wish) => {
  const { at, input, raw, listening } = terminal();
  const waited = lookUntil(at, never);
  input.write('c\r\u0001');
  await new Promise(setImmediate);
  input.write(key);
  await expect(waited).rejects.toMatchObject({ wish });
  expect([raw, listening()]).toEqual([
    [true, false],
    [0, 0],
  ]);
});

test('a look that never comes back keeps nobody who wants to leave', async () => {
  const { at, input } = terminal();
  const waited = lookUntil(at, () => new Promise(() => undefined));
  input.write('\u0003');
  await expect(waited).rejects.toMatchObject({ wish: 'stop' });
});

test('a signal ends whatever is waited for or done, also one that came before', async () => {
  const { at, stopping, listening } = terminal();
  const both = [lookUntil(at, never), unlessStopped(at, new Promise(() => undefined))];
  stopping.abort();
  for (const each of both) await expect(each).rejects.toMatchObject({ wish: 'stop' });
  await expect(lookUntil(at, never)).rejects.toMatchObject({ wish: 'stop' });
  await expect(unlessStopped(at, new Promise(() => undefined))).rejects.toMatchObject({ wish: 'stop' });
  expect(listening()[0]).toBe(0);
});

test('what is done ends with its result, or its error', async () => {
  const { at, listening } = terminal();
  expect(await unlessStopped(at, Promise.resolve('done'))).toBe('done');
  await expect(unlessStopped(at, Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
  expect(listening()).toEqual([0, 0]);
});
