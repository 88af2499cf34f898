import { describe, expect, test } from 'vitest';
import type { FoundLocked } from '../../src/services/lockouts/lockout.js';
import type { NewAccountNotice } from '../../src/services/notices/account-notices.js';
import { idsOf, message, opened, other } from './opened.js';

/** Who is told what is told once, of what is still so; and who did something first is who did it. */
const stores = opened();

describe('a notice', () => {
  const owed = (kind: 'outcome' | 'linkNews', subjectId: string, recipientId = 'maya') => {
    stores.notices.owe({ kind, subjectId, recipientId }, 100);
    return stores.notices.find({ kind, subjectId, recipientId })?.id ?? 0;
  };
  const set = (id: number, status: 'told' | 'announced' | 'unreachable' | 'dropped', at?: typeof message) =>
    stores.notices.setStatus(stores.notices.byId(id) as never, status, at);

  test('is owed once; owed anew it is sent anew, and what comes of the sending before is not noted', () => {
    const { notices } = stores;
    const id = owed('outcome', '7');
    set(id, 'told', message);
    owed('outcome', '7');
    const before = notices.byId(id);
    expect(before).toMatchObject({ deliveryStatus: 'told', version: 1, message });
    notices.begin(id);
    notices.begin(owed('outcome', '8'));
    expect(notices.byId(id)?.attempts).toBe(1);
    notices.setAnnouncement(id, other);
    notices.oweAgain({ kind: 'outcome', subjectId: '7', recipientId: 'maya' }, 200, 'due');
    const ref = stores.db.prepare('SELECT channel_id AS c, message_id AS m FROM notices WHERE id = ?');
    expect(ref.get(id)).toEqual({ c: null, m: null });
    // What announced it stands until somebody has heard of it.
    expect(notices.announcementsOver()).toEqual([]);
    expect(notices.byId(id)).toMatchObject({
      deliveryStatus: 'due',
      version: 2,
      attempts: 0,
      owedAt: 200,
      message: undefined,
    });
    expect(before && notices.setStatus(before, 'told', message)).toBe(false);
    expect(notices.byId(id)?.deliveryStatus).toBe('due');
  });

  test('is on the lists of its kind, its subject and its recipient', () => {
    const { notices } = stores;
    const [one, two, news, leos] = [
      owed('outcome', '1'),
      owed('outcome', '2'),
      owed('linkNews', '1'),
      owed('outcome', '1', 'leo'),
    ];
    expect(idsOf(notices.due('outcome', undefined))).toEqual([one, two, leos]);
    expect(idsOf(notices.due('outcome', '1'))).toEqual([one, leos]);
    set(one, 'announced', message);
    notices.setAnnouncement(one, other);
    set(two, 'unreachable');
    set(news, 'told', message);
    set(leos, 'unreachable');
    expect(notices.due('outcome', undefined)).toEqual([]);
    expect(idsOf(notices.owedTo('maya'))).toEqual([one, two]);
    expect(idsOf(notices.withMessage('outcome'))).toEqual([one]);
    expect(notices.announcementsOver()).toEqual([]);
    set(one, 'told');
    // Where it stands is not forgotten.
    expect(notices.byId(one)).toMatchObject({ message, announcement: other });
    expect(idsOf(notices.announcementsOver())).toEqual([one]);
    expect(idsOf(notices.owedTo('maya'))).toEqual([two]);
    notices.owe({ kind: 'outcome', subjectId: '3', recipientId: 'maya' }, 50);
    const three = notices.find({ kind: 'outcome', subjectId: '3', recipientId: 'maya' })?.id ?? 0;
    set(three, 'unreachable', message);
    notices.setAnnouncement(three, other);
    // What was owed first is heard first.
    expect(idsOf(notices.owedTo('maya'))).toEqual([three, two]);
    expect(idsOf(notices.withMessage('outcome'))).toEqual([one, three]);
    expect(idsOf(notices.announcementsOver())).toEqual([one, three]);
    expect(notices.find({ kind: 'outcome', subjectId: '1', recipientId: 'maya' })?.id).toBe(one);
    set(one, 'dropped');
    expect(idsOf(notices.withMessage('outcome'))).toEqual([three]);
  });
});

