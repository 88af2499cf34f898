import { expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { createRemoveOld } from '../../src/db/history/retention.js';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';

const before = 500;
const old = 100;
const young = 900;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly needed: number;
}

/** An empty database; `put` adds a row to a table, with something in every column that must not be empty. */
function database() {
  const db = new Database(':memory:');
  migrate(db, migrations);
  db.pragma('foreign_keys = ON');
  db.pragma('ignore_check_constraints = ON');
  const put = (table: string, row: Readonly<Record<string, string | number | null>>) => {
    const columns = db
      .prepare<[], Column>(
        `SELECT name, type, "notnull" AND dflt_value IS NULL AND NOT (pk = 1 AND type = 'INTEGER') AS needed
         FROM pragma_table_info('${table}')`,
      )
      .all();
    const needed = columns.filter(({ name, needed }) => needed === 1 && !(name in row));
    const whole = {
      ...Object.fromEntries(needed.map(({ name, type }) => [name, type === 'TEXT' ? 'x' : old])),
      ...row,
    };
    const names = Object.keys(whole);
    db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`).run(
      Object.values(whole),
    );
  };
  const left = (table: string, column = 'id') =>
    db.prepare<[], number | string>(`SELECT ${column} FROM ${table} ORDER BY 1`).pluck().all();
  return { db, put, left };
}

/** A request that was done long ago, unless told otherwise, each of its own member. */
function requestsIn({ put }: ReturnType<typeof database>) {
  return (id: number, row: Readonly<Record<string, string | number | null>> = {}) =>
    put('requests', { id, kind: 'reset', state: 'done', member_id: `${id}`, ended_at: old, created_at: old, ...row });
}

test('a request goes when it is over for long; one that waits or is carried out stays', () => {
  const house = database();
  const request = requestsIn(house);
  request(1);
  request(2, { state: 'pending', ended_at: null });
  request(3, { state: 'approved', ended_at: null });
  request(4, { ended_at: young });
  request(5, { state: 'expired', ended_at: null });
  house.put('notices', { id: 1, kind: 'outcome', subject_id: '1', owed_at: old });
  house.put('notices', { id: 2, kind: 'outcome', subject_id: '2', owed_at: old });
  house.put('notices', { id: 3, kind: 'outcome', subject_id: '5', owed_at: young });
  house.put('notices', { id: 4, kind: 'passwordEnd', subject_id: '4', owed_at: old, delivery_status: 'told' });
  createRemoveOld(house.db)(before, before);
  expect(house.left('requests')).toEqual([2, 3, 4]);
  expect(house.left('notices')).toEqual([2, 3, 4]);
});

test('of a temporary password nothing goes before it has ended, and its message is covered', () => {
  const house = database();
  const request = requestsIn(house);
  const password = (id: number, message: string | null, row: Readonly<Record<string, string | number | null>> = {}) => {
    request(id);
    const so = {
      account_id: 'a',
      begun_at: id,
      shown_at: old,
      ended_at: old,
      message_id: message,
      channel_id: message,
    };
    house.put('temp_passwords', { request_id: id, ...so, ...row });
  };
  const toCover = { scrub: 'replaced' };
  password(1, 'one');
  password(2, 'two', { ended_at: null });
  password(3, null, { shown_at: null, ended_at: null });
  password(4, 'four', toCover);
  password(5, 'five', { ...toCover, scrubbed_at: old });
  password(6, null, toCover);
  // A renewed password stands in the message of the one before, and covers it.
  password(7, 'seven', toCover);
  password(8, 'seven', toCover);
  password(9, 'nine', toCover);
  password(10, 'nine', { account_id: 'b' });
  // One that is tried again: its request is not over.
  password(11, 'eleven');
  house.db.exec(`UPDATE requests SET state = 'approved', ended_at = NULL WHERE id = 11`);
  createRemoveOld(house.db)(before, before);
  expect(house.left('temp_passwords', 'request_id')).toEqual([2, 4, 8, 9, 11]);
  expect(house.left('requests')).toEqual([2, 4, 8, 9, 11]);
});

test('of a lock that lasts, or has just ended, the lockout, its card and who denied it stay', () => {
  const house = database();
  for (const [id, begun_at] of [old, old, young, old].entries()) house.put('lockout_cards', { id: id + 1, begun_at });
  house.put('lockouts', { id: 1, account_id: 'a', state: 'ended', ended_at: old, card_id: 1 });
  house.put('lockouts', { id: 2, account_id: 'b', state: 'locked', card_id: 2 });
  house.put('lockouts', { id: 3, account_id: 'c', state: 'ended', ended_at: young, card_id: 4 });
  house.put('lockouts', { id: 4, account_id: 'd', state: 'seen' });
  for (const id of [1, 2, 3]) house.put('denials', { id, lockout_id: id, member_id: `${id}` });
  createRemoveOld(house.db)(before, before);
  expect(house.left('lockouts')).toEqual([2, 3, 4]);
  expect(house.left('lockout_cards')).toEqual([2, 3, 4]);
  expect(house.left('denials')).toEqual([2, 3]);
});

test('what somebody is still owed stays, and the news that it is about', () => {
  const house = database();
  const status = ['told', 'dropped', 'due', 'announced', 'unreachable'];
  for (const [at, delivery_status] of status.entries())
    house.put('notices', { id: at + 1, kind: 'greeting', subject_id: `${at}`, owed_at: old, delivery_status });
  house.put('notices', { id: 6, kind: 'greeting', subject_id: '6', owed_at: young, delivery_status: 'told' });
  house.put('notices', { id: 7, kind: 'linkNews', subject_id: '1', owed_at: old, delivery_status: 'due' });
  for (const [id, at] of [old, old, young].entries()) house.put('link_news', { id: id + 1, batch: id + 1, at });
  createRemoveOld(house.db)(before, before);
  expect(house.left('notices')).toEqual([3, 4, 5, 6, 7]);
  expect(house.left('link_news')).toEqual([1, 3]);
});

test('so do a device that is not signed out, a PIN that is good, a rescue that goes on, and whatever is young', () => {
  const house = database();
  const proof = { device_id: 'd', ended_at: old, signed_out_at: old };
  house.put('link_proofs', { id: 1, ...proof });
  house.put('link_proofs', { id: 2, ...proof, signed_out_at: null });
  house.put('link_proofs', { id: 3, ...proof, ended_at: young });
  house.put('link_proofs', { id: 4, ...proof, ended_at: null });
  for (const [id, [sent_at, expires_at]] of [
    [old, null] as const,
    [old, young] as const,
    [young, null] as const,
  ].entries())
    house.put('account_notices', { id: id + 1, sent_at, expires_at });
  for (const [id, ended_at] of [old, null, young].entries()) {
    house.put('rescues', { id: id + 1, ended_at });
    house.put('outages', { id: id + 1, ended_at });
    requestsIn(house)(id + 1, { kind: 'pass' });
    house.put('passes', { id: id + 1, request_id: id + 1, account_id: `${id}`, ended_at });
  }
  const signIn = { begun_at: old, denied_by: 'dad', signed_out_at: old };
  house.put('device_sign_ins', { id: 1, ...signIn });
  house.put('device_sign_ins', { id: 2, ...signIn, denied_by: null, signed_out_at: null });
  house.put('device_sign_ins', { id: 3, ...signIn, signed_out_at: null });
  house.put('device_sign_ins', { id: 4, ...signIn, begun_at: young });
  for (const at of [old, young]) {
    house.put('audit', { id: at, at });
    house.put('rate_limits', { at });
    house.put('history_views', { id: at, made_at: at });
    house.put('sign_in_days', { day: `1970-0${at === old ? 1 : 9}-01` });
  }
  const day = Date.UTC(1970, 4);
  expect(createRemoveOld(house.db)(before, before)).toBe(1);
  expect(
    ['link_proofs', 'account_notices', 'rescues', 'outages', 'passes', 'requests', 'audit', 'history_views'].map(
      (table) => house.left(table),
    ),
  ).toEqual([[2, 3, 4], [2, 3], [2, 3], [2, 3], [2, 3], [2, 3], [young], [young]]);
  expect(house.left('device_sign_ins')).toEqual([3, 4]);
  expect(house.left('rate_limits', 'at')).toEqual([young]);
  createRemoveOld(house.db)(day, before);
  expect(house.left('sign_in_days', 'day')).toEqual(['1970-09-01']);
});
