import { describe, expect, test } from 'vitest';
import { cardDetails, requestCard } from '../../src/commands/requests/request-card.js';
import { DiscordRequestMessages } from '../../src/commands/requests/request-messages.js';
import { askedAnswer, waitingLines, waitingPage } from '../../src/commands/requests/waiting-requests.js';
import { answer } from '../../src/discord/parts.js';
import type { Pass } from '../../src/services/passes/pass.js';
import type { CardFacts } from '../../src/services/requests/request-deps.js';
import type { Request } from '../../src/services/requests/request.js';
import { anAccount } from '../support/an-account.js';
import { each, inKeys, shown } from '../support/shown.js';

/** What people read, to be looked through at once where it changes. */
const read = './in-every-state';
const t = inKeys.in('xx');
const [maya, dad, uncle] = ['100000000000000001', '100000000000000002', '100000000000000003'];
const roles = { adminRoleIds: ['8'], helperRoleIds: ['9'] };

const request = (but: Partial<Request> = {}): Request =>
  ({
    ...{ id: 5, kind: 'reset', state: 'pending', memberId: maya, accountId: 'a', accountName: 'maya' },
    ...{ linksOnApproval: false, adminAccount: false, createdAt: 60_000, version: 3, origin: 'asked', attempts: 0 },
    snapshot: { state: 'locked', failedSignIns: 3, signInLimit: 3, address: '192.168.1.20' },
    ...but,
  }) as Request;
const facts = (but: Partial<CardFacts> = {}): CardFacts =>
  ({ ...{ candidates: [], owners: [], sharedWith: [], earlier: { count: 0 }, named: undefined }, ...but }) as CardFacts;
const pass = (but: Partial<Pass> = {}): Pass =>
  ({ id: 4, requestId: 5, restriction: 'remote', openedAt: 1000, endsAt: 61_000, signedIn: [], ...but }) as Pass;
const letIn = { kind: 'pass', pass: { restriction: 'remote', lasts: 'hour' } } as const;

type Case = Partial<Request>;
const states: Record<string, Case> = {
  pending: {},
  approved: { state: 'approved', decidedBy: dad },
  'approved, waits for a press': { state: 'approved', decidedBy: dad, delivery: 'button' },
  done: { state: 'done', decidedBy: dad },
  failed: { state: 'failed', decidedBy: dad, failure: 'jellyfinKeyRefused' },
  'failed, for no known reason': { state: 'failed', decidedBy: dad, origin: 'direct' },
  denied: { state: 'denied', decidedBy: dad },
  'denied with a reason': { state: 'denied', decidedBy: dad, denyReason: 'later', reason: 'not now' },
  cancelled: { state: 'cancelled' },
  overtaken: { state: 'cancelled', decidedBy: dad },
  expired: { state: 'expired' },
  'unlocked by oneself': { kind: 'unlock', state: 'done', decidedBy: maya },
  'unlocked by oneself, in vain': { kind: 'unlock', state: 'failed', decidedBy: maya },
  'let in, in vain': { ...letIn, state: 'failed', origin: 'direct', decidedBy: dad },
  'from nobody knows where': { snapshot: { state: 'open', failedSignIns: 0, signInLimit: 0 } as never },
};

