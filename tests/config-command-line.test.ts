import { expect, test } from '@jest/globals';
import { splitCommand } from '../src/config/readers.js';

const given = `"C:\\My Tools\\stop.exe" C:\\tools\\a.exe 'a "b"' --word=`;

test('on Windows a backslash is a character like any other', () => {
  expect(splitCommand(given, 'win32')).toEqual(['C:\\My Tools\\stop.exe', 'C:\\tools\\a.exe', 'a "b"', '--word=']);
  expect(splitCommand('"C:\\Tools\\"', 'win32')).toEqual(['C:\\Tools\\']);
  expect(splitCommand('"C:\\Tools', 'win32')).toBeUndefined();
});

test('elsewhere it takes the next character as it is', () => {
  expect(splitCommand('a\\ b "say \\"so\\"" \'c\\d\' e"f g"h', 'linux')).toEqual(['a b', 'say "so"', 'c\\d', 'ef gh']);
  expect(splitCommand('stop \\', 'linux')).toBeUndefined();
});
