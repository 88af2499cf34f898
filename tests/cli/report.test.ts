import { expect, test } from 'vitest';
import { nearest } from '../../src/cli/account-names.js';
import {
  exitCodeOf,
  exitCodes,
  fitting,
  harmless,
  isColoured,
  jsonRefusal,
  jsonReport,
  printable,
  whyNoWay,
  wrapped,
} from '../../src/cli/report.js';
import type { Rung, Step, StepName, StepOutcome } from '../../src/services/rescue/ladder/ports.js';
import type { Plan } from '../../src/services/rescue/ladder/plan.js';
import { locationGiven, readRescueSettings } from '../../src/cli/rescue-settings.js';
import { packages } from '../../src/server/packages.js';
import { householdLocale, terminalLocale } from '../../src/cli/terminal-locale.js';
import type { RescueEnd } from '../../src/services/rescue/ladder/rescue.js';
import { UnfitFile } from '../../src/small-file.js';
import { AmongOthers, Exchanged } from '../../src/way-to.js';
import { createWords } from '../../src/words.js';

/** What a script learns by `$?`. */
const step = (rung: Rung, name: StepName, outcome: StepOutcome): Step => ({ rung, name, outcome });
const ended = (outcome: RescueEnd['outcome'], given: Partial<RescueEnd> = {}) =>
  ({ outcome, steps: [], leftStopped: false, ...given }) as RescueEnd;
const { done, failed, needsAnswer, notTouched, leftStopped } = exitCodes;

test('a rescue that worked, was planned or was declined', () => {
  expect((['backIn', 'changed', 'planned', 'cancelled'] as const).map((how) => exitCodeOf(ended(how), false))).toEqual([
    done,
    done,
    done,
    failed,
  ]);
  expect(exitCodeOf(ended('cancelled'), true)).toBe(needsAnswer);
});

test('a server that may be stopped is worth more than anything else', () => {
  expect(exitCodeOf(ended('backIn', { leftStopped: true }), true)).toBe(leftStopped);
  const waited = [step('db', 'serverBack', 'done'), step('db', 'serverBack', 'failed')];
  expect(exitCodeOf(ended('notYet', { code: 'serverRunning', steps: waited }), true)).toBe(leftStopped);
  // It has been seen by the way that was tried after it.
  expect(exitCodeOf(ended('backIn', { steps: [...waited, step('api', 'unlock', 'done')] }), false)).toBe(done);
});

test('a rescue that has touched nothing, as the file or the server is not its own', () => {
  const refused = (code: RescueEnd['code'], ...steps: Step[]) => exitCodeOf(ended('notYet', { code, steps }), false);
  const notOurs = [
    ...(['folderClosed', 'exchanged', 'notOwner', 'othersLink', 'othersFolder', 'ownerShutOut', 'mountPoint'] as const),
    ...(['hardLink', 'endsInBlank', 'fileNotWritable', 'folderNotWritable', 'strangeFile', 'rescueRunning'] as const),
    ...(['otherRescueUnfinished', 'serverRunning', 'cannotSee', 'needsStop'] as const),
  ];
  for (const code of notOurs) expect([code, refused(code)]).toEqual([code, notTouched]);
  expect(refused('serverRunning', step('db', 'stop', 'begun'), step('db', 'copy', 'done'))).toBe(notTouched);
  for (const name of ['unlock', 'password', 'moveBadPin', 'redeem', 'restart', 'stop'] as const)
    expect([name, refused('serverRunning', step('db', name, 'done'))]).toEqual([name, failed]);
  expect(refused('corrupt')).toBe(failed);
  expect(refused(undefined)).toBe(failed);
  expect(refused(undefined, step('api', 'unlock', 'failed'))).toBe(failed);
});

