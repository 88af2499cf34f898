import { AppError, type Params } from '../../../errors.js';
import type { Account, NamedAccount } from '../../accounts/account.js';
import type { PreWriteCheck } from '../../accounts/jellyfin-port.js';
import type { Plan, RescueOptions } from './plan.js';
import type { Question, LadderPorts, RescueUi, Rung, SignedIn, Step, StepName, StepOutcome, WhyNot } from './ports.js';
import type { FileAccount } from './repair-port.js';

/** What of an account's state a rescue is about. */
type AccountState = Pick<FileAccount, 'isDisabled' | 'failedSignIns' | 'signInLimit'>;

/** The state of an account that the server or the file gave; the file has no limit where the server says -1. */
export function stateOf(account: Account | FileAccount): AccountState {
  const { isDisabled, failedSignIns, signInLimit } = account;
  return {
    isDisabled,
    failedSignIns,
    signInLimit: signInLimit !== undefined && signInLimit < 0 ? undefined : signInLimit,
  };
}

/** A rung came to nothing, and why. */
export class RungFailed extends Error {
  override readonly name = 'RungFailed';
  /** Whether the person has seen it already. */
  isShown = false;
  /** What was being tried, where something else was shown since, or nothing. */
  step: StepName | undefined;

  constructor(
    readonly code: WhyNot,
    readonly params: Params = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** What is known by now, and told at the end. */
export class Facts {
  /** What was tried, with how it ended. */
  readonly steps: Step[] = [];
  before: AccountState | undefined;
  after: AccountState | undefined;
  copy: string | undefined;
  /** The server is stopped, and nothing here is going to start it. */
  leftStopped = false;
  /** It was told to start, and no sign of it is to be seen. */
  diedAtStart = false;
  /** Signs of the server that could not be read from here, by name. */
  unseen: readonly string[] = [];
  /** What became of a key that was made on the way; `unsaved`: it works, and cannot be written to the settings. */
  key: 'saved' | 'unsaved' | 'deleted' | 'left' | undefined;
  /** A PIN was redeemed, and is the account's password until another one is set. */
  pinIsPassword = false;
  /** The name, where an earlier rescue made a PIN the account's password that nobody was shown, and no rescue set another since. */
  pinFromBefore: string | undefined;
  /** The name of an account that is not to be rescued here, and whose password is a PIN that nobody was shown. */
  pinOfOther: string | undefined;
  /** jellyfin.db was written to, and the person starts the server. */
  isForPersonToStart = false;
  /** A password was written into jellyfin.db, and shown. */
  passwordIsInFile = false;
  /** They know the password: it stays as it is, and their devices stay signed in. */
  keptPassword = false;
  /** What checks the account's password, where that is not Jellyfin and stays so. */
  provider: string | undefined;
  /** The account is no administrator's. `nobody`: nor is any other that could sign in. */
  ordinary: 'nobody' | 'maybeOthers' | undefined;
}

interface Given {
  readonly ports: LadderPorts;
  readonly ui: RescueUi;
  readonly plan: Plan;
  readonly options: RescueOptions;
  /** Asked about every account right before it is changed. */
  readonly permit: PreWriteCheck;
}

/** One rescue under way: what it was given, every step as it is taken, and what is known by now. */
export class Attempt {
  readonly facts = new Facts();
  rung: Rung = 'api';
  /** The server was told to start, and nobody has waited for it yet. */
  isStarting = false;
  /** The person has stopped the server for this, and starts it again. */
  stoppedByPerson = false;
  /** It was made sure of that it stands still. */
  sawStopped = false;
  /** What was said to these two questions, which more than one way may have to ask. */
  ownProvider: boolean | undefined;
  giveRight: boolean | undefined;
  #current: StepName | undefined;

  constructor(readonly given: Given) {
    this.giveRight = given.options.giveRight;
  }

  ask(question: Question, params?: Params): Promise<boolean> {
    return this.given.ui.ask(question, params);
  }

  /** Whether Jellyfin is to check the password that something else checks now: asked once. */
  async wantsOwnProvider(name: string, provider: string): Promise<boolean> {
    const { providerIsThere } = this.given.plan;
    const known = providerIsThere !== undefined && { [providerIsThere ? 'isThere' : 'isGone']: 1 };
    this.ownProvider ??= await this.ask('ownProvider', { name, provider, ...known });
    this.facts.provider = this.ownProvider ? undefined : provider;
    return this.ownProvider;
  }

  /** Whether an account, as nobody who can sign in is an administrator, is to be given the right: asked once. */
  async wantsRight(name: string): Promise<boolean> {
    this.giveRight ??= await this.ask('giveRight', { name });
    if (!this.giveRight) this.facts.ordinary = 'nobody';
    return this.giveRight;
  }

  /** Shows a step from its beginning to its end; gives back what `work` does. Throws what `work` throws. */
  async step<T>(name: StepName, work: () => Promise<T>, ended?: (result: T) => 'done' | 'nothing'): Promise<T> {
    this.show(name, 'begun');
    const result = await work();
    this.show(name, ended?.(result) ?? 'done');
    return result;
  }

  show(name: StepName, outcome: StepOutcome, code?: WhyNot, params?: Params): void {
    const step: Step = { rung: this.rung, name, outcome, ...(code && { code }), ...(params && { params }) };
    this.#current = outcome === 'begun' ? name : undefined;
    // The beginning is for the eyes only: what is kept is how it ended.
    if (outcome !== 'begun') this.facts.steps.push(step);
    this.sawStopped ||= name === 'stopped' && outcome === 'done';
    this.given.ui.show(step);
  }

  /**
   * Has a temporary password made, set by `set`, and shown to the person. It is tried by a sign-in before they see it, as
   * a 204 does not say that it is the password now (docs/jellyfin.md, "Passwords and devices"). Throws AppError, or
   * RungFailed where it is the password and does not let them in. `keep` takes that session over, to sign it out.
   */
  async handOver(
    account: NamedAccount,
    set: (password: string) => Promise<void>,
    keep?: (session: SignedIn) => void,
  ): Promise<void> {
    let refusal: RungFailed | undefined;
    await this.given.ui.handOver(account, async (password) => {
      await set(password);
      refusal = await this.triedPassword(account.name, password, keep);
      this.passwordIsNew();
    });
    this.show('password', 'done');
    if (refusal) throw refusal;
  }

  /** Signs in with a new password, and out at once. Returns why it does not let in now; throws `passwordNotTaken` where it is not the password. */
  async triedPassword(
    name: string,
    password: string,
    keep = (session: SignedIn): Promise<void> | void => this.signOut(session),
  ): Promise<RungFailed | undefined> {
    const { keylessJellyfin } = this.given.ports;
    try {
      await keep(await keylessJellyfin.signIn(name, password));
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'signInRefused') throw new AppError('passwordNotTaken', {}, { cause: error });
      const isForbidden = error.code === 'signInForbidden';
      const failure = new RungFailed(isForbidden ? 'signInNotNow' : error.code, error.params, { cause: error });
      failure.step = 'signIn';
      return failure;
    }
  }

  /** Never throws: at worst it stays signed in. */
  signOut(session: SignedIn): Promise<void> {
    const { log } = this.given.ports;
    return session.signOut().catch((err: unknown) => log.warn({ err }, 'the session of a rescue stays signed in'));
  }

  /** From here on the PIN may be the password. Written down before it is so: the next rescue says it, too. */
  passwordIsPin(): void {
    this.facts.pinIsPassword = true;
    this.given.ports.pinNotes.add(this.given.plan.target.name);
  }

  /** Another password was set, or the PIN has not become it. */
  passwordIsNew(): void {
    this.facts.pinIsPassword = false;
    this.facts.pinFromBefore = undefined;
    this.given.ports.pinNotes.remove(this.given.plan.target.name);
  }

  /** The PIN has become the password of an account that is given no other one here. */
  pinIsOf(name: string): void {
    this.passwordIsNew();
    this.facts.pinOfOther = name;
  }

  /** Shows that what was begun has failed. */
  failed(error: unknown, otherwise: StepName): RungFailed {
    const failure = asFailure(error);
    if (!failure.isShown) this.show(failure.step ?? this.#current ?? otherwise, 'failed', failure.code, failure.params);
    failure.isShown = true;
    return failure;
  }
}

function asFailure(error: unknown): RungFailed {
  if (error instanceof RungFailed) return error;
  if (error instanceof AppError) return new RungFailed(error.code, error.params, { cause: error });
  return new RungFailed('unexpected', {}, { cause: error });
}
