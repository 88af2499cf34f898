import { AppError } from '../errors.js';
import { readAccountId } from '../identifiers.js';
import { longestAccountName, type AccessSchedule, type Account } from '../services/accounts/account.js';

/** A policy exactly as the server sent it: fields unknown to Latchkey must be written back unchanged. */
export type RawPolicy = Readonly<Record<string, unknown>>;

/** A user as read: the account, and the policy as the server sent it. */
export interface UserRead {
  readonly account: Account;
  readonly policy: RawPolicy;
}

/** Reads one user of an answer, or the one of this id that was asked for; undefined when it is not a Jellyfin user, or another. */
export function readUser(data: unknown, asked?: string): UserRead | undefined {
  if (!isRecord(data) || !isRecord(data.Policy)) return undefined;
  const policy = data.Policy;
  const count = policy.InvalidLoginAttemptCount;
  const id = typeof data.Id === 'string' ? readAccountId(data.Id) : undefined;
  // Without these a lock cannot be told from a disabled account, which a guess might unlock.
  if (id === undefined || id !== (asked ?? id)) return undefined;
  if (typeof policy.IsDisabled !== 'boolean' || typeof count !== 'number') return undefined;
  const account: Account = {
    id,
    name: [...textOf(data.Name)].slice(0, longestAccountName).join(''),
    // What says neither is taken for what is guarded better.
    isAdministrator: policy.IsAdministrator !== false,
    isDisabled: policy.IsDisabled,
    failedSignIns: count,
    signInLimit: numberOr(policy.LoginAttemptsBeforeLockout, -1),
    accessSchedules: Array.isArray(policy.AccessSchedules) ? policy.AccessSchedules.flatMap(readSchedule) : [],
    remoteAccess: policy.EnableRemoteAccess !== false,
    allDevices: policy.EnableAllDevices !== false,
    listedDevices: Array.isArray(policy.EnabledDevices) ? policy.EnabledDevices.map(textOf) : [],
    maxActiveSessions: numberOr(policy.MaxActiveSessions, 0),
    authenticationProviderId: textOf(policy.AuthenticationProviderId),
    lastSignIn: readDate(data.LastLoginDate),
    lastSeen: readDate(data.LastActivityDate),
  };
  return { account, policy };
}

/** Reads every entry of a list; undefined when it is no list or one entry cannot be read: none is left out. */
export function readAll<T>(list: unknown, read: (entry: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const all = list.map((entry) => read(entry));
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

/** The text, or an empty one for any other value. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** Whether it is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Throws `accountGone` for what is not 32 lower-case hex digits, an id with dashes or in upper case too: links and requests
 * are found by the one spelling, and would not be found for an account that is named in another.
 */
export function assertAccountId(text: string): void {
  if (readAccountId(text) !== text) throw new AppError('accountGone');
}