describe('the card of a request, as admins and helpers read it', () => {
  const card = (but: Case, more: Partial<CardFacts> = {}, reminder = false, of?: Pass) =>
    shown(requestCard(t, request(but), facts(more), roles, reminder, of));

  test('in every state', async () => {
    await expect(each(states, card)).toMatchFileSnapshot(`${read}/card.txt`);
    expect(card({}, {}, true).split('\n')[0]).toMatchInlineSnapshot(
      `"requestCard.reminder <@100000000000000001> kinds.reset maya <@&9> <@&8>"`,
    );
  });

  test('of an administrator’s account says no more than that to helpers', async () => {
    const of = (name: string): Case => ({ ...states[name], adminAccount: true });
    await expect(each({ pending: of('pending'), failed: of('failed'), done: of('done') }, card)).toMatchFileSnapshot(
      `${read}/card-of-administrator.txt`,
    );
    const details = (but: Case) => shown(answer(cardDetails(t, request(but), 'admin', undefined)));
    expect(details({ ...of('pending'), snapshot: undefined }).split('\n')).toHaveLength(2);
    await expect(each({ pending: of('pending'), failed: of('failed'), done: of('done') }, details)).toMatchFileSnapshot(
      `${read}/details.txt`,
    );
  });

  const byName: Case = { linksOnApproval: true, accountId: '', snapshot: undefined };
  const asker = { memberId: maya, name: 'Maya', username: 'maya_', alike: [], isDisguised: false };
  const named = (but: object = {}) =>
    ({ kind: 'account', account: anAccount({ name: 'maya', id: 'a', ...but }) }) as const;

  test('of somebody who is linked to nothing says who they are, and what is free', async () => {
    const cases: Record<string, readonly [Case, object]> = {
      'nothing is free': [byName, { asker }],
      'their name stands for an account': [
        byName,
        { asker: { ...asker, joinedAt: 5000 }, named: named(), candidates: [{ id: 'a', name: 'maya' }] },
      ],
      'and for an administrator’s': [byName, { asker, named: named({ isAdministrator: true }) }],
      'some are free': [byName, { asker, candidates: [{ id: 'a', name: 'maya' }] }],
      'they want to be linked': [
        { ...byName, kind: 'link', accountName: '' },
        { candidates: [{ id: 'a', name: 'm' }] },
      ],
      'an owner has it already': [byName, { named: named(), owners: [uncle], candidates: [{ id: 'b', name: 'bob' }] }],
      'they could not be reached': [{ state: 'done', deliveryStatus: 'unreachable' }, { sharedWith: [uncle] }],
    };
    await expect(each(cases, ([but, more]) => card(but, more))).toMatchFileSnapshot(`${read}/card-by-name.txt`);
  });

  test('with a pass says how that stands', async () => {
    const cases: Record<string, Partial<Pass>> = {
      open: {},
      'ended early': { endedAt: 30_000, end: 'putBack', endedBy: dad },
      'ended by time': { endedAt: 61_000, end: 'putBack' },
      'changed elsewhere': { endedAt: 30_000, end: 'changed' },
      'for good': { endsAt: undefined, endedAt: 1000, end: 'forGood' },
      'cannot be ended': { failure: 'jellyfinTimeout' },
    };
    const done = { ...letIn, ...states.done };
    await expect(each(cases, (of) => card(done, {}, false, pass(of)))).toMatchFileSnapshot(
      `${read}/card-with-pass.txt`,
    );
  });
});

