import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import Sqlite from 'better-sqlite3';
import { openDatabase } from '../../src/db/database.js';
import { closeAll, startBot } from '../support/bot.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { backUp } from '../../src/db/backup.js';
import { AmongOthers } from '../../src/way-to.js';
import { isRootAmongOthers } from '../support/other-users.js';

const asRoot = isRootAmongOthers ? test : test.skip;

const unlessRoot = isRootAmongOthers ? '' : ' (skipped: not root)';

describe('backups', () => {
  const folder = temporaryFolders();

  const night = (day: number) => new Date(2026, 10, day, 3, 30);

  const quiet = { info: () => undefined, warn: () => undefined };

  const opened: Sqlite.Database[] = [];

  afterEach(async () => {
    for (const db of opened.splice(0)) db.close();
    await closeAll();
  });

  function household(place: string, rows = 1): Sqlite.Database {
    const up = (db: Sqlite.Database) => db.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)');
    const db = openDatabase(join(place, 'latchkey.db'), [{ name: '0001-rows', up }], quiet);
    const insert = db.prepare('INSERT INTO rows (text) VALUES (?)');
    db.transaction(() => {
      for (let row = 0; row < rows; row++) insert.run('x'.repeat(500));
    })();
    opened.push(db);
    return db;
  }

  const copies = (place: string) => readdirSync(join(place, 'backups')).sort();

  function countIn(file: string): unknown {
    const copy = new Sqlite(file, { readonly: true });
    try {
      return copy.prepare('SELECT count(*) FROM rows').pluck().get();
    } finally {
      copy.close();
    }
  }

  test('the copy is one private file that holds everything committed, and nothing else is left beside it', async () => {
    const place = folder();
    const db = household(place, 50);
    const result = await backUp(db, night(5));
    expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
    expect(result).toMatchObject({ file: join(place, 'backups', 'latchkey-2026-11-05.db'), removed: [] });
    expect(statSync(result.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(place, 'backups')).mode & 0o777).toBe(0o700);
    // Without a -wal of its own: what was only in the log of the original is in the file.
    expect(readFileSync(result.file)[18]).toBe(1);
    expect(countIn(result.file)).toBe(50);
    expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
  });

  test('the bot goes on writing while the copy is made', async () => {
    const place = folder();
    const db = household(place, 4000);
    let written = 0;
    let copying = true;
    const write = () => {
      if (!copying) return;
      db.prepare("INSERT INTO rows (text) VALUES ('meanwhile')").run();
      written++;
      setImmediate(write);
    };
    setImmediate(write);
    const { file } = await backUp(db, night(5));
    copying = false;
    expect(written).toBeGreaterThan(3);
    expect(countIn(file)).toBeGreaterThanOrEqual(4000);
  });

  test('seven are kept, the newest, and files of other names are left alone', async () => {
    const place = folder();
    const db = household(place);
    for (let day = 1; day <= 9; day++) await backUp(db, night(day));
    writeFileSync(join(place, 'backups', 'before-the-update.db'), '');
    const { removed } = await backUp(db, night(10));
    expect(removed).toEqual(['latchkey-2026-11-03.db']);
    const days = [4, 5, 6, 7, 8, 9, 10].map((day) => `latchkey-2026-11-${String(day).padStart(2, '0')}.db`);
    expect(copies(place)).toEqual(['before-the-update.db', ...days]);
  });

  test('a clock that was put back does not remove the copy just made', async () => {
    const place = folder();
    const db = household(place);
    for (let day = 11; day <= 17; day++) await backUp(db, night(day));
    const { file, removed } = await backUp(db, night(2));
    expect(existsSync(file)).toBe(true);
    expect(removed).toEqual(['latchkey-2026-11-11.db']);
  });

  asRoot(
    `it is made with the rights of who could have chosen where: in another's folder theirs, by a link${unlessRoot}`,
    async () => {
      const [place, roots] = [folder(), folder()];
      const db = household(place);
      const backups = join(place, 'backups');
      for (const each of [place, roots]) chmodSync(each, 0o755);
      mkdirSync(backups);
      chownSync(backups, 65_534, 65_534);
      const { file } = await backUp(db, night(5));
      expect(statSync(file)).toMatchObject({ uid: 65_534 });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(countIn(file)).toBe(1);

      rmSync(backups, { recursive: true });
      for (const owner of [65_534, 0]) {
        symlinkSync(roots, backups);
        lchownSync(backups, owner, owner);
        if (owner === 0) await backUp(db, night(6));
        else await expect(backUp(db, night(6))).rejects.toThrow('EACCES');
        expect(readdirSync(roots)).toEqual(owner === 0 ? ['latchkey-2026-11-06.db'] : []);
        rmSync(backups);
      }
      mkdirSync(backups);
      chmodSync(backups, 0o777);
      await expect(backUp(db, night(7))).rejects.toThrow(new AmongOthers(realpathSync(backups)));
      expect(readdirSync(place).sort()).toEqual(['backups', 'latchkey.db', 'latchkey.db-shm', 'latchkey.db-wal']);
    },
  );

  test('a second copy on one day takes the place of the first, also over what a killed one left', async () => {
    const place = folder();
    const db = household(place);
    await backUp(db, night(5));
    writeFileSync(join(place, 'backups', 'latchkey-2026-11-05.db.part'), 'half a copy');
    writeFileSync(join(place, 'backups', 'latchkey-2026-11-04.db.part-journal'), 'half a journal');
    db.exec("INSERT INTO rows (text) VALUES ('later')");
    const { file } = await backUp(db, night(5));
    expect(countIn(file)).toBe(2);
    expect(copies(place)).toEqual(['latchkey-2026-11-05.db']);
  });

  test('a damaged database gives no copy, and the good ones stay', async () => {
    const place = folder();
    const first = household(place, 400);
    for (let day = 1; day <= 7; day++) await backUp(first, night(day));
    first.close();
    opened.splice(0);
    const path = join(place, 'latchkey.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096 * 10, 4096 * 11);
    writeFileSync(path, bytes);
    const db = new Sqlite(path);
    opened.push(db);
    await expect(backUp(db, night(8))).rejects.toThrow(/damaged/);
    expect(copies(place)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `latchkey-2026-11-0${day}.db`));
  });

  test('the nightly job logs what it did and lets a failure out', async () => {
    const { app, database, logged } = await startBot();
    await app.runJob('backup');
    const [line] = logged.filter((each) => each.includes('database copied'));
    const { file } = JSON.parse(line ?? '{}') as { file?: string };
    expect(file).toMatch(/backups.latchkey-\d{4}-\d{2}-\d{2}\.db$/);
    expect(existsSync(file ?? '')).toBe(true);
    const place = join(database, '..', 'backups');
    rmSync(place, { recursive: true });
    writeFileSync(place, 'in the way');
    await expect(app.runJob('backup')).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
