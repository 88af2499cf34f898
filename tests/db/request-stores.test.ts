import { describe, expect, test } from 'vitest';
import type { NewPass } from '../../src/services/passes/pass.js';
import type { NewRequest, RequestState, StateChange } from '../../src/services/requests/request.js';
import { idsOf as ids, message, opened, other } from './opened.js';

/** What was first stays, what is over stays over, and each list has what belongs on it and nothing else. */
const stores = opened();

/** A request of maya's; how it went on where a state is given. */
function ask(given: Partial<NewRequest> = {}, ...states: readonly (readonly [RequestState, StateChange?])[]): number {
  const made = stores.requests.insert({
    ...{ kind: 'unlock', state: 'pending', memberId: 'maya', accountId: 'films', accountName: 'Films' },
    ...{ adminAccount: false, createdAt: 100, origin: 'asked' },
    ...given,
  });
  const id = made?.id ?? 0;
  for (const [to, change] of states)
    stores.requests.move(id, ['pending', 'approved', 'failed'], to, { endedAt: 150, ...change });
  return id;
}
const over = ['done', 'failed', 'denied', 'cancelled', 'expired'] as const;

describe('a request', () => {
  test('that is open is the only one of its kind for the account', () => {
    ask();
    expect(ask()).toBe(0);
    const reset = ask({ kind: 'reset' });
    const pass = { restriction: 'hours', lasts: 'hour' } as const;
    const hours = ask({ kind: 'pass', pass });
    const devices = ask({ kind: 'pass', pass: { restriction: 'devices', lasts: 'hour' } });
    const { requests } = stores;
    expect(requests.open('maya', 'films', 'reset')?.id).toBe(reset);
    expect(requests.open('maya', 'films', 'pass', 'hours')?.id).toBe(hours);
    expect(requests.open('maya', 'films', 'pass', 'devices')?.id).toBe(devices);
    expect(requests.open('maya', 'films', 'pass', 'remote')).toBeUndefined();
    requests.move(hours, ['pending'], 'approved', {});
    expect(requests.open('maya', 'films', 'pass', 'hours')?.id).toBe(hours);
    expect(requests.open('leo', 'films', 'reset')).toBeUndefined();
    expect(requests.open('maya', 'series', 'reset')).toBeUndefined();
    for (const state of over) {
      requests.move(reset, ['pending', 'failed'], state, {});
      expect(requests.open('maya', 'films', 'reset')).toBeUndefined();
    }
  });

  test('is decided once: who was first, and why, stays', () => {
    const id = ask({ snapshot: { state: 'locked', failedSignIns: 3, signInLimit: 3 } });
    const { requests } = stores;
    const denied = { decidedBy: 'dad', decidedAt: 110, endedAt: 110, denyReason: 'later', reason: 'at six' } as const;
    expect(requests.move(id, ['pending'], 'denied', denied)).toMatchObject(denied);
    expect(requests.move(id, ['pending'], 'approved', { decidedBy: 'mum', decidedAt: 111 })).toBeUndefined();
    // Nor is anybody told of a decision that came too late.
    expect(requests.move(id, ['pending'], 'denied', { decidedBy: 'mum', deliveryStatus: 'due' })).toBeUndefined();
    expect(stores.notices.due('outcome', undefined)).toEqual([]);
    expect(requests.byId(id)).toMatchObject({ ...denied, state: 'denied', version: 2 });
    expect(requests.reopen(id, 'mum', 112, false)).toBeUndefined();
    expect(requests.noteAddress(id, '10.0.0.1')).toBeUndefined();
    expect(requests.begin(id)).toBeUndefined();
  });

  test('keeps who decided it, its account and how it is delivered while it goes on', () => {
    const approved = {
      decidedBy: 'dad',
      decidedAt: 110,
      delivery: 'button',
      accountId: 'series',
      accountName: 'S',
    } as const;
    const id = ask({ kind: 'reset' }, ['approved', approved]);
    expect(
      stores.requests.move(id, ['approved'], 'failed', { failure: 'jellyfinAway' as never, endedAt: 120 }),
    ).toMatchObject({
      ...approved,
      endedAt: 120,
    });
  });

  test('by name is not approved for an account for which its member has one already', () => {
    ask();
    const byName = ask({ accountId: '', linksOnApproval: true });
    const { requests } = stores;
    expect(
      requests.move(byName, ['pending'], 'approved', { accountId: 'films', accountName: 'Films' }),
    ).toBeUndefined();
    expect(requests.byId(byName)).toMatchObject({ state: 'pending', accountId: '' });
  });

  test('that failed begins anew where it is approved again, once', () => {
    const id = ask({ kind: 'reset' }, ['approved', { decidedBy: 'dad', decidedAt: 110 }]);
    const { requests } = stores;
    const others = ask({ kind: 'reset', memberId: 'leo' }, ['approved']);
    requests.begin(others);
    requests.begin(id);
    requests.setNotice(id, message);
    expect(requests.byId(id)).toMatchObject({ attempts: 1, notice: message, delivery: 'dm', version: 3 });
    const failed = requests.move(id, ['approved'], 'failed', { failure: 'jellyfinNotApplied', endedAt: 120 });
    expect(failed).toMatchObject({ failure: 'jellyfinNotApplied' });
    const again = { state: 'approved', decidedBy: 'mum', decidedAt: 130, adminAccount: true, attempts: 0, version: 5 };
    const none = { endedAt: undefined, failure: undefined, delivery: undefined, notice: undefined };
    expect(requests.reopen(id, 'mum', 130, true)).toMatchObject({ ...again, ...none });
    const ref = stores.db.prepare('SELECT notice_channel_id AS c, notice_message_id AS m FROM requests WHERE id = ?');
    expect(ref.get(id)).toEqual({ c: null, m: null });
    expect(requests.reopen(id, 'dad', 131, true)).toBeUndefined();
    requests.move(id, ['approved'], 'failed', {});
    ask({ kind: 'reset' });
    // A new one waits already.
    expect(requests.reopen(id, 'mum', 140, true)).toBeUndefined();
  });

  test('by name becomes an ordinary one for an account while it waits, and the card is drawn anew', () => {
    const { requests } = stores;
    const account = { id: 'films', name: 'FILMS', isAdministrator: true } as never;
    const snapshot = { state: 'locked', failedSignIns: 3, signInLimit: 3 } as const;
    const byName = { accountId: '', linksOnApproval: true };
    const id = ask(byName);
    requests.setOffered(id, 'films');
    expect(requests.touchOffering('series')).toEqual([]);
    expect(ids(requests.touchOffering('films'))).toEqual([id]);
    const now = {
      accountId: 'films',
      accountName: 'FILMS',
      linksOnApproval: false,
      offeredId: undefined,
      adminAccount: true,
      snapshot,
    };
    expect(requests.setAccount(id, account, snapshot)).toMatchObject({ ...now, version: 3 });
    expect(requests.setAccount(id, account, snapshot)).toBeUndefined();
    // One of them waits for this account already.
    expect(requests.setAccount(ask(byName), account, snapshot)).toBeUndefined();
    const approved = ask({ ...byName, kind: 'reset' }, ['approved']);
    requests.setOffered(approved, 'films');
    expect(requests.setAccount(approved, account, snapshot)).toBeUndefined();
    expect(ids(requests.touchOffering('films'))).toEqual([]);
    const others = ask({ memberId: 'zoe', snapshot });
    const noted = { snapshot: { ...snapshot, address: '10.0.0.1' }, version: 4 };
    expect(requests.noteAddress(id, '10.0.0.1')).toMatchObject(noted);
    expect(requests.byId(others)).toMatchObject({ snapshot, version: 1 });
    expect(requests.noteAddress(id, '10.0.0.1')).toBeUndefined();
    expect(requests.noteAddress(ask({ memberId: 'leo' }), '10.0.0.1')).toBeUndefined();
  });

  test('is counted after the earlier ones for the same account, or by the same name', () => {
    const done = [['done']] as const;
    ask({ createdAt: 1 }, ...done);
    ask({ createdAt: 2, kind: 'reset' }, ...done);
    ask({ createdAt: 3, kind: 'link' }, ...done);
    ask({ createdAt: 4, origin: 'direct' }, ...done);
    ask({ createdAt: 5, accountId: 'series' }, ...done);
    ask({ createdAt: 6, memberId: 'leo' }, ...done);
    const third = ask({ createdAt: 7 }, ...done);
    ask({ createdAt: 8 });
    expect(stores.requests.earlier(third)).toEqual({ count: 2, last: 2 });
    // An account that has another name now is the same account.
    expect(stores.requests.earlier(ask({ kind: 'reset', accountName: 'Cinema' }, ...done)).count).toBe(4);
    ask({ createdAt: 9, accountId: '', accountName: 'MAYA' }, ...done);
    ask({ createdAt: 10, accountId: '', accountName: 'leo' }, ...done);
    expect(stores.requests.earlier(ask({ accountId: '', accountName: 'Maya' }))).toEqual({ count: 1, last: 9 });
  });

  test('counts as asked by whom it was asked', () => {
    const done = [['done']] as const;
    ask({ createdAt: 10 }, ...done);
    ask({ createdAt: 20 }, ...done);
    ask({ createdAt: 21, origin: 'direct', decidedBy: 'maya' }, ...done);
    ask({ createdAt: 22, origin: 'direct', decidedBy: 'maya', kind: 'link' }, ...done);
    ask({ createdAt: 23, origin: 'direct', decidedBy: 'dad' }, ...done);
    ask({ createdAt: 24, delivery: 'answer' }, ...done);
    ask({ createdAt: 25, memberId: 'leo' }, ...done);
    ask({ createdAt: 30 }, ...done);
    ask({ createdAt: 31 });
    expect(stores.requests.askedBetween('maya', 10, 30)).toEqual([20, 21, 30]);
  });

  test('stands on the lists that it belongs to', () => {
    const { requests } = stores;
    const waiting = ask({ createdAt: 10 });
    const card = (id: number) => requests.setCard(id, message, requests.byId(id)?.version ?? 0, undefined);
    card(waiting);
    const reset = ask({ createdAt: 20, kind: 'reset' });
    card(reset);
    const toShow = ask({ memberId: 'leo', kind: 'reset' }, [
      'approved',
      { decidedBy: 'dad', decidedAt: 50, delivery: 'button' },
    ]);
    const atWork = ask({ memberId: 'zoe' }, ['approved', { decidedBy: 'mum', decidedAt: 60 }]);
    const done = ask({ memberId: 'ben' }, ['done']);
    card(done);
    const own = ask({ memberId: 'ben', origin: 'direct', decidedBy: 'ben' }, ['done', { deliveryStatus: 'told' }]);
    const owed = ask({ memberId: 'tim', origin: 'direct' }, ['failed', { deliveryStatus: 'due' }]);
    const pass = { restriction: 'hours', lasts: 'hour' } as const;
    const opened = ask({ memberId: 'tim', origin: 'direct', kind: 'pass', pass }, ['done']);
    expect(ids(requests.pending())).toEqual([waiting, reset]);
    expect(ids(requests.waiting('reset', 'films'))).toEqual([reset]);
    expect(requests.waiting('reset', 'series')).toEqual([]);
    expect(ids(requests.openOf('maya'))).toEqual([waiting, reset]);
    expect(ids(requests.openOf('zoe'))).toEqual([atWork]);
    expect(requests.openOf('ben')).toEqual([]);
    expect(ids(requests.unfinished())).toEqual([toShow, atWork, owed, opened]);
    expect(requests.byId(own)).toMatchObject({ deliveryStatus: 'told', decidedAt: 100 });
    expect(requests.byId(waiting)?.decidedAt).toBeUndefined();
    stores.notices.owe({ kind: 'unposted', subjectId: `${own}`, recipientId: 'admins' }, 1);
    stores.notices.owe({ kind: 'unposted', subjectId: `${waiting}`, recipientId: 'admins' }, 1);
    expect([own, waiting].map((id) => requests.byId(id)?.deliveryStatus)).toEqual(['told', undefined]);
    const old = ask({ memberId: 'eve', createdAt: 1 }, ['denied']);
    card(old);
    expect(ids(requests.toExpire(10))).toEqual([waiting]);
    expect([ids(requests.toRemind(20)), ids(requests.toRemind(19))]).toEqual([[waiting, reset], [waiting]]);
    requests.setCard(waiting, other, 1, 77);
    requests.setCard(waiting, other, 2, undefined);
    expect(requests.byId(waiting)).toMatchObject({ card: other, cardVersion: 2 });
    expect(ids(requests.toRemind(20))).toEqual([reset]);
    const shown = ask(
      { memberId: 'ida' },
      ['approved', { decidedAt: 40, delivery: 'button' }],
      ['done', { delivery: 'button' }],
    );
    ask({ memberId: 'ulf' }, ['approved', { decidedAt: 40, delivery: 'dm' }]);
    expect(requests.byId(shown)?.delivery).toBe('button');
    const later = ask({ memberId: 'amy' }, ['approved', { decidedAt: 45, delivery: 'button' }]);
    expect(ids(requests.uncollected(50))).toEqual([toShow, later]);
    expect(requests.uncollected(44)).toEqual([]);
    expect(requests.move(later, ['approved'], 'done', {})?.state).toBe('done');
    expect(ids(requests.uncollected(50))).toEqual([toShow]);
    const carded = (id: number) => ids(requests.unfinished()).includes(id);
    requests.setCard(reset, message, 1, undefined);
    expect(carded(reset)).toBe(false);
    expect(requests.touch(reset)?.version).toBe(2);
    // Its card shows what it was, and is drawn anew; no other is.
    expect([carded(reset), carded(done), requests.byId(done)?.version]).toEqual([true, false, 2]);
    const byHand = ask({ memberId: 'kim', origin: 'direct' }, ['approved']);
    expect(carded(byHand)).toBe(true);
    expect(ids(requests.toExpire(20))).toEqual([waiting, reset]);
    const leos = ask({ memberId: 'leo', accountId: 'films', kind: 'pass' });
    const zoes = ask({ memberId: 'zoe', accountId: 'films', kind: 'pass' });
    expect(ids(requests.waiting('pass', 'films'))).toEqual([leos, zoes]);
    expect(requests.uncollected(49)).toEqual([]);
    const busy = ['maya', 'leo', 'dad', 'zoe', 'mum', 'ben'].filter((each) => requests.isWorkedOnFor(each));
    expect(busy).toEqual(['zoe', 'mum']);
  });
});

