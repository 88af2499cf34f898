import { expect, test } from 'vitest';
import { denialDetails, DiscordLockoutMessages, lockoutDenied } from '../../src/commands/lockouts/lockout-messages.js';
import type { Denial, Lockout, SignInFacts } from '../../src/services/lockouts/lockout.js';
import { createWords } from '../../src/words.js';
import { inKeys, shown } from '../support/shown.js';

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

const messages = new DiscordLockoutMessages((memberId) => inKeys.in(memberId), { helperRoleIds: ['9'] });
const maya = '100000000000000001';

test('an owner reads from where it was, how it opens, and what they can do: with another provider no new password', () => {
  expect(shown(messages.toOwner(4, maya, lockout(), 'now'))).toMatchInlineSnapshot(`
    "lockout.owner maya
    | (waiting)
    | lockout.locked 5
    | lockout.next buttons.unlock buttons.askReset lockout.notMe
    [unlock:ask:a buttons.unlock success] [resetpw:ask:a buttons.askReset primary] [status:not-me:4 lockout.notMe danger]"
  `);
  const elsewhere = lockout({ address: '192.168.1.9', provider: 'Ldap', opensAt: 60_000 });
  expect(shown(messages.toOwner(4, maya, elsewhere, 'ask'))).toMatchInlineSnapshot(`
    "lockout.ownerFrom maya 192.168.1.9
    | (waiting)
    | lockout.locked 5
    | lockout.opens 60
    | lockout.nextElsewhere buttons.askUnlock Ldap lockout.notMe
    [unlock:ask:a buttons.askUnlock success] [status:not-me:4 lockout.notMe danger]"
  `);
  expect(shown(messages.toOwner(4, maya, lockout({ tooOften: true }), 'ask'))).toMatchInlineSnapshot(`
    "lockout.owner maya
    | (waiting)
    | lockout.locked 5
    | lockout.tooOften
    | lockout.next buttons.askUnlock buttons.askReset lockout.notMe
    [unlock:ask:a buttons.askUnlock success] [resetpw:ask:a buttons.askReset primary] [status:not-me:4 lockout.notMe danger]"
  `);
});

test('an owner whose lock is over reads how, and may still say that it was not them', () => {
  const ends = (['unlocked', 'open', 'disabled', 'again', 'gone'] as const).map((end) =>
    shown(messages.over(4, maya, over({ end }), true)),
  );
  expect(ends.join('\n\n')).toMatchInlineSnapshot(`
    "lockout.over maya
    | (quiet)
    | lockout.overNotMe lockout.notMe
    [status:not-me:4 lockout.notMe danger]

    lockout.over maya
    | (quiet)
    | lockout.overNotMe lockout.notMe
    [status:not-me:4 lockout.notMe danger]

    lockout.overDisabled maya
    | (quiet)
    | lockout.overNotMe lockout.notMe
    [status:not-me:4 lockout.notMe danger]

    lockout.overAgain maya
    | (quiet)
    | lockout.overNotMe lockout.notMe
    [status:not-me:4 lockout.notMe danger]

    lockout.overGone maya"
  `);
  expect(shown(messages.over(4, maya, over({ end: 'open' }), false))).toMatchInlineSnapshot(`"lockout.over maya"`);
  expect(shown(messages.deniedByOwner(maya, lockout()))).toMatchInlineSnapshot(`
    "lockout.notMeThanks maya
    | (waiting)
    | lockout.notMeNext {{unlock}} {{resetpw}}"
  `);
  expect(shown(lockoutDenied(inKeys.in('xx'), 'maya', false, false))).toMatchInlineSnapshot(`
    "lockout.notMeUntold maya
    | (waiting)
    | lockout.notMeOpen {{resetpw}}"
  `);
});