test('a notice about an account stands for one occasion and recipient until it is over', () => {
  const { accountNotices } = stores;
  const about = (given: Partial<NewAccountNotice>) =>
    accountNotices.begin({
      ...{ accountKey: 'films', accountName: 'Films', recipientId: 'maya', kind: 'pin', occasionKey: 'a' },
      ...{ sentAt: 100, ...given },
    }).id;
  const pin = about({ expiresAt: 500 });
  expect(accountNotices.isTold('a', 'maya')).toBe(false);
  accountNotices.placed(pin, message);
  const lockout = about({ kind: 'lockout', occasionKey: 'b', sentAt: 200 });
  accountNotices.placed(lockout, { ...message, channelId: '9' });
  accountNotices.placed(about({ kind: 'badPin', occasionKey: 'z', sentAt: 1 }), { ...message, messageId: '9' });
  const told = (occasion: string, who: string) => [
    accountNotices.isTold(occasion, who),
    accountNotices.stands(occasion, who),
  ];
  expect([told('a', 'maya'), told('a', 'leo'), told('c', 'maya')]).toEqual([
    [true, true],
    [false, false],
    [false, false],
  ]);
  expect(idsOf(accountNotices.at(message))).toEqual([pin]);
  expect(idsOf(accountNotices.standing('pin'))).toEqual([pin]);
  expect(idsOf(accountNotices.open())).toEqual([pin]);
  about({ recipientId: 'leo', sentAt: 210 });
  about({ accountKey: 'series', sentAt: 220 });
  // From the future: one that was sent then is no news, one that is on its way may be by a clock put back.
  const unsent = about({ sentAt: 900, occasionKey: 'e' });
  const recent = (since: number, until: number) => idsOf(accountNotices.recent('films', 'maya', since, until));
  expect(recent(100, 300)).toEqual([unsent, lockout]);
  accountNotices.placed(unsent, other);
  expect(recent(50, 200)).toEqual([pin]);
  const lost = about({ sentAt: 950 });
  accountNotices.end(lost, 960);
  expect(recent(50, 300)).toEqual([lockout, pin]);
  accountNotices.end(pin, 300);
  expect(told('a', 'maya')).toEqual([true, false]);
  expect([idsOf(accountNotices.standing('pin')).includes(pin), accountNotices.open()]).toEqual([false, []]);
  const later = about({ kind: 'lockout', occasionKey: 'f', sentAt: 970 });
  accountNotices.placed(later, { ...message, channelId: '9' });
  expect(idsOf(accountNotices.standing('lockout'))).toEqual([lockout, later]);
  expect(idsOf(accountNotices.at({ ...message, channelId: '9' }))).toEqual([lockout, later]);
  expect(accountNotices.byId(later)?.occasionKey).toBe('f');
  accountNotices.renew(pin, { occasionKey: 'd', file: 'passwordreset.json', expiresAt: 700 });
  expect(accountNotices.byId(pin)).toMatchObject({ file: 'passwordreset.json', expiresAt: 700, isOver: false });
  expect([told('d', 'maya'), told('a', 'maya')]).toEqual([
    [true, true],
    [false, false],
  ]);
});

