import { describe, expect, test } from 'vitest';
import { cardDetails, requestCard } from '../../src/commands/requests/request-card.js';
import { DiscordRequestMessages } from '../../src/commands/requests/request-messages.js';
import { askedAnswer, waitingLines } from '../../src/commands/requests/waiting-requests.js';
import { colours } from '../../src/discord/parts.js';
import type { Pass } from '../../src/services/passes/pass.js';
import type { CardFacts } from '../../src/services/requests/request-deps.js';
import { ownersToTell, type Request } from '../../src/services/requests/request.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';

const t = createWords('en').in('en');
const [maya, dad, uncle] = ['100000000000000001', '100000000000000002', '100000000000000003'];
const roles = { adminRoleIds: ['8'], helperRoleIds: ['9'] };
const noHelpers = { adminRoleIds: ['8'], helperRoleIds: [] };

const request = (but: Partial<Request> = {}): Request =>
  ({
    ...{ id: 5, kind: 'reset', state: 'pending', memberId: maya, accountId: anAccount().id, accountName: 'maya' },
    ...{ linksOnApproval: false, adminAccount: false, createdAt: 60_000, version: 3, origin: 'asked', attempts: 0 },
    snapshot: { state: 'locked', failedSignIns: 3, signInLimit: 3, address: '192.168.1.20' },
    ...but,
  }) as Request;

const facts = (but: Partial<CardFacts> = {}): CardFacts =>
  ({
    candidates: [],
    owners: [],
    sharedWith: [],
    earlier: { count: 0, last: undefined },
    named: undefined,
    ...but,
  }) as CardFacts;

const pass = (but: Partial<Pass> = {}): Pass =>
  ({ id: 4, requestId: 5, restriction: 'remote', openedAt: 1000, endsAt: 61_000, signedIn: [], ...but }) as Pass;

/** A message as it is read, with the custom ids of what can be pressed. */
function read(message: object): string {
  return JSON.stringify(message).replaceAll('\\n', '\n');
}
const card = (but: Partial<Request>, more: Partial<CardFacts> = {}, of: Pass | undefined = undefined, who = roles) =>
  read(requestCard(t, request(but), facts(more), who, false, of));

const figures = '192.168.1.20';