describe('whoever asked reads', () => {
  const messages = (of?: Pass, lockouts: 'wanted' | 'unwanted' | 'never' = 'wanted') =>
    new DiscordRequestMessages({
      sentencesFor: () => t,
      discord: { ...roles, guildId: '1', adminChannelId: '7' },
      ...{ passes: { ofRequest: () => of }, publicUrl: 'https://watch.example' },
      writtenAbout: () => ({ pins: true, lockouts }),
    });

  test('how it stands, in a message of its own', async () => {
    const outcome = (but: Case) => shown(messages().outcome(request(but)));
    await expect(each(states, outcome)).toMatchFileSnapshot(`${read}/outcome.txt`);
    const kinds = { unlock: { kind: 'unlock' }, enable: { kind: 'enable' }, link: { kind: 'link' } } as const;
    expect(each(kinds, (but) => outcome({ ...states.done, ...but }))).toMatchInlineSnapshot(`
      "-- unlock
      told.done.unlock maya
      [https://watch.example buttons.openJellyfin link] [signin:open:a buttons.signIn secondary] [status:check:5:3 buttons.showAccount secondary]

      -- enable
      told.done.enable maya
      [https://watch.example buttons.openJellyfin link] [status:check:5:3 buttons.showAccount secondary]

      -- link
      told.done.link maya {{resetpw}} {{unlock}}
      | (good)
      | greeting.about
      [link:not-these:a buttons.notThese secondary] [status:check:5:3 buttons.showAccount secondary]"
    `);
    const link = request({ ...states.done, kind: 'link' });
    expect(shown(messages(undefined, 'never').outcome(link))).toMatchInlineSnapshot(`
      "told.done.link maya {{resetpw}} {{unlock}}
      | (good)
      | greeting.aboutPins
      [status:check:5:3 buttons.showAccount secondary]"
    `);
  });

  test('the same in an answer, and in the channel without a detail', () => {
    const { done, denied, failed, ...others } = states;
    const cases = {
      pending: {},
      'waits for a press': others['approved, waits for a press'] ?? {},
      done,
      denied,
      failed,
    };
    expect(each(cases, (but) => shown(messages().outcomeInReply(request(but))))).toMatchInlineSnapshot(`
      "-- pending
      (waiting)
      asked.again 60

      -- waits for a press
      (waiting)
      told.approved maya
      [resetpw:show:5 buttons.showPassword primary]

      -- done
      (good)
      told.done.reset maya

      -- denied
      (quiet)
      told.deniedUnsaid kinds.reset maya

      -- failed
      (bad)
      told.failed kinds.reset maya errors.jellyfinKeyRefused
      told.failedNext"
    `);
    expect(each(cases, (but) => shown(messages().outcomeAnnounced(request(but))))).toMatchInlineSnapshot(`
      "-- pending
      told.inPlace {{status}} <@100000000000000001>
      [status:check:5:3 buttons.showAccount secondary]

      -- waits for a press
      told.inPlacePassword <@100000000000000001>
      [resetpw:show:5 buttons.showPassword primary]

      -- done
      told.inPlace {{status}} <@100000000000000001>
      [status:check:5:3 buttons.showAccount secondary]

      -- denied
      told.inPlace {{status}} <@100000000000000001>
      [status:check:5:3 buttons.showAccount secondary]

      -- failed
      told.inPlace {{status}} <@100000000000000001>
      [status:check:5:3 buttons.showAccount secondary]"
    `);
    expect(shown(messages().announcementOver(maya))).toMatchInlineSnapshot(`"told.inPlaceOver"`);
  });

  test('until when they are let in, and how that ended', () => {
    const done = request({ ...letIn, ...states.done });
    expect(shown(messages(pass()).outcome(done))).toMatchInlineSnapshot(`
      "told.done.pass maya remote hour
      | (good)
      | pass.until 61
      [https://watch.example buttons.openJellyfin link] [status:end-pass:4 buttons.passEnd secondary] [status:check:5:3 buttons.showAccount secondary]"
    `);
    const ends = { putBack: 'putBack', changed: 'changed', forGood: 'forGood' } as const;
    const over = (end: Pass['end']) => shown(messages(pass({ endedAt: 5000, end })).outcomeOver(done));
    expect(each(ends, over)).toMatchInlineSnapshot(`
      "-- putBack
      pass.ended.putBack
      [status:check:5:3 buttons.showAccount secondary]

      -- changed
      pass.ended.changed
      [status:check:5:3 buttons.showAccount secondary]

      -- forGood
      nothing"
    `);
  });

  test('that it waits', async () => {
    const asked = (but: Case, more: object = {}, why?: string) =>
      shown(askedAnswer(t, { request: request(but), isNew: true, isReaching: true, endsAt: 9000, ...more }, why));
    const cases: Record<string, readonly [Case, object?, string?]> = {
      'is new': [{}],
      'is not new': [{}, { isNew: false }],
      'of whom nobody hears': [{}, { isReaching: false }, 'why'],
      'by a name': [{ kind: 'unlock', linksOnApproval: true }],
      'by a name, again': [{ kind: 'unlock', linksOnApproval: true }, { isNew: false }],
      'a link': [{ kind: 'link', linksOnApproval: true }],
      'a pass': [letIn],
      'is being done': [{ state: 'approved' }],
    };
    await expect(each(cases, (of) => asked(...of))).toMatchFileSnapshot(`${read}/asked.txt`);
  });
});

test('what waits is listed for those who decide, six on a page', () => {
  const page = (waiting: Request[], at: number, rank: 'admin' | 'helper' = 'admin') =>
    shown(answer(waitingPage(t, waiting, rank, () => ({ asker: undefined, owners: [] }), at)));
  const byName = { linksOnApproval: true, accountId: '' };
  const card = { channelId: '77', messageId: '1' };
  const waiting = [request(), request({ ...byName, card }), request({ ...byName, offeredId: 'a' }), request(byName)];
  expect(page(waiting, 0)).toMatchInlineSnapshot(`
    "requestCard.waiting 4
    ---
    status.waitingLine 100000000000000001 kinds.reset maya 60
    [requests:approve:5 buttons.approve success] [requests:deny:5 buttons.deny danger]
    ---
    status.waitingLine 100000000000000001 kinds.reset maya 60
    status.pickOnCard <#77>
    [requests:deny:5 buttons.deny danger]
    ---
    status.waitingLine 100000000000000001 kinds.reset maya 60
    [requests:approve:5:3 buttons.approveLink success] [requests:deny:5 buttons.deny danger]
    ---
    status.waitingLine 100000000000000001 kinds.reset maya 60
    requestCard.noCandidates {{link}}
    [requests:deny:5 buttons.deny danger]"
  `);
  expect(page(waiting.slice(0, 2), 0, 'helper')).toMatchInlineSnapshot(`
    "requestCard.waiting 2
    ---
    status.waitingLine 100000000000000001 kinds.reset maya 60
    [requests:approve:5 buttons.approve success] [requests:deny:5 buttons.deny danger]
    ---
    status.waitingLine 100000000000000001 kinds.reset maya 60
    status.adminsDecide"
  `);
  const many = Array.from({ length: 13 }, (_, id) => request({ id }));
  const [first, second, last] = [0, 1, 9].map((at) => page(many, at).split('\n').at(-1));
  expect([first, second, last]).toMatchInlineSnapshot(`
    [
      "[requests:page:list:1 buttons.next secondary]",
      "[requests:page:list:0 buttons.previous secondary] [requests:page:list:2 buttons.next secondary]",
      "[requests:page:list:1 buttons.previous secondary]",
    ]
  `);
  expect(page([request()], 0)).not.toContain('requests:page');
  const some = waitingLines(t, many, 'helper', () => ({ asker: undefined, owners: [uncle] }), 2);
  expect([some.length, some.at(-1)]).toEqual([5, t('status.more', { count: 11 })]);
});

