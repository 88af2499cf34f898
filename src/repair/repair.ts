import {
  assertWanted,
  changeAccount,
  checkCopy,
  findInCopy,
  hashPassword,
  isDisabledByAdmin,
  RepairRefusal,
} from '../db/jellyfin-db/index.js';
import type { Signs } from '../server/signs.js';
import { otherProvider } from '../services/accounts/account.js';
import type {
  FileAccount,
  RefusalCode,
  RepairEnd,
  RepairJob,
  RepairLine,
  RepairStepName,
} from '../services/rescue/ladder/repair-port.js';
import { asAskedNow, isCarriedOn, isOver } from './carry-on.js';
import { copyName, isOutdated, makeCopy, removeCopy } from './copy.js';
import { removeDurably } from './files.js';
import { DurableRecord, readRecord, recordPath, type RepairRecord } from './record.js';
import { seen, ServerControl, StoppedTest, Steps } from './server-control.js';
import type { Database } from './admission.js';

const allWanted = { enableDisabled: true, ownProvider: true, giveRight: true };

/** One repair of jellyfin.db. Killed at any point, the file is as before or as after, and the same job carries on by the record. */
export class RepairRun {
  readonly #test: StoppedTest;
  readonly #steps: Steps;
  readonly #server: ServerControl;
  #record: DurableRecord | undefined;
  #before: FileAccount | undefined;
  #after: FileAccount | undefined;
  #isChanged = false;
  #failedAt: RepairStepName | undefined;
  /** An earlier run may have changed the file, so that its copy is the only one from before. */
  #mayBeChanged = false;

  constructor(
    private readonly db: Database,
    private readonly job: RepairJob,
    { leaving, say }: { readonly leaving: AbortSignal; readonly say: (line: RepairLine) => void },
  ) {
    this.#test = new StoppedTest(db, job, leaving);
    this.#steps = new Steps(say);
    this.#server = new ServerControl({ db, job, test: this.#test, steps: this.#steps });
  }

  /** Throws RepairRefusal for whatever stands in the way; then the server is running again, if it was stopped here. */
  async run(): Promise<void> {
    try {
      const first = await this.#begin();
      if (first) {
        this.#test.mustGoOn();
        await this.#server.stop(first, this.#held());
        await this.#copyAndCheck();
        this.#test.mustGoOn();
        if (this.job.dryRun) return await this.#leaveNoTrace();
        await this.#change();
      }
    } catch (error) {
      this.#failedAt = this.#steps.at;
      await this.#backOut(error);
      throw error;
    }
    if (!this.#server.isStarted) await this.#server.start();
    // They have said that they start it.
    if (this.job.serverIsStopped) this.#server.standsStill = false;
    // Otherwise the record is what says that it stands still, and is ended by the run that starts it.
    if (this.#server.standsStill) return;
    this.#steps.at = 'record';
    this.#held().finish();
  }

  /** What an error of the system's means for jellyfin.db: it came from writing beside it, never from the file itself. */
  failure(): RefusalCode {
    if (this.#isChanged) return 'changedUnrecorded';
    return this.#mayBeChanged ? 'notAsWritten' : 'recordFailed';
  }

  /** Where it came to nothing: what was being done, before all was put in order again. */
  get failedAt(): RepairStepName {
    return this.#failedAt ?? this.#steps.at;
  }

  /** What the caller is told in the end, however it went. */
  end(): Omit<RepairEnd, 'outcome' | 'code' | 'params' | 'step'> {
    const { account, copy, key } = this.#record?.value ?? {};
    return {
      account,
      before: this.#before,
      after: this.#after,
      copy,
      changed: this.#isChanged,
      key: this.#isChanged ? key : undefined,
      leftStopped: this.#server.standsStill,
      started: this.#server.isStarted,
      unseen: this.#test.unseen,
    };
  }

  /** The first look at the server; none is given back where there is nothing left to do but to start it. */
  async #begin(): Promise<Signs | undefined> {
    const left = readRecord(recordPath(this.db.path), this.db);
    this.#test.isInSight = left?.isInSight ?? false;
    // First of all: a refusal must say, too, that the server stands still.
    const first = await this.#test.look();
    this.#server.learn(left, first);
    const found = await this.#unlessOver(left, first);
    const goesOn = found && isCarriedOn(found, this.job) ? found : undefined;
    const wish = goesOn ? asAskedNow(goesOn, this.job) : {};
    const isDone = goesOn?.stage === 'changed' && wish.stage === undefined && this.#isSettled(first);
    if (!isDone) this.#mustBeOpen(first);
    this.#steps.at = 'record';
    if (goesOn) this.#record = DurableRecord.goOn(this.db, goesOn);
    else this.#record = this.#beginAnew(found);
    // What was changed then is looked at again, and changed again if need be.
    const change = { ...wish, ...(goesOn?.stage === 'changed' && !isDone && { stage: 'changing' as const }) };
    if (Object.keys(change).length > 0) this.#record.update(change);
    if (goesOn) this.#steps.end('record', 'nothing', { name: goesOn.account?.name ?? '' });
    else this.#steps.end('record', 'done');
    this.#mayBeChanged = this.#record.has('changing');
    this.#isChanged = this.#record.has('changed');
    this.#server.isStarted = isDone;
    return isDone ? undefined : first;
  }

  /** Ends a repair that is over by now, whosever it was. */
  async #unlessOver(left: RepairRecord | undefined, first: Signs): Promise<RepairRecord | undefined> {
    if (!left || !(await isOver(left, this.job, first))) return left;
    DurableRecord.goOn(this.db, left).finish();
    return undefined;
  }

  /** Read back by the run that did it, and by now the server's own: a sign-in may have changed it since. */
  #isSettled({ running }: Signs): boolean {
    return running.length > 0 && !this.job.serverIsStopped;
  }

