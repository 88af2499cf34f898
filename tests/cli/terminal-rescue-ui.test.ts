import { PassThrough } from 'node:stream';
import { styleText } from 'node:util';
import { expect, test, vi } from 'vitest';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import type { RescueFlags } from '../../src/cli/rescue-command.js';
import type { Shell } from '../../src/cli/shell.js';
import { hearInterrupts, TerminalRescueUi } from '../../src/cli/terminal-rescue-ui.js';
import type { Question } from '../../src/services/rescue/ladder/ports.js';
import type { HowToStop } from '../../src/server/packages.js';
import { createWords } from '../../src/words.js';
import { presses } from './latchkey.js';

const t = createWords('en', { latchkey: 'latchkey' }).forOperators('en');

interface Given {
  readonly flags?: RescueFlags;
  readonly isInteractive?: boolean;
  readonly isAtTerminal?: boolean;
  readonly isColoured?: boolean;
  readonly stop?: HowToStop;
}

/** A rescue's terminal, at which nobody sits unless told otherwise. */
function terminal({
  flags = {},
  isInteractive = false,
  isAtTerminal = false,
  isColoured = false,
  stop = { by: 'always' },
}: Given = {}) {
  const out = new PassThrough();
  const stdout = Object.assign(new PassThrough(), { isTTY: isAtTerminal });
  const sentences = new RescueSentences(t, String);
  const options = { flags, sentences, t, out, stdout, isInteractive, isColoured };
  const ui = new TerminalRescueUi({ ...options, stop });
  const shell = { stdout, stderr: new PassThrough() } as unknown as Shell;
  return { ui, shell, said: () => String(out.read() ?? ''), json: () => String(stdout.read() ?? '') };
}

const everyQuestion: readonly Question[] = [
  ...(['knowsPassword', 'plan', 'nextRung', 'restart', 'moveBadPin', 'enableDisabled'] as const),
  ...(['ownProvider', 'giveRight', 'unseen', 'stopByHand', 'keepKey'] as const),
];

test.each<[string, RescueFlags, readonly Question[]]>([
  ['no flag', {}, []],
  ['--yes', { yes: true }, ['plan', 'nextRung', 'restart', 'moveBadPin']],
  ['--enable', { enable: true }, ['enableDisabled']],
  ['--own-provider', { ownProvider: true }, ['ownProvider']],
  ['--administrator', { administrator: true }, ['giveRight']],
  ['--server-is-stopped', { serverIsStopped: true }, ['stopByHand']],
  ['--give-key', { giveKey: true }, ['keepKey']],
  [
    '--yes --server-is-stopped',
    { yes: true, serverIsStopped: true },
    ['plan', 'nextRung', 'restart', 'moveBadPin', 'unseen', 'stopByHand'],
  ],
])('%s says yes beforehand to what it is about, and to nothing else', async (_, flags, yes) => {
  const answers = await Promise.all(
    everyQuestion.map(async (each) => (await terminal({ flags }).ui.ask(each)) && each),
  );
  expect(answers.filter(Boolean)).toEqual(yes);
});

test.each<[Question, RescueFlags, string | undefined]>([
  ['plan', {}, '--yes'],
  ['giveRight', { yes: true }, '--administrator'],
  ['stopByHand', { yes: true }, '--server-is-stopped'],
  // A yes to all that is asked is none to a server that nobody has said is stopped.
  ['unseen', { yes: true }, '--server-is-stopped'],
  ['unseen', { serverIsStopped: true }, '--yes'],
  ['keepKey', {}, undefined],
  ['knowsPassword', {}, undefined],
])('%s, which nobody can answer, names the flag that does (%j)', async (question, flags, flag) => {
  const { ui, said } = terminal({ flags });
  expect(await ui.ask(question)).toBe(false);
  expect(/with (--\S+)\./.exec(said())?.[1]).toBe(flag);
  expect(ui.unanswered).toBe(flag && question);
});

