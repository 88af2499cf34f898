import { AppError } from '../../errors.js';
import { dayMs, hourMs, minuteMs } from '../../time.js';

/** A Jellyfin user as Latchkey sees it. */
export interface Account {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly name: string;
  readonly isAdministrator: boolean;
  /** Set for a locked account and for one that an administrator disabled; `lockState` tells them apart. */
  readonly isDisabled: boolean;
  readonly failedSignIns: number;
  /** Failed sign-ins before the lock; -1 for never. */
  readonly signInLimit: number;
  readonly accessSchedules: readonly AccessSchedule[];
  readonly remoteAccess: boolean;
  /** Whether any device may sign in; otherwise those in `listedDevices`. */
  readonly allDevices: boolean;
  readonly listedDevices: readonly string[];
  /** 0 or below for no limit. */
  readonly maxActiveSessions: number;
  readonly authenticationProviderId: string;
  readonly lastSignIn: Date | undefined;
  readonly lastSeen: Date | undefined;
}

/** Of a name; Jellyfin lets everybody call their own account whatever they like, and Discord takes no message that is too long. */
export const longestAccountName = 100;

export type NamedAccount = Pick<Account, 'id' | 'name'>;

/** A weekly window in which an account may sign in, in the server's local time. */
export interface AccessSchedule {
  /** `Sunday` to `Saturday`, or `Everyday`, `Weekday`, `Weekend`. */
  readonly day: string;
  /** Hours of the day, 0 to 24, fractions for minutes. */
  readonly startHour: number;
  readonly endHour: number;
}

export type LockState = 'open' | 'locked' | 'disabled' | 'overLimit';

type Counted = Pick<Account, 'isDisabled' | 'failedSignIns' | 'signInLimit'>;

/**
 * Tells a lock after failed sign-ins from an administrator's decision, which answer alike at the login screen.
 * `overLimit` is an open account whose count has reached the limit (docs/jellyfin.md, "Locks").
 */
export function lockState(account: Counted): LockState {
  const reached = account.signInLimit > 0 && account.failedSignIns >= account.signInLimit;
  if (account.isDisabled) return reached ? 'locked' : 'disabled';
  return reached ? 'overLimit' : 'open';
}

/** How many wrong passwords there were; Jellyfin 12 counts the one that locks twice (docs/jellyfin.md, "Locks"). */
export function wrongPasswords(account: Counted): number {
  const { failedSignIns, signInLimit } = account;
  return lockState(account) === 'locked' ? Math.min(failedSignIns, signInLimit) : failedSignIns;
}

/** Whether the hours of an account let it in now; they count in the server's own time zone. */
export function isWithinSchedules(schedules: readonly AccessSchedule[], now: Date, utcOffsetMinutes: number): boolean {
  const there = new Date(now.getTime() + utcOffsetMinutes * minuteMs);
  const hour = (there.getTime() % dayMs) / hourMs;
  return schedules.some(
    ({ day, startHour, endHour }) => coversDay(day, there.getUTCDay()) && hour >= startHour && hour <= endHour,
  );
}

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function coversDay(day: string, weekday: number): boolean {
  const isWeekend = weekday === 0 || weekday === 6;
  if (day === 'Everyday') return true;
  if (day === 'Weekday') return !isWeekend;
  if (day === 'Weekend') return isWeekend;
  return dayNames[weekday] === day;
}

/** What checks an account's password, and what resets it, where Jellyfin itself does; named as its policy names them. */
export const ownProviders = {
  AuthenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
  PasswordResetProviderId: 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider',
} as const;

const ownProvider = ownProviders.AuthenticationProviderId.toLowerCase();

/** The name of the provider that checks this account's password, when that is not Jellyfin itself. */
export function otherProvider({
  authenticationProviderId: id,
}: Pick<Account, 'authenticationProviderId'>): string | undefined {
  return id === '' || id.toLowerCase() === ownProvider ? undefined : (id.split('.').at(-1) ?? id);
}

/** Whether what checks an account's password is on the server, which compares the ids without case. */
export function isProviderThere({ authenticationProviderId: id }: Account, providers: readonly string[]): boolean {
  return providers.some((each) => each.toLowerCase() === id.toLowerCase());
}

/** Hours of a day that never comes: see `Jellyfin.useOwnPassword`, which puts an account's hours off by so many. */
export const putOffHours = 100;

