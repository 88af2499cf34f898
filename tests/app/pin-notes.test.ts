import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createPinNotes } from '../../src/app/pin-notes.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();

let folder: string;
let file: string;
const warned: string[] = [];
beforeEach(() => {
  folder = newFolder();
  file = join(folder, 'pins-as-passwords.json');
  warned.splice(0);
});

/** As the bot and the command line have it, each for itself. */
const notes = () => {
  const log = (_fields: object, message: string) => void warned.push(message);
  return createPinNotes(join(folder, 'latchkey.db'), { info: log, warn: log, error: log });
};
const kept = (): unknown => JSON.parse(readFileSync(file, 'utf8'));

test('whose password is a PIN is known to the next rescue, however the name is written, and forgotten with the last of them', () => {
  expect(notes().has('root')).toBe(false);
  notes().remove('root');
  expect(existsSync(file)).toBe(false);
  for (const name of ['Root', 'root', 'maya']) notes().add(name);
  expect(kept()).toEqual(['root', 'maya']);
  expect(['ROOT', 'Maya', 'leo'].map((name) => notes().has(name))).toEqual([true, true, false]);
  notes().remove('ROOT');
  expect(kept()).toEqual(['maya']);
  notes().remove('maya');
  expect([existsSync(file), notes().has('maya'), warned]).toEqual([false, false, []]);
});

test('what stands there and is no list of names says nothing, and gives way', () => {
  for (const text of ['{"root":true}', '[1]', 'root']) {
    writeFileSync(file, text);
    expect(notes().has('root')).toBe(false);
    notes().add('root');
    expect(kept()).toEqual(['root']);
  }
});

test('where it cannot be written down the rescue goes on, and the log says so', () => {
  mkdirSync(`${file}.part`);
  notes().add('root');
  expect(warned).toEqual(['whether a PIN is the password of an account could not be written down']);
  expect(notes().has('root')).toBe(false);
});
