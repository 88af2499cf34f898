import type { Params } from '../../errors.js';
import { lockState, otherProvider } from '../../services/accounts/account.js';
import {
  rungs,
  type DatabasePlace,
  type LocationFinding,
  type Question,
  type Step,
  type WhyNot,
} from '../../services/rescue/ladder/ports.js';
import type { Plan, RescueOptions, RungPlan } from '../../services/rescue/ladder/plan.js';
import type { SignName, UnfinishedRepair } from '../../services/rescue/ladder/repair-port.js';
import type { RescueEnd } from '../../services/rescue/ladder/rescue.js';
import type { Translate } from '../../words.js';

/** Escapes other people's text for a Discord message or a terminal. */
type Escape = (text: string) => string;

/** Everything that a rescue says, in Discord and at the terminal. */
export class RescueSentences {
  constructor(
    private readonly t: Translate,
    private readonly escape: Escape,
  ) {}

  /** The findings, a line each, then the four rungs; with `serverIsStopped` nobody is told to start the server. */
  plan(plan: Plan, { serverIsStopped }: Pick<RescueOptions, 'serverIsStopped'> = {}): string[] {
    const { t } = this;
    const { account, server, serverTrouble, serverTroubleParams } = plan;
    const name = this.escape(plan.target.name);
    const state = account
      ? t(`rescue.plan.state.${lockState(account)}`, { failed: account.failedSignIns })
      : t('rescue.plan.state.unknown');
    const lines = [t('rescue.plan.account', { name, state })];
    const provider = account && otherProvider(account);
    if (provider)
      lines.push(
        t(plan.providerIsThere === false ? 'rescue.plan.providerGone' : 'rescue.plan.provider', {
          provider: this.escape(provider),
        }),
      );
    lines.push(...this.#ordinary(plan));
    if (server) lines.push(t('rescue.plan.server', { version: this.escape(server.version) }));
    if (server?.clockAheadMs !== undefined)
      lines.push(t('rescue.plan.clock', { minutes: Math.round(Math.abs(server.clockAheadMs) / 60_000) }));
    if (!server && serverTrouble)
      lines.push(t('rescue.plan.noServer', { why: this.why(serverTrouble, serverTroubleParams) }));
    const { unfinished, location } = plan;
    if (!server && !serverIsStopped && unfinished)
      lines.push(...this.standsStill(unfinished, location.commands?.start));
    const stopping = serverIsStopped ? [] : this.#stopping(plan);
    return [...lines, ...this.#location(plan), ...stopping, '', ...this.rungs(plan)];
  }

  rungs(plan: Plan): string[] {
    return plan.rungs.map((each) => this.#rung(each));
  }

  /** An account without the administrator's right, and who has it. */
  #ordinary({ account, administrators, target }: Plan): string[] {
    if (!account || account.isAdministrator || !administrators) return [];
    const params = { name: this.escape(target.name), others: this.escape(this.t.list(administrators)) };
    return [this.t(administrators.length === 0 ? 'rescue.plan.nobodyIs' : 'rescue.plan.ordinary', params)];
  }

  /** What an unfinished rescue has left, and nobody has seen the server since. `command` starts it. */
  standsStill({ stoppedByUs, atWork }: UnfinishedRepair, command: string | undefined): string[] {
    if (!stoppedByUs || atWork) return [];
    return command === undefined
      ? [this.t('rescue.plan.mayStandStill.byHand')]
      : [this.t('rescue.plan.mayStandStill.by', { command: this.escape(command) })];
  }

  #location({ location }: Plan): string[] {
    const { serverDir, guessed, others, lookedIn = [] } = location;
    if (serverDir === undefined) {
      if (lookedIn.length === 0) return [this.t('rescue.plan.noFolder')];
      return [this.t('rescue.plan.noFolderIn', { places: this.escape(this.t.list(lookedIn)) })];
    }
    const folder = this.escape(serverDir);
    const line = this.t(guessed ? 'rescue.plan.folderGuessed' : 'rescue.plan.folder', { folder });
    const more =
      others.length > 0 ? [this.t('rescue.plan.folderOthers', { others: this.escape(this.t.list(others)) })] : [];
    return [line, ...more, ...this.#place(location), ...this.#database(location)];
  }

  /** What was decided of two places; where none is certain, the way says so. */
  #place({ place }: LocationFinding): string[] {
    const { found, file, path = '', version = '' } = place ?? {};
    if (!found || !isDecided(found)) return [];
    const params = { file: this.escape(file ?? ''), path: this.escape(path), version: this.escape(version) };
    return [this.t(`rescue.plan.place.${found}`, params)];
  }

  #database({ db, place, dbFound, dbOurs, dbWritable, dbOwner = '' }: LocationFinding): string[] {
    if (db === undefined || !dbFound || (place && !isDecided(place.found))) return [];
    const how = !dbOurs ? 'notOurs' : dbWritable ? 'ours' : 'readOnly';
    return [this.t(`rescue.plan.database.${how}`, { file: this.escape(db), owner: this.escape(dbOwner) })];
  }

