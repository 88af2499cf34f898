import { expect, test } from 'vitest';
import resetpw from '../../src/commands/resetpw.js';
import signin from '../../src/commands/signin.js';
import status from '../../src/commands/status.js';
import unlink from '../../src/commands/unlink.js';
import unlock from '../../src/commands/unlock.js';
import type { Reply } from '../../src/discord/command.js';
import { answer } from '../../src/discord/parts.js';
import { AppError } from '../../src/errors.js';
import { anAccount } from '../support/an-account.js';
import { all, done, presses, types } from '../support/answers.js';

/** What people read, to be looked through at once where it changes. */
const read = './answers-of-commands';
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const locked = { isDisabled: true, failedSignIns: 3 };

test('/status: whoever is linked to nothing, the presses on other messages, and *It wasn’t me*', async () => {
  const asked = (kind: string) => ({
    ...{ id: 5, kind, state: 'pending', memberId: maya, accountId: 'a', accountName: 'maya', createdAt: 60_000 },
    ...{ linksOnApproval: kind === 'link' },
  });
  const command = (but: object = {}, open: object[] = []) =>
    status({
      picker: { accountsOf: () => [] },
      requests: {
        openOf: () => open,
        asked: (request: object) => ({ request, isNew: false, isReaching: true, endsAt: 9000 }),
      },
      ...but,
    } as never);
  const waits = (...kinds: string[]) => types(command({}, kinds.map(asked)));
  const outages = { look: () => done({ name: 'ho_use', version: '10.11.8' }) };
  const cards = (how: string) => command({ statusCards: { keep: () => done(how), remove: () => done() } });
  const notMe = (told: [string, boolean][], isLocked = true) => {
    const pin = { content: 'a PIN', embeds: [{ color: 1, description: '12-34' }], components: [] };
    const pressed = { told: new Map(told), accountName: 'maya', isLocked, pin };
    return presses(command({ notMe: { press: () => done(pressed) } }), 'buttons', 'not-me', { id: '4' });
  };
  const whole = (rank: 'member' | 'helper', but: object = {}) =>
    types(
      command({
        accounts: { latest: () => done({ accounts: [], keptSince: undefined }) },
        jellyfin: { serverInfo: () => done({ name: 'house', version: '10' }) },
        requests: { pending: () => [], openOf: () => [] },
        passes: { open: () => [] },
        tempPasswords: { outstanding: () => [] },
      }),
      { actor: { id: maya, rank }, ...but },
    );
  const oldApps = (areIn: boolean) => presses(command({ oldApps: { look: () => done(areIn) } }), 'buttons', 'old-apps');
  const lost = { statusCards: { remove: () => Promise.reject(new AppError('accountGone')) } };
  await expect(
    await all({
      'asked nothing': types(command()),
      'the household': whole('helper'),
      'the household, in a direct message': whole('helper', { channelId: undefined }),
      'the household is not for members': whole('member'),
      'asked for a password': waits('reset'),
      'asked to be linked': waits('link', 'reset'),
      'Jellyfin is looked at': presses(command({ outages }), 'buttons', 'look'),
      'old apps are let in': oldApps(true),
      'old apps are not': oldApps(false),
      'a card is kept': presses(cards('kept'), 'buttons', 'keep'),
      'a card is kept later': presses(cards('later'), 'buttons', 'keep'),
      'in a direct message none is': presses(cards('kept'), 'buttons', 'keep', { channelId: undefined }),
      'a card is removed': presses(cards('kept'), 'buttons', 'unkeep', { id: '1' }),
      'a card cannot be removed': presses(command(lost), 'buttons', 'unkeep', { id: '1' }),
      'a lock was not me': notMe([['lockout', true]]),
      'a lock was not me, untold': notMe([['lockout', false]], false),
      'a PIN was not me': notMe([['pin', true]]),
      'a PIN was not me, untold': notMe([['pin', false]]),
      'both were not me': notMe([
        ['lockout', true],
        ['pin', false],
      ]),
      'both were not me, the lock untold': notMe([
        ['lockout', false],
        ['pin', true],
      ]),
    }),
  ).toMatchFileSnapshot(`${read}/status.txt`);
});

test('/signin: which account, a press, and what stands in its way', async () => {
  const command = (but: object = {}, account: object = {}, may = false, mayThemselves = false) =>
    signin({
      picker: { own: () => [anAccount({ id: 'a', name: 'maya' })] },
      signIns: {
        readCode: (typed: string) => typed.trim(),
        look: () => done(anAccount({ id: 'a', ...account })),
        authorise: () => done(anAccount({ id: 'a', ...account })),
        deny: () => done({ accountName: 'maya', devices: [], areAdminsTold: false }),
      },
      permissions: { mayChange: () => done(may) },
      unlocks: { mayOwnerUnlock: () => mayThemselves },
      now: () => 123_456,
      ...but,
    } as never);
  const code = { text: () => '123456' };
  const two = { picker: { own: () => ['a', 'b'].map((id) => anAccount({ id, name: id })) } };
  const go = { id: 'a.123456', page: 12 };
  const denied = (devices: string[], areAdminsTold: boolean, onAnswer: boolean) =>
    presses(
      signin({ signIns: { deny: () => done({ accountName: 'maya', devices, areAdminsTold }) } } as never),
      'buttons',
      'not-me',
      { id: '4', onAnswer },
    );
  await expect(
    await all({
      'of one account': types(command(), code),
      'of two': types(command(two), code),
      'of the one that was picked': presses(command(two), 'selects', 'pick', { id: '123456', page: 12, values: ['b'] }),
      'of the one on the button': presses(command(two), 'modals', 'open', { id: 'b', field: () => ' 123456 ' }),
      'of a locked one': types(command({}, locked), code),
      'of a locked one that its owner may open': types(command({}, locked, false, true), code),
      'of a locked one, a helper': types(command({}, locked, true), code),
      pressed: presses(command(), 'buttons', 'go', go),
      'pressed, locked meanwhile': presses(command({}, locked), 'buttons', 'go', go),
      'not meant': presses(command(), 'buttons', 'no'),
      'it was not me': denied(['Phone', 'TV'], true, false),
      'it was not me, and nothing is signed in': denied([], false, true),
    }),
  ).toMatchFileSnapshot(`${read}/signin.txt`);
});

