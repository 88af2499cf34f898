import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { rootPassword, startJellyfin } from '../../../sandbox/jellyfin/index.js';

/** Tables, columns and unique indexes of a database that stands still. */
function shapeOf(path: string, tables?: readonly string[]): Record<string, string[]> {
  // A copy in a folder of its own: reading a file in WAL mode leaves files beside it.
  const folder = mkdtempSync(join(tmpdir(), 'shape-'));
  copyFileSync(path, join(folder, 'copy.db'));
  const db = new Database(join(folder, 'copy.db'));
  const found = db
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all()
    .map(({ name }) => name)
    .filter((name) => tables?.includes(name) ?? true);
  const columns = db.prepare<[string], { text: string }>(
    `SELECT name || ' ' || type || ' ' || "notnull" || ' ' || pk AS text FROM pragma_table_info(?) ORDER BY name`,
  );
  const unique = db.prepare<[string], { text: string }>(
    `SELECT name AS text FROM pragma_index_list(?) WHERE "unique" = 1 ORDER BY name`,
  );
  const shape = found.map((name) => [name, [...columns.all(name), ...unique.all(name)].map(({ text }) => text)]);
  db.close();
  rmSync(folder, { recursive: true });
  return Object.fromEntries(shape) as Record<string, string[]>;
}

describe.each([
  ['10.10.7', 'v10.10.7'],
  ['12.0', 'v12.0-rc5'],
])('the file of a loopback %s', (version, folder) => {
  const sample = `../shared/jellyfin/recordings/${folder}/db/sample-stopped-nobody-locked.db`;
  const isHere = existsSync(sample) || process.env.CI !== undefined;

  (isHere ? test : test.skip)(
    'has its tables as the real sample has them (skipped without ../shared/jellyfin)',
    async () => {
      const jellyfin = await startJellyfin({ version });
      await jellyfin.shutdown();
      const ours = shapeOf(jellyfin.dbPath);
      await jellyfin.close();
      expect(ours).toEqual(shapeOf(sample, Object.keys(ours)));
    },
  );
});

test('a server started again in its folder has its accounts, its key and its passwords as they were', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kept-'));
  const first = await startJellyfin({ version: '12.0', dir, users: [{ name: 'maya', password: 'right' }] });
  const key = first.apiKey;
  await first.close();
  const second = await startJellyfin({ version: '12.0', dir });
  expect(second.apiKey).toBe(key);
  expect((await second.signIn('maya', 'right')).status).toBe(200);
  expect((await second.signIn('root', rootPassword)).status).toBe(200);
  await second.close();
  rmSync(dir, { recursive: true });
});
