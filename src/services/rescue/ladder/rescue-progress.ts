import { AppError, type Params } from '../../../errors.js';
import type { Account } from '../../accounts/account.js';
import type { RescueUi, Rung, Step, StepName, StepOutcome, WhyNot } from './ports.js';
import type { FileAccount } from './repair-port.js';

/** What of an account's state a rescue is about. */
export type AccountState = Pick<FileAccount, 'isDisabled' | 'failedSignIns' | 'signInLimit'>;

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

/** One way up the ladder: every step that was taken, shown as it happens, and what is known by now. */
export class RescueProgress {
  readonly #steps: Step[] = [];
  rung: Rung = 'api';
  before: AccountState | undefined;
  after: AccountState | undefined;
  copy: string | undefined;
  /** The server is stopped, and nothing here is going to start it. */
  leftStopped = false;
  /** The server was told to start, and nobody has waited for it yet. */
  isStarting = false;
  /** It was told to start, and no sign of it is to be seen. */
  diedAtStart = false;
  /** Signs of the server that could not be read from here, by name. */
  unseen: readonly string[] = [];
  /** What became of a key that was made on the way. */
  key: 'saved' | 'deleted' | 'left' | undefined;
  /** A PIN was redeemed, and is the account's password until another one is set. */
  pinIsPassword = false;
  /** The name of an account that is not to be rescued here, and whose password is a PIN that nobody was shown. */
  pinOfOther: string | undefined;
  /** jellyfin.db was written to, and the person starts the server. */
  isForPersonToStart = false;
  /** The person has stopped the server for this, and starts it again. */
  stoppedByPerson = false;
  /** It was made sure of that it stands still. */
  sawStopped = false;
  /** A password was written into jellyfin.db, and shown. */
  passwordIsInFile = false;
  #current: StepName | undefined;

  constructor(readonly ui: RescueUi) {}

  /** What was tried, with how it ended. */
  get steps(): readonly Step[] {
    return this.#steps;
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
    if (outcome !== 'begun') this.#steps.push(step);
    this.sawStopped ||= name === 'stopped' && outcome === 'done';
    this.ui.show(step);
  }

  /** The PIN has become the password of an account that is given no other one here. */
  isPinOf(name: string): void {
    this.pinIsPassword = false;
    this.pinOfOther = name;
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
