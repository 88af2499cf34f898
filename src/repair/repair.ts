import {
  changeAccount,
  checkCopy,
  findInCopy,
  hashPassword,
  isDisabledByAdmin,
  RepairRefusal,
  undoChange,
} from '../db/jellyfin-db/index.js';
import { runCommand } from '../server/run-command.js';
import type {
  FileAccount,
  RefusalCode,
  RepairEnd,
  RepairJob,
  RepairLine,
  RepairStepName,
} from '../services/rescue/repair-port.js';
import { askedSince, mustBeTheSame } from './asked-since.js';
import { copyName, makeCopy, removeCopy } from './copy.js';
import { removeDurably } from './files.js';
import {
  DurableRecord,
  freeStart,
  lastFinished,
  markUndone,
  readRecord,
  recordPath,
  type RepairRecord,
} from './record.js';
import { names, StoppedTest } from './stopped.js';
import type { Database } from './who.js';

const commandPatienceMs = 120_000;

type Emit = (line: RepairLine) => void;

/**
 * One repair of jellyfin.db, or its undoing, from looking who asks to starting the server again. Killed at any point, the
 * file is as before or as after, the record beside it says how far it got, and the same job carries on from there.
 */
export class RepairRun {
  readonly #test: StoppedTest;
  #record: DurableRecord | undefined;
  #before: FileAccount | undefined;
  #after: FileAccount | undefined;
  #unseen: string[] = [];
  #hasStopped = false;
  #isChanged = false;
  /** An earlier run may have changed the file, so that its copy and before-image are the only ones there will be. */
  #mayBeChanged = false;

  constructor(
    private readonly db: Database,
    private readonly job: RepairJob,
    private readonly emit: Emit,
  ) {
    this.#test = new StoppedTest(db, job);
  }

  /** Throws RepairRefusal for whatever stands in the way; then the server is running again, if it was stopped here. */
  async run(): Promise<void> {
    try {
      const isChangedAlready = await this.#begin();
      if (!isChangedAlready) {
        await this.#stop();
        await this.#copyAndCheck();
        if (this.job.dryRun) return await this.#leaveNoTrace();
        await this.#change();
      }
      await this.#start();
    } catch (error) {
      await this.#backOut(error);
      throw error;
    }
    this.#finish();
  }

  /** What an error of the system's means for jellyfin.db: it came from writing beside it, never from the file itself. */
  failure(): RefusalCode {
    if (this.#isChanged) return 'changedUnrecorded';
    return this.#mayBeChanged ? 'notAsWritten' : 'recordFailed';
  }

  /** What the caller is told in the end, however it went. */
  end(): Pick<RepairEnd, 'before' | 'after' | 'copy' | 'changed' | 'key' | 'leftStopped' | 'unseen'> {
    const { copy, key } = this.#record?.value ?? {};
    return {
      before: this.#before,
      after: this.#after,
      copy,
      changed: this.#isChanged,
      key: this.#isChanged ? key : undefined,
      leftStopped: this.#hasStopped,
      unseen: this.#unseen,
    };
  }

  /** True when an earlier run has made the change, and only the rest is to be done. */
  async #begin(): Promise<boolean> {
    const found = readRecord(recordPath(this.db.path));
    if (found) mustBeTheSame(found, this.job);
    const wanted = found && askedSince(found, this.job);
    const isChanged = found?.stage === 'changed' && wanted === undefined;
    if (!isChanged) await this.#lookFirst();
    this.#record = DurableRecord.open(this.db, () => this.#fresh());
    this.#step('record', found ? 'nothing' : 'done');
    this.#hasStopped = this.#record.value.stoppedByUs;
    this.#mayBeChanged = this.#record.has('changing');
    if (wanted) this.#record.update(wanted);
    this.#isChanged = isChanged;
    return isChanged;
  }

  /** Nothing is written while it is not known that all can be gone through with. */
  async #lookFirst(): Promise<void> {
    const signs = await this.#test.look();
    this.#unseen = signs.unseen.map(({ sign }) => sign);
    this.#test.mustBeAccepted(signs);
    if (signs.running.length === 0 || this.#stopCommand()) return;
    const code = this.job.serverIsStopped ? 'serverRunning' : 'needsStop';
    throw new RepairRefusal(code, { signs: names(signs.running) });
  }