describe('a pass', () => {
  const hours = (given: Partial<NewPass> = {}): NewPass => ({
    ...{ requestId: 1, accountId: 'films', restriction: 'hours', before: { accessSchedules: [] } },
    ...{ devicesBefore: undefined, ...given },
  });

  test('that has not ended is the only one for the account and what it opens', () => {
    const { passes } = stores;
    ask();
    const first = passes.begin(hours())?.id ?? 0;
    expect(passes.begin(hours())).toBeUndefined();
    const second = ask({ kind: 'reset' });
    const remote = passes.begin(hours({ restriction: 'remote' }))?.id ?? 0;
    const elsewhere = passes.begin(hours({ accountId: 'series' }))?.id ?? 0;
    expect(ids(passes.ofAccount('films'))).toEqual([first, remote]);
    passes.end(first, 'putBack', 200);
    expect(ids(passes.ofAccount('films'))).toEqual([remote]);
    expect(ids(passes.open())).toEqual([remote, elsewhere]);
    const anew = passes.begin(hours())?.id ?? 0;
    // Opened again for the same request, the newer counts.
    expect([passes.ofRequest(1)?.id, passes.ofRequest(second)]).toEqual([anew, undefined]);
    expect(passes.byId(remote)?.restriction).toBe('remote');
    passes.putsBack(remote, { remoteAccess: true });
    expect(passes.open().map(({ putsBack }) => putsBack)).toEqual([{ remoteAccess: true }, undefined, undefined]);
  });

  test('is opened once, and ended by whoever was first', () => {
    const { passes } = stores;
    ask();
    const id = passes.begin(hours())?.id ?? 0;
    const known = { known: ['tv'], log: undefined };
    passes.fail(id, 'jellyfinTooOld');
    expect(passes.beginAgain(id, { remoteAccess: false }, known)).toBe(true);
    expect(passes.byId(id)).toMatchObject({ devicesBefore: { known: ['tv'] }, failure: undefined });
    expect(passes.fail(id, 'jellyfinNotApplied')).toBe(true);
    // The history has it once.
    expect(passes.fail(id, 'jellyfinNotApplied')).toBe(false);
    expect(passes.opened(id, 110, 500)).toMatchObject({ openedAt: 110, endsAt: 500, failure: undefined });
    expect(passes.opened(id, 120, 900)).toBeUndefined();
    expect(passes.beginAgain(id, { remoteAccess: true }, undefined)).toBe(false);
    expect(passes.endEarly(id, 'dad')).toBe(true);
    expect(passes.endEarly(id, 'mum')).toBe(false);
    const kept = { openedAt: 110, endsAt: 500, endedBy: 'dad', before: { remoteAccess: false } };
    expect(passes.byId(id)).toMatchObject(kept);
  });

  test('that is over stays as it ended', () => {
    const { passes } = stores;
    ask();
    const id = passes.begin(hours())?.id ?? 0;
    passes.fail(id, 'jellyfinNotApplied');
    expect(passes.end(id, 'changed', 200)).toBe(true);
    const ended = passes.byId(id);
    expect(ended).toMatchObject({ end: 'changed', endedAt: 200, failure: undefined });
    expect(passes.end(id, 'putBack', 300)).toBe(false);
    expect(passes.beginAgain(id, {}, undefined)).toBe(false);
    expect(passes.opened(id, 300, 400)).toBeUndefined();
    expect(passes.endEarly(id, 'dad')).toBe(false);
    passes.noteSignedIn(id, [{ id: 'tv', name: 'TV' }]);
    passes.putsBack(id, { remoteAccess: true });
    expect(passes.fail(id, 'jellyfinTooOld')).toBe(false);
    expect(passes.byId(id)).toEqual(ended);
  });
});