test('the one way that was asked for is closed', () => {
  const plan = (rung: Rung, note: string) => ({ plan: { rungs: [{ rung, open: false, note }] } as unknown as Plan });
  const closed = (rung: Rung, note: string, only: Rung | undefined, code?: RescueEnd['code']) =>
    exitCodeOf(ended('notYet', { code }), false, { ...plan(rung, note), only });
  for (const note of ['folderClosed', 'dbNotOurs', 'dbNotWritable', 'rescueAtWork'])
    expect([note, closed('db', note, 'db')]).toEqual([note, notTouched]);
  expect(closed('db', 'folderClosed', undefined)).toBe(failed);
  expect(closed('pin', 'folderClosed', 'db')).toBe(failed);
  expect(closed('db', 'noFolder', 'db')).toBe(failed);
  expect(closed('db', 'folderClosed', 'db', 'corrupt')).toBe(failed);
  const started = exitCodeOf(ended('changed'), false, { ...plan('db', 'folderClosed'), only: 'db' });
  expect(started).toBe(done);
});

test('what a program reads says which ways were closed and why, and that a PIN is the password', () => {
  const rungs = [
    { rung: 'api', open: true, note: 'x' },
    { rung: 'pin', open: false, note: 'noFolder' },
    { rung: 'restart', open: false, why: 'noCommand' },
    { rung: 'db', open: false },
  ];
  const plan = { rungs, target: { name: 'root' }, location: { guessed: false } } as unknown as Plan;
  const read = (written: object) => JSON.parse(JSON.stringify(written)) as object;
  const report = (end: Partial<RescueEnd>) =>
    read(jsonReport(plan, ended('notYet', end), 'No.', { url: 'http://x', password: undefined }));
  const closed = [null, 'noFolder', 'noCommand', null].map((why) => expect.objectContaining({ why }));
  expect(report({})).toMatchObject({ rungs: closed, pinIsPassword: false, unseen: [], temporaryPassword: null });
  expect(report({ pinFromBefore: 'root' })).toMatchObject({ pinIsPassword: true });
  expect(report({ pinIsPassword: true })).toMatchObject({ pinIsPassword: true });
  // Every name that is promised is there, also where nothing is known, and where it did not come to a plan.
  const steps = [step('api', 'unlock', 'done')];
  const unknown = { server: { url: 'http://x', version: null, code: null }, files: { serverDir: null, db: null } };
  expect(report({ steps })).toMatchObject({ ...unknown, rung: null, code: null, steps: [{ code: null }] });
  const names = Object.keys(read(jsonRefusal({ account: undefined, sentence: 'No.' })));
  expect([Object.keys(report({})), names.length]).toEqual([names, 17]);
});

