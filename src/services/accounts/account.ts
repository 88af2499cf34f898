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
  /** 0 for no limit. */
  readonly maxActiveSessions: number;
  readonly authenticationProviderId: string;
  readonly lastSignIn: Date | undefined;
  readonly lastSeen: Date | undefined;
}

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
