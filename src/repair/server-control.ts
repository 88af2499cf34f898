import type { RefusalCode, RepairLine, RepairStepName, RepairJob } from '../services/rescue/ladder/repair-port.js';
import { setTimeout as wait } from 'node:timers/promises';
import { asOneself } from '../as-owner.js';
import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { nameOf } from '../server/processes.js';
import { runCommand, type CommandResult } from '../server/run-command.js';
import { isSeenHere, lookForServer, type SignName, type Signs } from '../server/signs.js';
import type { Database } from './admission.js';
import type { DurableRecord, RepairRecord } from './record.js';

type Params = Record<string, string | number>;

/** Tells of each step, and knows at which one something has failed. */
export class Steps {
  /** What is being done, also where nobody was told yet that it was begun. */
  at: RepairStepName = 'record';

  constructor(private readonly emit: (line: RepairLine) => void) {}

  begin(step: RepairStepName): void {
    this.at = step;
    this.emit({ kind: 'step', step, outcome: 'begun' });
  }

  end(step: RepairStepName, outcome: 'done' | 'nothing', params?: Params): void {
    this.emit({ kind: 'step', step, outcome, ...(params && { params }) });
  }

  failed(step: RepairStepName, code: RefusalCode, params: Params): void {
    this.emit({ kind: 'step', step, outcome: 'failed', code, params });
  }
}

const commandPatienceMs = 120_000;

interface ServerControlDeps {
  readonly db: Database;
  readonly job: RepairJob;
  readonly test: StoppedTest;
  readonly steps: Steps;
}

/** Stops the server and starts it again, and knows whether it stands still because somebody here stopped it. */
export class ServerControl {
  /** It was stopped for a repair, this one or one that was cut short, and was not started since. */
  standsStill = false;
  /** It was told to start here, or runs where there is nothing left to do: it can be waited for. */
  isStarted = false;

  constructor(private readonly deps: ServerControlDeps) {}

  /** What an unfinished repair has left, and what is seen now: somebody may have started the server since. */
  learn(found: RepairRecord | undefined, { running }: Signs): void {
    this.standsStill = (found?.stoppedByUs ?? false) && running.length === 0;
  }

  get stopCommand(): readonly string[] | undefined {
    return this.deps.job.serverIsStopped || this.deps.job.dryRun ? undefined : this.deps.job.stopCommand;
  }

  async stop(first: Signs, record: DurableRecord): Promise<void> {
    const command = this.stopCommand;
    if (command && first.running.length > 0) {
      this.deps.steps.begin('stop');
      // An earlier run may have got further, and the server been started since: that it may be changed stays written down.
      const { isInSight } = this.deps.test;
      record.update({ ...(!record.has('stopping') && { stage: 'stopping' }), stoppedByUs: true, isInSight });
      this.standsStill = true;
      const { ok, ended, said } = await this.#runs(command);
      if (!ok) throw new RepairRefusal('stopFailed', { why: said || ended });
      this.deps.steps.end('stop', 'done');
      this.deps.steps.begin('stopped');
      await this.deps.test.staysStopped();
    } else {
      this.deps.steps.end('stop', 'nothing');
      this.deps.steps.begin('stopped');
      await this.deps.test.again(this.deps.job.serverIsStopped ? 'serverRunning' : 'needsStop');
    }
    if (!record.has('stopped')) record.update({ stage: 'stopped' });
    const { unseen } = this.deps.test;
    this.deps.steps.end('stopped', 'done', unseen.length > 0 ? { signs: unseen.join(',') } : undefined);
  }

  /** Whether it works is `standsStill`'s to say: it is no reason to take anything back. */
  async start(): Promise<void> {
    const command = this.deps.job.serverIsStopped ? undefined : this.deps.job.startCommand;
    if (command === undefined) this.deps.steps.end('start', 'nothing');
    else {
      this.deps.steps.begin('start');
      const { ok, ended, said } = await this.#runs(command);
      if (ok) {
        this.standsStill = false;
        this.isStarted = true;
        return this.deps.steps.end('start', 'done');
      }
      this.standsStill = true;
      this.deps.steps.failed('start', 'startFailed', { why: said || ended });
    }
    // It may never have been stopped, where the one command does as little as the other.
    if (this.standsStill) this.standsStill = (await this.deps.test.look()).running.length === 0;
  }

  #runs(command: readonly string[]): Promise<CommandResult> {
    return asOneself(this.deps.db, () => runCommand(command, commandPatienceMs));
  }
}

/** A server takes its time to end; systemd gives it 90 s. */
const stopPatienceMs = 90_000;
const lookEveryMs = 250;