test('/unlink, /unlock and /resetpw: what is offered next, and what was pressed becomes', async () => {
  const who = (inServer: boolean) => ({ id: maya, name: 'Maya', isBot: false, inServer });
  const unlinks = (isAdministrator: boolean, inServer = true) =>
    types(
      unlink({
        links: { unlink: () => done({ memberId: maya, accountId: 'a', accountName: 'maya', isAdministrator }) },
      } as never),
      { member: () => who(inServer), text: () => 'maya' },
    );
  const forgets = (forget: () => Promise<unknown>) =>
    presses(unlink({ history: { forget } } as never), 'buttons', 'forget', { id: maya });
  const picks = (pick: object, but: object = {}) =>
    types(
      unlock({
        picker: {
          ...{
            mayAskByName: () => false,
            pick: () => done(pick),
            accountsOf: () => [{ id: 'a, or the next', name: 'next' }],
          },
          orSuccessor: (_: object, id: string, act: (of: string) => Promise<Reply>) => act(`${id}, or the next`),
          ...but,
        },
        unlocks: {
          unlock: (_: object, id: string) =>
            done(id === 'a, or the next' ? { way: 'not locked' } : { way: 'asked', asked: {} }),
        },
        requests: {
          askByName: (kind: string, _: object, accountName: string) => ({
            request: { id: 5, kind, state: 'pending', accountName, linksOnApproval: true, createdAt: 1 },
            ...{ isNew: true, isReaching: true, endsAt: 9000 },
          }),
        },
      } as never),
      { text: () => 'maya' },
    );
  const accounts = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `${at}`, name: `n${at}` }));
  const asked = {
    request: { id: 5, kind: 'unlock', state: 'pending', accountName: 'maya', createdAt: 1 },
    ...{ isNew: true, isReaching: true, endsAt: 9000 },
  };
  const unlocks = (unlocked: object) =>
    presses(
      unlock({
        unlocks: { ask: () => done(unlocked), unlock: () => done(unlocked) },
        picker: { accountsOf: () => [{ id: 'a', name: 'may_a' }] },
      } as never),
      'buttons',
      'ask',
    );
  const atOnce = (account: object, isOwn: boolean) =>
    unlocks({ way: 'at once', before: anAccount({ id: 'a', ...account }), isOwn });
  const request = { id: 5, kind: 'reset', memberId: maya, accountId: 'a', accountName: 'maya' };
  const handover = (but: object) =>
    resetpw({
      passwordHandover: { own: () => request, ...but },
      passwordMessages: { passwordScrubbed: () => answer(['covered']) },
      now: () => 1000,
    } as never);
  const handed = { result: { password: 'blue-fox', request: { ...request, delivery: 'button' } } };
  const show = (onAnswer: boolean) =>
    presses(handover({ show: () => done(handed) }), 'buttons', 'show', { id: '5', onAnswer });
  const notOwn = () => {
    throw new AppError('passwordOld');
  };
  const renew = (state: string, by = maya) =>
    presses(handover({ renew: () => done({ ...request, state, failure: 'tryAgain' }) }), 'buttons', 'renew', {
      id: '5',
      actor: { id: by, rank: 'member' },
    });
  await expect(
    await all({
      unlinked: unlinks(false),
      'unlinked from an administrator’s account': unlinks(true),
      'unlinked, and gone from the server': unlinks(false, false),
      forgotten: forgets(() => done()),
      'not forgotten yet': forgets(() => Promise.reject(new AppError('tryAgain'))),
      'one account': picks({ kind: 'one', id: 'a' }),
      several: picks({ kind: 'several', accounts: accounts(2) }),
      'twenty-six': picks({ kind: 'several', accounts: accounts(26) }).then((text) => text.replace(/n2=.*n23/, '…')),
      'by a name': picks({}, { mayAskByName: () => true }),
      'asked to unlock': unlocks({ way: 'asked', asked }),
      'asked, after three of one’s own': unlocks({ way: 'asked', asked, limit: { at: 5, count: 3 } }),
      'not locked': unlocks({ way: 'not locked' }),
      'unlocked at once': atOnce(locked, false),
      'one’s own at once': atOnce(locked, true),
      'its count put back': atOnce({ failedSignIns: 4, isDisabled: false }, false),
      'a password is covered': presses(handover({}), 'buttons', 'in', { id: '5' }),
      'shown on an answer': show(true),
      'shown on a word in a channel': show(false),
      'not for others to copy': presses(handover({ own: notOwn }), 'buttons', 'copy', {
        id: '5',
        text: () => '||`x`||',
      }),
      copied: presses(handover({}), 'buttons', 'copy', { id: '5', text: () => 'yours: ||`blue-fox`||' }),
      'nothing to copy any more': presses(handover({}), 'buttons', 'copy', { id: '5', text: () => 'covered' }),
      renewed: renew('done'),
      'not renewed': renew('failed'),
      'renewed, and on its way': renew('approved', dad),
    }),
  ).toMatchFileSnapshot(`${read}/others.txt`);
});
