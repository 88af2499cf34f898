import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolders } from '../support/temporary-folder.js';
import { AppError } from '../../src/errors.js';
import { openStores } from '../../src/db/stores.js';
import { RateLimits } from '../../src/services/requests/rate-limits.js';

const hourMs = 3_600_000;

describe('how often', () => {
  const folder = temporaryFolders();

  const quiet = { info: () => undefined, warn: () => undefined };

  const start = Date.UTC(2026, 10, 25);

  const done = () => Promise.resolve();

  /** A member who has taken so many codes, one a minute. */
  async function taken(count: number) {
    let now = start;
    const { rateLimits, history, db } = openStores(join(folder(), 'latchkey.db'), quiet, () => now);
    const pace = () => new RateLimits(rateLimits, () => now);
    for (let n = 0; n < count; n += 1) {
      await pace().take('maya', 'sign-in code', done);
      now += 60_000;
    }
    /** What is over is removed, as every night; the household keeps its history for a year. */
    const nightPasses = () => history.removeBefore(now - 365 * 24 * hourMs, now - 24 * hourMs);
    return { pace, db, nightPasses, passes: (ms: number) => (now += ms) };
  }

  test('what was done as often as one may is refused, with the second from which it can be done again', async () => {
    const { pace, passes } = await taken(10);
    const at = (start + hourMs) / 1000;
    await expect(pace().take('maya', 'sign-in code', done)).rejects.toThrow(
      expect.objectContaining({ code: 'tooOften', params: { at, count: 10 } }),
    );
    passes(at * 1000 - start - 10 * 60_000 - 1);
    expect(pace().againAt('maya', 'sign-in code')).toBe(at);
    passes(1);
    await pace().take('maya', 'sign-in code', done);
    expect(pace().againAt('maya', 'sign-in code')).toBe(at + 60);
  });

  test('a refusal is not counted, and others are not held up by it', async () => {
    const { pace, passes } = await taken(10);
    for (let n = 0; n < 5; n += 1) await expect(pace().take('maya', 'sign-in code', done)).rejects.toThrow('tooOften');
    await pace().take('gran', 'sign-in code', done);
    expect(pace().againAt('maya', 'self unlock')).toBeUndefined();
    passes(hourMs);
    expect(pace().againAt('maya', 'sign-in code')).toBeUndefined();
  });

  test.each([
    ['jellyfinUnreachable', undefined],
    ['codeWrong', 'counted'],
    ['jellyfinTimeout', 'counted'],
    [undefined, 'counted'],
  ] as const)('one that ended with %s is %s: nobody tries all codes', async (code, isCounted) => {
    const { pace } = await taken(9);
    const fails = () => Promise.reject(code ? new AppError(code) : new Error('a bug'));
    await expect(pace().take('maya', 'sign-in code', fails)).rejects.toThrow();
    expect(pace().againAt('maya', 'sign-in code') !== undefined).toBe(isCounted !== undefined);
  });

  test('what no limit looks back at is forgotten', async () => {
    const { pace, db, passes, nightPasses } = await taken(10);
    nightPasses();
    expect(db.prepare('SELECT count(*) FROM rate_limits').pluck().get()).toBe(10);
    passes(25 * hourMs);
    await pace().take('maya', 'sign-in code', done);
    nightPasses();
    expect(db.prepare('SELECT count(*) FROM rate_limits').pluck().get()).toBe(1);
  });
});
