import { RepairRefusal } from '../db/jellyfin-db/index.js';
import { runCommand } from '../server/run-command.js';
import type { Signs } from '../server/signs.js';
import type { RepairJob } from '../services/rescue/ladder/repair-port.js';
import type { DurableRecord, RepairRecord } from './record.js';
import type { Steps } from './steps.js';
import type { StoppedTest } from './stopped.js';
import type { Database } from './admission.js';

const commandPatienceMs = 120_000;

/** Stops the server and starts it again, and knows whether it stands still because somebody here stopped it. */
export class ServerControl {
  /** It was stopped for a repair, this one or one that was cut short, and was not started since. */
  standsStill = false;
  /** It was told to start here, or runs where there is nothing left to do: it can be waited for. */
  isStarted = false;
  #recorded: readonly string[] | undefined;

  constructor(
    private readonly db: Database,
    private readonly job: RepairJob,
    private readonly test: StoppedTest,
    private readonly steps: Steps,
  ) {}

  /** What an unfinished repair has left, and what is seen now: somebody may have started the server since. */
  learn(found: RepairRecord | undefined, { running }: Signs): void {
    this.#recorded = found?.startCommand;
    this.standsStill = (found?.stoppedByUs ?? false) && running.length === 0;
  }

  get stopCommand(): readonly string[] | undefined {
    return this.job.serverIsStopped || this.job.dryRun ? undefined : this.job.stopCommand;
  }

  /** For a person who has to start it by hand, too. */
  get startCommand(): readonly string[] | undefined {
    return this.job.startCommand ?? this.#recorded;
  }

  async stop(first: Signs, record: DurableRecord): Promise<void> {
    const command = this.stopCommand;
    if (command && first.running.length > 0) {
      this.steps.begin('stop');
      // An earlier run may have got further, and the server been started since: that it may be changed stays written down.
      const { isInSight } = this.test;
      record.update({ ...(!record.has('stopping') && { stage: 'stopping' }), stoppedByUs: true, isInSight });
      this.standsStill = true;
      const { ok, ended, said } = await runCommand(command, commandPatienceMs);
      if (!ok) throw new RepairRefusal('stopFailed', { why: said || ended });
      this.steps.end('stop', 'done');
      this.steps.begin('stopped');
      await this.test.staysStopped();
    } else {
      this.steps.end('stop', 'nothing');
      this.steps.begin('stopped');
      await this.test.again(this.job.serverIsStopped ? 'serverRunning' : 'needsStop');
    }
    if (!record.has('stopped')) record.update({ stage: 'stopped' });
    const { unseen } = this.test;
    this.steps.end('stopped', 'done', unseen.length > 0 ? { signs: unseen.join(',') } : undefined);
  }

  /** Whether it works is `standsStill`'s to say: it is no reason to take anything back. */
  async start(): Promise<void> {
    const command = this.#mayRun();
    if (command === undefined) this.steps.end('start', 'nothing');
    else {
      this.steps.begin('start');
      const { ok, ended, said } = await runCommand(command, commandPatienceMs);
      if (ok) {
        this.standsStill = false;
        this.isStarted = true;
        return this.steps.end('start', 'done');
      }
      this.standsStill = true;
      this.steps.failed('start', 'startFailed', { why: said || ended });
    }
    // It may never have been stopped, where the one command does as little as the other.
    if (this.standsStill) this.standsStill = (await this.test.look()).running.length === 0;
  }

  #mayRun(): readonly string[] | undefined {
    if (this.job.serverIsStopped) return undefined;
    // Who owns the folder can write what they like into the record: root, who may do more than they, does not run that.
    const isTheirs = process.getuid?.() === 0 && this.db.uid !== 0;
    return this.job.startCommand ?? (isTheirs ? undefined : this.#recorded);
  }
}
