import { parse } from 'dotenv';
import { expect, test } from 'vitest';
import { parseSettings, withValues } from '../src/settings-text.js';

const example = '# The token.\nTOKEN=\n\n# A folder.\n#FOLDER=/var/lib/x\nROLES=1,2\nTOKEN_FILE=/run/token\n';

test('a value takes the place of its line, or of the commented one that explains it; the rest stays', () => {
  expect(withValues(example, { TOKEN: 'abc', FOLDER: '/srv/x', NEW: 'y' })).toBe(
    '# The token.\nTOKEN=abc\n\n# A folder.\nFOLDER=/srv/x\nROLES=1,2\nTOKEN_FILE=/run/token\nNEW=y\n',
  );
});

test('what is no longer wanted is commented out, and of several lines all', () => {
  expect(withValues('A=1\r\n export A=2\r\nB=3', { A: undefined })).toBe('#A=1\r\n#export A=2\r\nB=3');
});

test('the line that counts is the last one, and a new one is a line of its own', () => {
  expect(withValues('A=1\nA=2\n', { A: '3' })).toBe('A=1\nA=3\n');
  expect(withValues('A=1', { B: '2' })).toBe('A=1\nB=2\n');
});

test.each([
  'C:\\Program Files\\Jellyfin',
  'sudo systemctl stop "the server"',
  "it's # here",
  'a=b=c',
  ' blank ',
  '$HOME/x',
  'grüße',
])('%j is read back as it is', (value) => {
  expect(parse(withValues('', { A: value })).A).toBe(value);
});

test('quotes are those of a shell where it can be so: systemd reads the file, too, and knows no others', () => {
  const written = (value: string) => withValues('', { A: value }).trim();
  expect([written('a b'), written("it's so"), written("it's `so`")]).toEqual([
    ...["A='a b'", "A=`it's so`", `A="it's \`so\`"`],
  ]);
});

test('what cannot be written so that it is read back is refused by name', () => {
  expect(() => withValues('', { A: 'a\'b"c`d#e' })).toThrow(/as it is: A$/);
});

test('many blank lines, as whoever wants to hold somebody up may write, are read in no time, and change nothing', () => {
  const blank = ['\n', '\r\n', ' \n', '\t\r'].map((each) => each.repeat(15_000)).join('');
  expect(parseSettings(`A="${' '.repeat(200)}" B=`)).toEqual(parse(`A="${' '.repeat(200)}" B=`));
  expect(parseSettings(`${blank}A=1${blank}B="two\n\n\nlines"\n#${blank}`)).toEqual({ A: '1', B: 'two\n\n\nlines' });
});
