/** A user as the server holds it in memory; dates in the database's own writing. */
export interface ServerUser {
  /** Upper case with dashes. */
  id: string;
  internalId: number;
  name: string;
  /** Null for an account with an empty password. */
  passwordHash: string | null;
  failedSignIns: number;
  /** Null stands for -1, never. */
  signInLimit: number | null;
  maxActiveSessions: number;
  authenticationProviderId: string;
  passwordResetProviderId: string;
  preferenceAccess: boolean;
  bitrateLimit: number | null;
  syncPlayAccess: number;
  maxParentalRating: number | null;
  lastSignIn: string | null;
  lastActivity: string | null;
  /** By permission kind, 0 to 23. */
  permissions: boolean[];
  /** By preference kind, 0 to 12; lists joined by a bar. */
  preferences: string[];
  schedules: ServerSchedule[];
}

export interface ServerSchedule {
  id: number;
  /** 0 to 6 for Sunday to Saturday, 7 every day, 8 weekdays, 9 weekend. */
  day: number;
  startHour: number;
  endHour: number;
}

export const administrator = 0;
export const hidden = 1;
export const disabled = 2;
export const remoteAccess = 4;
const liveTvManagement = 5;

export const defaultAuthenticationProvider = 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider';
export const defaultPasswordResetProvider = 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider';

/** Providers are compared without case. */
export function isOwnProvider(id: string): boolean {
  return id.toLowerCase() === defaultAuthenticationProvider.toLowerCase();
}

const offByDefault = new Set([administrator, disabled, 10, 18, 20, 21, 22, 23]);

/** A user as `POST /Users/New` makes one: hidden, no limit, no password yet. */
export function newUser(id: string, internalId: number, name: string, managesLiveTv: boolean): ServerUser {
  const permissions = Array.from({ length: 24 }, (_, kind) => !offByDefault.has(kind));
  permissions[liveTvManagement] = managesLiveTv;
  return {
    id,
    internalId,
    name,
    passwordHash: null,
    failedSignIns: 0,
    signInLimit: null,
    maxActiveSessions: 0,
    authenticationProviderId: defaultAuthenticationProvider,
    passwordResetProviderId: defaultPasswordResetProvider,
    preferenceAccess: true,
    bitrateLimit: 0,
    syncPlayAccess: 0,
    maxParentalRating: null,
    lastSignIn: null,
    lastActivity: null,
    permissions,
    preferences: Array.from({ length: 13 }, () => ''),
    schedules: [],
  };
}

export function may(user: ServerUser, kind: number): boolean {
  return user.permissions[kind] ?? false;
}
