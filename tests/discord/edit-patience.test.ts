import type { RateLimitData } from 'discord.js';
import { expect, test } from 'vitest';
import { editPatience } from '../../src/discord/edit-patience.js';

const minute = 60_000;

/** Whether discord.js is told not to wait, for one answer after the other. */
function answers() {
  const clock = { now: 10 };
  const gives = editPatience(() => clock.now);
  const edit = {
    method: 'PATCH',
    route: '/channels/:id/messages/:id',
    url: 'one',
    retryAfter: 1000,
    sublimitTimeout: 1000,
  };
  return { clock, givesUp: (given: Partial<RateLimitData> = {}) => gives({ ...edit, ...given } as RateLimitData) };
}

test('an edit that Discord refuses for an hour, or without a time, keeps no press waiting', () => {
  const { givesUp } = answers();
  expect([
    givesUp({ retryAfter: 0 }),
    givesUp({ retryAfter: minute + 1 }),
    givesUp({ method: 'patch', retryAfter: 0 }),
  ]).toEqual([true, true, true]);
  // Whatever else is refused so is waited for, as nothing else has that limit.
  expect(givesUp({ retryAfter: minute + 1, route: '/channels/:id/messages' })).toBe(false);
  expect(givesUp({ retryAfter: minute + 1, method: 'POST' })).toBe(false);
});

test('an ordinary limit is waited for; the third wait for one message within ten minutes is the limit on edits', () => {
  const { clock, givesUp } = answers();
  expect([givesUp({ retryAfter: minute }), givesUp(), givesUp({ url: 'another' }), givesUp()]).toEqual([
    false,
    false,
    false,
    true,
  ]);
  // It begins anew after that.
  expect([givesUp(), givesUp()]).toEqual([false, false]);
  clock.now += 10 * minute + 1;
  expect([givesUp(), givesUp()]).toEqual([false, false]);
  clock.now += 9 * minute;
  expect(givesUp()).toBe(true);
  const ofTheChannel = () => givesUp({ sublimitTimeout: 0, url: 'third' });
  expect([ofTheChannel(), ofTheChannel(), ofTheChannel(), ofTheChannel()]).toEqual([false, false, false, false]);
});