test('who may decide hears of a request that nobody else could be told of, and of what was done for somebody', async () => {
  const messages = new DiscordRequestMessages({
    sentencesFor: () => t,
    discord: { ...roles, guildId: '1', adminChannelId: '7' },
  } as never);
  const unposted = { closed: 'closed', noRole: 'noRole' } as const;
  expect(each(unposted, (why) => shown(messages.unposted(dad, request(), why)))).toMatchInlineSnapshot(`
    "-- closed
    unposted.waits <@100000000000000001> kinds.reset maya
    | (waiting)
    | unposted.closed 7
    [requests:list:unposted-5 statusCard.waiting secondary]

    -- noRole
    unposted.waits <@100000000000000001> kinds.reset maya
    | (waiting)
    | unposted.noRole
    [status:check:unposted-5 buttons.showAccount secondary]"
  `);
  await expect(each(states, (but) => shown(messages.unpostedOver(dad, request(but))))).toMatchFileSnapshot(
    `${read}/unposted-over.txt`,
  );
  const done: Record<string, Case> = {
    'handed over': { delivery: 'answer' },
    'for themselves': { decidedBy: maya },
    'for somebody': {},
    'a link': { kind: 'link' },
  };
  expect(each(done, (but) => shown(messages.adminsNotice(request({ ...states.done, ...but }))))).toMatchInlineSnapshot(`
    "-- handed over
    ownerNotice.admins.handed <@100000000000000002> maya
    [link:free:done5 buttons.freeAccounts secondary]

    -- for themselves
    ownerNotice.admins.self <@100000000000000001> maya
    [link:free:done5 buttons.freeAccounts secondary]

    -- for somebody
    ownerNotice.admins.reset <@100000000000000001> maya <@100000000000000002>
    [link:free:done5 buttons.freeAccounts secondary]

    -- a link
    ownerNotice.admins.link <@100000000000000002> <@100000000000000001> maya
    [link:free:done5 buttons.freeAccounts secondary]"
  `);
  const owner: Record<string, readonly [Case, { isLinked?: boolean; mayBeSet?: boolean }?]> = {
    'a password': [{}],
    'a password by another owner': [{ decidedBy: maya }, { isLinked: true }],
    'a password by a helper': [{}, { isLinked: true }],
    'a password that may be set': [{ state: 'failed' }, { mayBeSet: true }],
    'a pass': [letIn],
    'an unlock that links': [{ kind: 'unlock', linksOnApproval: true }],
    'a password that links, in vain': [{ state: 'failed', linksOnApproval: true }],
    'a link by an admin': [{ kind: 'link', linksOnApproval: true, origin: 'direct' }],
    'a link by proof': [{ kind: 'link', linksOnApproval: true, origin: 'direct', decidedBy: maya }],
  };
  const told = ([but, of = {}]: (typeof owner)[string]) =>
    shown(
      messages.ownerNotice(uncle, request({ ...states.done, ...but }), { isLinked: false, mayBeSet: false, ...of }),
    );
  await expect(each(owner, told)).toMatchFileSnapshot(`${read}/owner.txt`);
  expect(shown(messages.movedCard(request({ card: { channelId: '7', messageId: '1' } }), '9'))).toMatchInlineSnapshot(
    `"requestCard.moved https://discord.com/channels/1/7/9"`,
  );
});
