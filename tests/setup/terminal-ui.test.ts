import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { ClackUi } from '../../src/setup/clack-ui.js';
import { PlainUi } from '../../src/setup/plain-ui.js';
import type { Terminal } from '../../src/setup/terminal.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');
const colours = [
  ...['red', 'green'].map((label) => ({ value: label, label })),
  { value: 'blue', label: 'blue', hint: 'like the sky' },
];

/** A terminal at which each question that ends in a colon and a blank is answered by the next of these lines. */
function typing(...lines: readonly string[]) {
  const left = [...lines];
  const stopping = new AbortController();
  const input = new PassThrough();
  const output = new PassThrough();
  let written = '';
  output.on('data', (part: Buffer) => {
    const text = part.toString();
    written += text;
    if (text.endsWith(': ')) setImmediate(() => input.write(`${left.shift() ?? ''}\r`));
  });
  const terminal: Terminal = { input, output, stop: stopping.signal, lookEveryMs: 1 };
  const asked = () => stripVTControlCharacters(written);
  return { terminal, stopping, asked, left: () => left.length };
}

test('a line that is typed is the answer, and Enter alone what is offered', async () => {
  const { terminal, asked } = typing('typed', '', '');
  const ui = new PlainUi(t, terminal);
  expect(await ui.text({ message: 'Where', initial: () => 'offered' })).toBe('typed');
  expect(await ui.text({ message: 'Where', initial: () => 'offered' })).toBe('offered');
  expect(await ui.text({ message: 'Where' })).toBe('');
  expect(asked()).toMatch(/Where \[offered\]: [^]*Where \[offered\]: [^]*Where: /);
});

test('one of several is picked by its number; what is none of them is asked again', async () => {
  const { terminal, asked } = typing('4', '', '3', '', '2');
  const ui = new PlainUi(t, terminal);
  expect(await ui.pick('Which', colours)).toBe('blue');
  expect(asked()).toMatch(/^Which\r?\n {2}1 {2}red\r?\n {2}2 {2}green\r?\n {2}3 {2}blue \(like the sky\)\r?\nNumber: /);
  expect(asked().match(/from 1 to 3/g)).toHaveLength(2);
  expect(asked()).not.toContain('[0]');
  expect(await ui.pick('Which', colours, 'green')).toBe('green');
  expect(asked()).toContain('[2]: ');
  expect(await ui.pick('Which', colours, 'green')).toBe('green');
});

test('several are picked by their numbers, however these are divided, each once; as many as have to be', async () => {
  const { terminal, asked } = typing('', '1, 3 ,3,', '0', '7', '1,7', '', '0');
  const ui = new PlainUi(t, terminal);
  expect(await ui.pickMany('Which', colours, [], 1)).toEqual(['red', 'blue']);
  expect(asked().match(/from 1 to 3/g)).toHaveLength(1);
  expect(asked()).toMatch(/^Which[^]* 2 {2}green[^]*Numbers, with commas: /);
  expect(await ui.pickMany('Which', colours, ['green', 'blue'], 1)).toEqual(['green', 'blue']);
  expect(asked().match(/from 1 to 3/g)).toHaveLength(4);
  expect(asked()).toContain('Numbers, with commas [2,3]: ');
  expect(asked()).not.toContain('0 for none');
  expect(await ui.pickMany('Which', colours, ['green'], 0)).toEqual([]);
  expect(asked()).toContain('Numbers, with commas; 0 for none [2]: ');
});

test('a yes or a no may be short; Enter alone is what is offered, and anything else is asked again', async () => {
  const { terminal, asked, left } = typing('y', 'NO', '', '', 'perhaps', 'yes');
  const ui = new PlainUi(t, terminal);
  const answers = [await ui.confirm('Sure'), await ui.confirm('Sure'), await ui.confirm('Sure')];
  expect([...answers, await ui.confirm('Sure', false), await ui.confirm('Sure', false)]).toEqual([
    ...[true, false, true, false, true],
  ]);
  expect(left()).toBe(0);
  expect(asked()).toMatch(/\(Yes\/No\) \[Yes\][^]*\(Yes\/No\) \[No\]/);
});

test('a secret is not shown, and everything else that is typed is', async () => {
  const { terminal, asked } = typing('hunter2', 'nas.lan');
  const ui = new PlainUi(t, terminal);
  expect([await ui.secret({ message: 'Password' }), await ui.text({ message: 'Where' })]).toEqual([
    'hunter2',
    'nas.lan',
  ]);
  expect(asked()).toContain('Where: nas.lan');
  expect(asked()).not.toContain('hunter2');
});

test.each<[string, (at: ReturnType<typeof typing>) => unknown]>([
  ['a signal', ({ stopping }) => stopping.abort()],
  ['Ctrl-C', ({ terminal }) => (terminal.input as PassThrough).write('\u0003')],
  ['the end of what is typed', ({ terminal }) => (terminal.input as PassThrough).end()],
])('%s ends a question, after which nothing listens any more', async (_, happens) => {
  const at = typing();
  const { input, stop } = at.terminal;
  const listening = () => [input.listenerCount('keypress'), getEventListeners(stop, 'abort').length];
  const asked = new PlainUi(t, at.terminal).text({ message: 'Where' });
  expect(listening()).toEqual([1, 1]);
  happens(at);
  await expect(asked).rejects.toMatchObject({ wish: 'stop' });
  if (!stop.aborted) expect(listening()[0]).toBe(0);
});

test('an answer leaves nothing that listens', async () => {
  const { terminal } = typing('here');
  await new PlainUi(t, terminal).text({ message: 'Where' });
  expect([terminal.input.listenerCount('keypress'), getEventListeners(terminal.stop, 'abort')]).toEqual([0, []]);
});

test('what is being done is said, where it takes a moment', async () => {
  const { terminal, asked } = typing();
  const ui = new PlainUi(t, terminal);
  expect(await ui.busy(() => Promise.resolve(1))).toBe(1);
  expect(asked()).toBe('');
  expect(await ui.busy(() => Promise.resolve(2), 'Looking …')).toBe(2);
  expect(asked()).toBe('Looking …\n');
});

test('Enter alone where nothing is offered is an empty answer, with arrows as well, and no hint is none', async () => {
  const { terminal, asked } = typing();
  const ui = new ClackUi(t, terminal);
  const enter = () => void setImmediate(() => (terminal.input as PassThrough).write('\r'));
  enter();
  expect(await ui.text({ message: 'Where' })).toBe('');
  enter();
  expect(await ui.pick('Which', colours)).toBe('red');
  expect(asked()).toMatch(/red\s[^]*blue \(like the sky\)/);
  expect(asked()).not.toContain('undefined');
});

test.each([PlainUi, ClackUi])('after a signal nothing is asked any more: %o', async (Ui) => {
  const { terminal, stopping } = typing();
  stopping.abort();
  const ui = new Ui(t, terminal);
  await expect(ui.confirm('Sure')).rejects.toMatchObject({ wish: 'stop' });
  await expect(ui.secret({ message: 'Which' })).rejects.toMatchObject({ wish: 'stop' });
});
