import { lockState } from '../../src/services/account.js';

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
