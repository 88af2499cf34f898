import { AppError } from '../../errors.js';
import { minuteMs, isRecent } from '../../time.js';
import { otherProvider, type Account } from '../accounts/account.js';
import type { Jellyfin } from '../accounts/jellyfin-port.js';
import { causesOf, isThere, type Cause, type Session } from './cause.js';
import { provenCause, type Proof, type RefusalLog } from './refusal.js';

/** What the server says beside the account about who may sign in; throws AppError with a `jellyfin…` code. One call each. */
export interface SignInRules {
  /** Of all accounts. */
  sessions(): Promise<Session[]>;
  /** False where apps that sign in the old way are refused. */
  takesOldApps(): Promise<boolean>;
}

export interface CausePorts {
  readonly signInRules: SignInRules;
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

/** Finds out why somebody cannot sign in, from the account as just read and what else the server says. */
export class Causes {
  readonly #passwordProviders: () => Promise<string[] | undefined>;
  readonly #takesOldApps: () => Promise<boolean | undefined>;
  readonly #utcOffsetMinutes: () => Promise<number | undefined>;

  constructor(private readonly ports: CausePorts) {
    const { signInRules: rules, refusalLog, jellyfin, now } = ports;
    this.#passwordProviders = remembered(() => unlessRefused(jellyfin.listProviders()), now);
    this.#utcOffsetMinutes = remembered(() => unlessRefused(refusalLog.utcOffsetMinutes()), now);
    this.#takesOldApps = remembered(() => unlessRefused(rules.takesOldApps()), now);
  }

  /** Throws `providerThere` where Jellyfin or a plugin that is there checks the password, or a Jellyfin code. */
  async assertProviderGone(account: Account): Promise<void> {
    const isElsewhere = otherProvider(account) !== undefined;
    if (isElsewhere && !isThere(account, await this.ports.jellyfin.listProviders())) return;
    throw new AppError('providerThere');
  }

  /**
   * The causes in the order that helps. Two calls at most; what the server does not say is left open. Hours are judged by the
   * stamps of its log, where nothing else has to be asked.
   */
  async of(account: Account): Promise<Cause[]> {
    const isElsewhere = otherProvider(account) !== undefined;
    const isLimited = account.maxActiveSessions > 0;
    const hasHours = account.accessSchedules.length > 0;
    const [sessions, passwordProviders, takesOldApps, utcOffsetMinutes] = await Promise.all([
      isLimited ? unlessRefused(this.ports.signInRules.sessions()) : undefined,
      isElsewhere ? this.#passwordProviders() : undefined,
      isElsewhere || hasHours ? undefined : this.#takesOldApps(),
      hasHours && !isElsewhere && !isLimited ? this.#utcOffsetMinutes() : undefined,
    ]);
    const now = new Date(this.ports.now());
    return causesOf({ account, now, utcOffsetMinutes, sessions, passwordProviders, takesOldApps });
  }

  /** The same for somebody who asks which it was: with the one that the server's log names for the last hour. Two calls more. */
  async why(account: Account): Promise<Why> {
    const sight = await unlessRefused(this.ports.refusalLog.look(account.name));
    const causes = await this.of(account);
    const proof = provenCause(causes, sight?.refusal, this.ports.now());
    const isProven = ({ kind }: Cause) => kind === proof?.kind;
    return { causes: [...causes.filter(isProven), ...causes.filter((each) => !isProven(each))], proof };
  }
}

/** Where the server does not answer this, the account itself is still worth telling; the adapter has logged why. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Asks once for some minutes; again at once where there was no answer. */
function remembered<T>(ask: () => Promise<T | undefined>, now: () => number): () => Promise<T | undefined> {
  let known: { readonly value: T; readonly at: number } | undefined;
  return async () => {
    if (known && isRecent(known.at, now(), rememberedForMs)) return known.value;
    const at = now();
    const value = await ask();
    known = value === undefined ? undefined : { value, at };
    return value;
  };
}
