import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { inviteLink } from '../../src/discord/preflight.js';
import { qrCode } from '../../src/setup/qr-code.js';

test('an invite is drawn light on dark, with a margin, and fits a terminal of 60 columns', () => {
  const drawn = qrCode(inviteLink('123456789012345678')).split('\n');
  for (const line of drawn) expect(line).toMatch(/^\x1B\[97;40m[█▀▄ ]+\x1B\[0m$/);
  const lines = drawn.map((line) => stripVTControlCharacters(line));
  const width = lines[0]?.length ?? 0;
  expect(width).toBeLessThanOrEqual(60);
  expect(lines[0]).toBe('█'.repeat(width));
  // The corner by which a camera finds the code, beside the margin.
  for (const [row, corner] of ['██ ▄▄▄▄▄ █', '██ █   █ █', '██ █▄▄▄█ █', '██▄▄▄▄▄▄▄█'].entries())
    expect(lines[row + 1]?.startsWith(corner)).toBe(true);
  expect(lines).toHaveLength(Math.ceil(width / 2));
});
