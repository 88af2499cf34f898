import { expect, test } from 'vitest';
import { errorCode } from '../src/error-code.js';
import { AppError, ignoreAppError, isGone } from '../src/errors.js';
import { withName } from '../src/identifiers.js';
import { isRecent } from '../src/time.js';

test('the code of whatever is thrown, where it has one', () => {
  const thrown = [{ code: 'ENOENT' }, { code: 50_007 }, {}, null, undefined, 'ENOENT', 7];
  expect(thrown.map(errorCode)).toEqual(['ENOENT', '50007', ...Array.from({ length: 5 }, () => undefined)]);
});

test('an account is gone where Jellyfin says so, and no other error counts as that', () => {
  const errors = [new AppError('accountGone'), new AppError('tryAgain'), { code: 'accountGone' }, undefined];
  expect(errors.map(isGone)).toEqual([true, false, false, false]);
});

test('what a person could be told is ignored, and a fault of ours is not', () => {
  expect(ignoreAppError(new AppError('jellyfinTimeout'))).toBeUndefined();
  expect(() => ignoreAppError(new TypeError('odd'))).toThrow('odd');
});

test('of two accounts that differ in case the one named exactly is meant', () => {
  const named = (name: string) => withName(['Maya', 'maya', 'Zoë'], name, (each) => each);
  expect([named('maya'), named('MAYA'), named('zoe\u0308'), named('leo')]).toEqual([
    ...[['maya'], ['Maya', 'maya']],
    ...[['Zoë'], []],
  ]);
});

test('a moment to come is not recent: it would stay so until then', () => {
  expect([99, 100, 190, 199, 200, 201].map((at) => isRecent(at, 200, 100))).toEqual([
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});
