import type { Device } from '../accounts/device.js';
import {
  isProviderThere,
  isPutOff,
  isRestricted,
  isWithinSchedules,
  lockState,
  otherProvider,
  wrongPasswords,
  type AccessSchedule,
  type Account,
} from '../accounts/account.js';

/**
 * Why a person cannot sign in (docs/causes.md). A `certain` cause refuses every sign-in with a password now; another one
 * does so under a condition that nobody but the person knows (from where, on which device, with which app).
 */
export type Cause =
  | { readonly kind: 'locked'; readonly certain: true; readonly failed: number; readonly limit: number }
  | { readonly kind: 'disabled'; readonly certain: true }
  /** Kept closed since Jellyfin was to check its password itself, and it has none yet. */
  | { readonly kind: 'halfway'; readonly certain: true }
  | { readonly kind: 'providerGone'; readonly certain: true; readonly provider: string }
  | {
      readonly kind: 'schedule';
      /** False where the server's time zone is not known, by which its hours count. */
      readonly certain: boolean;
      readonly schedules: readonly AccessSchedule[];
    }
  | {
      readonly kind: 'sessions';
      /** False where the server does not say who is signed in. */
      readonly certain: boolean;
      readonly limit: number;
      readonly sessions: readonly Device[];
    }
  | { readonly kind: 'overLimit'; readonly certain: false; readonly failed: number; readonly limit: number }
  | { readonly kind: 'provider'; readonly certain: false; readonly provider: string }
  | { readonly kind: 'devices'; readonly certain: false; readonly count: number }
  | { readonly kind: 'remote'; readonly certain: false }
  | { readonly kind: 'oldApp'; readonly certain: false }
  | { readonly kind: 'password'; readonly certain: false };

export type CauseKind = Cause['kind'];

/** What the causes are found in; what could not be asked of the server is left out. */
export interface CauseFacts {
  readonly account: Account;
  readonly now: Date;
  /** The server's time zone. */
  readonly utcOffsetMinutes?: number | undefined;
  /** Of all accounts. */
  readonly sessions?: readonly Device[] | undefined;
  /** The ids of those that can check a password on this server. */
  readonly passwordProviders?: readonly string[] | undefined;
  /** Whether apps may use the old ways of signing in. */
  readonly takesOldApps?: boolean | undefined;
}

/**
 * The causes in the order that helps: what stops every sign-in to this account, gravest first, then what may. The last one
 * is the password, where nothing else is certain.
 */
export function causesOf(facts: CauseFacts): Cause[] {
  const { account, sessions, passwordProviders, takesOldApps } = facts;
  const found: Cause[] = [];
  const counted = { failed: wrongPasswords(account), limit: account.signInLimit };
  const state = lockState(account);
  const provider = otherProvider(account);
  const isGone =
    provider !== undefined && passwordProviders !== undefined && !isProviderThere(account, passwordProviders);

  if (state === 'locked') found.push({ kind: 'locked', certain: true, ...counted });
  if (state === 'disabled') found.push({ kind: 'disabled', certain: true });
  if (isGone) found.push({ kind: 'providerGone', certain: true, provider });
  if (isPutOff(account)) found.push({ kind: 'halfway', certain: true });
  else found.push(...outsideHours(facts));
  found.push(...tooManySessions(account, sessions));
  const isStopped = found.some(({ certain }) => certain);

  if (state === 'overLimit') found.push({ kind: 'overLimit', certain: false, ...counted });
  if (provider !== undefined && !isGone) found.push({ kind: 'provider', certain: false, provider });
  if (isRestricted(account, 'devices'))
    found.push({ kind: 'devices', certain: false, count: account.listedDevices.length });
  if (isRestricted(account, 'remote')) found.push({ kind: 'remote', certain: false });
  if (isStopped || provider !== undefined) return found;
  // An app that is refused for its age counts nothing, a wrong password does.
  if (takesOldApps === false && account.failedSignIns === 0) found.push({ kind: 'oldApp', certain: false });
  return [...found, { kind: 'password', certain: false }];
}

function outsideHours({ account, now, utcOffsetMinutes }: CauseFacts): Cause[] {
  const { accessSchedules: schedules } = account;
  if (schedules.length === 0) return [];
  if (utcOffsetMinutes === undefined) return [{ kind: 'schedule', certain: false, schedules }];
  return isWithinSchedules(schedules, now, utcOffsetMinutes) ? [] : [{ kind: 'schedule', certain: true, schedules }];
}

function tooManySessions(account: Account, sessions: CauseFacts['sessions']): Cause[] {
  const { id, maxActiveSessions: limit } = account;
  if (!isRestricted(account, 'sessions')) return [];
  if (!sessions) return [{ kind: 'sessions', certain: false, limit, sessions: [] }];
  const own = sessions.filter(({ accountId }) => accountId === id);
  return own.length >= limit ? [{ kind: 'sessions', certain: true, limit, sessions: own }] : [];
}

/** Whether the account leaves open which of several causes it was, or whether any. */
export function isUnsure(causes: readonly Cause[]): boolean {
  const sure: readonly CauseKind[] = ['overLimit', 'provider', 'password'];
  return causes.every(({ certain }) => !certain) && causes.some(({ kind }) => !sure.includes(kind));
}

/** What somebody can press to mend a cause. */
export type Mend = 'unlock' | 'enable' | 'signIn' | 'provider' | 'reset' | 'devices' | 'pass';

/** What mends each cause, what helps most first. */
const mendedBy: Readonly<Record<CauseKind, readonly Mend[]>> = {
  locked: ['unlock', 'reset'],
  disabled: ['enable'],
  halfway: ['provider'],
  providerGone: ['signIn', 'provider'],
  schedule: ['pass'],
  sessions: ['devices', 'pass'],
  overLimit: ['unlock', 'reset', 'signIn'],
  provider: ['signIn'],
  devices: ['pass'],
  remote: ['pass'],
  oldApp: ['signIn', 'reset'],
  password: ['reset', 'signIn'],
};

/** What mends these causes, what helps most first: of those that stop every sign-in, where there are any. */
export function mendsOf(account: Account, causes: readonly Cause[]): Mend[] {
  const certain = causes.filter(({ certain }) => certain);
  const wanted = (certain.length > 0 ? certain : causes).flatMap(({ kind }) => mendedBy[kind]);
  return [...new Set(wanted)].filter((mend) => helpsNow(mend, account));
}

/** Whether a mend changes anything while the account is as it is. */
function helpsNow(mend: Mend, account: Account): boolean {
  const state = lockState(account);
  if (state === 'disabled') return mend === 'enable';
  if (mend === 'reset') return otherProvider(account) === undefined;
  // A device that is let in while the account is locked cannot do anything until the unlock.
  if (mend === 'signIn' || mend === 'pass') return state !== 'locked';
  return true;
}