describe('the card of a request', () => {
  test('of an administrator’s account leaves to a button what helpers who read there do not learn', () => {
    expect(card({})).toContain(figures);
    expect(card({})).toMatch(/requests:approve:5.*requests:deny:5/);
    const hidden = card({ adminAccount: true });
    expect(hidden).not.toContain(figures);
    expect(hidden).toMatch(/requests:details:5/);
    expect(hidden).not.toMatch(/requests:approve|locked/);
    expect(card({ adminAccount: true }, {}, undefined, noHelpers)).toMatch(/192\.168\.1\.20[^]*requests:approve:5/);
    expect(card({ adminAccount: true, state: 'failed', failure: 'jellyfinTimeout' })).not.toContain(
      t('requestCard.trouble'),
    );
    expect(card({ state: 'failed', failure: 'jellyfinTimeout' })).toMatch(
      new RegExp(`${t('requestCard.trouble')}[^]*requests:retry:5`),
    );
    // What does not concern it is not spoken of.
    expect(card({})).not.toContain(`"${t('requestCard.trouble')}"`);
    expect(card({})).not.toContain(t('requestCard.noCandidates').slice(0, 30));
    // Nothing to press, nothing to look at.
    expect(card({ adminAccount: true, state: 'expired' })).not.toContain('custom_id');
  });

  test('once it is done says no more how the account stood', () => {
    expect(card({ state: 'denied' })).toContain('maya · locked');
    expect(card({ state: 'done' })).not.toContain('maya · locked');
    expect(card({ adminAccount: true }, {}, undefined, noHelpers)).toContain('administrator');
    expect(card({})).not.toContain('administrator');
  });

  test.each<[Partial<Request>, string]>([
    [{}, `<@${maya}> asks for a new password for maya.`],
    [{ state: 'cancelled' }, 'was taken back'],
    [{ state: 'cancelled', decidedBy: dad }, 'needs no answer any more'],
    [{ kind: 'unlock', state: 'done', decidedBy: maya }, `<@${maya}> unlocked maya themselves.`],
    [
      { kind: 'unlock', state: 'approved', decidedBy: maya },
      t('requestCard.self.approved', { member: `<@${maya}>`, account: 'maya' }),
    ],
    [{ kind: 'unlock', state: 'denied', decidedBy: maya }, `<@${maya}> denied <@${maya}>'s request`],
    [{ kind: 'unlock', state: 'done', decidedBy: dad }, 'Done: maya is unlocked'],
    [{ kind: 'reset', state: 'done', decidedBy: maya }, 'has a new password for maya'],
    [{ state: 'approved', decidedBy: dad }, 'Working on it…'],
    [{ state: 'approved', decidedBy: dad, delivery: 'button' }, 'it is made when they press'],
    [{ state: 'failed', delivery: 'button', decidedBy: dad }, 'did not work'],
    [
      { kind: 'pass', state: 'done', origin: 'direct', decidedBy: dad, pass: { restriction: 'remote', lasts: 'hour' } },
      `<@${dad}> has let maya in`,
    ],
    [
      { kind: 'pass', state: 'done', decidedBy: dad, pass: { restriction: 'remote', lasts: 'hour' } },
      'Done: maya is let in',
    ],
    [{ kind: 'reset', state: 'done', origin: 'direct', decidedBy: dad }, 'has a new password for maya'],
    [{ kind: 'unlock', linksOnApproval: true }, 'asks to unlock maya, and is not linked to it yet.'],
  ])('says: %j', (but, sentence) => {
    expect(card(but)).toContain(sentence);
  });

  test('pings who may decide, while it waits', () => {
    expect(card({})).toContain('<@&9> <@&8>');
    expect(card({ adminAccount: true })).not.toContain('<@&9>');
    expect(card({ state: 'denied', decidedBy: dad })).not.toContain('<@&');
  });

  const named = (but: object = {}) =>
    ({ named: { kind: 'account', account: anAccount({ name: 'maya', ...but }) } }) as Partial<CardFacts>;
  const byName = { linksOnApproval: true, accountId: '', snapshot: undefined };

  test('of somebody who is not linked offers what their name stands for, and warns', () => {
    const asker = {
      asker: { memberId: maya, name: 'Maya', username: 'maya_', joinedAt: 5000, alike: [uncle], isDisguised: true },
    } as Partial<CardFacts>;
    const offered = card(byName, { ...named({ failedSignIns: 4, signInLimit: 5 }), ...asker, owners: [uncle] });
    for (const each of [
      t('requestCard.noProof'),
      t('requestCard.disguised'),
      t('requestCard.alike', { members: `<@${uncle}>` }),
      // As the account stands now.
      t('account.failed', { failed: 4, limit: 5 }),
      'requests:approve:5:3',
      t('requestCard.hasOwner', { members: `<@${uncle}>` }),
    ])
      expect(offered).toContain(each);
    expect(card({}, asker)).not.toContain(t('requestCard.noProof'));
    const administrators = card(byName, named({ isAdministrator: true, failedSignIns: 2 }));
    expect(administrators).not.toContain('requests:approve');
    expect(administrators).not.toContain(t('account.failed', { failed: 2, limit: 3 }));
    expect(administrators).toContain("is an administrator's account, which is linked by proof only");
    expect(card(byName, { named: { kind: 'none' } as never })).toContain('There is no account called maya.');
    expect(card(byName)).toContain(t('requestCard.noCandidates').slice(0, 30));
    const candidates = Array.from({ length: 26 }, (_, at) => ({ id: `${at}`, name: `account ${at}` }));
    expect(card(byName, { candidates })).toMatch(/There are more free accounts[^]*requests:account:5/);
    expect(card(byName, { candidates: candidates.slice(1) })).not.toContain('There are more free accounts');
    expect(card({ ...byName, state: 'denied' }, { candidates })).not.toMatch(/requests:account|There are more/);
    expect(card({}, { candidates })).not.toContain('requests:account');
    expect(card({ kind: 'link', ...byName, accountName: '' })).not.toContain(`"${t('requestCard.account')}"`);
    expect(card({ kind: 'link', accountName: 'maya' })).toContain(`"${t('requestCard.account')}"`);
    expect(card({ kind: 'reset', ...byName })).toContain(`"${t('requestCard.account')}"`);
  });

  test('says who could not be reached, whose password it is as well, and since when they are linked', () => {
    expect(card({ state: 'done', deliveryStatus: 'unreachable' })).toContain('could not be reached');
    expect(card({}, { sharedWith: [uncle] })).toContain(`Also the account of <@${uncle}>`);
    expect(card({}, { link: { linkedAt: 5000 } } as never)).toContain('linked since <t:5:D>');
    expect(card({})).not.toContain('linked since');
  });

  test('with a pass says how that stands, and ends it', () => {
    const let_in = {
      kind: 'pass',
      state: 'done',
      decidedBy: dad,
      pass: { restriction: 'remote', lasts: 'hour' },
    } as const;
    expect(card(let_in, {}, pass())).toMatch(/<t:61:[^]*status:end-pass:4/);
    const over = card(let_in, {}, pass({ endedAt: 30_000, end: 'putBack', endedBy: dad }));
    expect(over).toContain(t('pass.card.by', { by: `<@${dad}>` }));
    expect(over).not.toContain('custom_id');
    expect(card({ ...let_in, adminAccount: true }, {}, pass())).toContain('requests:details:5');
    expect(card({ ...let_in, adminAccount: true }, {}, pass())).not.toContain('<t:61:');
    const devices = { signedIn: [{ name: 'Phone', app: 'Finamp' }] } as unknown as Partial<Pass>;
    const heading = t('pass.card.devices', { devices: '' }).slice(0, 15);
    expect(card(let_in, {}, pass({ endedAt: 30_000, end: 'putBack', ...devices }))).toContain('Phone');
    expect(card(let_in, {}, pass({ endedAt: 30_000, end: 'changed', ...devices }))).not.toContain('Phone');
    expect(over).not.toContain(heading);
    // One that could not be ended is still open, and its card says why.
    const stuck = card(let_in, {}, pass({ failure: 'jellyfinTimeout' }));
    expect(stuck).toContain(t('pass.card.stuck', { why: t('errors.jellyfinTimeout') }));
    expect(card(let_in, {}, pass({ openedAt: undefined, endedAt: 30_000 }))).not.toContain(`"${t('pass.card.name')}"`);
  });

  test('its details are an administrator’s account’s for admins alone', () => {
    const details = (but: Partial<Request>, rank: 'admin' | 'helper', of?: Pass) =>
      read(cardDetails(t, request(but), rank, of));
    expect(details({ adminAccount: true }, 'helper')).toBe(read([t('account.administratorOnly')]));
    expect(details({ adminAccount: true }, 'admin')).toContain(figures);
    expect(details({}, 'helper')).toMatch(/locked[^]*192\.168\.1\.20[^]*requests:approve/);
    expect(details({ state: 'done', decidedBy: dad }, 'admin')).not.toContain('locked ·');
    expect(details({ state: 'failed', failure: 'jellyfinTimeout' }, 'admin')).toContain(
      t.withFix('jellyfinTimeout')[0],
    );
    expect(details({ state: 'done' }, 'admin', pass())).toMatch(/<t:61:[^]*status:end-pass:4/);
  });
});

