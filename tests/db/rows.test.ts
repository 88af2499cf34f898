import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';
import { Table } from '../../src/db/rows.js';
import { openStores } from '../../src/db/stores.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const types = { text: 'TEXT', integer: 'INTEGER', boolean: 'INTEGER', json: 'TEXT', message: 'TEXT' };
const folder = new URL('../../src/db/', import.meta.url);
const stores = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-store.ts'));

describe.each(stores)('%s', (store) => {
  test('names columns that its tables have, of the type and with the NULL that its objects have', async () => {
    const db = new Database(':memory:');
    migrate(db, migrations);
    const exported = Object.values((await import(new URL(store, folder).href)) as object);
    for (const table of exported.filter((each) => each instanceof Table)) {
      const found = db.prepare('SELECT name, type, "notnull" OR pk AS given FROM pragma_table_info(?)').all(table.name);
      for (const { kind, columns, sql } of (table as Table<unknown>).properties) {
        // SQL of its own is tried with each statement, below.
        if (sql !== undefined) continue;
        const type = types[kind.replace('?', '') as keyof typeof types];
        const name = columns.at(-1);
        const given = kind.endsWith('?') ? 0 : 1;
        expect(found).toContainEqual({ name, type, given });
      }
    }
    db.close();
  });
});

const folders = temporaryFolders();

test('SQLite understands every statement of the stores, which are prepared only when they are used', () => {
  const {
    db,
    transaction: _,
    ...stores
  } = openStores(join(folders(), 'latchkey.db'), { info: () => undefined, warn: () => undefined }, Date.now);
  const odd: unknown[] = [];
  let tried = 0;
  for (const [store, found] of Object.entries(stores)) {
    const calls = typeof found === 'object' ? Object.entries(found) : [[store, found] as const];
    for (const [name, call] of calls) {
      if (typeof call !== 'function') continue;
      tried += 1;
      try {
        (call as (...given: unknown[]) => unknown)({}, {}, {}, {});
      } catch (error) {
        // Nothing sensible is given, and so most of them refuse; only what SQLite cannot read counts.
        if ((error as { code?: string }).code === 'SQLITE_ERROR') odd.push([store, name, String(error)]);
      }
    }
  }
  db.close();
  expect(odd).toEqual([]);
  expect(tried).toBeGreaterThan(150);
});

interface Thing {
  readonly id: number;
  readonly isGood: boolean;
  readonly tags: readonly string[];
  readonly note: string | undefined;
  readonly message: { readonly channelId: string; readonly messageId: string } | undefined;
  readonly shout: string | undefined;
}

test('a row and the object that it stands for are the same, there and back', () => {
  const db = new Database(':memory:');
  db.exec(`CREATE TABLE things (id INTEGER PRIMARY KEY, is_good INTEGER NOT NULL, tags TEXT NOT NULL, note TEXT,
    message_channel_id TEXT, message_message_id TEXT) STRICT`);
  const things = new Table<Thing>('things', {
    id: 'integer',
    isGood: 'boolean',
    tags: 'json',
    note: 'text?',
    message: 'message?',
    shout: ['text?', 'upper(note)'],
  });
  const { all, change, changes, find, insert } = things.statements(db);
  const add = insert<[Partial<Thing>]>(`
    INSERT INTO things (is_good, tags, note, message_channel_id, message_message_id)
    VALUES (@isGood, @tags, @note, @message ->> 'channelId', @message ->> 'messageId')`);
  const message = { channelId: '100000000000000001', messageId: '100000000000000002' };
  const full = { id: 1, isGood: true, tags: ['a'], note: 'hi', message, shout: 'HI' };
  const bare = { id: 2, isGood: false, tags: [], note: undefined, message: undefined, shout: undefined };
  expect([add({ isGood: true, tags: ['a'], note: 'hi', message }), add({ isGood: false, tags: [] })]).toEqual([
    full,
    bare,
  ]);
  expect(all('ORDER BY id')()).toEqual([full, bare]);
  expect(find('WHERE id = ?1')(3)).toBeUndefined();
  expect(change('UPDATE things SET note = ?2 WHERE id = ?1')(1, undefined)).toEqual({
    ...full,
    note: undefined,
    shout: undefined,
  });
  expect(changes('UPDATE things SET is_good = ?2 WHERE id = ?1')(3, true)).toBe(false);
  expect(() => insert('INSERT OR IGNORE INTO things (id, is_good, tags) VALUES (?1, 0, ?2)')(1, [])).toThrow(
    /nothing was added/,
  );
  db.close();
});

test('a change that fails when it is committed is not taken for done', () => {
  const db = new Database(':memory:');
  // A reference that is looked at in the commit only stands for a disk that is full by then.
  db.exec(
    'CREATE TABLE things (id INTEGER PRIMARY KEY, next INTEGER REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)',
  );
  const things = new Table<{ readonly id: number; readonly next: number }>('things', {
    id: 'integer',
    next: 'integer',
  });
  const { insert } = things.statements(db);
  expect(() => insert('INSERT INTO things (id, next) VALUES (1, 7)')()).toThrow(/FOREIGN KEY/);
  expect(db.prepare('SELECT * FROM things').all()).toEqual([]);
  db.close();
});
