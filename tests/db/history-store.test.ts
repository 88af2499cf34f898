import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/services/audit.js';
import { createAudit } from '../../src/db/history/history-store.js';
import { idsOf, opened } from './opened.js';

const stores = opened();
const hour = 3_600_000;

/** Puts an entry into the audit at this moment, and returns its number. */
function record(given: Partial<AuditEntry>, at = 100): number {
  const entry = { actorId: 'dad', act: 'unlock', outcome: 'done', ...given };
  createAudit(stores.db, () => at).record(entry);
  return stores.history.newestId();
}
const rows = () =>
  stores.db.prepare('SELECT actor_id AS who, act, outcome, times FROM audit ORDER BY id').all() as {
    who: string;
    act: string;
    outcome: string;
    times: number | null;
  }[];

describe('refusals', () => {
  const refuse = (at: number, actorId = 'maya', act = 'requests') =>
    createAudit(stores.db, () => at).recordRefusal({ actorId, act, outcome: 'adminsOnly' });

  test('of somebody are written down twenty times an hour, and counted in one row after that', () => {
    record({ actorId: 'maya' }, hour);
    for (let at = 0; at < 20; at += 1) refuse(hour);
    refuse(hour, 'leo');
    expect(rows().filter(({ who, times }) => who === 'maya' && times !== null)).toHaveLength(20);
    for (let more = 1; more <= 3; more += 1) refuse(hour + more);
    const counted = () => rows().filter(({ act }) => act === 'refused');
    expect(counted()).toEqual([{ who: 'maya', act: 'refused', outcome: 'tooOften', times: 3 }]);
    // Somebody else’s are their own.
    for (let at = 0; at < 21; at += 1) refuse(hour + 5, 'leo');
    refuse(hour + 6);
    expect(counted()).toEqual([
      { who: 'maya', act: 'refused', outcome: 'tooOften', times: 4 },
      { who: 'leo', act: 'refused', outcome: 'tooOften', times: 2 },
    ]);
    // An hour later it begins anew: a row of its own for each, and another that counts.
    refuse(2 * hour + 7);
    expect(rows().at(-1)).toMatchObject({ who: 'maya', act: 'requests', outcome: 'adminsOnly', times: 1 });
    for (let at = 0; at < 20; at += 1) refuse(2 * hour + 7);
    expect(counted().filter(({ who }) => who === 'maya')).toEqual([
      { who: 'maya', act: 'refused', outcome: 'tooOften', times: 4 },
      { who: 'maya', act: 'refused', outcome: 'tooOften', times: 1 },
    ]);
  });
});

describe('what the history shows', () => {
  const shown = (filter: object = {}, newest = stores.history.newestId(), offset = 0, limit = 50) =>
    idsOf(stores.history.page(filter, newest, offset, limit));

  test('is what there was when it was opened, newest first, by account, and by whoever did it or had it done', () => {
    const [films, series] = [
      record({ accountId: 'films', memberId: 'maya' }),
      record({ actorId: 'maya', accountId: 'series' }),
    ];
    const other = record({ accountId: 'films', memberId: 'leo' });
    const newest = stores.history.newestId();
    const later = record({ accountId: 'films', memberId: 'maya' });
    expect([shown({}, newest), shown({}, later)]).toEqual([
      [other, series, films],
      [later, other, series, films],
    ]);
    expect(shown({ accountId: 'films' }, newest)).toEqual([other, films]);
    expect(shown({ memberId: 'maya' }, newest)).toEqual([series, films]);
    expect(shown({ memberId: 'maya', accountId: 'films' }, newest)).toEqual([films]);
    expect(shown({}, newest, 1, 1)).toEqual([series]);
    const counts = [{}, { accountId: 'films' }, { memberId: 'maya' }].map((each) =>
      stores.history.count(each as never, newest),
    );
    expect(counts).toEqual([3, 2, 2]);
  });

  test('of an act is how it ended; that it was begun only where nothing is known of its end', () => {
    const act = { actorId: 'dad', act: 'rescue', accountId: 'root' };
    const before = record({ ...act, outcome: 'done' });
    record({ ...act, outcome: 'begun' });
    const others = [
      record({ ...act, actorId: 'mum', outcome: 'done' }),
      record({ ...act, act: 'unlock', outcome: 'done' }),
      record({ ...act, accountId: 'films', outcome: 'done' }),
      record({ ...act, accountId: undefined, outcome: 'done' }),
    ];
    const second = record({ ...act, outcome: 'begun' });
    expect(shown()).toEqual([second, ...[...others].reverse(), second - 5, before]);
    const end = record({ ...act, outcome: 'failed' });
    expect(shown()).toEqual([end, ...[...others].reverse(), before]);
    const none = { actorId: 'dad', act: 'backup' };
    record({ ...none, outcome: 'begun' });
    const done = record({ ...none, outcome: 'done' });
    expect(shown()[0]).toBe(done);
    expect(shown()).toHaveLength(7);
  });

  test('names an account by its id, or by any name that it had, without case, the newest first', () => {
    const id = (letter: string) => letter.repeat(32);
    record({ accountId: id('a'), accountName: 'Zoë' });
    record({ accountId: id('b'), accountName: 'films' });
    record({ accountId: id('c'), accountName: 'zoe\u0308' });
    record({ accountId: '', accountName: 'leo' });
    record({ accountId: id('d'), accountName: '' });
    const called = (text: string) => stores.history.accountCalled(text);
    expect([called('ZOË'), called(id('A')), called('Films')]).toEqual([
      { id: id('c'), name: 'zoe\u0308' },
      { id: id('a'), name: 'Zoë' },
      { id: id('b'), name: 'films' },
    ]);
    expect([called('leo'), called(''), called(id('d')), called('nobody')]).toEqual([
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  test('stays open for its time', () => {
    const view = stores.history.openView({ actorId: 'dad', accountId: 'films', newestId: 7 }, 1000);
    expect(view).toMatchObject({ actorId: 'dad', accountId: 'films', newestId: 7, memberId: undefined });
    const at = (since: number) => stores.history.view(view.id, since)?.id;
    expect([at(1000), at(1001), stores.history.view(view.id + 1, 0)]).toEqual([view.id, undefined, undefined]);
  });
});

test('failed sign-ins and lockouts are counted by day', () => {
  const day = 24 * hour;
  stores.signInDays.add(day, { failed: 2 });
  stores.signInDays.add(2 * day - 1, { failed: 1, locked: 1 });
  stores.signInDays.add(3 * day, { locked: 1 });
  const second = { day: '1970-01-02', failed: 3, locked: 1 };
  const fourth = { day: '1970-01-04', failed: 0, locked: 1 };
  expect([stores.signInDays.since(2 * day - 1), stores.signInDays.since(2 * day)]).toEqual([
    [second, fourth],
    [fourth],
  ]);
});
