import { expect, test } from 'vitest';
import { errorCode, whyOf } from '../src/error-code.js';
import { AppError, ignoreAppError, isGone, only, troubleOf } from '../src/errors.js';
import { readAccountId, readMention, withName } from '../src/identifiers.js';
import { slipsBetween } from '../src/slips.js';
import { isRecent } from '../src/time.js';

test('the code of whatever is thrown, where it has one', () => {
  const thrown = [{ code: 'ENOENT' }, { code: 50_007 }, {}, null, undefined, 'ENOENT', 7];
  expect(thrown.map(errorCode)).toEqual(['ENOENT', '50007', ...Array.from({ length: 5 }, () => undefined)]);
});

test('why something failed is its code, else its message, else itself', () => {
  const thrown = [Object.assign(new Error('no such file'), { code: 'ENOENT' }), new Error('odd'), 'odd'];
  expect(thrown.map(whyOf)).toEqual(['ENOENT', 'odd', 'odd']);
});

test('an account is gone where Jellyfin says so, and no other error counts as that', () => {
  const errors = [new AppError('accountGone'), new AppError('tryAgain'), { code: 'accountGone' }, undefined];
  expect(errors.map(isGone)).toEqual([true, false, false, false]);
});

test('what a person could be told is ignored, and a fault of ours is not', () => {
  expect(ignoreAppError(new AppError('jellyfinTimeout'))).toBeUndefined();
  expect(() => ignoreAppError(new TypeError('odd'))).toThrow('odd');
  const trouble = new AppError('jellyfinTimeout');
  expect(only(AppError, trouble)).toBe(trouble);
});

test('what keeps work from being done is told where a person could be told it, and only once it is over', async () => {
  const trouble = new AppError('jellyfinTimeout');
  expect([await troubleOf(Promise.resolve('done')), await troubleOf(Promise.reject(trouble))]).toEqual([
    ...[undefined, trouble],
  ]);
  await expect(troubleOf(Promise.reject(new TypeError('odd')))).rejects.toThrow('odd');
});

test('an account’s id and a member’s mention are read as people paste them, and nothing is taken for one', () => {
  const id = '0123456789abcdef'.repeat(2);
  const ids = [id.toUpperCase(), '01234567-89ab-cdef-0123-456789abcdef', id.slice(1), `${id}0`, `../${id.slice(3)}`];
  expect(ids.map(readAccountId)).toEqual([id, id, undefined, undefined, undefined]);
  expect(['<@12>', '<@!12>', '12', '<@&12>', 'a <@12>'].map(readMention)).toEqual([
    ...['12', '12', undefined, undefined, undefined],
  ]);
});

test('slips of the keyboard are counted: letters left out, put in, changed, or swapped', () => {
  const slips = (one: string, other: string) => slipsBetween(one, other);
  expect([slips('', ''), slips('abc', ''), slips('', 'ab'), slips('abc', 'abc')]).toEqual([0, 3, 2, 0]);
  expect([slips('abc', 'abd'), slips('abc', 'acb'), slips('abc', 'ac'), slips('abc', 'abcd')]).toEqual([1, 1, 1, 1]);
  // Only two that changed places with each other.
  expect([slips('ac', 'cb'), slips('ca', 'bc')]).toEqual([2, 2]);
  expect([slips('abc', 'cab'), slips('ab', 'ba'), slips('kitten', 'sitting')]).toEqual([2, 1, 3]);
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
