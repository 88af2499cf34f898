import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/services/accounts/account.js';
import { type Cause, type CauseFacts, causesOf, isUnsure, mendsOf } from '../../src/services/causes/cause.js';
import { anAccount } from '../support/an-account.js';

describe('why somebody cannot sign in', () => {
  /** A Wednesday, at half past eight in the evening of wherever this runs. */
  const wednesday = new Date(2026, 10, 25, 20, 30);

  const saturday = new Date(2026, 10, 28, 20, 30);

  const sunday = new Date(2026, 10, 29, 20, 30);

  const found = (but: Partial<Account>, facts: Omit<CauseFacts, 'account' | 'now'> = {}) =>
    causesOf({ account: anAccount(but), now: wednesday, utcOffsetMinutes: -wednesday.getTimezoneOffset(), ...facts });

  const kinds = (but: Partial<Account>, facts: Partial<CauseFacts> = {}): string[] =>
    found(but, facts).map(({ kind }) => kind);

  test('with nothing wrong it is the password', () => {
    expect(found({ failedSignIns: 2 })).toEqual([{ kind: 'password', certain: false }]);
  });

  test('a lock is told with its numbers, and never as a disabled account', () => {
    expect(found({ isDisabled: true, failedSignIns: 4 })).toEqual([
      { kind: 'locked', certain: true, failed: 3, limit: 3 }, // Jellyfin 12 counts the try that locks twice
    ]);
  });

  test('a disabled account is never told as a lock', () => {
    expect(kinds({ isDisabled: true, failedSignIns: 2 })).toEqual(['disabled']);
    expect(kinds({ isDisabled: true, failedSignIns: 9, signInLimit: -1 })).toEqual(['disabled']);
  });

  test('an open account over its limit is told, as something that need not be the reason', () => {
    expect(found({ failedSignIns: 5 })).toMatchObject([
      { kind: 'overLimit', certain: false, failed: 5, limit: 3 },
      { kind: 'password', certain: false },
    ]);
  });

  test.each([
    ['Everyday', 18, 22, wednesday, true],
    ['Everyday', 18, 20, wednesday, false],
    ['Everyday', 20.5, 22, wednesday, true],
    ['Everyday', 18, 20.5, wednesday, true],
    ['Everyday', 20.75, 24, wednesday, false],
    ['Weekday', 0, 24, wednesday, true],
    ['Weekday', 0, 24, saturday, false],
    ['Weekend', 0, 24, wednesday, false],
    ['Weekend', 0, 24, saturday, true],
    ['Weekend', 0, 24, sunday, true],
    ['Weekday', 0, 24, sunday, false],
    ['Sunday', 0, 24, sunday, true],
    ['Sunday', 0, 24, saturday, false],
    ['Wednesday', 0, 24, wednesday, true],
    ['Thursday', 0, 24, wednesday, false],
  ])('a schedule of %s from %d to %d lets in at %s: %s', (day, startHour, endHour, now, isIn) => {
    expect(kinds({ accessSchedules: [{ day, startHour, endHour }] }, { now })).toEqual([
      isIn ? 'password' : 'schedule',
    ]);
  });

  test('a schedule counts by the server’s clock, and is not certain where that is not known', () => {
    const accessSchedules = [{ day: 'Wednesday', startHour: 20, endHour: 21 }];
    const here = -wednesday.getTimezoneOffset();
    expect(kinds({ accessSchedules }, { utcOffsetMinutes: here + 60 })).toEqual(['schedule']);
    expect(kinds({ accessSchedules }, { utcOffsetMinutes: here })).toEqual(['password']);
    expect(found({ accessSchedules }, { utcOffsetMinutes: undefined })).toEqual([
      { kind: 'schedule', certain: false, schedules: accessSchedules },
      { kind: 'password', certain: false },
    ]);
  });

  test('one of several schedules is enough', () => {
    const accessSchedules = [
      { day: 'Monday', startHour: 0, endHour: 24 },
      { day: 'Weekday', startHour: 20, endHour: 21 },
    ];
    expect(kinds({ accessSchedules })).toEqual(['password']);
  });

  const ldap = 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin';
  const own = anAccount().authenticationProviderId;
  const television = {
    ...{ id: 'tv', accountId: anAccount().id, name: 'Television', app: 'Jellyfin Android TV' },
    lastSeen: undefined,
  };

  test('what depends on the place, the device or the provider is told as not certain', () => {
    const listed = { remoteAccess: false, allDevices: false, listedDevices: ['tv'], authenticationProviderId: ldap };
    expect(found({ ...listed, maxActiveSessions: 2 }, { passwordProviders: [own, ldap] })).toEqual([
      { kind: 'sessions', certain: false, limit: 2, sessions: [] },
      { kind: 'provider', certain: false, provider: 'LdapAuthenticationProviderPlugin' },
      { kind: 'devices', certain: false, count: 1 },
      { kind: 'remote', certain: false },
    ]);
  });

  test('who is signed in on as many devices as are allowed is refused for certain, and on fewer not at all', () => {
    const others = { ...television, accountId: 'b'.repeat(32) };
    const sessions = [others, television, others];
    expect(kinds({ maxActiveSessions: 2 }, { sessions })).toEqual(['password']);
    expect(found({ maxActiveSessions: 1 }, { sessions })).toEqual([
      { kind: 'sessions', certain: true, limit: 1, sessions: [television] },
    ]);
    expect(kinds({ maxActiveSessions: 0 }, { sessions })).toEqual(['password']);
    expect(kinds({ maxActiveSessions: -1 }, { sessions })).toEqual(['password']);
  });

  test('a provider that the server does not have is gone; its name counts without case, and not asked is not gone', () => {
    const account = { authenticationProviderId: ldap };
    expect(found(account, { passwordProviders: [own] })).toEqual([
      { kind: 'providerGone', certain: true, provider: 'LdapAuthenticationProviderPlugin' },
    ]);
    expect(kinds(account, { passwordProviders: [own, ldap.toUpperCase()] })).toEqual(['provider']);
    expect(kinds(account)).toEqual(['provider']);
  });

  test('an administrator may sign in on any device', () => {
    expect(kinds({ allDevices: false, isAdministrator: true })).toEqual(['password']);
  });

  test('an app may be too old where the server refuses those, and nobody failed to sign in', () => {
    expect(kinds({}, { takesOldApps: false })).toEqual(['oldApp', 'password']);
    expect(kinds({ failedSignIns: 1 }, { takesOldApps: false })).toEqual(['password']);
    expect(kinds({}, { takesOldApps: true })).toEqual(['password']);
    expect(kinds({ isDisabled: true }, { takesOldApps: false })).toEqual(['disabled']);
  });

  test('what stops every sign-in comes first, and what mends that is offered alone', () => {
    const account = anAccount({
      ...{ isDisabled: true, failedSignIns: 3, remoteAccess: false, allDevices: false, authenticationProviderId: ldap },
    });
    const causes = causesOf({ account, now: wednesday, passwordProviders: [own] });
    expect(causes.map(({ kind }) => kind)).toEqual(['locked', 'providerGone', 'devices', 'remote']);
    // Another password would not be asked for, and a code lets nobody in who is locked.
    expect(mendsOf(account, causes)).toEqual(['unlock', 'provider']);
  });

  test.each([
    [{}, {}, ['reset', 'signIn']],
    [{}, { takesOldApps: false }, ['signIn', 'reset']],
    [{ isDisabled: true }, {}, ['enable']],
    [{ isDisabled: true, failedSignIns: 3 }, {}, ['unlock', 'reset']],
    [{ failedSignIns: 3 }, {}, ['unlock', 'reset', 'signIn']],
    [{ authenticationProviderId: ldap }, { passwordProviders: [own, ldap] }, ['signIn']],
    [{ authenticationProviderId: ldap }, { passwordProviders: [own] }, ['signIn', 'provider']],
    [{ isDisabled: true, authenticationProviderId: ldap }, { passwordProviders: [own] }, ['enable']],
    [{ maxActiveSessions: 1 }, { sessions: [television] }, ['devices', 'pass']],
    [{ remoteAccess: false }, {}, ['pass', 'reset', 'signIn']],
    // What stops nobody for certain is not offered beside what does, nor a pass while the account is locked.
    [{ maxActiveSessions: 1, failedSignIns: 3 }, { sessions: [television] }, ['devices', 'pass']],
    [
      { isDisabled: true, failedSignIns: 3, maxActiveSessions: 1 },
      { sessions: [television] },
      ['unlock', 'reset', 'devices'],
    ],
  ])('of an account that is %j, where the server says %j, this is offered: %j', (but, facts, mends) => {
    expect(mendsOf(anAccount(but), found(but, facts))).toEqual(mends);
  });
});

test.each([
  ['locked', ['unlock', 'reset'], true],
  ['halfway', ['provider'], true],
  ['providerGone', ['signIn', 'provider'], true],
  ['schedule', ['pass'], true],
  ['sessions', ['devices', 'pass'], true],
  ['overLimit', ['unlock', 'reset', 'signIn'], false],
  ['provider', ['signIn'], false],
  ['devices', ['pass'], true],
  ['remote', ['pass'], true],
  ['oldApp', ['signIn', 'reset'], true],
  ['password', ['reset', 'signIn'], false],
] as const)(
  'where it may be %s, what is offered is %j; whether it is that at all is left open: %s',
  (kind, mends, isOpen) => {
    const cause = { kind, certain: false } as Cause;
    expect([mendsOf(anAccount(), [cause]), isUnsure([cause])]).toEqual([mends, isOpen]);
    // Beside one that is certain nothing is left open.
    expect(isUnsure([cause, { ...cause, certain: true } as Cause])).toBe(false);
  },
);
