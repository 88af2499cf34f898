import { lockState, wrongPasswords } from '../../src/services/accounts/account.js';

test.each([
  ['open', false, 0, 3],
  ['open', false, 2, 3],
  ['open', false, 50, -1],
  ['locked', true, 3, 3],
  ['locked', true, 4, 3],
  ['disabled', true, 0, 3],
  ['disabled', true, 2, 3],
  ['disabled', true, 50, -1],
  ['disabled', true, 0, 0],
  ['overLimit', false, 3, 3],
  ['overLimit', false, 7, 3],
] as const)('%s: disabled %s, %i failed sign-ins, limit %i', (state, isDisabled, failedSignIns, signInLimit) => {
  expect(lockState({ isDisabled, failedSignIns, signInLimit })).toBe(state);
});

test.each([
  ['the try that locks, counted twice by Jellyfin 12', 3, true, 4],
  ['a lock', 3, true, 3],
  ['an open account', 2, false, 2],
  ['one over its limit, which counts on', 7, false, 7],
  ['one that an administrator disabled', 2, true, 2],
] as const)('wrong passwords, as people count them: %s is %i', (_what, shown, isDisabled, failedSignIns) => {
  expect(wrongPasswords({ isDisabled, failedSignIns, signInLimit: 3 })).toBe(shown);
});