  /** What would be run, word for word. */
  #stopping({ location: { commands }, rungs: planned }: Plan): string[] {
    if (!planned.some(({ rung, open, note }) => rung === 'db' && (open || note === 'dbStopByHand'))) return [];
    return [commands ? this.t('rescue.plan.commands', this.#escaped(commands)) : this.t('rescue.plan.cannotStop')];
  }

  #rung({ rung, open, note, why, params }: RungPlan): string {
    const number = rungs.indexOf(rung) + 1;
    const name = this.t(`rescue.rung.${rung}`);
    if (!open && note === undefined)
      return this.t('rescue.plan.closedWhy', { number, rung: name, why: this.why(why, params) });
    const remark = note === undefined ? '' : this.t(`rescue.note.${note}`, this.#escaped(params));
    if (!open) return this.t('rescue.plan.closed', { number, rung: name, note: remark });
    const effect = this.t(`rescue.plan.effect.${rung}`);
    return this.t('rescue.plan.open', { number, rung: name, note: remark, effect });
  }

  question(question: Question, params?: Params): string {
    const asked = [this.#asked(question, params), ...this.#unclear(params)].join(' ');
    return params?.stop ? `${asked} ${this.t('rescue.plan.commands', this.#escaped(params))}` : asked;
  }

  #asked(question: Question, params?: Params): string {
    if (question === 'nextRung') {
      const rung = rungs.find((each) => each === params?.rung) ?? 'api';
      const name = this.t(`rescue.rung.${rung}`);
      return this.t(params?.pinIsPassword ? 'rescue.question.nextRungAfterPin' : 'rescue.question.nextRung', {
        rung: name,
      });
    }
    // What is seen of a server that is to be stopped; what nobody can see of one that is said to be.
    const values = this.#escaped(params, question === 'stopByHand' ? 'running' : 'unseen');
    if (question === 'stopByHand' && values.command) return this.t('rescue.question.stopByHandWith', values);
    // The server still runs, and is about to be stopped.
    if (question === 'unseen' && params?.stops) return this.t('rescue.question.unseenAfterStop', values);
    if (question === 'ownProvider' && params?.isThere) return this.t('rescue.question.ownProviderThere', values);
    if (question === 'ownProvider' && params?.isGone) return this.t('rescue.question.ownProviderGone', values);
    if (question === 'keepKey' && params?.isNotMade) return this.t('rescue.question.makeKey');
    if (question === 'keepKey' && params?.isUntried) return this.#untriedKey(values);
    return this.t(`rescue.question.${question}`, values);
  }

  step({ name, outcome, code, params }: Step): string {
    const { t } = this;
    if (outcome === 'failed') {
      return t('rescue.failed', { what: t(`rescue.step.${name}.begun`), why: this.why(code, params) });
    }
    const values = this.#escaped(params, 'unseen');
    if (name === 'find' && outcome === 'done') return this.#found(values);
    if (name === 'stopped' && values.signs) return t('rescue.step.stopped.unseen', values);
    if (outcome === 'nothing') return t(`rescue.step.${name as MayBeNothing}.nothing`, values);
    return outcome === 'begun' ? t(`rescue.step.${name}.begun`, values) : t(`rescue.step.${name}.done`, values);
  }

  #found(values: Params): string {
    const { t } = this;
    return [
      t(values.isOff ? 'rescue.step.find.isOff' : 'rescue.step.find.done', values),
      ...(values.provider ? [t('rescue.step.find.elsewhere', values)] : []),
      ...(values.needsRight ? [t('rescue.step.find.nobodyIs')] : []),
    ].join('. ');
  }

