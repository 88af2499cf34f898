import { join } from 'node:path';
import { expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { migrate } from '../../src/db/migrate.js';
import { migrations } from '../../src/db/migrations/index.js';
import { writeDatabaseBefore } from '../support/before-the-outbox.js';
import { ChildProgram } from '../support/child-program.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { oneIn, share } from './sweep.js';

const folder = temporaryFolders();

function oldDatabase(): string {
  const file = join(folder(), 'latchkey.db');
  writeDatabaseBefore(file, 1_800_000_000_000, (name) => `the id of ${name}`);
  return file;
}

/** Everything in a database but when its migrations ran. */
function contents(db: Database.Database): string[] {
  const tables = db
    .prepare<[], string>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
    .pluck()
    .all();
  const schema = db.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
  const rows = tables.flatMap((table) => {
    const columns = table === 'migrations' ? 'name' : '*';
    return db.prepare(`SELECT '${table}', ${columns} FROM ${table}`).raw().all();
  });
  return [...schema, ...rows].map((row) => JSON.stringify(row));
}

/** Runs the migrations in a process of its own that is killed before its n-th statement, the last being the end. */
async function killedBefore(file: string, statement: number): Promise<boolean> {
  const child = ChildProgram.start(
    ['db/migrate.ts', 'db/migrations/index.ts'],
    (url) => `
      import Database from 'better-sqlite3';
      import { writeSync } from 'node:fs';
      import { migrate } from '${url('db/migrate.ts')}';
      import { migrations } from '${url('db/migrations/index.ts')}';
      const db = new Database(${JSON.stringify(file)});
      db.pragma('foreign_keys = ON');
      let statements = 0;
      const counted = () => { if (++statements === ${statement}) process.kill(process.pid, 'SIGKILL'); };
      const exec = db.exec.bind(db);
      db.exec = (sql) => { counted(); return exec(sql); };
      migrate(db, migrations.map(({ name, up }) => ({ name, up(db) { up(db); counted(); } })));
      writeSync(1, 'done\\n');`,
  );
  const isDone = await child.lines(1).then(
    () => true,
    () => false,
  );
  await child.exited;
  return !isDone;
}

test('killed before any statement of a migration, the database is as before, and the next start finishes it', async () => {
  const whole = oldDatabase();
  const db = new Database(whole);
  const before = contents(db);
  migrate(db, migrations);
  const after = contents(db);
  expect(after).not.toEqual(before);
  let kills = 0;
  for (let statement = 1 + share; ; statement += oneIn) {
    const file = oldDatabase();
    if (!(await killedBefore(file, statement))) break;
    kills += 1;
    const left = new Database(file);
    expect(contents(left)).toEqual(before);
    migrate(left, migrations);
    expect([statement, contents(left)]).toEqual([statement, after]);
    left.close();
  }
  db.close();
  expect(kills).toBeGreaterThanOrEqual(40 / oneIn);
}, 120_000);
