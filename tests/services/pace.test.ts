import { expect, test } from '@jest/globals';
import { openStores } from '../../src/db/stores.js';
import { Pace } from '../../src/services/pace.js';

const quiet = { info: () => undefined, warn: () => undefined };
const start = Date.UTC(2026, 10, 25);
const hourMs = 3_600_000;

/** A member who has taken so many codes, one a minute. */
function taken(count: number) {
  let now = start;
  const { paced, db } = openStores(':memory:', quiet, () => now);
  const pace = () => new Pace(paced, () => now);
  for (let n = 0; n < count; n += 1) {
    pace().take('maya', 'sign-in code');
    now += 60_000;
  }
  return { pace, db, passes: (ms: number) => (now += ms) };
}

test('what was done as often as one may is refused, with the second from which it can be done again', () => {
  const { pace, passes } = taken(10);
  const at = (start + hourMs) / 1000;
  expect(() => pace().take('maya', 'sign-in code')).toThrow(
    expect.objectContaining({ code: 'tooOften', params: { at, count: 10 } }),
  );
  passes(at * 1000 - start - 10 * 60_000 - 1);
  expect(pace().againAt('maya', 'sign-in code')).toBe(at);
  passes(1);
  pace().take('maya', 'sign-in code');
  expect(pace().againAt('maya', 'sign-in code')).toBe(at + 60);
});

test('a refusal is not counted, and others are not held up by it', () => {
  const { pace, passes } = taken(10);
  for (let n = 0; n < 5; n += 1) expect(() => pace().take('maya', 'sign-in code')).toThrow('tooOften');
  pace().take('gran', 'sign-in code');
  expect(pace().againAt('maya', 'self unlock')).toBeUndefined();
  passes(hourMs);
  expect(pace().againAt('maya', 'sign-in code')).toBeUndefined();
});

test('what no limit looks back at is forgotten', () => {
  const { pace, db, passes } = taken(10);
  passes(8 * 24 * hourMs);
  pace().take('maya', 'sign-in code');
  expect(db.prepare('SELECT count(*) FROM paced').pluck().get()).toBe(1);
});