/** Whether nobody is let in, as a password of Jellyfin's own was about to be set and never was. */
export const isPutOff = ({ accessSchedules }: Pick<Account, 'accessSchedules'>): boolean =>
  accessSchedules.some(({ startHour }) => startHour >= putOffHours);

/**
 * A password that is set for such an account changes nothing, though the server says that it did (docs/jellyfin.md,
 * "Passwords and devices"). Throws `passwordElsewhere`.
 */
export function assertOwnPassword(account: Pick<Account, 'authenticationProviderId'>): void {
  const provider = otherProvider(account);
  if (provider !== undefined) throw new AppError('passwordElsewhere', { provider });
}

/** What an administrator may have restricted about signing in to an account, beside switching it off. */
export const restrictions = ['hours', 'remote', 'devices', 'sessions'] as const;
export type Restriction = (typeof restrictions)[number];

/** Whether an account has this restriction; administrators may use any device. */
export function isRestricted(account: Account, restriction: Restriction): boolean {
  switch (restriction) {
    case 'hours':
      // Hours that were put off keep everybody out of an account that has no password yet.
      return account.accessSchedules.length > 0 && !isPutOff(account);
    case 'remote':
      return !account.remoteAccess;
    case 'devices':
      return !account.allDevices && !account.isAdministrator;
    case 'sessions':
      return account.maxActiveSessions > 0;
  }
}

/** The fields of an account that restrict it. */
export type RestrictionFields = Partial<
  Pick<Account, 'accessSchedules' | 'remoteAccess' | 'allDevices' | 'listedDevices' | 'maxActiveSessions'>
>;

/** The fields of one restriction, as they are; hours that are put off as they will be again. */
export function fieldsOf(account: Account, restriction: Restriction): RestrictionFields {
  switch (restriction) {
    case 'hours':
      return { accessSchedules: isPutOff(account) ? putOff(account.accessSchedules, -1) : account.accessSchedules };
    case 'remote':
      return { remoteAccess: account.remoteAccess };
    case 'devices':
      return { allDevices: account.allDevices, listedDevices: account.listedDevices };
    case 'sessions':
      return { maxActiveSessions: account.maxActiveSessions };
  }
}

/** Hours that let nobody in until `fieldsOf` gives them back: put off, or one that stands for no hours at all. */
export function shutHours(account: Account): RestrictionFields {
  const { accessSchedules: hours } = account;
  if (isPutOff(account)) return { accessSchedules: hours };
  return { accessSchedules: putOff(hours.length > 0 ? hours : [{ day: 'Everyday', startHour: 0, endHour: 0 }], 1) };
}

/** What to write for these fields to count: hours stay put off where an account is kept closed, until it has a password. */
export function fieldsFor(account: Account, fields: RestrictionFields): RestrictionFields {
  const { accessSchedules } = fields;
  return accessSchedules && isPutOff(account) ? { ...fields, accessSchedules: putOff(accessSchedules, 1) } : fields;
}

/** Hours put off, or (-1) put back; the one that stands for no hours at all ends as it begins. */
function putOff(schedules: Account['accessSchedules'], times: 1 | -1): Account['accessSchedules'] {
  const by = times * putOffHours;
  return schedules
    .map((each) => ({ ...each, startHour: each.startHour + by, endHour: each.endHour + by }))
    .filter(({ endHour }) => endHour !== 0);
}

/** What is written to open a restriction. */
export const openFields: Readonly<Record<Restriction, RestrictionFields>> = {
  hours: { accessSchedules: [] },
  remote: { remoteAccess: true },
  devices: { allDevices: true },
  sessions: { maxActiveSessions: 0 },
};

/** What is asked for an own account with no more than a press. */
export type Wish = 'unlock' | 'reset' | 'enable' | 'provider';

/** Throws where what is asked for would not help an account that is as it is now. */
export function assertHelps(wish: Wish, account: Account): void {
  const state = lockState(account);
  if (wish === 'enable') {
    if (state !== 'disabled') throw new AppError('notDisabled', { account: account.name });
    return;
  }
  // Whether its provider is gone is for the caller to know.
  if (wish === 'provider') return;
  if (state === 'disabled') throw new AppError('disabledByAdmin');
  if (wish === 'reset' || state === 'open') assertOwnPassword(account);
  if (wish === 'unlock' && state === 'open') throw new AppError('notLocked');
}
