import { stripVTControlCharacters } from 'node:util';
import type { RefusalCode } from '../services/rescue/ladder/repair-port.js';
import type { Plan } from '../services/rescue/ladder/plan.js';
import type { RescueEnd } from '../services/rescue/ladder/rescue.js';
import type { Rung, Step, StepName } from '../services/rescue/ladder/ports.js';
import { errorCode } from '../error-code.js';
import type { Env } from '../settings-text.js';
import { UnfitFile } from '../small-file.js';
import { AmongOthers, Exchanged } from '../way-to.js';
import { inOneLine, type Translate } from '../words.js';
import type { Out } from './shell.js';

/** A sentence for the person at the keyboard, who knows what to do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** Names, and what other programs say, may hold what moves a terminal's cursor; of a line break a blank is left. */
export function printable(text: string): string {
  return harmless(inOneLine(text));
}

/** Why a file is not gone to, and what to do about it; undefined for any other error. */
export function whyNoWay(error: unknown, t: Translate): string | undefined {
  if (error instanceof Exchanged) return t('commandLine.exchanged', { path: error.path });
  if (error instanceof AmongOthers) return t('commandLine.amongOthers', { folder: error.folder });
  if (error instanceof UnfitFile) return t('database.unfit', { file: error.path });
  const code = ['EACCES', 'ELOOP', 'ENOTDIR'].find((each) => each === errorCode(error));
  if (code === undefined) return undefined;
  const isRoots = code === 'EACCES' && process.getuid?.() === 0;
  return t(isRoots ? 'commandLine.noWayAsRoot' : 'commandLine.noWay', { why: (error as Error).message });
}

/** The same for what is put together of several words and lines. */
export const harmless = (text: string): string => text.replace(/(?!\n)[\p{Cc}\p{Cf}]/gu, '?');

/** Broken between words, as a phone's terminal is narrow; what begins with blanks is a command, and stays as it is. */
export function wrapped(text: string, width = Infinity): string {
  const lines = text.split('\n').map((line) => {
    if (line.startsWith('  ')) return line;
    const rows: string[] = [];
    for (const word of line.split(' ')) {
      const row = rows.at(-1);
      const longer = `${row} ${word}`;
      if (row !== undefined && stripVTControlCharacters(longer).length <= width) rows[rows.length - 1] = longer;
      else rows.push(word);
    }
    return rows.join('\n');
  });
  return lines.join('\n');
}

/** As wide as the stream's terminal is, which may say that it has no width at all; `beside`: columns taken by something else. */
export const fitting = (stream: Out, text: string, beside = 0): string =>
  wrapped(text, stream.isTTY && stream.columns ? stream.columns - beside : undefined);

/** Whether its reader sees colours, and wants them. */
export const isColoured = (stream: Out, env: Env): boolean =>
  Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';

/** The one way to a terminal, but for its colours and questions. */
export const say = (stream: Out, text: string): void => void stream.write(`${fitting(stream, harmless(text))}\n`);

/** For a program to read; a terminal that shows it is not moved either. */
export function sayJson(stream: Out, value: object): void {
  const hex = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const escaped = (found: string) => found.split('').map(hex).join('');
  stream.write(`${JSON.stringify(value).replace(/[\p{Cc}\p{Cf}]/gu, escaped)}\n`);
}

/** What `latchkey rescue` ends with; said in its help and in docs/rescue/scripts.md. */
export const exitCodes = { done: 0, failed: 1, usage: 2, needsAnswer: 3, notTouched: 4, leftStopped: 5 } as const;

/** The server runs, or the file is not ours to change. */
const notOurs: readonly RefusalCode[] = [
  'folderClosed',
  'exchanged',
  'notOwner',
  'othersLink',
  'othersFolder',
  'ownerShutOut',
  'mountPoint',
  'hardLink',
  'endsInBlank',
  'fileNotWritable',
  'folderNotWritable',
  'strangeFile',
  'rescueRunning',
  'otherRescueUnfinished',
  'serverRunning',
  'cannotSee',
  'needsStop',
];