describe('a lock', () => {
  const found: FoundLocked = {
    ...{ accountName: 'Films', tries: [{ at: 1, address: '10.0.0.1', text: '' }], address: '10.0.0.1' },
    ...{ adminAccount: true, provider: 'Ldap', opensAt: 5000, tooOften: true },
  };
  const seen = (accountId: string, lockedAt: number) => {
    stores.lockouts.take({ id: lockedAt, at: lockedAt }, [{ accountId, lockedAt, tries: [] }]);
    return stores.lockouts.unconfirmed().find((each) => each.accountId === accountId)?.id ?? 0;
  };
  const locked = (accountId: string, at: number) => {
    const id = seen(accountId, at);
    stores.lockouts.confirm(id, found);
    return id;
  };

  test('once it is confirmed is neither dropped nor confirmed again, and it ends once', () => {
    const { lockouts } = stores;
    const id = locked('films', 100);
    lockouts.drop(id);
    lockouts.confirm(id, { ...found, accountName: 'Other' });
    expect(lockouts.byId(id)).toMatchObject({ state: 'locked', accountName: 'Films' });
    lockouts.setOwners(id, 'told');
    lockouts.end(id, 'unlocked', 200);
    lockouts.end(id, 'gone', 300);
    expect(lockouts.byId(id)).toMatchObject({ state: 'ended', end: 'unlocked', endedAt: 200 });
    // The owners of one that is over are not told anew.
    expect([lockouts.tellAnew('films'), lockouts.unlockedBy('films', 'dad')]).toEqual([false, false]);
    expect(lockouts.byId(id)).toMatchObject({ owners: 'told', unlockedBy: undefined });
  });

  test('seen again takes the place of the one that is not confirmed, and ends the one that was', () => {
    const { lockouts } = stores;
    const first = seen('films', 100);
    expect(lockouts.unlockedBy('films', 'dad')).toBe(true);
    const tries = [{ at: 190, address: '10.0.0.9', text: '' }];
    lockouts.take({ id: 200, at: 200 }, [{ accountId: 'films', lockedAt: 200, tries }]);
    expect(lockouts.byId(first)).toMatchObject({ lockedAt: 200, tries, unlockedBy: undefined });
    const series = seen('series', 250);
    lockouts.confirm(first, found);
    expect(lockouts.byId(first)).toMatchObject(found);
    expect(lockouts.byId(series)?.state).toBe('unconfirmed');
    lockouts.confirm(series, found);
    expect(lockouts.unlockedBy('films', 'mum')).toBe(true);
    const second = seen('films', 300);
    expect(lockouts.byId(first)).toMatchObject({ state: 'locked', unlockedBy: 'mum' });
    lockouts.confirm(second, found);
    expect(lockouts.byId(first)).toMatchObject({ state: 'ended', end: 'again', endedAt: 300 });
    expect(lockouts.byId(second)).toMatchObject({ state: 'locked' });
    expect(lockouts.byId(series)).toMatchObject({ state: 'locked' });
    seen('music', 310);
    expect(idsOf(lockouts.untold())).toEqual([first, series, second]);
    lockouts.setOwners(series, 'told');
    expect(idsOf(lockouts.untold())).toEqual([first, second]);
    lockouts.setOwners(second, 'told');
    expect(lockouts.tellAnew('films')).toBe(true);
    expect(idsOf(lockouts.untold())).toEqual([first, second]);
    expect(lockouts.byId(series)?.owners).toBe('told');
  });

  test('is changed without another, and the newer of two cards is its own', () => {
    const { lockouts, lockoutCards: cards } = stores;
    const [films, series] = [locked('films', 100), locked('series', 110)];
    const [older, newer] = [cards.begin(1000).id, cards.begin(1001).id];
    expect(cards.newest(1005, 100, 10)?.id).toBe(newer);
    cards.join(films, older);
    cards.join(series, older);
    for (const id of [older, newer]) cards.shown(id, id === older ? 3 : 1);
    expect(cards.stale()).toEqual([]);
    lockouts.reschedule(films, 7000);
    lockouts.setRequest(films, 9);
    expect(idsOf(cards.stale())).toEqual([older]);
    expect(lockouts.byId(films)).toMatchObject({ opensAt: 7000, requestId: 9 });
    expect(lockouts.byId(series)).toMatchObject({ opensAt: 5000, requestId: undefined });
    expect(idsOf(cards.lockoutsOf(older))).toEqual([films, series]);
    const [music, books] = [seen('music', 120), seen('books', 130)];
    lockouts.drop(music);
    expect(idsOf(lockouts.unconfirmed())).toEqual([books]);
    expect(lockouts.logCursor()).toEqual({ id: 130, at: 130 });
    // Of a log that was made anew, or by a clock that was put back, an entry of that number has another date.
    lockouts.take({ id: 130, at: 90 }, []);
    expect(lockouts.logCursor()).toEqual({ id: 130, at: 90 });
    lockouts.end(films, 'unlocked', 140);
    cards.join(locked('films', 150), newer);
    expect(cards.ofAccount('films', 1000, 50)?.id).toBe(newer);
  });

  test('counts the account’s locks of the day before it, and those that the bot opened', () => {
    const { lockouts } = stores;
    const hour = 3_600_000;
    for (const at of [1, 2, 3]) {
      const id = locked('films', at * hour);
      if (at === 2) lockouts.unlockedBy('films', 'latchkey');
      if (at === 3) lockouts.unlockedBy('films', 'dad');
      lockouts.end(id, 'unlocked', at * hour + 1);
    }
    locked('series', 4 * hour);
    const id = locked('films', 5 * hour);
    const lower = seen('music', 5 * hour);
    lockouts.confirm(seen('music', 5 * hour), found);
    seen('music', 6 * hour);
    expect(lockouts.dayBefore(lower)).toEqual({ locks: 0, opened: 0 });
    seen('films', 6 * hour);
    expect(lockouts.dayBefore(id)).toEqual({ locks: 3, opened: 1 });
    const later = locked('films', 26 * hour);
    expect(lockouts.dayBefore(later)).toMatchObject({ locks: 2, opened: 0 });
    expect(lockouts.dayBefore(id)).toEqual({ locks: 3, opened: 1 });
  });

  test('comes on a young card, or on one that still shows somebody locked', () => {
    const { lockouts, lockoutCards: cards } = stores;
    const [films, series] = [locked('films', 100), locked('series', 110)];
    seen('music', 120);
    expect(idsOf(cards.uncarded())).toEqual([films, series]);
    const card = cards.begin(1000);
    expect(cards.newest(1005, 100, 10)?.id).toBe(card.id);
    expect(cards.newest(1010, 100, 10)).toBeUndefined();
    cards.join(films, card.id);
    expect([cards.newest(1010, 100, 10)?.id, cards.newest(910, 100, 10)?.id]).toEqual([card.id, card.id]);
    expect([cards.newest(1100, 100, 10), cards.newest(900, 100, 10)]).toEqual([undefined, undefined]);
    const of = (at: number, account = 'films') => cards.ofAccount(account, at, 50)?.id;
    expect([of(951), of(1049), of(950), of(1050)]).toEqual([card.id, card.id, undefined, undefined]);
    expect(of(1000, 'series')).toBeUndefined();
    expect(idsOf(cards.uncarded())).toEqual([series]);
    cards.placed(card.id, message);
    expect(cards.stale()).toMatchObject([{ id: card.id, message }]);
    cards.shown(card.id, 2);
    expect(cards.stale()).toEqual([]);
    lockouts.end(films, 'open', 1200);
    expect(idsOf(cards.stale())).toEqual([card.id]);
    expect(cards.newest(1010, 100, 10)).toBeUndefined();
    expect(idsOf(cards.uncarded())).toEqual([series]);
    expect(idsOf(cards.lockoutsOf(card.id))).toEqual([films]);
  });

  test('is denied once by each owner, and the first who signed it out stays named', () => {
    const { denials } = stores;
    const lockoutId = locked('films', 100);
    const denial = { memberId: 'maya', accountId: 'films', accountName: 'Films', lockoutId, at: 110 };
    const id = denials.begin(denial)?.id ?? 0;
    expect(denials.begin(denial)).toBeUndefined();
    const series = denials.begin({ ...denial, accountId: 'series', lockoutId: locked('series', 100) })?.id ?? 0;
    expect([denials.has('maya', lockoutId), denials.has('leo', lockoutId), denials.has('maya', 99)]).toEqual([
      true,
      false,
      false,
    ]);
    denials.placed(id, message);
    expect(denials.stale()).toMatchObject([
      { id, message },
      { id: series, message: undefined },
    ]);
    denials.shown(id, 1);
    expect(idsOf(denials.stale())).toEqual([series]);
    denials.signedOut('films', 'dad', 200);
    expect(idsOf(denials.stale())).toEqual([id, series]);
    denials.shown(id, 2);
    denials.signedOut('films', 'mum', 300);
    expect(idsOf(denials.stale())).toEqual([series]);
    const signedOut = stores.db.prepare('SELECT signed_out_by FROM denials ORDER BY id').pluck().all();
    expect(signedOut).toEqual(['dad', null]);
  });
});