test('why a file is not gone to, and what to do about it, is said of what the system or somebody there keeps from us', () => {
  const t = createWords('en').forOperators('en');
  const said = (error: unknown) => whyNoWay(error, t);
  const refusedBy = (code: string) => Object.assign(new Error(`${code}: not for you`), { code });
  expect(said(new Exchanged('/srv/a\nb'))).toMatch(/^What lies at \/srv\/a b was exchanged while I looked/);
  expect(said(new AmongOthers('/srv'))).toContain('Others than root may write in /srv, ');
  expect(said(new UnfitFile('/srv/pipe', 'no ordinary file'))).toBe(
    '/srv/pipe is no ordinary file. Move it away, then run this again.',
  );
  for (const code of ['ELOOP', 'ENOTDIR']) expect(said(refusedBy(code))).toContain(`${code}: not for you. See`);
  // Root is not told to run it as whose it is, which may be root.
  expect(said(refusedBy('EACCES'))).toContain(`EACCES: not for you. ${process.getuid?.() === 0 ? 'Root goes' : 'See'}`);
  expect([said(refusedBy('ENOSPC')), said(new Error('EACCES')), said('EACCES')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('lines are broken between words, commands stay whole, and nothing moves the cursor', () => {
  expect(wrapped('one two three\n  sudo systemctl stop jellyfin', 9)).toBe(
    'one two\nthree\n  sudo systemctl stop jellyfin',
  );
  expect(wrapped('\u001B[1mone two\u001B[22m', 7)).toBe('\u001B[1mone two\u001B[22m');
  expect(wrapped('one incomprehensible two', 5)).toBe('one\nincomprehensible\ntwo');
  expect(wrapped('one two')).toBe('one two');
  expect(wrapped('one two three four five', 19)).toBe('one two three four\nfive');
  const stream = (isTTY: boolean, columns: number | undefined) => ({ isTTY, columns }) as NodeJS.WriteStream;
  // A file has no width, and a terminal may say that it has none.
  for (const wide of [stream(true, 0), stream(false, 5)]) expect(fitting(wide, 'one two')).toBe('one two');
  expect(fitting(stream(true, 5), 'one two')).toBe('one\ntwo');
  expect(harmless('a\u001B[2J\n\u202Eb')).toBe('a?[2J\n?b');
  expect(printable('a \r\n\n b')).toBe('a b');
});

test('colours are for a terminal that has them, of somebody who wants them', () => {
  const stream = (isTTY?: boolean) => ({ isTTY }) as NodeJS.WriteStream;
  expect(isColoured(stream(true), { TERM: 'xterm' })).toBe(true);
  expect(isColoured(stream(true), { NO_COLOR: '1' })).toBe(false);
  expect(isColoured(stream(true), { TERM: 'dumb' })).toBe(false);
  expect(isColoured(stream(), {})).toBe(false);
});

test('the terminal’s language is the one that it names first, else the system’s', () => {
  const systems = Intl.DateTimeFormat().resolvedOptions().locale;
  expect(terminalLocale({ LC_ALL: 'de_AT.UTF-8', LC_MESSAGES: 'es_ES', LANG: 'it' })).toBe('de-AT');
  expect(terminalLocale({ LC_MESSAGES: 'es_ES@euro', LANG: 'it' })).toBe('es-ES');
  expect(terminalLocale({ LC_ALL: '', LANG: 'it' })).toBe('it');
  expect([terminalLocale({}), terminalLocale({ LANG: '' })]).toEqual([systems, systems]);
  expect([terminalLocale({ LANG: 'C.UTF-8' }), terminalLocale({ LANG: 'POSIX' })]).toEqual(['en', 'en']);
});

test('a household gets the language of its terminal where there is one of the same base, else English', () => {
  const of = (terminal: string) => householdLocale(terminal, ['en', 'de', 'pt-BR']);
  expect(['pt-BR', 'de-AT', 'pt-PT', 'xx'].map(of)).toEqual(['pt-BR', 'de', 'pt-BR', 'en']);
});

test('a name of which hardly a letter is right is not taken for the one that is meant', () => {
  expect(nearest('ab', ['xy'])).toBeUndefined();
  expect(nearest('abc', ['xyc', 'xbc'])).toBe('xbc');
  expect(nearest('abcdef', ['uvwdef'])).toBeUndefined();
});

test('another secret whose file cannot be read is no reason to do without the API key', async () => {
  const t = createWords('en').forOperators('en');
  const env = { DISCORD_TOKEN_FILE: '/nowhere/token', JELLYFIN_API_KEY: 'ab', JELLYFIN_SERVER_DIR: '/nowhere' };
  const shell = { argv: [], env, stdin: {}, stdout: process.stdout, stderr: process.stderr };
  expect((await readRescueSettings({}, env, shell, t)).apiKey?.reveal()).toBe('ab');
  const closed = { ...env, JELLYFIN_API_KEY_FILE: '/nowhere/key' };
  expect((await readRescueSettings({}, closed, shell, t)).apiKey).toBeUndefined();
});

test('the settings’ logs are those of the server that they name, however it is named', () => {
  const env = { JELLYFIN_SERVER_DIR: '/srv/films', JELLYFIN_LOG_DIR: '/srv/logs' };
  const given = (serverDir?: string) => locationGiven({ serverDir }, env);
  expect(given()).toMatchObject({ serverDir: '/srv/films', logDir: '/srv/logs', usual: packages(env) });
  expect(given('/srv/films/')).toMatchObject({ serverDir: '/srv/films/', logDir: '/srv/logs' });
  expect(given('/srv/other')).not.toHaveProperty('logDir');
  const byDatabase = locationGiven({ db: '/srv/other/data/jellyfin.db' }, env);
  expect(byDatabase).not.toHaveProperty('logDir');
  expect(byDatabase).not.toHaveProperty('serverDir');
});