/** What leaves the account or the server otherwise than it was. */
const touching: readonly StepName[] = ['unlock', 'password', 'moveBadPin', 'redeem', 'restart', 'stop'];

/** The same, seen before anything was tried. */
const closedNotes: readonly unknown[] = ['folderClosed', 'dbNotOurs', 'dbNotWritable', 'rescueAtWork'];

interface Planned {
  readonly plan: Plan;
  /** The one rung that was asked for. */
  readonly only: Rung | undefined;
}

/** The exit code of a rescue; `isUnanswered`: it stopped at a question that nobody was there to answer. */
export function exitCodeOf(end: RescueEnd, isUnanswered: boolean, planned?: Planned): number {
  const { outcome, code, leftStopped, steps } = end;
  if (leftStopped || !isBack(steps)) return exitCodes.leftStopped;
  if (isUnanswered) return exitCodes.needsAnswer;
  if (outcome === 'notYet' && code === undefined && planned && isClosedDb(planned)) return exitCodes.notTouched;
  if (outcome === 'notYet')
    return notOurs.some((each) => each === code) && !hasTouched(steps) ? exitCodes.notTouched : exitCodes.failed;
  return outcome === 'cancelled' ? exitCodes.failed : exitCodes.done;
}

/** Whether a server that was started again has answered; of the last rung alone, as one after it saw the server anew. */
function isBack(steps: readonly Step[]): boolean {
  const last = steps.at(-1)?.rung;
  return steps.findLast(({ name, rung }) => name === 'serverBack' && rung === last)?.outcome !== 'failed';
}

const hasTouched = (steps: readonly Step[]) =>
  steps.some(({ name, outcome }) => outcome === 'done' && touching.includes(name));

function isClosedDb({ plan, only }: Planned): boolean {
  return only === 'db' && plan.rungs.some(({ rung, note }) => rung === 'db' && closedNotes.includes(note));
}

interface Told {
  /** Where Jellyfin was looked for. */
  readonly url: string;
  readonly password: string | undefined;
}

/** What `--json` prints: one object, its names as they are promised in docs/rescue/scripts.md. */
export function jsonReport(plan: Plan, end: RescueEnd, sentence: string, { url, password }: Told): object {
  const { outcome, rung, code, steps, before, after, copy, leftStopped, key, pinIsPassword } = end;
  const { serverDir, db, guessed } = plan.location;
  return {
    account: plan.target.name,
    outcome,
    sentence,
    rung: rung ?? null,
    code: code ?? null,
    server: { url, version: plan.server?.version ?? null, code: plan.serverTrouble ?? null },
    files: { serverDir: serverDir ?? null, db: db ?? null, guessed },
    rungs: plan.rungs.map(({ rung: name, open, note, why }) => ({
      rung: name,
      open,
      why: open ? null : (note ?? why ?? null),
    })),
    steps: steps.map(({ rung: on, name, outcome: ended, code: why }) => ({
      rung: on,
      step: name,
      outcome: ended,
      code: why ?? null,
    })),
    before: before ?? null,
    after: after ?? null,
    copy: copy ?? null,
    serverLeftStopped: leftStopped,
    unseen: end.unseen ?? [],
    key: key ?? null,
    pinIsPassword: pinIsPassword || end.pinFromBefore !== undefined,
    temporaryPassword: password ?? null,
  };
}

interface Refused {
  readonly account: string | undefined;
  readonly outcome?: 'notYet' | 'cancelled';
  readonly sentence: string;
  readonly code?: string | undefined;
}

/** The same object where it did not come to a plan: a wrong value, an account that nobody has, Ctrl-C. */
export function jsonRefusal({ account, outcome = 'notYet', sentence, code }: Refused): object {
  return {
    account: account ?? null,
    outcome,
    sentence,
    rung: null,
    code: code ?? null,
    server: null,
    files: null,
    rungs: [],
    steps: [],
    before: null,
    after: null,
    copy: null,
    serverLeftStopped: false,
    unseen: [],
    key: null,
    pinIsPassword: false,
    temporaryPassword: null,
  };
}
