import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SignName } from '../../src/server/sign.js';
import type { RepairEnd, RepairJob, RepairLine } from '../../src/services/rescue/ladder/repair-port.js';
import { createRepair } from '../../src/repair/launcher.js';
import { runJob } from '../../src/repair/run-job.js';
import { nowhere, testMachine } from '../support/test-machine.js';
import type { ServerFolder } from './server-folder.js';

export type StepLine = Extract<RepairLine, { kind: 'step' }>;

export interface Ran {
  readonly lines: readonly StepLine[];
  readonly end: RepairEnd;
  /** Everything that it wrote, errors included. */
  readonly output: string;
}

export interface How {
  /** Another user. */
  readonly as?: { readonly uid: number; readonly gid: number };
  /** A program that runs the repair as its last arguments, such as `unshare`. */
  readonly within?: readonly string[];
  /** Called with every step, and the process that took it. */
  readonly onLine?: (line: StepLine, child: ChildProcess) => unknown;
}

export const signNames: readonly SignName[] = ['process', 'openFile', 'logLock', 'http', 'fileLock'];

export const repairProgram = join(process.cwd(), 'dist', 'repair', 'main.cjs');

/** Starts repairs as the bot and the command line do. */
export const launcher = createRepair({
  log: { error: () => undefined },
  program: repairProgram,
  where: { machine: testMachine },
});

/** Runs a repair in this process on a folder whose server is said to be stopped. */
export async function repair(
  folder: ServerFolder,
  job: Partial<RepairJob> = {},
  { onLine }: { readonly onLine?: (line: StepLine) => unknown } = {},
): Promise<Ran> {
  const lines: StepLine[] = [];
  // As it passes between two programs, which leaves out what is undefined.
  const passed = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;
  const leavesNever = new AbortController().signal;
  const end = await runJob(passed(jobFor(folder, job)), leavesNever, (said) => {
    const line = passed(said) as StepLine;
    lines.push(line);
    onLine?.(line);
  });
  const said = { kind: 'end', ...passed(end) } as RepairEnd;
  return { lines, end: said, output: JSON.stringify([...lines, said]) };
}

/** The same by the program that is built. */
export async function repairProcess(folder: ServerFolder, job: Partial<RepairJob> = {}, how: How = {}): Promise<Ran> {
  const { end, ...ran } = await repairToItsDeath(folder, job, how);
  if (!end) throw new Error(`the repair ended without a word:\n${ran.output}`);
  return { ...ran, end };
}

/** The same for a repair that may be killed before it has its say. */
export async function repairToItsDeath(
  folder: ServerFolder,
  job: Partial<RepairJob>,
  { as, within = [], onLine }: How = {},
): Promise<Omit<Ran, 'end'> & { readonly end: RepairEnd | undefined }> {
  const [program = '', ...args] = [...within, process.execPath, repairProgram];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...as });
  let output = '';
  let end: RepairEnd | undefined;
  const lines: StepLine[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as RepairLine;
    if (line.kind === 'end') return (end = line);
    lines.push(line);
    onLine?.(line, child);
  });
  // One that is dead already has its say in `close`.
  child.stdin.on('error', () => undefined);
  const closed = new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  child.stdin.end(JSON.stringify(jobFor(folder, job)));
  await closed;
  return { lines, end, output };
}

/** A call of the repair that fails or stands still: the `when`th of its kind for a file whose name ends so. */
interface Injected {
  readonly call: 'make' | 'sync' | 'name';
  readonly file: string;
  readonly when: number;
  readonly then: 'EIO' | 'SIGSTOP';
}

/** Runs a repair with watched-fs.cjs, which needs /proc and no other program; `notes` is where it writes. */
export const watchedBy = (notes: string, at?: Injected): readonly string[] => [
  'env',
  `NODE_OPTIONS=--require=${join(process.cwd(), 'tests', 'repair', 'watched-fs.cjs')}`,
  `WATCHED=${JSON.stringify({ notes, at })}`,
];

/** Alice is locked; the person has stopped the server, and nobody answers in its place. */
export function jobFor({ dir, db, logDir }: ServerFolder, job: Partial<RepairJob> = {}): RepairJob {
  return {
    db,
    serverDir: dir,
    logDir,
    url: nowhere,
    account: { name: 'alice' },
    serverIsStopped: true,
    // Other people's open files are for root's eyes only.
    acceptUnseen: signNames,
    machine: testMachine,
    lookAgainAfterMs: 1,
    ...job,
  };
}

/** How each step ended, as `step outcome`. */
export const ends = ({ lines }: Pick<Ran, 'lines'>): string[] =>
  lines.filter(({ outcome }) => outcome !== 'begun').map(({ step, outcome }) => `${step} ${outcome}`);