  #fresh(): RepairRecord {
    const { act, account, startCommand, setPassword, key } = this.job;
    const undoes = act === 'undo' ? this.#toUndo() : undefined;
    return {
      version: 1,
      act,
      account: undoes ? undoes.record.account : account && { ...account },
      startedAt: freeStart(this.db.path, Date.now()),
      stage: 'begun',
      stoppedByUs: false,
      ...(startCommand && !this.job.serverIsStopped && { startCommand: [...startCommand] }),
      ...(key !== undefined && { key }),
      ...(setPassword !== undefined && { passwordHash: hashPassword(setPassword) }),
      ...(undoes && { of: undoes.file }),
    };
  }

  #toUndo(): { file: string; record: RepairRecord } {
    const file = lastFinished(this.db.path);
    const record = file === undefined ? undefined : readRecord(file);
    if (file === undefined || !record) throw new RepairRefusal('nothingToUndo', { file: this.db.path });
    return { file, record };
  }

  #stopCommand(): readonly string[] | undefined {
    return this.job.serverIsStopped || this.job.dryRun ? undefined : this.job.stopCommand;
  }

  async #stop(): Promise<void> {
    const record = this.#held();
    const command = this.#stopCommand();
    const signs = await this.#test.look();
    if (command && signs.running.length > 0) {
      this.#step('stop', 'begun');
      // Never back to before the change: the copy and the old values would be taken of what is changed already.
      record.update({ ...(!record.has('changing') && { stage: 'stopping' }), stoppedByUs: true });
      this.#hasStopped = true;
      const { ok, ended, said } = await runCommand(command, commandPatienceMs);
      if (!ok) throw new RepairRefusal('stopFailed', { signs: '', why: said || ended });
      this.#step('stop', 'done');
      this.#step('stopped', 'begun');
      await this.#test.staysStopped();
    } else {
      this.#step('stop', 'nothing');
      this.#step('stopped', 'begun');
      await this.#test.twice(this.job.serverIsStopped ? 'serverRunning' : 'needsStop');
    }
    if (!record.has('stopped')) record.update({ stage: 'stopped' });
    this.#step('stopped', 'done');
  }

  async #copyAndCheck(): Promise<void> {
    const record = this.#held();
    // What an earlier run was about to change may be changed by now: its copy is the one from before.
    if (record.has('changing')) return;
    // An earlier run's copy is made again: the server may have run since.
    const copy = record.value.copy ?? copyName(this.db.path, Date.now());
    if (record.value.copy === undefined) record.update({ copy });
    this.#step('copy', 'begun');
    makeCopy(this.db, copy);
    if (!record.has('copied')) record.update({ stage: 'copied' });
    this.#step('copy', 'done', { file: copy });
    this.#step('check', 'begun');
    const log = checkCopy(copy);
    if (log === 'notALog') this.#step('check', 'nothing', { file: `${copy}-wal` });
    else this.#step('check', 'done');
    if (this.job.act === 'undo') return;
    this.#find(copy);
  }

  #find(copy: string): void {
    const wanted = this.#held().value.account ?? this.job.account;
    if (!wanted) throw new RepairRefusal('fileAccountUnknown', { name: '', known: '' });
    const { account, before } = findInCopy(copy, wanted);
    this.#before = account;
    if (this.job.administratorOnly && !account.isAdministrator)
      throw new RepairRefusal('notAdministrator', { name: account.name });
    if (isDisabledByAdmin(account) && !this.job.enableDisabled)
      throw new RepairRefusal('needsEnable', { name: account.name });
    // What is not going to be changed is not written down a second time: it is secret.
    const secrets = this.#held().value.passwordHash === undefined ? { password: null, devices: [] } : {};
    this.#held().update({ account: { id: account.id, name: account.name }, before: { ...before, ...secrets } });
    const { name, failedSignIns: failed, signInLimit: limit = 0 } = account;
    this.#step('find', 'done', { name, failed, limit });
  }

  async #change(): Promise<void> {
    const record = this.#held();
    this.#step('change', 'begun');
    // The last look: from the next line on the file is open.
    await this.#test.mustBeStopped('serverRunning');
    if (!record.has('changing')) record.update({ stage: 'changing' });
    const report = this.job.act === 'undo' ? this.#undo() : this.#repair();
    this.#after = report.after;
    this.#isChanged = true;
    record.update({ stage: 'changed' });
    this.#step('change', report.changed ? 'done' : 'nothing');
    this.#step('compare', report.tidy ? 'done' : 'nothing', { name: report.after.name });
  }

  #repair() {
    const { account, key, passwordHash } = this.#held().value;
    const accountId = account?.id ?? '';
    return changeAccount(this.db.path, { accountId, enable: this.job.enableDisabled ?? false, key, passwordHash });
  }

  #undo() {
    const { of } = this.#held().value;
    const done = of === undefined ? undefined : readRecord(of);
    if (!done?.before) throw new RepairRefusal('nothingToUndo', { file: this.db.path });
    const { before, keyDigest, passwordDigest } = done;
    return { ...undoChange(this.db.path, { before, keyDigest, passwordDigest }), changed: true };
  }

  async #start(): Promise<void> {
    const command = this.job.startCommand ?? this.#record?.value.startCommand;
    if (this.job.serverIsStopped || !command) return this.#step('start', 'nothing');
    this.#step('start', 'begun');
    const { ok, ended, said } = await runCommand(command, commandPatienceMs);
    this.#hasStopped = !ok;
    if (!ok) {
      this.emit({
        kind: 'step',
        step: 'start',
        outcome: 'failed',
        code: 'startFailed',
        params: { why: said || ended },
      });
      return;
    }
    this.#step('start', 'done');
  }

  #finish(): void {
    const record = this.#held();
    const { act, of } = record.value;
    if (act === 'undo' && of !== undefined) markUndone(of);
    if (act === 'undo') removeDurably([recordPath(this.db.path)]);
    else record.finish();
  }

  async #leaveNoTrace(): Promise<void> {
    this.#takeAway();
    if (this.#hasStopped) await this.#start();
  }

  /** Something stood in the way: the file is as it was, so nothing else is left either, and the server runs as before. */
  async #backOut(error: unknown): Promise<void> {
    const record = this.#record;
    if (!record) return;
    // Read back or never begun; for all else it is for the next run to find out what became of it.
    const isAsBefore = error instanceof RepairRefusal && error.code !== 'notAsWritten';
    if (isAsBefore && !this.#mayBeChanged && !this.#isChanged) this.#takeAway();
    if (this.#hasStopped) await this.#start();
  }

  #takeAway(): void {
    const copy = this.#record?.value.copy;
    if (copy !== undefined) removeCopy(copy);
    removeDurably([recordPath(this.db.path), `${recordPath(this.db.path)}.part`]);
    this.#record = undefined;
  }

  #held(): DurableRecord {
    if (!this.#record) throw new Error('a repair without its record');
    return this.#record;
  }

  #step(step: RepairStepName, outcome: 'begun' | 'done' | 'nothing', params?: Record<string, string | number>): void {
    this.emit({ kind: 'step', step, outcome, ...(params && { params }) });
  }
}