/** Looks for signs of the server, and knows when all of them together say that it is stopped. */
export class StoppedTest {
  readonly #where;
  readonly #lookAgainAfterMs: number;
  /** Signs that could not be read, by name, at the last look that had to be accepted. */
  unseen: readonly SignName[] = [];
  /** The server is, or was, among the processes that can be seen from here: then it counts that it is so no more. */
  isInSight = false;

  constructor(
    private readonly db: Database,
    private readonly job: RepairJob,
    private readonly leaving: AbortSignal,
  ) {
    const { serverDir, logDir, url, machine, lookAgainAfterMs = 5000 } = job;
    this.#where = { db: db.path, serverDir, logDir, url, machine, ownPids: [process.ppid] };
    this.#lookAgainAfterMs = lookAgainAfterMs;
  }

  /** Throws RepairRefusal `brokenOff` where it is time to leave. */
  mustGoOn(): void {
    if (this.leaving.aborted) throw new RepairRefusal('brokenOff');
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.leaving }).catch(() => undefined);
    this.mustGoOn();
  }

  async look(): Promise<Signs> {
    const signs = await asOneself(this.db, () => lookForServer({ ...this.#where, isInSight: this.isInSight }));
    this.isInSight ||= isSeenHere(signs);
    return signs;
  }

  /** The person accepts each unreadable sign by name; a yes to one is none to a later one. Throws RepairRefusal `cannotSee`. */
  mustBeAccepted({ unseen }: Signs): void {
    this.unseen = [...new Set(unseen.map(({ sign }) => sign))];
    const accepted = this.job.acceptUnseen ?? [];
    if (this.unseen.every((sign) => accepted.includes(sign))) return;
    throw new RepairRefusal('cannotSee', { signs: this.unseen.join(','), ...answering(unseen) });
  }

  /** Throws RepairRefusal with the given code while there is any sign of it, or `cannotSee`. */
  async mustBeStopped(code: RefusalCode): Promise<void> {
    const signs = await this.look();
    if (signs.running.length > 0) throw new RepairRefusal(code, seen(signs.running));
    this.mustBeAccepted(signs);
  }

  /** A second look, some time after one that saw no server: one that restarts within its process is away for a moment. */
  async again(code: RefusalCode): Promise<void> {
    await this.#pause(this.#lookAgainAfterMs);
    await this.mustBeStopped(code);
  }

  /**
   * After a stop command: waits for it to end, then watches for twice the time between two looks (10 s). A supervisor
   * answers a stop by a restart; a server that comes back within that time was not stopped.
   * Throws RepairRefusal `stillRunning`, `stillAnswers`, `cameBack` or `cannotSee`.
   */
  async staysStopped(): Promise<void> {
    const patienceMs = this.job.stopPatienceMs ?? stopPatienceMs;
    const deadline = Date.now() + patienceMs;
    let signs = await this.look();
    while (signs.running.length > 0) {
      if (Date.now() > deadline) throw staysThere(signs.running, Math.ceil(patienceMs / 1000));
      await this.#pause(lookEveryMs);
      signs = await this.look();
    }
    const until = Date.now() + 2 * this.#lookAgainAfterMs;
    while (Date.now() < until) {
      await this.mustBeStopped('cameBack');
      await this.#pause(Math.min(1000, this.#lookAgainAfterMs));
    }
    await this.mustBeStopped('cameBack');
  }
}

/** What answers with a status where Jellyfin would, and is not Jellyfin. */
function answering(unseen: Signs['unseen']): { notJellyfin?: string } {
  const found = unseen.filter(({ sign, params }) => sign === 'http' && /^\d+$/.test(String(params.why)));
  return found.length === 0 ? {} : { notJellyfin: found.map(({ params }) => `${params.url} ${params.why}`).join(', ') };
}

/** The command did what it does, and yet there are signs: which they are, and where, is what the person can go by. */
function staysThere(running: Signs['running'], seconds: number): RepairRefusal {
  // The process is gone, and its files are free: what answers is another server at that address, or one that remembers.
  const code = running.every(({ sign }) => sign === 'http') ? 'stillAnswers' : 'stillRunning';
  return new RepairRefusal(code, { ...seen(running), seconds });
}

/** The signs by name, and where each was found: another program may have a file open, and its name says what to close. */
export function seen(running: Signs['running']): { signs: string; where: string; unclear?: string } {
  const where = running.map(({ params: { pid, file, url, why } }) =>
    [nameOf(Number(pid)), pid, file, url, why].filter(Boolean).join(' '),
  );
  const unclear = running.filter(({ params }) => params.unclear).map(({ params }) => params.pid);
  return {
    signs: [...new Set(running.map(({ sign }) => sign))].join(','),
    where: [...new Set(where)].join(', '),
    // It may serve another folder, and somebody can find that out.
    ...(unclear.length > 0 && { unclear: unclear.join(', ') }),
  };
}
