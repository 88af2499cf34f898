import { expect, test } from 'vitest';
import { DiscordLinkMessages, greeting } from '../../src/commands/links/link-messages.js';
import { DiscordOutageMessages } from '../../src/commands/outages/outage-messages.js';
import { DiscordPassMessages } from '../../src/commands/passes/pass-messages.js';
import { DiscordPasswordMessages, sentAnswer } from '../../src/commands/passwords/password-messages.js';
import { DiscordPinMessages } from '../../src/commands/pins/pin-messages.js';
import { DiscordRescueMessages } from '../../src/commands/rescue/rescue-messages.js';
import { DiscordSignInMessages } from '../../src/commands/sign-in/sign-in-messages.js';
import type { Link } from '../../src/services/accounts/link.js';
import type { LinkNews, LinkNewsKind, LinkProof, ProofOutcome } from '../../src/services/links/link-ports.js';
import type { WrittenAbout } from '../../src/services/members/member-preferences.js';
import type { Outage } from '../../src/services/outages/outages.js';
import type { Pass } from '../../src/services/passes/pass.js';
import type { PasswordNoticeKind, ScrubReason, TempPassword } from '../../src/services/passwords/temp-password.js';
import type { NotSentWhy } from '../../src/services/pins/pin-port.js';
import type { Request } from '../../src/services/requests/request.js';
import { Facts } from '../../src/services/rescue/ladder/attempt.js';
import type { Question } from '../../src/services/rescue/ladder/ports.js';
import type { RescueEnd } from '../../src/services/rescue/ladder/rescue.js';
import type { RescueView } from '../../src/services/rescue/rescue-port.js';
import { each, inKeys, shown } from '../support/shown.js';