describe('who asked reads', () => {
  const messages = (of?: Pass) =>
    new DiscordRequestMessages({
      ...{
        sentencesFor: () => t,
        roles,
        passes: { ofRequest: () => of },
        guildId: '1',
        publicUrl: 'https://watch.example',
      },
      writtenAbout: () => ({ pins: true, lockouts: 'yes' }),
    } as never);
  const outcome = (but: Partial<Request>, of?: Pass) => read(messages(of).outcome(request(but)));

  test('how it ended, with what helps next, and no more', () => {
    const done = outcome({ kind: 'unlock', state: 'done' });
    expect(done).toMatch(/is unlocked[^]*https:\/\/watch\.example[^]*signin:open/);
    expect(outcome({ kind: 'enable', state: 'done' })).not.toContain('signin:open');
    expect(outcome({ kind: 'unlock', state: 'expired' })).not.toMatch(/signin:open|watch\.example/);
    expect(outcome({ state: 'approved', delivery: 'button' })).toMatch(/is approved[^]*resetpw:show:5/);
    expect(outcome({ state: 'approved', delivery: 'dm' })).not.toContain('resetpw:show');
    expect(outcome({ state: 'failed', delivery: 'button' })).not.toContain('resetpw:show');
    expect(outcome({ state: 'done', delivery: 'button' })).not.toContain('resetpw:show');
    expect(outcome({ state: 'denied' })).toContain('ask an admin if you do not know why');
    expect(outcome({ state: 'denied', reason: 'not now' })).toMatch(/was denied\.[^]*They say: not now/);
    expect(outcome({ state: 'expired', reason: 'not now' })).not.toContain('not now');
    expect(outcome({ state: 'failed', failure: 'jellyfinTimeout' })).toContain('The admins can see it and try again.');
    expect(outcome({ state: 'failed', origin: 'direct' })).toContain('Please ask again');
    expect(outcome({ state: 'cancelled', decidedBy: dad })).toContain('is not needed any more');
    expect(outcome({ kind: 'link', state: 'done' })).toContain('link:not-these');
    expect(outcome({ kind: 'link', state: 'denied' })).not.toContain('link:not-these');
    for (const each of ['done', 'denied', 'expired'] as const)
      expect(outcome({ state: each })).toContain(`status:check:5`);
  });

  test('the same as part of an answer', () => {
    const inReply = (but: Partial<Request>) => read(messages().outcomeInReply(request(but)));
    expect(inReply({ kind: 'link', state: 'done' })).toContain('link:not-these');
    expect(inReply({ kind: 'link', state: 'denied' })).not.toContain('link:not-these');
    const waits = inReply({ state: 'approved', delivery: 'button' });
    expect(waits).toContain('resetpw:show:5');
    expect(waits).toContain(`"accent_color":${colours.waiting}`);
    expect(inReply({ state: 'done', delivery: 'answer' })).not.toContain('resetpw:show');
  });

  test('until when they are let in, and that it is over', () => {
    const let_in = { kind: 'pass', state: 'done', pass: { restriction: 'remote', lasts: 'hour' } } as const;
    expect(outcome(let_in, pass())).toMatch(/<t:61:[^]*status:end-pass:4/);
    expect(outcome({ ...let_in, state: 'failed' }, pass())).not.toContain('status:end-pass');
    expect(outcome(let_in, pass({ endedAt: 5, end: 'putBack' }))).not.toContain('status:end-pass');
    const over = (but: Partial<Request>, of?: Pass) => messages(of).outcomeOver(request({ ...let_in, ...but }));
    expect(over({}, pass({ endedAt: 5, end: 'putBack' }))).toBeDefined();
    for (const each of [undefined, pass(), pass({ endedAt: 5, end: 'forGood' })])
      expect(over({}, each)).toBeUndefined();
    expect(over({ state: 'failed' }, pass({ endedAt: 5, end: 'putBack' }))).toBeUndefined();
  });

  test('that it waits, and what a password alone may not do', () => {
    const asked = (but: Partial<Request>, more: object = {}) =>
      read(askedAnswer(t, { request: request(but), isNew: true, isReaching: true, endsAt: 5000, ...more }));
    expect(asked({})).toMatch(/I have asked the admins for a new password[^]*<t:5:R>[^]*requests:cancel:5/);
    expect(asked({}, { isNew: false })).toContain('already, and it is still waiting');
    expect(asked({}, { isReaching: false })).toMatch(/I could not reach the admins(?![^]*<t:5:R>)/);
    expect(asked({ state: 'approved', delivery: 'button' })).toContain('resetpw:show:5');
    expect(asked({ state: 'approved', delivery: 'dm' })).toContain('is being done');
    expect(asked({ delivery: 'button' })).not.toContain('resetpw:show');
    const isLimited = { snapshot: { ...request().snapshot, isLimited: true } } as Partial<Request>;
    expect(asked(isLimited)).toContain('A new password alone may not let you in');
    expect(asked({ ...isLimited, kind: 'unlock' })).not.toContain('A new password alone');
    expect(asked({})).not.toContain('A new password alone');
  });
});