test('a denial says what is known of sign-ins, newest first; an administrator’s only that it is one; and who signed it out', () => {
  const denial = {
    id: 2,
    memberId: maya,
    accountId: 'a',
    accountName: 'maya',
    lockoutId: 1,
    at: 1,
    version: 1,
  } as Denial;
  const facts: SignInFacts = {
    tries: [
      { at: 1000, address: undefined, text: '' },
      { at: 3000, address: '192.168.1.9', text: '' },
    ],
    signIns: [
      { at: 1000, address: '192.168.1.9' },
      { at: 2000, address: undefined },
    ],
    devices: [],
  };
  expect(shown(messages.denied(denial, facts))).toMatchInlineSnapshot(`
    "lockout.denied <@100000000000000001> maya
    | (waiting)
    | lockout.deniedHint
    | lockout.tries:
    |   lockout.momentFrom 3 192.168.1.9
    |   lockout.moment 1
    | lockout.signIns:
    |   lockout.moment 2
    |   lockout.momentFrom 1 192.168.1.9
    | lockout.devices:
    |   lockout.none
    [status:sign-out:a:2 signOut.button danger]"
  `);
  expect(shown(messages.denied(denial, undefined))).toMatchInlineSnapshot(`
    "lockout.denied <@100000000000000001> maya
    | (waiting)
    | lockout.deniedUnknown
    [status:sign-out:a:2 signOut.button danger]"
  `);
  expect(shown(messages.denied(denial, 'hidden'))).toMatchInlineSnapshot(`
    "lockout.denied <@100000000000000001> maya
    | (waiting)
    | account.administratorOnly
    [status:denial:a:2 buttons.details secondary]"
  `);
  expect(shown(messages.denied({ ...denial, signedOutBy: dad, signedOutAt: 9000 }, 'hidden'))).toMatchInlineSnapshot(`
    "lockout.denied <@100000000000000001> maya
    | (quiet)
    | signOut.doneBy <@100000000000000002> 9"
  `);
  expect(denialDetails(inKeys.in('xx'), { ...facts, tries: [] })).toMatchInlineSnapshot(`
    "lockout.deniedHint
    **lockout.tries**
    lockout.none
    **lockout.signIns**
    lockout.moment 2
    lockout.momentFrom 1 192.168.1.9
    **lockout.devices**
    lockout.none"
  `);
});

test('the admins’ card names who is locked and from where, but of an administrator no address; what waits elsewhere has no button here', () => {
  const seen = (...lockouts: Lockout[]) =>
    shown(messages.card({ id: 3, begunAt: 0, message: undefined, version: 1 }, lockouts));
  const bob = { accountId: 'b', accountName: 'bob' };
  expect(seen(lockout({ address: '192.168.1.9' }))).toMatchInlineSnapshot(`
    "lockout.cardFrom maya 192.168.1.9
    | (waiting)
    | lockout.lineFrom maya 5 192.168.1.9
    [unlock:now:a:3 buttons.unlock success]"
  `);
  expect(seen(lockout({ address: '192.168.1.9', adminAccount: true }))).toMatchInlineSnapshot(`
    "lockout.card maya
    | (waiting)
    | **maya** · account.administratorOnly
    [status:details:a:3 buttons.details secondary]"
  `);
  expect(seen(lockout({ requestId: 7 }))).toMatchInlineSnapshot(`
    "lockout.card maya
    | (quiet)
    | lockout.line maya 5 lockout.asked"
  `);
  expect(seen(lockout(), lockout({ ...bob, adminAccount: true, requestId: undefined }))).toMatchInlineSnapshot(`
    "lockout.cardMany 2 maya and bob
    | (waiting)
    | lockout.line maya 5
    | **bob** · account.administratorOnly
    [unlock:now:a:3 buttons.unlockName maya success] [status:details:b:3 buttons.details: bob secondary]"
  `);
  // Of two locks of one account the later one counts.
  expect(seen(over({ end: 'again' }), lockout({ id: 2 }))).toMatchInlineSnapshot(`
    "lockout.card maya
    | (waiting)
    | lockout.line maya 5
    [unlock:now:a:3 buttons.unlock success]"
  `);
  expect(seen(over({ end: 'again' }))).toMatchInlineSnapshot(`
    "lockout.cardAgain maya
    | (quiet)
    | lockout.ended.again maya 9"
  `);
  expect(seen(over({ end: 'open' }), over({ ...bob, end: 'gone' }))).toMatchInlineSnapshot(`
    "lockout.cardManyOver 2 maya and bob
    | (quiet)
    | lockout.ended.open maya 9
    | lockout.ended.gone bob"
  `);
  expect(seen(over({ end: 'open' }), over({ ...bob, end: 'again' }))).toMatchInlineSnapshot(`
    "lockout.cardOver maya
    | (quiet)
    | lockout.ended.open maya 9
    | lockout.ended.again bob 9"
  `);
});