describe('a temporary password', () => {
  const begun = (accountId: string, begunAt: number, memberId = 'maya') => {
    const requestId = ask({ kind: 'reset', accountId, memberId, createdAt: begunAt });
    stores.tempPasswords.begin({ requestId, accountId, memberId, begunAt, expiresAt: begunAt + 100 });
    return requestId;
  };
  const of = (rows: readonly { readonly requestId: number }[]) => rows.map(({ requestId }) => requestId);

  test('that has ended stays as it ended; what was found before is not lost', () => {
    const { tempPasswords } = stores;
    const id = begun('films', 10);
    tempPasswords.set(id, { id: 5, at: 6 }, 7);
    expect(tempPasswords.byRequest(id)).toMatchObject({ logCursor: { id: 5, at: 6 }, baseSignIn: 7, isBlind: false });
    tempPasswords.shown(id, 20, message);
    tempPasswords.note(id, { usedAt: 30, isBlind: true });
    tempPasswords.note(id, { usedAt: 40, logCursor: { id: 8, at: 9 } });
    expect(tempPasswords.byRequest(id)).toMatchObject({ usedAt: 30, isBlind: true, logCursor: { id: 8, at: 9 } });
    tempPasswords.note(id, { scrub: 'own set' });
    tempPasswords.scrub(id, 'own set', 45);
    tempPasswords.note(id, { usedAt: 46 });
    expect(tempPasswords.byRequest(id)).toMatchObject({ scrub: 'own set', scrubbedAt: 45 });
    // To be covered anew, as it shows something else.
    tempPasswords.note(id, { end: 'replaced', endedAt: 50, scrub: 'replaced' });
    const end = { end: 'replaced', endedAt: 50, scrub: 'replaced', scrubbedAt: undefined, logCursor: { id: 8, at: 9 } };
    expect(tempPasswords.byRequest(id)).toMatchObject(end);
    tempPasswords.note(id, { end: 'expired', endedAt: 60, usedAt: 60 });
    expect(tempPasswords.byRequest(id)).toMatchObject({ ...end, usedAt: 30 });
  });

  test('begun anew knows nothing of the one before', () => {
    const { tempPasswords } = stores;
    const id = begun('films', 10);
    tempPasswords.set(id, { id: 5, at: 6 }, 7);
    tempPasswords.shown(id, 20, message);
    tempPasswords.retiring(id, 25);
    tempPasswords.note(id, { usedAt: 30, isBlind: true, end: 'cut off', endedAt: 31, scrub: 'cut off' });
    tempPasswords.scrub(id, 'cut off', 32);
    tempPasswords.begin({ requestId: id, accountId: 'films', memberId: 'maya', begunAt: 40, expiresAt: 140 });
    const nothing = [
      'shownAt',
      'endedAt',
      'end',
      'logCursor',
      'baseSignIn',
      'usedAt',
      'retiringAt',
      'scrub',
      'scrubbedAt',
    ];
    expect(tempPasswords.byRequest(id)).toMatchObject({ begunAt: 40, expiresAt: 140, isBlind: false });
    expect(tempPasswords.byRequest(id)).toMatchObject(Object.fromEntries(nothing.map((each) => [each, undefined])));
    // What the log has of it comes after what it had of the one before.
    expect(stores.passwordLog.isBotsOwn('films', { id: 9, at: 41 })).toBe(true);
    tempPasswords.set(id, undefined, undefined);
    expect(tempPasswords.byRequest(id)).toMatchObject({ isBlind: true });
  });

  test('is followed while it was shown and has not ended, and the newest counts', () => {
    const { tempPasswords } = stores;
    const [first, second, third, elsewhere] = [
      begun('films', 10),
      begun('films', 20, 'leo'),
      begun('films', 30, 'zoe'),
      begun('series', 40),
    ];
    for (const id of [first, second, elsewhere]) tempPasswords.shown(id, 50, { ...message, messageId: `${id}` });
    expect(of(tempPasswords.outstanding())).toEqual([first, second, elsewhere]);
    expect(of(tempPasswords.outstandingOf('films'))).toEqual([first, second]);
    expect(tempPasswords.newestOf('films')?.requestId).toBe(third);
    const same = begun('books', 30);
    expect(tempPasswords.newestOf('books')?.requestId).toBe(same);
    const newer = begun('books', 30, 'leo');
    expect(tempPasswords.newestOf('books')?.requestId).toBe(newer);
    for (const id of [same, newer]) tempPasswords.shown(id, 50, undefined);
    expect(tempPasswords.newestShownOf('books')?.requestId).toBe(newer);
    for (const id of [same, newer]) tempPasswords.note(id, { end: 'not set', endedAt: 50 });
    // Surely not set, it is nobody's password; of any other the account may have it.
    expect([same, third, 999].map((id) => tempPasswords.mayBeSet(id))).toEqual([false, true, false]);
    expect(of(tempPasswords.outstanding())).toEqual([first, second, elsewhere]);
    expect(tempPasswords.newestShownOf('films')?.requestId).toBe(second);
    tempPasswords.note(third, { end: 'not set', endedAt: 60 });
    tempPasswords.note(first, { end: 'superseded', endedAt: 60, scrub: 'superseded' });
    expect(tempPasswords.newestOf('films')?.requestId).toBe(second);
    expect(of(tempPasswords.outstandingOf('films'))).toEqual([second]);
    expect(of(tempPasswords.toScrub())).toEqual([first]);
    // Another account's newer one in the same message, or an older one, covers nothing.
    tempPasswords.shown(elsewhere, 51, { ...message, messageId: `${first}` });
    tempPasswords.note(second, { scrub: 'own set' });
    expect(of(tempPasswords.toScrub())).toEqual([first, second]);
    const toForget = begun('music', 60);
    tempPasswords.shown(toForget, 61, undefined);
    tempPasswords.note(toForget, { scrub: 'own set' });
    expect(tempPasswords.byRequest(second)?.message).toEqual({ ...message, messageId: `${second}` });
    expect(of(tempPasswords.toScrub())).toEqual([first, second]);
    tempPasswords.shown(second, 52, { ...message, messageId: `${first}` });
    expect(of(tempPasswords.toScrub())).toEqual([second]);
    tempPasswords.scrub(second, 'own set', 70);
    tempPasswords.note(third, { scrub: 'expired' });
    expect(tempPasswords.toScrub()).toEqual([]);
  });

  test('is the bot’s own change of a password, from two minutes before it to two after, and nobody else’s', () => {
    const { passwordLog, tempPasswords } = stores;
    const minute = 60_000;
    const id = begun('films', 10 * minute);
    const isOwn = (account: string, at: number, entry = 0) =>
      passwordLog.isBotsOwn(account, { id: entry, at: at * minute });
    const own = (...at: number[]) => at.filter((each) => isOwn('films', each));
    expect(own(7.9, 8, 12, 12.1)).toEqual([8, 12]);
    tempPasswords.shown(id, 20 * minute, message);
    tempPasswords.retiring(id, 60 * minute);
    expect(own(7.9, 8, 15, 22, 22.1, 57.9, 58, 62, 62.1)).toEqual([8, 15, 22, 58, 62]);
    expect([isOwn('series', 15), isOwn('series', 60)]).toEqual([false, false]);
    // What the log has after the bot's own change is its owner's, however soon it came.
    tempPasswords.set(id, { id: 7, at: 11 * minute }, undefined);
    expect([isOwn('films', 20, 7), isOwn('films', 20, 8)]).toEqual([true, false]);
    // Read on to where its owner changed it, the position does not tell any more which was which.
    tempPasswords.note(id, { logCursor: { id: 8, at: 20 * minute }, end: 'replaced', endedAt: 21 * minute });
    expect(isOwn('films', 20, 8)).toBe(false);
  });
});

test('what is limited is counted by whom, for what and when; of what was not done after all one is taken back', () => {
  const { rateLimits } = stores;
  for (const at of [10, 20, 20, 30]) rateLimits.add('maya', 'link code', at);
  rateLimits.add('maya', 'sign-in code', 15);
  rateLimits.add('leo', 'link code', 16);
  const asked = () => rateLimits.between('maya', 'link code', 10, 30);
  expect([asked(), rateLimits.between('maya', 'link code', 5, 29)]).toEqual([
    [20, 20, 30],
    [10, 20, 20],
  ]);
  rateLimits.takeBack('maya', 'link code', 20);
  rateLimits.takeBack('maya', 'link code', 16);
  rateLimits.takeBack('maya', 'link code', 15);
  rateLimits.takeBack('zoe', 'link code', 30);
  expect(asked()).toEqual([20, 30]);
  expect([rateLimits.between('maya', 'sign-in code', 0, 99), rateLimits.between('leo', 'link code', 0, 99)]).toEqual([
    [15],
    [16],
  ]);
});
