import {
  chownSync,
  lchownSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from '@jest/globals';
import { admit } from '../src/repair/admission.js';
import { beside } from '../src/repair/launcher.js';
import { chooserOf, wayTo } from '../src/way-to.js';
import { isRootAmongOthers } from './support/other-users.js';
import { temporaryFolders } from './support/temporary-folder.js';

let swapping: Worker | undefined;
// Before the folders are removed.
afterEach(() => swapping?.terminate());
const newFolder = temporaryFolders();
const nobody = 65_534;
const asRoot = isRootAmongOthers ? test : test.skip;
const unlessRoot = isRootAmongOthers ? '' : ' (skipped: not root)';
const onPosix = process.platform === 'win32' ? test.skip : test;

/** In the folder of nobody's: `data`, and in its place, again and again, a link to the same of root's. */
async function exchanged(): Promise<{ readonly theirs: string; readonly roots: string }> {
  const [around, roots] = [realpathSync(newFolder()), realpathSync(newFolder())];
  const [data, link, aside] = ['data', 'link', 'aside'].map((name) => join(around, name));
  for (const folder of [data, join(roots, 'data')]) {
    mkdirSync(folder ?? '');
    writeFileSync(join(folder ?? '', 'jellyfin.db'), '');
  }
  symlinkSync(join(roots, 'data'), link ?? '');
  for (const each of [around, data, join(data ?? '', 'jellyfin.db')]) chownSync(each ?? '', nobody, nobody);
  lchownSync(link ?? '', nobody, nobody);
  const swap = `
    const { renameSync } = require('node:fs');
    const { data, link, aside } = require('node:worker_threads').workerData;
    const turn = (from, to) => { renameSync(data, aside); renameSync(from, data); renameSync(aside, to); };
    for (;;) { turn(link, link); }`;
  const worker = new Worker(swap, { eval: true, workerData: { data, link, aside } });
  swapping = worker;
  await new Promise((up) => worker.once('online', up));
  return { theirs: join(data ?? '', 'jellyfin.db'), roots: join(roots, 'data', 'jellyfin.db') };
}

const tries = 1000;

/** What a look has found, if it was not refused. */
function looked<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

asRoot(`what its owner exchanges while root looks is never taken for root's${unlessRoot}`, async () => {
  const { theirs } = await exchanged();
  const owners = Array.from({ length: tries }, () => looked(() => chooserOf(wayTo(theirs)).uid));
  expect(new Set(owners)).toEqual(new Set([nobody, undefined]));
});

asRoot(`neither for a repair, nor for what lies beside a database${unlessRoot}`, async () => {
  const { theirs, roots } = await exchanged();
  const found = Array.from({ length: tries }, () => looked(() => admit(theirs)));
  expect(found.filter((each) => each && (each.uid !== nobody || each.path === roots))).toEqual([]);
  expect(found.some((each) => each !== undefined)).toBe(true);
  const read = Array.from({ length: tries }, () => beside(theirs, ({ path }) => path));
  expect(read.filter((each) => each !== undefined && each !== theirs && each !== roots)).toEqual([]);
});

onPosix('a link that leads to itself leads nowhere', () => {
  const loop = join(realpathSync(newFolder()), 'data');
  symlinkSync('data', loop);
  expect(() => wayTo(join(loop, 'latchkey.db'))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
});

onPosix('a way is followed link by link, and whose each is stands beside it', () => {
  const folder = realpathSync(newFolder());
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'file'), '');
  symlinkSync('a', join(folder, 'b'));
  symlinkSync(`${folder}/b/../b/file`, join(folder, 'c'));
  const { links, end } = wayTo(join(folder, 'c'));
  expect(links.map(({ path }) => path)).toEqual(['c', 'b', 'b'].map((name) => join(folder, name)));
  expect(end.path).toBe(join(folder, 'a', 'file'));
  expect(end.file?.ino).toBe(statSync(end.path).ino);
  expect(end.folder.ino).toBe(statSync(join(folder, 'a')).ino);
  expect(wayTo(join(folder, 'b', 'missing', 'deeper')).end).toMatchObject({
    path: join(folder, 'a', 'missing', 'deeper'),
    file: undefined,
  });
  renameSync(join(folder, 'a'), join(folder, 'away'));
  expect(wayTo(join(folder, 'c')).end).toMatchObject({ path: join(folder, 'b', 'file'), file: undefined });
});