  /** Why something did not work, and what an admin can do about it. */
  why(code: WhyNot | undefined, params?: Params): string {
    if (code === undefined || code === 'unexpected') return this.t('rescue.unexpected');
    if (!this.t.isError(code)) {
      const values = this.#escaped(params, code === 'cannotSee' ? 'unseen' : 'running');
      return [this.t(`repair.refused.${code}`, values), ...this.#unclear(params)].join(' ');
    }
    const [sentence, ...fix] = this.t.withFix(code, this.#escaped(params));
    // Where it is known why no answer comes, to try again later is no advice.
    return (params?.kind === undefined ? [sentence, ...fix] : fix).join(' ');
  }

  /** Processes that may serve another folder, and what would settle it. */
  #unclear(params: Params = {}): string[] {
    return params.unclear === undefined ? [] : [this.t('signs.unclear', { pids: params.unclear })];
  }

  /**
   * How it ended: the main sentence first; then what is to be done now, numbered in its order where it is more than one thing;
   * then what is worth knowing. `command` starts the server.
   */
  end(end: RescueEnd, command: string | undefined): string[] {
    const { t } = this;
    const lines = [this.#outcome(end), ...this.#next(end, command)];
    if (end.pinOfOther !== undefined) lines.push(t('rescue.end.pinOfOther', { name: this.escape(end.pinOfOther) }));
    if (end.provider !== undefined && end.outcome === 'changed')
      lines.push(t('rescue.end.elsewhere', { provider: this.escape(end.provider) }));
    if (end.ordinary && (end.outcome === 'backIn' || end.outcome === 'changed'))
      lines.push(t(`rescue.end.ordinary.${end.ordinary}`));
    if (end.copy !== undefined && end.outcome !== 'planned')
      lines.push(t('rescue.end.copy', { file: this.escape(end.copy) }));
    // Told to start, it has taken the key's record with it; otherwise that is still there, to be gone on with.
    if (end.key === 'left' && end.leftStopped && !end.diedAtStart) lines.push(t('rescue.end.keyGoesOn'));
    else if (end.key) lines.push(t(`rescue.end.key.${end.key}`));
    return lines;
  }

  #next(end: RescueEnd, command: string | undefined): string[] {
    const { t } = this;
    const start = command === undefined ? undefined : this.escape(command);
    const left = howServerIsLeft(end);
    const server = left && (start ? t(`rescue.end.${left}.by`, { command: start }) : t(`rescue.end.${left}.byHand`));
    if (server && end.outcome === 'changed') return [`1. ${server}`, `2. ${this.#signIn(end)}`];
    const pin = this.#pin(end);
    return [...(pin ? [pin] : []), ...(server ? [server] : [])];
  }

  #pin({ pinIsPassword, pinFromBefore }: RescueEnd): string | undefined {
    if (pinIsPassword) return this.t('rescue.end.pinIsPassword');
    return pinFromBefore && this.t('rescue.end.pinFromBefore', { name: this.escape(pinFromBefore) });
  }

  /** Once the server runs. */
  #signIn(end: RescueEnd): string {
    if (end.passwordIsInFile) return this.t('rescue.end.signIn.temporary');
    return this.#pin(end) ?? this.t(end.keptPassword ? 'rescue.end.signIn.known' : 'rescue.end.signIn.maybe');
  }

  #outcome(end: RescueEnd): string {
    const { outcome, code, params } = end;
    if (outcome === 'changed' && end.passwordIsInFile) return this.t('rescue.end.changedPassword');
    const isOpen = outcome === 'changed' && !end.isForPersonToStart && !end.leftStopped;
    if (isOpen) return this.t(end.keptPassword ? 'rescue.end.openAsBefore' : 'rescue.end.changedSelf');
    if (outcome !== 'notYet') return this.t(`rescue.end.${outcome}`);
    return code === undefined
      ? this.t(end.rung === undefined ? 'rescue.end.nothingOpen' : 'rescue.end.rungNotOpen')
      : this.t('rescue.end.notYet', { why: this.why(code, params) });
  }

  /** A server that stands still is said before anything is asked. */
  #untriedKey(values: Params): string {
    const asked = this.t('rescue.question.keepUntriedKey');
    return values.stopped ? `${this.t('rescue.question.serverStandsStill', values)}\n${asked}` : asked;
  }

  #escaped(params: Params = {}, signs: 'running' | 'unseen' = 'running'): Params {
    return Object.fromEntries(
      Object.entries(params).map(([name, value]) => {
        if (name === 'signs' && typeof value === 'string') return [name, this.#signs(value, signs, params.notJellyfin)];
        return [name, typeof value === 'string' ? this.escape(value) : value];
      }),
    );
  }

  /** `notJellyfin`: what answers in its place, where something does. */
  #signs(names: string, seen: 'running' | 'unseen', notJellyfin?: string | number): string {
    const said = (name: SignName) => {
      if (seen === 'running') return this.t(`signs.running.${name}`);
      if (name !== 'http' || notJellyfin === undefined) return this.t(`signs.unseen.${name}`);
      return this.t('signs.notJellyfin', { where: this.escape(`${notJellyfin}`) });
    };
    return this.t.list(names.split(',').map((name) => said(name as SignName)));
  }
}

/** The steps that may end with nothing to do. */
type MayBeNothing = 'unlock' | 'record' | 'stop' | 'check' | 'change' | 'compare' | 'start';

const decided = ['moved', 'movedByTime', 'usualByTime', 'ignored'] as const;
const isDecided = (found: DatabasePlace['found']): found is (typeof decided)[number] =>
  decided.some((each) => each === found);

function howServerIsLeft({ diedAtStart, leftStopped, isForPersonToStart, stillStopped }: RescueEnd) {
  if (diedAtStart) return 'diedAtStart';
  if (leftStopped) return 'leftStopped';
  if (isForPersonToStart) return 'startYourself';
  return stillStopped && (stillStopped === 'seen' ? 'seenStopped' : 'saidStopped');
}
