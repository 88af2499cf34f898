import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolders } from '../support/temporary-folder.js';
import { repair, repairProgram, type How } from './run-repair.js';
import { bytesOf, filesIn, fromLoopback, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const nobody = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
const nobodyCanRun =
  isRoot && spawnSync(process.execPath, ['--check', repairProgram], { ...nobody, stdio: 'ignore' }).status === 0;
const canMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0;
const asRoot = isRoot ? test : test.skip;
const asTwo = nobodyCanRun ? test : test.skip;
const mounting = canMount ? test : test.skip;
const unlessRoot = isRoot ? '' : ' (skipped: not root)';
const unlessTwo = nobodyCanRun ? '' : ' (skipped: not root, or nobody else may read this checkout)';
const unlessMounting = canMount ? '' : ' (skipped: mounting is not allowed here)';

let folder: ServerFolder;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
});

/** Refused, and nothing is there that was not there before. */
async function refused(code: string, db = folder.db, how: How = {}): Promise<unknown> {
  const before = { files: filesIn(folder), bytes: bytesOf(folder.db) };
  const { end, lines } = await repair(folder, { db }, how);
  expect(end).toMatchObject({ outcome: 'refused', code, changed: false, leftStopped: false });
  expect(lines).toEqual([]);
  expect({ files: filesIn(folder), bytes: bytesOf(folder.db) }).toEqual(before);
  return end.params;
}

describe('it keeps its hands off a file', () => {
  test('that is not there, or is a folder', async () => {
    expect(await refused('noDatabase', `${folder.db}.old`)).toEqual({ file: `${folder.db}.old` });
    await refused('noDatabase', dirname(folder.db));
  });

  test('that has a second name', async () => {
    linkSync(folder.db, join(folder.dir, 'also.db'));
    await refused('hardLink');
  });

  test('whose name ends in a blank, as it is given or as it is', async () => {
    await refused('endsInBlank', `${folder.db} `);
    await refused('endsInBlank', `${folder.db}\n`);
    const odd = `${folder.db} `;
    renameSync(folder.db, odd);
    symlinkSync(odd, folder.db);
    await refused('endsInBlank');
  });

  test('that is read-only, even to root, who could write it', async () => {
    chmodSync(folder.db, 0o444);
    await refused('fileNotWritable');
  });

  test('in a folder that is read-only', async () => {
    chmodSync(dirname(folder.db), 0o555);
    await refused('folderNotWritable');
    chmodSync(dirname(folder.db), 0o755);
  });

  asTwo(`of somebody else, and says whose it is${unlessTwo}`, async () => {
    chmodSync(folder.dir, 0o777);
    chmodSync(dirname(folder.db), 0o777);
    chmodSync(folder.db, 0o666);
    expect(await refused('notOwner', folder.db, { as: nobody })).toEqual({ file: folder.db, owner: 'root' });
  });

  asTwo(`in a folder that is closed to us, and does not say that it is not there${unlessTwo}`, async () => {
    chmodSync(dirname(folder.db), 0o700);
    expect(await refused('folderClosed', folder.db, { as: nobody })).toEqual({ folder: dirname(folder.db) });
  });

  mounting(`that is mounted by itself, whatever its name${unlessMounting}`, async () => {
    const odd = join(folder.dir, 'data', 'my library\\.db');
    renameSync(folder.db, odd);
    folder = { ...folder, db: odd };
    const script = `mount --bind "$DB" "$DB" && exec "$@"`;
    const within = ['env', `DB=${odd}`, 'unshare', '-m', 'sh', '-c', script, 'sh'];
    await refused('mountPoint', odd, { within });
  });

  mounting(`on a file system that is mounted read-only${unlessMounting}`, async () => {
    const data = dirname(folder.db);
    const script = `mount --bind "$DATA" "$DATA" && mount -o remount,bind,ro "$DATA" && exec "$@"`;
    const within = ['env', `DATA=${data}`, 'unshare', '-m', 'sh', '-c', script, 'sh'];
    await refused('fileNotWritable', folder.db, { within });
  });
});

describe('it repairs a file', () => {
  test('by way of a link to it, and works beside the file that is meant', async () => {
    const link = join(folder.dir, 'link.db');
    symlinkSync(folder.db, link);
    const { end } = await repair(folder, { db: link });
    expect(end).toMatchObject({ outcome: 'done', changed: true });
    expect(dirname(end.copy ?? '')).toBe(dirname(folder.db));
  });

  test('by way of a link to its folder', async () => {
    const elsewhere = join(newFolder(), 'moved');
    renameSync(join(folder.dir, 'data'), elsewhere);
    symlinkSync(elsewhere, join(folder.dir, 'data'));
    expect((await repair(folder)).end).toMatchObject({ outcome: 'done' });
  });

  asTwo(`as its owner, who need not be root${unlessTwo}`, async () => {
    giveTo(nobody);
    const { end } = await repair(folder, {}, { as: nobody });
    expect(end).toMatchObject({ outcome: 'done', changed: true, unseen: expect.arrayContaining(['openFile']) });
  });

  asRoot(`as root, and leaves everything to the owner: the file, its copy and its record${unlessRoot}`, async () => {
    giveTo(nobody);
    chmodSync(folder.db, 0o664);
    await repair(folder, { key: 'ab'.repeat(16) });
    const found = filesIn(folder).map((name) => {
      const { uid, gid, mode } = statSync(join(folder.dir, 'data', name));
      return [name.replace(/\d{8}T\d{6}Z/, 'TIME'), uid, gid, (mode & 0o777).toString(8)];
    });
    expect(found).toEqual([
      ['jellyfin.db', 65_534, 65_534, '664'],
      // Nobody but the owner writes it, whatever an access list on the original says.
      ['jellyfin.db.latchkey-TIME.json', 65_534, 65_534, '600'],
      ['jellyfin.db.latchkey-copy-TIME', 65_534, 65_534, '644'],
    ]);
  });
});

test('the record of a repair that is done tells no secret', async () => {
  const key = 'cd'.repeat(16);
  await repair(folder, { key, setPassword: 'a new password' });
  const [record = ''] = filesIn(folder).filter((name) => name.endsWith('.json'));
  const text = readFileSync(join(folder.dir, 'data', record), 'utf8');
  expect(text).not.toContain(key);
  expect(text).not.toContain('a new password');
  expect(JSON.parse(text)).toMatchObject({ stage: 'changed', keyDigest: expect.stringMatching(/^[\da-f]{64}$/) });
  expect(JSON.parse(text)).not.toHaveProperty('passwordHash');
});

function giveTo({ uid, gid }: { uid: number; gid: number }): void {
  mkdirSync(join(folder.dir, 'config'), { recursive: true });
  for (const part of ['', 'data', 'log', 'config', 'data/jellyfin.db', 'log/log_20261124.log'])
    chownSync(join(folder.dir, part), uid, gid);
}
