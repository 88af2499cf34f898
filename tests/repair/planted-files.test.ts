import {
  appendFileSync,
  existsSync,
  linkSync,
  lchownSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolders } from '../support/temporary-folder.js';
import { repair, repairToItsDeath } from './run-repair.js';
import { bytesOf, filesIn, fromLoopback, halfWritten, type ServerFolder } from './server-folder.js';

const newFolder = temporaryFolders();
const jellyfin = 65_534;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

let folder: ServerFolder;
let elsewhere: string;
beforeEach(async () => {
  folder = await fromLoopback(newFolder());
  elsewhere = newFolder();
});

const data = (name: string) => join(folder.dir, 'data', name);
const lock = () => `${folder.db}.latchkey.lock`;
const record = () => `${folder.db}.latchkey.json`;

describe('what Jellyfin’s user may have put into its folder', () => {
  test('a link at the lock’s place is not followed: no file is made where it points', async () => {
    const target = join(elsewhere, 'ld.so.preload');
    symlinkSync(target, lock());
    for (const job of [{}, { dryRun: true }]) {
      const { end } = await repair(folder, job);
      expect(end).toMatchObject({ outcome: 'refused', code: 'strangeFile', params: { file: lock() } });
    }
    expect(existsSync(target)).toBe(false);
    expect(filesIn(folder)).toEqual(['jellyfin.db', 'jellyfin.db.latchkey.lock']);
  });

  asRoot('a second name of somebody else’s file at the lock’s place is not given away', async () => {
    const theirs = join(folder.dir, 'theirs');
    writeFileSync(theirs, '');
    linkSync(theirs, lock());
    lchownSync(folder.db, jellyfin, jellyfin);
    expect((await repair(folder)).end).toMatchObject({ outcome: 'refused', code: 'strangeFile' });
    expect(statSync(theirs).uid).toBe(0);
  });

  test('a link as the write-ahead log: what it points to is not copied', async () => {
    const secret = join(elsewhere, 'shadow');
    writeFileSync(secret, 'root:secret');
    symlinkSync(secret, `${folder.db}-wal`);
    const { end } = await repair(folder);
    expect(end).toMatchObject({ outcome: 'refused', code: 'copyFailed', step: 'copy', changed: false });
    expect(filesIn(folder).filter((name) => name.includes('latchkey'))).toEqual([]);
  });

  test('a rollback journal that names a file to be removed: it is left to Jellyfin to play it back', async () => {
    const theirs = join(elsewhere, 'theirs');
    writeFileSync(theirs, '');
    halfWritten(folder);
    // See "super-journal" in https://sqlite.org/fileformat2.html; SQLite removes what stands there.
    const name = Buffer.from(theirs);
    const numbers = Buffer.alloc(12);
    numbers.writeUInt32BE(0x40000000 / 4096 + 1, 0);
    numbers.writeUInt32BE(name.length, 4);
    numbers.writeUInt32BE(
      name.reduce((sum, byte) => sum + byte, 0),
      8,
    );
    const magic = Buffer.from('d9d505f920a163d7', 'hex');
    appendFileSync(`${folder.db}-journal`, Buffer.concat([numbers.subarray(0, 4), name, numbers.subarray(4), magic]));
    const before = bytesOf(folder.db);
    for (const job of [{ dryRun: true }, {}, { setPassword: 'another' }]) {
      const { end } = await repair(folder, job);
      const file = `${folder.db}-journal`;
      expect(end).toMatchObject({ outcome: 'refused', code: 'halfWritten', step: 'copy', params: { file } });
      expect(bytesOf(folder.db)).toEqual(before);
    }
    expect(existsSync(theirs)).toBe(true);
  });

  asRoot('a command in the record is not run as root, but told', async () => {
    await repairToItsDeath(folder, { serverIsStopped: false, startCommand: ['sh', '-c', 'kill -9 $PPID'] });
    const proof = join(elsewhere, 'proof');
    const startCommand = ['touch', proof];
    const left = JSON.parse(readFileSync(record(), 'utf8')) as Record<string, unknown>;
    writeFileSync(record(), JSON.stringify({ ...left, startCommand, stoppedByUs: true }));
    lchownSync(folder.db, jellyfin, jellyfin);
    const { end } = await repair(folder, { serverIsStopped: false });
    expect(end).toMatchObject({ outcome: 'done', leftStopped: true, startCommand });
    expect(existsSync(proof)).toBe(false);
  });

  test('a copy that the record says is elsewhere is not removed', async () => {
    const theirs = join(elsewhere, 'precious');
    writeFileSync(theirs, 'precious');
    await repairToItsDeath(folder, { serverIsStopped: false, startCommand: ['sh', '-c', 'kill -9 $PPID'] });
    const left = JSON.parse(readFileSync(record(), 'utf8')) as Record<string, unknown>;
    writeFileSync(record(), JSON.stringify({ ...left, stage: 'stopped', copy: theirs }));
    expect((await repair(folder)).end.outcome).toBe('done');
    expect(readFileSync(theirs, 'utf8')).toBe('precious');
    expect(bytesOf(data('precious'))).not.toBe('');
  });
});
