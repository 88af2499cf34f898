import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mustBeOrdinary, readSmallFile, readStart } from '../src/small-file.js';
import { temporaryFolders } from './support/temporary-folder.js';

const newFolder = temporaryFolders();

test('a database may be a link, as an administrator lays it; beside it nothing may be, as SQLite would write through it', () => {
  for (const end of ['-journal', '-wal', '-shm']) {
    const folder = newFolder();
    const [file, elsewhere] = [join(folder, 'latchkey.db'), join(folder, 'elsewhere')];
    writeFileSync(elsewhere, 'theirs');
    symlinkSync(elsewhere, file);
    expect(() => mustBeOrdinary(file)).not.toThrow();
    symlinkSync(elsewhere, `${file}${end}`);
    expect(() => mustBeOrdinary(file)).toThrow(`${file}${end} is no ordinary file`);
  }
  const folder = join(newFolder(), 'latchkey.db');
  mkdirSync(folder);
  expect(() => mustBeOrdinary(folder)).toThrow('latchkey.db is no ordinary file');
});

test('a file is read as far as it may be long, and by no link unless it may be one', () => {
  const [file, link] = [join(newFolder(), 'a'), join(newFolder(), 'b')];
  writeFileSync(file, 'twelve bytes');
  symlinkSync(file, link);
  expect(readSmallFile(file, { most: 12 }).text).toBe('twelve bytes');
  expect(() => readSmallFile(file, { most: 11 })).toThrow('too large');
  expect(() => readSmallFile(link)).toThrow('no ordinary file');
  expect(readSmallFile(link, { follow: true }).text).toBe('twelve bytes');
});

test('of a file only its start may be asked for, and it is said whether that is all', () => {
  const file = join(newFolder(), 'a');
  writeFileSync(file, 'twelve bytes');
  expect(readStart(file, 12)).toEqual({ text: 'twelve bytes', isWhole: true });
  expect(readStart(file, 6)).toEqual({ text: 'twelve', isWhole: false });
});