describe('what is kept of members', () => {
  const link = (memberId: string, accountId: string, linkedAt = 100) => ({
    ...{ memberId, accountId, accountName: accountId, linkedAt, madeBy: 'admin' as const, onAdministrator: false },
    ...{ provedOnAdministrator: false, ofAdmin: false, asleepSince: undefined, suspendedSince: undefined },
  });

  test('forgotten, they get no notice that is not sent yet; one that was sent is still taken back in time', () => {
    const { accountNotices, forgetMember, notices } = stores;
    const about = { accountKey: 'films', accountName: 'Films', kind: 'pin', sentAt: 100, expiresAt: 500 } as const;
    const [unsent, sent, leos] = ['maya', 'maya', 'leo'].map(
      (recipientId) => accountNotices.begin({ ...about, recipientId, occasionKey: 'a' }).id,
    );
    accountNotices.placed(sent ?? 0, message);
    for (const recipientId of ['maya', 'leo']) notices.owe({ kind: 'outcome', subjectId: '1', recipientId }, 100);
    forgetMember('maya', 'somebody');
    expect(idsOf(accountNotices.open())).toEqual([sent, leos]);
    expect(accountNotices.byId(unsent ?? 0)).toMatchObject({ recipientId: 'somebody', isOver: true });
    expect(notices.due('outcome', undefined).map((each) => each.recipientId)).toEqual(['leo']);
  });

  test('forgotten, they take nobody with them: what is kept of everybody else stays as it was', () => {
    const { db, forgetMember } = stores;
    db.pragma('ignore_check_constraints = ON');
    db.pragma('foreign_keys = OFF');
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    const of = (who: string) =>
      tables.flatMap((table) =>
        db
          .prepare(`SELECT * FROM ${table}`)
          .all()
          .filter((row) => JSON.stringify(row).includes(who)),
      );
    for (const [at, who] of ['maya', 'leo'].entries())
      for (const table of tables) {
        const columns = db.pragma(`table_info(${table})`) as { type: string }[];
        // Whatever may be somebody's name is theirs.
        const values = columns.map(({ type }) => (type === 'TEXT' ? `'${who}'` : at + 1));
        db.exec(`INSERT INTO ${table} VALUES (${values.join(', ')})`);
      }
    const before = of('leo');
    expect(before.length).toBeGreaterThan(15);
    forgetMember('maya', 'somebody');
    expect(of('leo')).toEqual(before);
  });

  test('who does not want to hear of lockouts hears of none, and everybody else does', () => {
    const { memberPreferences } = stores;
    memberPreferences.setLockouts('maya', false);
    const wants = () => ['maya', 'leo'].map((each) => memberPreferences.wantsLockouts(each));
    expect(wants()).toEqual([false, true]);
    memberPreferences.setLockouts('maya', true);
    expect(wants()).toEqual([true, true]);
  });

  const onItsAdministrator = { onAdministrator: true, provedOnAdministrator: true, ofAdmin: true };

  test('each goes by the newest of their names, and by when they last came', () => {
    const { memberNames } = stores;
    let maya = { memberId: 'maya', name: 'Maya', username: 'maya', joinedAt: 100 };
    for (const change of [{}, { name: 'May' }, { username: 'may' }, { joinedAt: 200 }]) {
      maya = { ...maya, ...change };
      memberNames.remember(maya);
      expect(memberNames.of('maya')).toEqual(maya);
    }
  });

  test('links: asleep they keep since when, and nobody else’s change', () => {
    const { links } = stores;
    links.put(link('maya', 'films'));
    links.put(link('maya', 'series', 50));
    links.put(link('leo', 'films', 90));
    links.put({ ...link('maya', 'films'), madeBy: 'proof', ...onItsAdministrator, suspendedSince: 5 });
    const proved = { madeBy: 'proof', ...onItsAdministrator, suspendedSince: 5 };
    expect(links.between('maya', 'films')).toMatchObject(proved);
    expect(links.between('maya', 'series')?.accountId).toBe('series');
    const members = (kept: readonly { readonly memberId: string }[]) => kept.map(({ memberId }) => memberId);
    expect(members(links.everyOfAccount('films'))).toEqual(['leo', 'maya']);
    expect(links.all().map(({ accountId }) => accountId)).toEqual(['series', 'films', 'films']);
    const asleep = (memberId: string) => links.everyOf(memberId).map((each) => each.asleepSince);
    links.put({ ...link('leo', 'films'), asleepSince: 150 });
    expect(asleep('leo')).toEqual([150]);
    links.put(link('leo', 'films'));
    links.sleep('maya', 200);
    links.sleep('maya', 300);
    expect([asleep('maya'), asleep('leo')]).toEqual([[200, 200], [undefined]]);
    links.sleep('leo', 250);
    links.wake('maya');
    expect([asleep('maya'), asleep('leo')]).toEqual([[undefined, undefined], [250]]);
    links.rename('series', 'Serien');
    expect(links.everyOf('maya').map((each) => each.accountName)).toEqual(['Serien', 'films']);
    expect([links.remove('maya', 'films'), links.remove('maya', 'films')]).toEqual([true, false]);
    expect([links.between('maya', 'series'), links.between('leo', 'films')]).toEqual([
      expect.anything(),
      expect.anything(),
    ]);
  });

  test('news of links stand on their card, each once, until they are settled', () => {
    const { linkNews } = stores;
    const news = { kind: 'renamed', memberId: 'maya', accountName: 'films', newName: undefined, removedBy: undefined };
    const first = linkNews.add(news as never, 1, undefined);
    const second = linkNews.add({ ...news, accountName: 'series' } as never, 2, first.batch);
    const other = linkNews.add({ ...news, kind: 'left' } as never, 3, undefined);
    const names = (batch: number) => linkNews.ofBatch(batch).map((each) => each.accountName);
    expect([names(first.batch), names(other.batch)]).toEqual([['films', 'series'], ['films']]);
    expect(linkNews.byId(second.id)?.accountName).toBe('series');
    linkNews.settle('left');
    expect([linkNews.isKnown('left'), linkNews.isKnown('renamed')]).toEqual([false, true]);
  });

  test('a code ends once, and its device is kept until it is signed out', () => {
    const { linkProofs } = stores;
    const begin = (memberId: string) =>
      linkProofs.begin({ memberId, deviceId: `tv of ${memberId}`, begunAt: 1, expiresAt: 600 }).id;
    const [mayas, leos, gone] = [begin('maya'), begin('leo'), begin('maya')];
    linkProofs.signedOut(gone, 10);
    expect([idsOf(linkProofs.open()), idsOf(linkProofs.openOf('maya'))]).toEqual([[mayas, leos], [mayas]]);
    expect(linkProofs.end(mayas, { outcome: 'expired' }, 20)).toBe(true);
    expect(linkProofs.end(mayas, { outcome: 'linked', accountId: 'films' }, 30)).toBe(false);
    expect(linkProofs.byId(mayas)).toMatchObject({ outcome: 'expired', accountId: undefined });
    expect([idsOf(linkProofs.open()), linkProofs.openOf('maya')]).toEqual([[leos], []]);
    expect(idsOf(linkProofs.notSignedOut())).toEqual([mayas]);
    linkProofs.end(leos, { outcome: 'linked', accountId: 'films', accountName: 'Films' }, 35);
    expect(linkProofs.byId(leos)).toMatchObject({ accountId: 'films', accountName: 'Films' });
    linkProofs.signedOut(mayas, 40);
    linkProofs.signedOut(leos, 40);
    expect(linkProofs.notSignedOut()).toEqual([]);
  });

  test('a device’s sign-in is denied by whoever was first, and looked after until it is signed out', () => {
    const { deviceSignIns } = stores;
    const begin = (accountId: string) =>
      deviceSignIns.begin({ memberId: 'maya', accountId, accountName: accountId, begunAt: 1, devicesBefore: [] }).id;
    const [first, elsewhere, second, third] = [begin('films'), begin('series'), begin('films'), begin('films')];
    expect(deviceSignIns.next('films', first)?.id).toBe(second);
    const since = (account: string, at: number) => deviceSignIns.anySince(account, at);
    expect([since('films', 1), since('films', 2), since('music', 1)]).toEqual([true, false, false]);
    deviceSignIns.done(first, 5);
    expect([first, second].map((id) => deviceSignIns.byId(id)?.doneAt)).toEqual([5, undefined]);
    deviceSignIns.failed(begin('books'));
    expect(deviceSignIns.byId(first)).toBeDefined();
    expect(deviceSignIns.next('series', elsewhere)).toBeUndefined();
    expect([deviceSignIns.deny(first, 'leo'), deviceSignIns.deny(first, 'zoe')]).toEqual([true, false]);
    expect(deviceSignIns.byId(first)?.deniedBy).toBe('leo');
    deviceSignIns.deny(second, 'leo');
    deviceSignIns.signedOut(second, 40);
    expect([idsOf(deviceSignIns.toSignOut()), deviceSignIns.byId(third)?.deniedBy]).toEqual([[first], undefined]);
  });

  test('a rescue ends once, and was going on from its yes to its end', () => {
    const { rescues } = stores;
    const begin = () =>
      rescues.begin({ actorId: 'dad', accountId: 'root', accountName: 'root', startedAt: 10, channelId: '5' }).id;
    const [first, second, asked] = [begin(), begin(), begin()];
    rescues.confirmed(first, 100, true);
    expect([rescues.byId(first)?.keepsPassword, rescues.byId(second)?.keepsPassword]).toEqual([true, false]);
    rescues.end(first, 200);
    rescues.end(first, 900);
    expect([99, 100, 200, 201].map((at) => rescues.goingOnAt(at)?.id)).toEqual([undefined, first, first, undefined]);
    rescues.setCard(first, '7');
    expect([first, asked].map((id) => rescues.byId(id)?.card)).toEqual([{ channelId: '5', messageId: '7' }, undefined]);
    rescues.confirmed(second, 300, false);
    expect([299, 300, 5000].map((at) => rescues.goingOnAt(at)?.id)).toEqual([undefined, second, second]);
    expect(idsOf(rescues.unfinished())).toEqual([second, asked]);
    rescues.confirmed(asked, 400, false);
    // Of two the newer is gone on with.
    expect(rescues.goingOnAt(500)?.id).toBe(asked);
  });

  test('a status card: one for each channel; the message before is remembered until it is deleted', () => {
    const { statusCards } = stores;
    const { id } = statusCards.add('5');
    statusCards.sent(id, 'one', 'x', 10);
    expect([statusCards.removing(id), statusCards.removing(id)]).toEqual([true, false]);
    expect(statusCards.add('5')).toMatchObject({ id, isRemoving: false, drawn: undefined, messageId: 'one' });
    statusCards.sent(id, 'two', 'y', 20);
    const sent = { messageId: 'two', leftMessageId: 'one', drawn: 'y', isToPin: true, sentAt: 20, editedAt: 20 };
    expect(statusCards.byId(id)).toMatchObject(sent);
    const elsewhere = statusCards.add('6').id;
    statusCards.sent(elsewhere, 'three', 'x', 30);
    statusCards.sent(elsewhere, 'four', 'x', 40);
    expect(idsOf(statusCards.all())).toEqual([id, elsewhere]);
    expect([id, elsewhere].map((each) => statusCards.byId(each)?.channelId)).toEqual(['5', '6']);
    statusCards.edited(id, 'z', 50);
    statusCards.left(id);
    statusCards.pinned(id);
    statusCards.removing(id);
    const now = { drawn: 'z', sentAt: 20, editedAt: 50, leftMessageId: undefined, isToPin: false, isRemoving: true };
    expect(statusCards.byId(id)).toMatchObject(now);
    const others = { drawn: 'x', editedAt: 40, leftMessageId: 'three', isToPin: true, isRemoving: false };
    expect(statusCards.byId(elsewhere)).toMatchObject(others);
    statusCards.remove(id);
    expect(idsOf(statusCards.all())).toEqual([elsewhere]);
  });

  test('an outage goes on where it comes back, and its card is not forgotten', () => {
    const { outages } = stores;
    const { id } = outages.begin('jellyfinAway' as never, {}, 10);
    outages.shown(id, message, 'x');
    outages.ended(id, 20);
    outages.shown(id, undefined, 'y');
    expect(outages.last()).toMatchObject({ drawn: 'y', endedAt: 20 });
    expect(outages.seen(id, 'jellyfinTooOld', {}, 30)).toMatchObject({
      endedAt: undefined,
      begunAt: 10,
      seenAt: 30,
      card: message,
    });
    const later = outages.begin('jellyfinTooOld', {}, 40);
    expect(outages.last()).toMatchObject({ begunAt: 40, card: undefined });
    outages.ended(later.id, 50);
    outages.seen(later.id, 'jellyfinTooOld', {}, 60);
    outages.shown(later.id, undefined, 'z');
    outages.remove(later.id);
    expect(outages.last()).toMatchObject({ id, drawn: 'y', endedAt: undefined, seenAt: 30 });
  });
});