/** What people read, to be looked through at once where it changes. */
const read = './in-every-state';
const t = inKeys.in('xx');
const says = () => t;
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const named = <T extends string>(...names: readonly T[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as Record<string, T>;
const request = (but: Partial<Request> = {}) =>
  ({
    ...{ id: 5, kind: 'reset', state: 'done', memberId: maya, accountId: 'a', accountName: 'maya', decidedBy: dad },
    ...{ version: 3, origin: 'asked', delivery: 'dm', ...but },
  }) as Request;

test('of a rescue: what is asked, with what may be answered, and how it ended', async () => {
  const view = (but: Partial<RescueView> = {}): RescueView => ({
    ...{ id: 1, actorId: dad, accountName: 'root', plan: undefined, steps: [], stage: 'working' },
    ...{ question: undefined, unanswered: undefined, ...but },
  });
  const messages = (start?: string) => new DiscordRescueMessages(says, 'latchkey', start);
  const asked = named<Question>(
    ...(['plan', 'knowsPassword', 'restart', 'enableDisabled', 'ownProvider', 'giveRight', 'unseen'] as const),
  );
  const card = (but: Partial<RescueView>) => shown(messages().card(view(but)));
  await expect(
    [
      each(asked, (name) => card({ question: { number: 2, name, params: undefined } })),
      each(named('looking', 'working', 'over', 'cutShort'), (stage) => card({ stage })),
      each({ begun: 'begun', done: 'done', failed: 'failed' } as const, (outcome) =>
        card({ steps: [{ rung: 'api', name: 'find', outcome }] as never }),
      ),
    ].join('\n\n'),
  ).toMatchFileSnapshot(`${read}/rescue-card.txt`);
  const byHand = { rungs: [{ rung: 'db', open: false, note: 'dbStopByHand' }], location: {}, target: { name: 'root' } };
  const line = (latchkey: string) =>
    shown(new DiscordRescueMessages(says, latchkey, undefined).card(view({ plan: byHand as never })))
      .split('\n')
      .find((each) => each.includes('--server-is-stopped'));
  expect([line('latchkey'), line('docker compose run --rm latchkey')]).toEqual([
    '| latchkey rescue root --server-is-stopped',
    `| docker compose stop jellyfin && docker compose run --rm latchkey rescue root --server-is-stopped; docker compose start jellyfin`,
  ]);
  const long = Array.from({ length: 300 }, () => ({ rung: 'api', name: 'find', outcome: 'begun' }));
  expect(messages().card(view({ steps: long as never })).embeds?.[0]?.description).toMatch(/^….{3900}$/s);
  const end = (but: Partial<RescueEnd> = {}): RescueEnd => ({ ...new Facts(), outcome: 'backIn', ...but });
  const ends: Record<string, readonly [Partial<RescueEnd>, Partial<RescueView>?, boolean?]> = {
    'back in': [{}],
    'not yet, as nobody answered': [{ outcome: 'notYet' }, { unanswered: 'expired' }],
    'not yet, and a key may be left': [{ outcome: 'notYet' }, {}, true],
    cancelled: [{ outcome: 'cancelled' }],
  };
  const last = ([but, of = {}, mayLeaveKey = false]: (typeof ends)[string]) =>
    shown(messages().last(view(of), end(but), mayLeaveKey));
  const short = { mayHaveSet: false, mayLeaveKey: false };
  const cut = {
    nothing: short,
    'a password': { ...short, mayHaveSet: true },
    'a key': { ...short, mayLeaveKey: true },
  };
  await expect(
    [
      each(ends, last),
      each(cut, (of) => shown(messages().cutShort(view(), of))),
      each({ 'left stopped': undefined, 'by a command': 'systemctl start jellyfin' }, (start) =>
        [messages(start).leftStopped('root'), messages(start).leftStopped(undefined)].map(shown).join('\n'),
      ),
      shown(messages().noRight(view())),
      shown(messages().unreadableRecord('a_b')),
    ].join('\n\n'),
  ).toMatchFileSnapshot(`${read}/rescue-end.txt`);
});

test('of links: the greeting promises what will be written about, and nothing else', async () => {
  const link = { memberId: maya, accountId: 'a', accountName: 'maya' } as Link;
  const about = (pins: boolean, lockouts: WrittenAbout['lockouts']) => ({ pins, lockouts });
  const wishes = named<WrittenAbout['lockouts']>('wanted', 'unwanted', 'never');
  const greetings = (pins: boolean) => each(wishes, (lockouts) => shown(greeting(t, link, about(pins, lockouts))));
  const messages = new DiscordLinkMessages(says, () => about(true, 'wanted'), ['8']);
  const kinds = named<LinkNewsKind>(
    ...(['proved', 'unlinked', 'left', 'back', 'dropped', 'unproved', 'renamed', 'deleted'] as const),
  );
  const news = (kind: LinkNewsKind): LinkNews => ({
    kind,
    memberId: maya,
    accountName: 'maya',
    newName: 'mia',
    removedBy: dad,
  });
  const nobodys: LinkNews = { kind: 'otherServer', memberId: '', accountName: 'maya' };
  const outcomes = named<ProofOutcome>(
    ...(['linked', 'already', 'refused', 'bySignIn', 'expired', 'replaced', 'quickConnectOff', 'failed'] as const),
  );
  const proof = (outcome?: ProofOutcome) =>
    ({ id: 4, memberId: maya, accountId: 'a', accountName: 'maya', outcome }) as LinkProof;
  const many = Array.from({ length: 17 }, () => news('left'));
  await expect(
    [
      ...[greetings(true), greetings(false), shown(messages.greetingInReply(link)), shown(messages.unproved(link))],
      ...[shown(messages.unlinked(3, news('unlinked'))), each(kinds, (kind) => shown(messages.news(2, [news(kind)])))],
      ...[shown(messages.news(2, [nobodys])), shown(messages.news(2, [news('left'), news('back')]))],
      shown(messages.news(2, many)),
      each(outcomes, (outcome) => shown(messages.proofEnded(proof(outcome)))),
      ...[shown(messages.proofEnded(proof())), shown(messages.proofRefused(proof('refused')))],
    ].join('\n\n'),
  ).toMatchFileSnapshot(`${read}/links.txt`);
});

test('of a password: where it stands, what covers it, and what its owner hears of it', async () => {
  const [here, away] = ['https://watch.example', undefined].map((url) => new DiscordPasswordMessages(says, url));
  if (!here || !away) throw new Error('no messages');
  const reasons = named<ScrubReason>(
    ...(['own set', 'superseded', 'replaced', 'expired', 'cut off', 'unknown', 'gone', 'unlinked'] as const),
  );
  const limited = request({ snapshot: { isLimited: true } as never });
  const message = { channelId: '1', messageId: '2' };
  const passwords: Record<string, readonly [PasswordNoticeKind, Partial<TempPassword>, Partial<Request>?]> = {
    'stands above': ['passwordReminder1', { message }],
    'is covered': ['passwordReminder1', { message, scrubbedAt: 1 }],
    'was never sent': ['passwordReminder2', {}],
    'was used': ['passwordReminder1', { message, usedAt: 1 }],
    'may have been used': ['passwordReminder1', { message, isBlind: true, usedAt: 1 }],
    'is over': ['passwordEnd', { end: 'expired' }],
    'was cut off': ['passwordEnd', { end: 'cut off' }],
    'ended somehow': ['passwordEnd', { end: 'gone' }],
    'was handed over': ['passwordEnd', { end: 'expired' }, { delivery: 'answer' }],
  };
  const notice = ([kind, of, but]: (typeof passwords)[string]) =>
    shown(here.notice(kind, { expiresAt: 9000, ...of } as TempPassword, request(but)));
  const sent: Record<string, readonly [Partial<Request>, string?]> = {
    sent: [{}],
    'to oneself': [{}, maya],
    'waits for a press': [{ state: 'approved', delivery: 'button' }],
    'is on its way': [{ state: 'approved' }],
    failed: [{ state: 'failed', failure: 'jellyfinTimeout' }],
    'failed, for no known reason': [{ state: 'failed' }],
  };
  await expect(
    [
      ...[shown(here.passwordComing(request())), shown(here.passwordShown(request(), 'blue-fox'))],
      ...[shown(away.passwordShown(limited, 'blue-fox')), shown(here.passwordNotShown(request()))],
      each(reasons, (why) => shown(here.passwordScrubbed(request(), why))),
      each(passwords, notice),
      shown(here.noticeAnnounced('passwordEnd', request())),
      shown(here.noticeAnnounced('passwordEnd', request({ delivery: 'answer' }))),
      shown(here.reminderOver(request())),
      each(sent, ([but, by = dad]) => shown(sentAnswer({ t, actor: { id: by } } as never, request(but)))),
    ].join('\n\n'),
  ).toMatchFileSnapshot(`${read}/passwords.txt`);
});

test('of PINs, of devices that were signed in, of passes and of an outage', async () => {
  const pins = new DiscordPinMessages(says);
  const found = { file: 'passwordreset.json', userName: 'maya', pin: '12-AB-34-CD', expiresAt: 9000, hasStray: false };
  const pin = (but: object) => ({ ...found, writtenAt: 1, ...but }) as never;
  const why = named<NotSentWhy>('closed', 'tooMany');
  const told = (recipientId: string) => ({ recipientId, accountName: 'maya' }) as never;
  const devices = new DiscordSignInMessages(says, ['8']);
  const signIn = { id: 3, memberId: dad, accountId: 'a', accountName: 'maya' } as never;
  const denied = { ...(signIn as object), deniedBy: maya };
  const passes = new DiscordPassMessages(says);
  const pass = (but: Partial<Pass>) =>
    ({ id: 4, accountId: 'a', restriction: 'remote', openedAt: 1000, ...but }) as Pass;
  const outages = new DiscordOutageMessages(says);
  const outage = (but: Partial<Outage>) =>
    ({ id: 2, code: 'jellyfinTimeout', params: {}, begunAt: 5000, ...but }) as Outage;
  await expect(
    [
      ...[shown(pins.toOwner(6, maya, pin({}), false)), shown(pins.toOwner(6, maya, pin({ hasStray: true }), false))],
      shown(pins.toOwner(6, maya, pin({}), true)),
      each(why, (each) => shown(pins.toAdmins(pin({}), each))),
      ...[shown(pins.badFile('a_b')), shown(pins.clock(180_000)), shown(pins.notMe(told(maya)))],
      ...(['used', 'expired', 'notTheirs'] as const).map((how) => shown(pins.over(told(maya), how))),
      shown(pins.over(told('admins'), 'used')),
      ...[shown(devices.signedIn(maya, signIn)), shown(devices.signInDenied(denied as never))],
      shown(devices.signInDenied({ ...denied, signedOutAt: 9 } as never)),
      shown(passes.stillOpen(pass({ failure: 'jellyfinTimeout' }), request())),
      shown(passes.stillOpen(pass({ openedAt: undefined }), request())),
      shown(passes.endedEarly(maya, pass({ end: 'changed', endedBy: dad }), request())),
      shown(passes.endedEarly(maya, pass({}), request())),
      ...(['putBack', 'changed'] as const).map((end) => shown(passes.closedNow(pass({ end }), request()))),
      each(named('jellyfinKeyRefused', 'jellyfinKeyNotAdmin', 'jellyfinUnreachable', 'jellyfinStarting'), (code) =>
        shown(outages.card(outage({ code }))),
      ),
      ...[shown(outages.card(outage({}))), shown(outages.card(outage({ code: 'jellyfinTooOld' })))],
      ...[shown(outages.card(outage({ endedAt: 8000 }))), shown(outages.oldApps())],
    ].join('\n\n'),
  ).toMatchFileSnapshot(`${read}/others.txt`);
});
