import { AppError } from '../errors.js';
import { readAccountId } from '../identifiers.js';
import type { AccessSchedule, Account } from '../services/accounts/account.js';

/** A policy exactly as the server sent it: fields that we do not know must survive being written back. */
export type RawPolicy = Readonly<Record<string, unknown>>;

/** A user as read: what Latchkey understands of it, and the policy as it came. */
export interface UserRead {
  readonly account: Account;
  readonly policy: RawPolicy;
}

/** Understands one user of an answer; undefined when it is not a Jellyfin user. */
export function readUser(data: unknown): UserRead | undefined {
  if (!isRecord(data) || !isRecord(data.Policy)) return undefined;
  const policy = data.Policy;
  const count = policy.InvalidLoginAttemptCount;
  const id = typeof data.Id === 'string' ? readAccountId(data.Id) : undefined;
  // Without these three nothing true can be said about a lock, and a guess would unlock what was disabled.
  if (id === undefined || typeof policy.IsDisabled !== 'boolean' || typeof count !== 'number') return undefined;
  const account: Account = {
    id,
    name: textOf(data.Name),
    isAdministrator: policy.IsAdministrator === true,
    isDisabled: policy.IsDisabled,
    failedSignIns: count,
    signInLimit: numberOr(policy.LoginAttemptsBeforeLockout, -1),
    accessSchedules: Array.isArray(policy.AccessSchedules) ? policy.AccessSchedules.flatMap(readSchedule) : [],
    remoteAccess: policy.EnableRemoteAccess !== false,
    maxActiveSessions: numberOr(policy.MaxActiveSessions, 0),
    authenticationProviderId: textOf(policy.AuthenticationProviderId),
    lastSignIn: readDate(data.LastLoginDate),
    lastSeen: readDate(data.LastActivityDate),
  };
  return { account, policy };
}

/** Reads every entry of a list; undefined when it is none or a single entry cannot be read: nothing is left out silently. */
export function readAll<T>(list: unknown, read: (entry: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const all = list.map(read);
  return all.every((each) => each !== undefined) ? all : undefined;
}

function readSchedule(data: unknown): AccessSchedule[] {
  if (!isRecord(data) || typeof data.DayOfWeek !== 'string') return [];
  return [{ day: data.DayOfWeek, startHour: numberOr(data.StartHour, 0), endHour: numberOr(data.EndHour, 24) }];
}

/** .NET writes the year 1 for "never". */
export function readDate(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1970 ? undefined : date;
}

/** A text, or the empty one where there is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** Whether a piece of an answer is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An account's id as Jellyfin gives it out: 32 lower-case hex digits. Dashes and upper case are accepted.
 * Throws `accountGone` for anything else, since no account can have such an id.
 */
export function accountId(text: string): string {
  const id = readAccountId(text);
  if (id === undefined) throw new AppError('accountGone');
  return id;
}