test('of what waits helpers decide what is theirs, and read of the rest who does', () => {
  const line = (but: Partial<Request>, rank: 'admin' | 'helper', owners: string[] = []) =>
    read(waitingLines(t, [request(but)], rank, () => ({ asker: undefined, owners }), 6));
  expect(line({}, 'helper')).toContain('requests:approve:5');
  expect(line({ adminAccount: true }, 'helper')).toContain(t('status.adminsDecide'));
  expect(line({ adminAccount: true }, 'helper')).not.toContain('custom_id'.slice(0, 6) + ':approve');
  expect(line({ adminAccount: true }, 'admin')).toContain('requests:approve:5');
  const byName = { linksOnApproval: true, accountId: '' };
  const at = { channelId: '77', messageId: '1' };
  expect(line({ ...byName, card: at }, 'admin')).toMatch(/<#77>(?![^]*requests:approve)/);
  expect(line(byName, 'admin')).toContain(t('requestCard.noCandidates').slice(0, 30));
  expect(line({ ...byName, offeredId: 'a' }, 'admin', [uncle])).toMatch(
    /Already linked to <@\d+>[^]*requests:approve:5:3/,
  );
  expect(line({ card: at }, 'admin')).not.toContain('<#77>');
  expect(line({ ...byName, offeredId: 'a', card: at }, 'admin')).not.toContain('<#77>');
});

test.each<[string, Partial<Request>, string[]]>([
  ['a password that was asked for', { state: 'done', decidedBy: dad }, [uncle]],
  ['one that a helper who owns it gave', { state: 'done', origin: 'direct', decidedBy: uncle }, ['admins']],
  ['one that somebody gave', { state: 'done', origin: 'direct', decidedBy: dad }, [uncle, 'admins']],
  ['one that could not be given', { state: 'failed', origin: 'direct', decidedBy: dad }, [uncle]],
  ['a new provider', { kind: 'provider', state: 'done', decidedBy: dad }, [uncle]],
  ['an unlock', { kind: 'unlock', state: 'done', origin: 'direct', decidedBy: dad }, []],
  ['an unlock that links', { kind: 'unlock', state: 'done', linksOnApproval: true, decidedBy: dad }, [uncle]],
  ['a pass that an admin gave', { kind: 'pass', state: 'done', origin: 'direct', decidedBy: dad }, [uncle]],
  ['a pass that was asked for', { kind: 'pass', state: 'done', decidedBy: dad }, []],
  ['a link', { kind: 'link', state: 'done', origin: 'direct', decidedBy: dad }, ['admins']],
  ['a link by proof', { kind: 'link', state: 'done', origin: 'direct', decidedBy: maya }, []],
  ['what names no account yet', { kind: 'link', linksOnApproval: true, accountId: '', state: 'denied' }, []],
  ['what offers one', { kind: 'link', linksOnApproval: true, accountId: '', offeredId: 'a', state: 'done' }, [uncle]],
])('who else hears of %s', (_, but, told) => {
  const everyOfAccount = () => [maya, uncle].map((memberId) => ({ memberId }));
  expect(ownersToTell({ everyOfAccount } as never, request(but))).toEqual(told);
});
