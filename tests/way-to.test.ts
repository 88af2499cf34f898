import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  lchownSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { asOwner } from '../src/as-owner.js';
import { admit } from '../src/repair/admission.js';
import { beside } from '../src/repair/launcher.js';
import { AmongOthers, endOf, wayTo, workerAt, workerOn } from '../src/way-to.js';
import { readNamedFile, readSmallFile } from '../src/small-file.js';
import { isRootAmongOthers } from './support/other-users.js';
import { temporaryFolders } from './support/temporary-folder.js';

const newFolder = temporaryFolders();
let swapping: Worker | undefined;
// Before the folders are removed: the last hook runs first.
afterEach(() => swapping?.terminate());
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

onPosix(
  'what lies in the folder that this runs in is worked on there, whatever leads to it by then; a link is followed',
  () => {
    const folder = realpathSync(newFolder());
    writeFileSync(join(folder, '.env'), '');
    symlinkSync('.env', join(folder, 'link'));
    expect(endOf(wayTo(join(folder, '.env')), '.env')).toBe('.env');
    expect(endOf(wayTo(join(folder, 'link')), 'link')).toBe(join(folder, '.env'));
  },
);

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
  const owners = Array.from({ length: tries }, () => looked(() => workerOn(theirs).uid));
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

onPosix(
  'what is a file when it is looked at, and a pipe when it is opened, is not read, and is closed again',
  async () => {
    const folder = newFolder();
    const file = join(folder, 'record.json');
    writeFileSync(file, 'whole');
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    const swap = `
    const { renameSync } = require('node:fs');
    const [file, pipe, aside] = require('node:worker_threads').workerData;
    for (;;) { renameSync(file, aside); renameSync(pipe, file); renameSync(aside, pipe); }`;
    swapping = new Worker(swap, { eval: true, workerData: [file, join(folder, 'pipe'), join(folder, 'aside')] });
    await new Promise((up) => swapping?.once('online', up));
    const descriptors = () => openSync('/dev/null', 'r');
    const before = descriptors();
    closeSync(before);
    const read = Array.from({ length: 4 * tries }, () => looked(() => readSmallFile(file).text));
    expect(new Set(read)).toEqual(new Set(['whole', undefined]));
    const after = descriptors();
    closeSync(after);
    expect(after).toBe(before);
  },
);

asRoot(`a link of root's own leads nowhere where others could exchange it${unlessRoot}`, () => {
  const [open, closed] = [realpathSync(newFolder()), newFolder()];
  symlinkSync(closed, join(open, 'data'));
  const worker = () => workerOn(join(open, 'data', 'latchkey.db'));
  expect(worker().uid).toBe(0);
  chmodSync(open, 0o777);
  expect(worker).toThrow(new AmongOthers(open));
  // Anybody else works as themselves.
  expect(asOwner({ uid: nobody }, () => workerOn(join(open, 'file')).uid)).toBe(nobody);
  expect(asOwner({ uid: nobody }, () => workerAt(wayTo(join(open, 'file'))).uid)).toBe(nobody);
});

asRoot(`root works as root where nobody else may write, and elsewhere as whose folder it is${unlessRoot}`, () => {
  const worker = (mode: number, [uid, gid]: [number, number]) => {
    const folder = newFolder();
    chownSync(folder, uid, gid);
    chmodSync(folder, mode);
    return looked(() => workerAt(wayTo(join(folder, 'missing', 'file'))).uid) ?? 'refused';
  };
  // The group of a user's own folder is that user's affair, and root has their rights only.
  for (const mode of [0o700, 0o755, 0o775, 0o2775, 0o777, 0o1777]) expect(worker(mode, [nobody, nobody])).toBe(nobody);
  for (const mode of [0o700, 0o755, 0o1755]) expect(worker(mode, [0, 0])).toBe(0);
  // The bits of root's own group may be those of an access list.
  for (const mode of [0o777, 0o1777, 0o757, 0o775]) expect(worker(mode, [0, 0])).toBe('refused');
  for (const mode of [0o755, 0o2755]) expect(worker(mode, [0, nobody])).toBe(0);
  for (const mode of [0o775, 0o2775, 0o1775]) expect(worker(mode, [0, nobody])).toBe('refused');
});

asRoot(
  `where a stranger's link is on the way, it is theirs, but not where another could have laid it${unlessRoot}`,
  () => {
    const [shared, theirs] = [realpathSync(newFolder()), realpathSync(newFolder())];
    const file = join(theirs, '.env');
    writeFileSync(file, 'of nobody');
    chmodSync(shared, 0o755);
    for (const path of [theirs, file]) chownSync(path, nobody, nobody);
    const link = join(shared, '.env');
    symlinkSync(file, link);
    const works = [() => workerOn(link).uid, () => (readNamedFile(link) === 'of nobody' ? nobody : 'another')];
    for (const owner of [nobody, 0]) {
      lchownSync(link, owner, owner);
      for (const work of works) expect(work()).toBe(nobody);
    }
    for (const mode of [0o777, 0o1777, 0o2775]) {
      chmodSync(shared, mode);
      for (const work of works) expect(work).toThrow(new AmongOthers(shared));
    }
    chmodSync(shared, 0o755);
    lchownSync(link, nobody - 1, nobody - 1);
    for (const work of works) expect(work).toThrow(new AmongOthers(theirs));
  },
);

asRoot(`what is not there when root looks is not read where a link lies by then${unlessRoot}`, async () => {
  const [shared, roots] = [realpathSync(newFolder()), realpathSync(newFolder())];
  writeFileSync(join(roots, '.env'), 'of root');
  const [file, aside] = [join(shared, '.env'), join(shared, 'aside')];
  symlinkSync(join(roots, '.env'), aside);
  for (const each of [shared, aside]) lchownSync(each, nobody, nobody);
  const swap = `
    const { renameSync } = require('node:fs');
    const [file, aside] = require('node:worker_threads').workerData;
    for (;;) { renameSync(aside, file); renameSync(file, aside); }`;
  swapping = new Worker(swap, { eval: true, workerData: [file, aside] });
  await new Promise((up) => swapping?.once('online', up));
  for (const [owner, mode] of [
    [nobody, 0o755],
    [0, 0o777],
    [0, 0o1777],
  ] as const) {
    chownSync(shared, owner, owner);
    chmodSync(shared, mode);
    const read = Array.from({ length: 4 * tries }, () => looked(() => readNamedFile(file)));
    expect(new Set(read)).toEqual(new Set([undefined]));
  }
});

onPosix('nothing leads up again from a folder that is not there', () => {
  const folder = realpathSync(newFolder());
  for (const way of ['missing/../file', 'missing/deeper/../../../../etc/file'])
    expect(() => wayTo(`${folder}/${way}`)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  symlinkSync('missing/../file', join(folder, 'link'));
  expect(() => wayTo(join(folder, 'link'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

asRoot(`a link that is closed to who looks was not exchanged${unlessRoot}`, () => {
  const look = () => wayTo('/proc/1/cwd/file');
  expect(() => asOwner({ uid: nobody }, look)).toThrow(expect.objectContaining({ code: 'EACCES' }));
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
  expect(wayTo(join(folder, 'b', 'file')).end).toMatchObject({ path: join(folder, 'a', 'file'), file: undefined });
  expect(() => wayTo(join(folder, 'c'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
