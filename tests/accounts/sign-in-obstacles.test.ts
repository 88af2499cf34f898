import { obstacles } from '../../src/services/accounts/sign-in-obstacles.js';
import { anAccount } from '../support/an-account.js';

/** A Wednesday, at half past eight in the evening of wherever this runs. */
const wednesday = new Date(2026, 10, 25, 20, 30);
const saturday = new Date(2026, 10, 28, 20, 30);

const kinds = (but: Parameters<typeof anAccount>[0], now = wednesday): string[] =>
  obstacles(anAccount(but), now).map(({ kind }) => kind);

test('with nothing wrong it is the password', () => {
  expect(obstacles(anAccount({ failedSignIns: 2 }), wednesday)).toEqual([]);
});

test('a lock is told with its numbers, and never as a disabled account', () => {
  expect(obstacles(anAccount({ isDisabled: true, failedSignIns: 4 }), wednesday)).toEqual([
    { kind: 'locked', certain: true, failed: 3, limit: 3 }, // Jellyfin 12 counts the try that locks twice
  ]);
});

test('a disabled account is never told as a lock', () => {
  expect(kinds({ isDisabled: true, failedSignIns: 2 })).toEqual(['disabled']);
  expect(kinds({ isDisabled: true, failedSignIns: 9, signInLimit: -1 })).toEqual(['disabled']);
});

test('an open account over its limit is told, as something that need not be the reason', () => {
  expect(obstacles(anAccount({ failedSignIns: 5 }), wednesday)).toMatchObject([{ kind: 'overLimit', certain: false }]);
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
  ['Wednesday', 0, 24, wednesday, true],
  ['Thursday', 0, 24, wednesday, false],
])('a schedule of %s from %d to %d lets in at %s: %s', (day, startHour, endHour, now, isIn) => {
  expect(kinds({ accessSchedules: [{ day, startHour, endHour }] }, now)).toEqual(isIn ? [] : ['schedule']);
});

test('one of several schedules is enough', () => {
  const accessSchedules = [
    { day: 'Monday', startHour: 0, endHour: 24 },
    { day: 'Weekday', startHour: 20, endHour: 21 },
  ];
  expect(kinds({ accessSchedules })).toEqual([]);
});

test('what depends on the device or the provider is told as not certain', () => {
  const account = anAccount({
    remoteAccess: false,
    maxActiveSessions: 2,
    authenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin',
  });
  expect(obstacles(account, wednesday)).toEqual([
    { kind: 'remote', certain: false },
    { kind: 'sessions', certain: false, limit: 2 },
    { kind: 'provider', certain: false, provider: 'LdapAuthenticationProviderPlugin' },
  ]);
});
