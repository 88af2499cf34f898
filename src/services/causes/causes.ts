import { AppError, ignoreAppError } from '../../errors.js';
import { minuteMs, isRecent } from '../../time.js';
import { isProviderThere, otherProvider, type Account } from '../accounts/account.js';
import type { Device, Devices } from '../accounts/device.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import { causesOf, type Cause } from './cause.js';
import { provenCause, type Proof, type RefusalLog } from './refusal.js';

/** What the server says beside the account about who may sign in; throws AppError with a `jellyfin…` code. One call. */
export interface SignInRules {
  /** False where apps that sign in the old way are refused. */
  takesOldApps(): Promise<boolean>;
}

export interface CausePorts {
  readonly signInRules: SignInRules;
  readonly watch: { readonly devices: Pick<Devices, 'connected'> };
  readonly refusalLog: RefusalLog;
  readonly jellyfin: Pick<Jellyfin, 'listProviders'>;
  readonly now: () => number;
}

export interface Why {
  readonly causes: readonly Cause[];
  /** Undefined where the log names none of them. */
  readonly proof: Proof | undefined;
}

/** The server's settings change at its restart, or by an administrator's hand. */
const rememberedForMs = 5 * minuteMs;

/** So many calls beside the accounts themselves answer one question. */
const mostCalls = 2;

/** Finds out why somebody cannot sign in, from the account as just read and what else the server says. */
export class Causes {
  readonly #sessions: Source<Device[]>;
  readonly #passwordProviders: Source<string[]>;
  readonly #utcOffsetMinutes: Source<number>;
  readonly #takesOldApps: Source<boolean>;

  constructor(private readonly ports: CausePorts) {
    const { signInRules: rules, refusalLog, jellyfin, now } = ports;
    const { devices } = ports.watch;
    this.#sessions = { calls: 1, known: () => undefined, ask: () => devices.connected().catch(ignoreAppError) };
    this.#passwordProviders = remembered(1, () => jellyfin.listProviders().catch(ignoreAppError), now);
    this.#utcOffsetMinutes = remembered(2, () => refusalLog.utcOffsetMinutes().catch(ignoreAppError), now);
    this.#takesOldApps = remembered(1, () => rules.takesOldApps().catch(ignoreAppError), now);
  }

  /** Throws `providerThere` where Jellyfin or a plugin that is there checks the password, or a Jellyfin code. */
  async assertProviderGone(account: Account): Promise<void> {
    const isElsewhere = otherProvider(account) !== undefined;
    if (isElsewhere && !isProviderThere(account, await this.ports.jellyfin.listProviders())) return;
    throw new AppError('providerThere');
  }

  /** The causes in the order that helps. Two calls at most; what the server does not say is left open. */
  async of(account: Account): Promise<Cause[]> {
    const [causes = []] = await this.ofAll([account]);
    return causes;
  }

  /** The same for several accounts, each in its place; two calls at most for all of them. */
  async ofAll(accounts: readonly Account[]): Promise<Cause[][]> {
    let left = mostCalls;
    /** Asks where an account needs it, while there are calls left; what is remembered costs none. */
    const ask = <T>({ calls, known, ask }: Source<T>, needs: (account: Account) => boolean) => {
      const value = known();
      if (value !== undefined || calls > left || !accounts.some(needs)) return value;
      left -= calls;
      return ask();
    };
    // What may stop every sign-in comes first.
    const [sessions, passwordProviders, utcOffsetMinutes, takesOldApps] = await Promise.all([
      ask(this.#sessions, ({ maxActiveSessions }) => maxActiveSessions > 0),
      ask(this.#passwordProviders, (account) => otherProvider(account) !== undefined),
      ask(this.#utcOffsetMinutes, ({ accessSchedules }) => accessSchedules.length > 0),
      ask(this.#takesOldApps, (account) => otherProvider(account) === undefined),
    ]);
    const now = new Date(this.ports.now());
    const facts = { now, utcOffsetMinutes, sessions, passwordProviders, takesOldApps };
    return accounts.map((account) => causesOf({ account, ...facts }));
  }

  /** The same for somebody who asks which it was: with the one that the server's log names for the last hour. Two calls more. */
  async why(account: Account): Promise<Why> {
    const sight = await this.ports.refusalLog.look(account.name).catch(ignoreAppError);
    const causes = await this.of(account);
    const proof = provenCause(causes, sight?.refusal, this.ports.now());
    const isProven = ({ kind }: Cause) => kind === proof?.kind;
    // What is left where nothing else fits is not it where the log names another one.
    const isRuledOut = ({ kind }: Cause) => proof !== undefined && (kind === 'password' || kind === 'oldApp');
    const others = causes.filter((each) => !isProven(each) && !isRuledOut(each));
    return { causes: [...causes.filter(isProven), ...others], proof };
  }
}

/** Something that the server says; `known`: from before, without a call. */
interface Source<T> {
  readonly calls: number;
  readonly known: () => T | undefined;
  readonly ask: () => Promise<T | undefined>;
}

/** Asks once for some minutes; again at once where there was no answer. */
function remembered<T>(calls: number, ask: () => Promise<T | undefined>, now: () => number): Source<T> {
  let last: { readonly value: T; readonly at: number } | undefined;
  return {
    calls,
    known: () => (last && isRecent(last.at, now(), rememberedForMs) ? last.value : undefined),
    ask: async () => {
      const at = now();
      const value = await ask();
      last = value === undefined ? undefined : { value, at };
      return value;
    },
  };
}
