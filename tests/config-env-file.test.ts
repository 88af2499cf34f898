import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFile } from '../src/env-file.js';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-env-'));
const file = join(folder, '.env');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(file, 'A=from the file\nB="with # inside" # and a comment\n', { mode: 0o600 }));

test('the environment wins over the file', () => {
  expect(readEnvFile(file, { A: 'from the environment', C: 'c' })).toEqual({
    env: { A: 'from the environment', B: 'with # inside', C: 'c' },
    warnings: [],
  });
});

test('without a file there is the environment alone, and nothing to warn about', () => {
  expect(readEnvFile(join(folder, 'none'), { A: 'a' })).toEqual({ env: { A: 'a' }, warnings: [] });
});

const onPosix = process.platform === 'win32' ? test.skip : test;

onPosix.each([0o640, 0o604, 0o644])('a file of mode %o is warned about, with the command that helps', (mode) => {
  chmodSync(file, mode);
  expect(readEnvFile(file, {}).warnings).toEqual([`${file} can be read by others: run chmod 600 ${file}`]);
  chmodSync(file, 0o600);
});

test('a file that is there and cannot be read is told of, and does not pass for none', () => {
  expect(readEnvFile(folder, {}).warnings).toEqual([`${folder} is there but cannot be read (EISDIR).`]);
});
