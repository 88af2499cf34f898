import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { qrCode } from '../../src/setup/qr-code.js';

const picture = (text: string) => stripVTControlCharacters(qrCode(text) ?? '');

// What is expected here was read back by a decoder of others (jsQR), as was every third length up to 271.
test('a short text is drawn in half blocks, with a margin', () => {
  expect(picture('latchkey')).toBe(
    [
      '█████████████████████████',
      '██ ▄▄▄▄▄ █  ▄  █ ▄▄▄▄▄ ██',
      '██ █   █ ██ ▄ ▀█ █   █ ██',
      '██ █▄▄▄█ █ █▀█▄█ █▄▄▄█ ██',
      '██▄▄▄▄▄▄▄█ ▀ ▀▄█▄▄▄▄▄▄▄██',
      '██▄  ▀▀▄▄█▄  ▄▄▄   ██▄ ██',
      '███▀█▀ ▀▄█▀▀▄█▀█▄▀▄▀▄█▄██',
      '██▄██▄██▄▄▀▄ ▀█  █ ▀██▀██',
      '██ ▄▄▄▄▄ █▀█▀ ▄ ▀▀  ▄█▄██',
      '██ █   █ ██▄█▄▄▄▄▄▀▄█▄███',
      '██ █▄▄▄█ █  ▄█▀█▄█▄▀█▄▄██',
      '██▄▄▄▄▄▄▄█▄▄▄███▄▄█▄██▄██',
      '▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀',
    ].join('\n'),
  );
});

test.each([
  [20, 'dc743c3f0b8acc8f'],
  [127, '86805ee10612c705'],
  [271, '709ec54b5a523002'],
])('%i bytes, of versions with and without several blocks', (length, hash) => {
  const text = 'a1/?'.repeat(68).slice(0, length);
  expect(createHash('sha256').update(picture(text)).digest('hex').slice(0, 16)).toBe(hash);
});

test('what is too long is none', () => {
  expect(qrCode('x'.repeat(272))).toBeUndefined();
});
