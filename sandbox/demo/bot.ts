import { launchBot, untilReady, type BotProcess } from '../bot-process.js';
import { nodeWithClock } from './clock.js';
import { demoMachine } from './machine.js';

/** The built bot as a process of its own; it is stopped and started again where its clock is to be another. */
export class DemoBot {
  readonly #runs: BotProcess[] = [];
  #slowestStartMs = 0;
  #isOver = false;

  /** `folder`: its own, with its settings and its database. */
  constructor(
    private readonly program: string,
    private readonly folder: string,
  ) {
    process.once('exit', () => this.#runs.at(-1)?.child.kill('SIGKILL')); // however this ends
  }

  get pid(): number | undefined {
    return this.#runs.at(-1)?.child.pid;
  }

  /** Resolves when the process that runs now has ended. */
  get exited(): Promise<unknown> {
    return this.#runs.at(-1)?.exited ?? Promise.resolve();
  }

  /** How long a start may take here, going by those before. */
  get startsWithinMs(): number {
    return 1.5 * this.#slowestStartMs;
  }

  /** Everything that it has written in all its runs. */
  output(): string {
    return this.#runs.map((run) => run.output()).join('');
  }

  /** Starts it with a clock that is so far ahead; resolves when it is ready. Throws with what it said when it ends before. */
  async start(aheadMs: number): Promise<void> {
    if (this.#isOver) throw new Error('everything is being taken down');
    const begunAt = performance.now();
    const run = launchBot(this.program, demoMachine, this.folder, nodeWithClock(aheadMs));
    this.#runs.push(run);
    await untilReady(run);
    this.#slowestStartMs = Math.max(this.#slowestStartMs, performance.now() - begunAt);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.#runs.at(-1)?.kill('SIGKILL');
  }

  /** Whether its process is there. */
  get isRunning(): boolean {
    const child = this.#runs.at(-1)?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Asks it to end, and does not take no for an answer. */
  async stop(): Promise<void> {
    const run = this.#runs.at(-1);
    const patience = setTimeout(() => run?.child.kill('SIGKILL'), 6000);
    await run?.kill('SIGTERM');
    clearTimeout(patience);
  }

  /** Stops it for good. */
  close(): Promise<void> {
    this.#isOver = true;
    return this.stop();
  }
}