test('whether somebody knows their password, and wants a key, is answered by a yes to everything as well', async () => {
  const { ui } = terminal({ flags: { yes: true }, isInteractive: true });
  expect([await ui.ask('knowsPassword'), await ui.ask('keepKey')]).toEqual([false, false]);
  expect(await terminal({ flags: { giveKey: true }, isInteractive: true }).ui.ask('keepKey')).toBe(true);
  // Where nobody can be asked, nothing else is agreed to either.
  expect(await terminal().ui.confirm('Remove them?')).toBe(false);
});

/** As this process's own output has colours, or none. */
const coloured = (colour: 'green' | 'red', mark: string) => styleText(colour, mark).replaceAll('[', '\\[');
const clearLine = '\r\u001B[2K';
const begun = { rung: 'db', name: 'copy', outcome: 'begun' } as const;

test('what is being done moves on one line, in whose place stands how it ended', async () => {
  const { ui, said } = terminal({ isColoured: true, isInteractive: true });
  const timers = vi.spyOn(globalThis, 'clearInterval');
  ui.show(begun);
  expect(ui.hasBegun).toBe(true);
  const [, moving = ''] = /^\r\u001B\[2K(.*)$/.exec(said()) ?? [];
  expect(moving).toMatch(/⠋.*copy.* …/i);
  ui.show({ ...begun, outcome: 'done' });
  expect(said()).toMatch(new RegExp(`^\\r\\u001B\\[2K${coloured('green', '✓')} `));
  ui.show({ ...begun, outcome: 'failed' });
  expect(said()).toMatch(new RegExp(`^${coloured('red', '✗')} `));
  ui.line('**Yes.**');
  expect(said()).toBe(`${styleText('bold', 'Yes.')}\n`);
  // Another takes its place, and so does a question.
  ui.show(begun);
  ui.show(begun);
  expect(said().split(clearLine)).toHaveLength(4);
  expect(timers).toHaveBeenCalledTimes(2);
  timers.mockRestore();
  for (const question of ['giveRight', 'stopByHand'] as const) {
    ui.show(begun);
    said();
    const asked = ui.ask(question);
    await presses('n', 'enter');
    await asked;
    expect(said().startsWith(clearLine)).toBe(true);
  }
});

test('without colours nothing moves, and what counts is not lost', () => {
  const { ui, said } = terminal();
  ui.show(begun);
  expect([said(), ui.hasBegun]).toEqual(['', true]);
  ui.show({ ...begun, outcome: 'done' });
  ui.line('**Yes.**');
  expect(said()).toMatch(/^✓ [^\u001B]*\nYes\.\n$/);
});

test.each(['knowsPassword', 'keepKey', 'plan', 'giveRight'] as const)(
  '%s is asked where somebody can answer',
  async (question) => {
    const { ui } = terminal({ isInteractive: true });
    const asked = ui.ask(question);
    await presses('y');
    expect(await asked).toBe(true);
  },
);

test.each<[HowToStop, RegExp]>([
  [{ command: 'sudo systemctl stop jellyfin' }, /sudo systemctl stop jellyfin/],
  [{ by: 'tray' }, /net stop JellyfinServer, or Exit at/],
])('to stop Jellyfin by hand one is told what to type, or to press (%j)', async (stop, how) => {
  const { ui, said } = terminal({ isInteractive: true, stop });
  const asked = ui.ask('stopByHand');
  await presses('ctrlC');
  await asked;
  expect(said()).toMatch(how);
});

// One that goes on with jellyfin.db asks for that way first, and has others after it.
test('Ctrl-C at the question whether Jellyfin is stopped is a no to that, and to all that would be asked after it', async () => {
  const { ui } = terminal({ flags: { yes: true }, isInteractive: true });
  expect(await ui.ask('nextRung')).toBe(true);
  const asked = ui.ask('stopByHand');
  await presses('ctrlC');
  expect(await asked).toBe(false);
  expect(await ui.ask('nextRung')).toBe(false);
});

/** What a process hears of a signal while a rescue goes on. */
function hearing(given: Given, account?: string) {
  const at = terminal(given);
  const before = new Set(process.listeners('SIGINT'));
  let now = 1000;
  let brokenOff = 0;
  const { flags = {} } = given;
  const breakOff = () => void (brokenOff += 1);
  const unhear = hearInterrupts({ ...at, t, account, flags, breakOff, now: () => now });
  const [hear = () => undefined] = process.listeners('SIGINT').filter((each) => !before.has(each));
  unhear();
  expect(process.listeners('SIGINT').filter((each) => !before.has(each))).toEqual([]);
  const signal = (name: NodeJS.Signals, afterMs: number) => {
    now += afterMs;
    hear(name);
    return [at.said(), brokenOff];
  };
  return { ...at, signal };
}

test('what is begun is finished at the first Ctrl-C, and broken off at the next; npm’s own of the same moment is none', () => {
  const { ui, signal } = hearing({ isAtTerminal: true });
  ui.hasBegun = true;
  expect(signal('SIGINT', 0)).toEqual([expect.stringMatching(/^I finish what I have begun/), 0]);
  expect(signal('SIGTERM', 100)).toEqual(['', 0]);
  expect(signal('SIGINT', 900)).toEqual([expect.stringMatching(/^I break it off/), 1]);
  expect(signal('SIGINT', 900)).toEqual([expect.stringMatching(/^I break it off/), 2]);
});

test('after it nothing is asked any more, whatever was said beforehand', async () => {
  const { ui, signal } = hearing({ flags: { yes: true } });
  ui.hasBegun = true;
  expect(await ui.ask('nextRung')).toBe(true);
  signal('SIGINT', 0);
  expect(await ui.ask('nextRung')).toBe(false);
});

test.each(['stdout', 'stderr'] as const)(
  'whoever was reading is gone: nothing more is asked, and no password set (%s)',
  async (stream) => {
    const { ui, shell } = hearing({ flags: { yes: true }, isAtTerminal: true });
    expect(await ui.ask('nextRung')).toBe(true);
    const passwords: string[] = [];
    const handed = ui.handOver({ id: '1', name: 'alice' }, (password) =>
      Promise.resolve(void passwords.push(password)),
    );
    // Heard just after the last line.
    shell[stream].emit('error', new Error('EPIPE'));
    await expect(handed).rejects.toMatchObject({ code: 'nobodyReads' });
    expect([await ui.ask('nextRung'), passwords]).toEqual([false, []]);
  },
);

test('a connection that is gone is nothing to what is written to a file', async () => {
  const { ui, signal } = hearing({});
  ui.hasBegun = true;
  expect(signal('SIGHUP', 0)).toEqual(['', 0]);
  const passwords: string[] = [];
  const set = (password: string) => Promise.resolve(void passwords.push(password));
  await ui.handOver({ id: '1', name: 'alice' }, set);
  expect(passwords).toHaveLength(1);
  const gone = hearing({ isAtTerminal: true });
  gone.ui.hasBegun = true;
  gone.signal('SIGHUP', 0);
  await expect(gone.ui.handOver({ id: '1', name: 'alice' }, set)).rejects.toMatchObject({ code: 'nobodyReads' });
  expect(passwords).toHaveLength(1);
});

test.each([
  [{}, /^Nothing was done\.\n$/],
  [{ serverIsStopped: true }, /^Nothing was done\.\n.*Jellyfin/],
])('what has only looked ends at once; that Jellyfin stands still is not forgotten (%j)', (flags, sentence) => {
  const { signal, said, json } = hearing({ flags: { ...flags, json: true }, isAtTerminal: true }, 'alice');
  // Not that of the tests.
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`ended with ${code}`);
  });
  expect(() => signal('SIGINT', 0)).toThrow('ended with 1');
  exit.mockRestore();
  expect(said()).toMatch(sentence);
  expect(JSON.parse(json())).toMatchObject({ account: 'alice', outcome: 'cancelled' });
});
