import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { createForgetMember } from '../../src/db/members/forget-member.js';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';

const member = '123456789012345678';
/** Columns that hold a member's id, by their names; what is no person's id is called otherwise. */
const names = /^(member_id|actor_id|recipient_id|member_or_account_id|\w+_by)$/;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

test('no table keeps a forgotten member in any column, those of tables that come later included', () => {
  const db = new Database(':memory:');
  migrate(db, migrations);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  const tables = db.prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
  const filled = tables.filter((table) => {
    const columns = db.prepare<[], Column>(`SELECT * FROM pragma_table_info('${table}')`).all();
    const set = columns.filter(
      ({ name, notnull, dflt_value: given, pk, type }) =>
        names.test(name) || (notnull === 1 && given === null && !(pk === 1 && type === 'INTEGER')),
    );
    if (!set.some(({ name }) => names.test(name))) return false;
    const values = set.map(({ name, type }) => (names.test(name) ? member : type === 'TEXT' ? 'x' : 1));
    const marks = set.map(() => '?').join();
    db.prepare(`INSERT INTO ${table} (${set.map(({ name }) => name).join()}) VALUES (${marks})`).run(values);
    return true;
  });
  expect(filled).toEqual(
    expect.arrayContaining(['audit', 'requests', 'lockouts', 'denials', 'link_proofs', 'rescues']),
  );
  createForgetMember(db)(member, 'forgotten-1');
  for (const table of filled)
    expect([table, JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all())]).toEqual([
      table,
      expect.not.stringContaining(member),
    ]);
  db.close();
});
