import type { Account } from '../../src/services/accounts/account.js';

/** An account that nothing is wrong with, but for what a test says. */
export function anAccount(but: Partial<Account> = {}): Account {
  return {
    id: 'a'.repeat(32),
    name: 'maya',
    isAdministrator: false,
    isDisabled: false,
    failedSignIns: 0,
    signInLimit: 3,
    accessSchedules: [],
    remoteAccess: true,
    allDevices: true,
    listedDevices: [],
    maxActiveSessions: 0,
    authenticationProviderId: 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider',
    lastSignIn: undefined,
    lastSeen: undefined,
    ...but,
  };
}