  /** Nothing is written while it is not known that all can be gone through with. */
  #mustBeOpen(signs: Signs): void {
    this.#steps.at = 'stopped';
    // Running comes first: a person who sees a server run must not be asked whether it is stopped.
    if (signs.running.length > 0 && !this.#server.stopCommand) {
      const code = this.job.serverIsStopped ? 'serverRunning' : 'needsStop';
      throw new RepairRefusal(code, seen(signs.running));
    }
    this.#test.mustBeAccepted(signs);
  }

  /** In place of one that has changed nothing and is given up: all that is left of it is that the server stands still. */
  #beginAnew(givenUp: RepairRecord | undefined): DurableRecord {
    const value = {
      ...this.#fresh(),
      stoppedByUs: this.#server.standsStill,
      isInSight: this.#test.isInSight,
    };
    if (givenUp?.copy !== undefined) removeCopy(givenUp.copy);
    return DurableRecord.begin(this.db, value);
  }

  #fresh(): RepairRecord {
    const { account, setPassword, key } = this.job;
    return {
      version: 1,
      account: { ...account },
      startedAt: Date.now(),
      stage: 'begun',
      stoppedByUs: false,
      ...(key !== undefined && { key }),
      ...(setPassword !== undefined && { passwordHash: hashPassword(setPassword) }),
    };
  }

  async #copyAndCheck(): Promise<void> {
    const record = this.#held();
    // What an earlier run was about to change may be changed by now: its copy is the one from before.
    if (record.has('changing')) return;
    const copy = record.value.copy ?? copyName(this.db.path, new Date());
    if (record.value.copy === undefined) record.update({ copy });
    else if (isOutdated(this.db, copy)) removeCopy(copy);
    this.#steps.begin('copy');
    const verdict = await makeCopy(this.db, copy, checkCopy);
    record.update({ stage: 'copied' });
    this.#steps.end('copy', 'done', { file: copy });
    this.#steps.begin('check');
    if (verdict() === 'notALog') this.#steps.end('check', 'nothing', { file: `${copy}-wal` });
    else this.#steps.end('check', 'done');
    this.#find(copy);
  }

  #find(copy: string): void {
    this.#steps.begin('find');
    const recorded = this.#held().value.account;
    // Names change hands: an id, where this run knows one, says better who is meant than the name of the run before.
    const wanted = recorded?.id === undefined ? this.job.account : recorded;
    const { account, alone, isOnly } = findInCopy(copy, wanted);
    this.#before = account;
    const { administratorOnly, dryRun } = this.job;
    // Where nothing is changed, nobody has to be asked.
    assertWanted(account, isOnly, dryRun ? { ...allWanted, administratorOnly } : this.job);
    const { id } = account;
    this.#held().update({ account: { id, name: account.name, alone } });
    const { name, failedSignIns: failed, signInLimit: limit = 0 } = account;
    const isOff = isDisabledByAdmin(account) && !this.job.enableDisabled;
    const provider = otherProvider(account);
    const needsRight = !account.isAdministrator && isOnly;
    this.#steps.end('find', 'done', {
      ...{ name, failed, limit },
      ...(isOff && { isOff: 1 }),
      ...(provider && { provider }),
      ...(needsRight && { needsRight: 1 }),
    });
  }

  async #change(): Promise<void> {
    const record = this.#held();
    this.#steps.begin('change');
    // The last look: from the next line on the file is open.
    await this.#test.mustBeStopped('serverRunning');
    record.update({ stage: 'changing' });
    const report = this.#repair();
    this.#after = report.after;
    this.#isChanged = true;
    record.update({ stage: 'changed' });
    this.#steps.end('change', report.changed ? 'done' : 'nothing');
    const left = report.left.join(', ');
    this.#steps.end('compare', left === '' ? 'done' : 'nothing', { name: report.after.name, files: left });
  }

  #repair() {
    const { account, key, passwordHash } = this.#held().value;
    const { administratorOnly, enableDisabled, ownProvider, giveRight } = this.job;
    const consents = { administratorOnly, enableDisabled, ownProvider, giveRight };
    return changeAccount(this.db.path, { accountId: account?.id ?? '', ...consents, key, passwordHash });
  }

  /** But for the record of a server that stands still: it stays until that is over. */
  async #leaveNoTrace(): Promise<void> {
    if (this.#server.standsStill) await this.#server.start();
    const copy = this.#record?.value.copy;
    if (copy !== undefined) removeCopy(copy);
    if (this.#server.standsStill) return this.#record?.update({ stage: 'stopping', copy: undefined });
    removeDurably([recordPath(this.db.path), `${recordPath(this.db.path)}.part`]);
    this.#record = undefined;
  }

  /** Something stood in the way: the file is as it was, so nothing else is left either, and the server runs as before. */
  async #backOut(error: unknown): Promise<void> {
    if (!this.#record) return;
    // Read back or never begun; for all else it is for the next run to find out what became of it.
    const isAsBefore = error instanceof RepairRefusal && error.code !== 'notAsWritten';
    if (isAsBefore && !this.#mayBeChanged) await this.#leaveNoTrace();
    else if (this.#server.standsStill) await this.#server.start();
  }

  #held(): DurableRecord {
    if (!this.#record) throw new Error('a repair without its record');
    return this.#record;
  }
}
