import { expect, test } from 'vitest';
import { DiscordLockoutMessages } from '../../src/commands/lockouts/lockout-messages.js';
import type { Lockout } from '../../src/services/lockouts/lockout.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');
const dad = '100000000000000002';

const lockout = (but: Partial<Lockout> = {}) =>
  ({
    id: 1,
    accountId: 'a',
    accountName: 'maya',
    state: 'locked',
    lockedAt: 5000,
    adminAccount: false,
    ...but,
  }) as Lockout;
const over = (but: Partial<Lockout> = {}) => lockout({ state: 'ended', endedAt: 9000, ...but });

function card(...lockouts: Lockout[]) {
  const { content, embeds, components } = new DiscordLockoutMessages(() => t, { helperRoleIds: ['9'] }).card(
    { id: 3, begunAt: 0, message: undefined, version: 1 },
    lockouts,
  ) as { content: string; embeds: { description: string }[]; components: object[] };
  return { content, text: embeds[0]?.description, components: JSON.stringify(components) };
}

const at = { name: 'maya', at: 9 };

test.each<[Partial<Lockout>, string]>([
  [{ end: 'unlocked', unlockedBy: dad }, t('lockout.ended.unlocked', { ...at, by: `<@${dad}>` })],
  [{ end: 'unlocked', unlockedBy: 'latchkey' }, t('lockout.ended.itself', at)],
  // Nobody is named who did not do it.
  [{ end: 'unlocked' }, t('lockout.ended.open', at)],
  [{ end: 'unlocked', unlockedBy: 'terminal' }, t('lockout.ended.open', at)],
  [{}, t('lockout.ended.open', at)],
  [{ end: 'open' }, t('lockout.ended.open', at)],
  // The bot was about to open it, and was not the one that ended it.
  [{ end: 'disabled', unlockedBy: 'latchkey' }, t('lockout.ended.disabled', at)],
  [{ end: 'gone', unlockedBy: dad }, t('lockout.ended.gone', at)],
])('how a lock ended: %j', (but, said) => {
  expect(card(over(but)).text).toBe(said);
});

test('of whoever is written to about it, as far as that is known', () => {
  const line = t('lockout.line', { name: 'maya', at: 5 });
  expect(card(lockout()).text).toBe(line);
  expect(card(lockout({ owners: 'over' })).text).toBe(line);
  expect(card(lockout({ owners: 'told' })).text).toBe(`${line} ${t('lockout.owners.told')}`);
  expect(card(lockout({ owners: 'told', requestId: 7 })).text).toBe(`${line} ${t('lockout.asked')}`);
});

test('only what is locked still stands in the sentence, and first; the rest is said below', () => {
  const both = card(over({ accountId: 'b', accountName: 'bob', end: 'open' }), lockout());
  expect(both.content).toBe(t('lockout.card', { name: 'maya' }));
  expect(both.text?.split('\n')).toEqual([
    t('lockout.line', { name: 'maya', at: 5 }),
    t('lockout.ended.open', { name: 'bob', at: 9 }),
  ]);
  expect(both.components.match(/unlock:now/g)).toHaveLength(1);
});
