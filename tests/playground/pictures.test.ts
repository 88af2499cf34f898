import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stories } from '../../sandbox/demo/stories.js';
import { palettePng } from '../../sandbox/playground/pictures/palette-png.js';
import { households, steady } from '../../sandbox/playground/pictures/content.js';
import { terminalSvg } from '../../sandbox/playground/pictures/terminal.js';
import { pictured } from './pictured.js';

test('there is a small picture of each story, of the rescue in a terminal, and the first one, which the README shows with words', () => {
  const files = [...stories.map(({ id }) => `${id}.png`), 'first.png', 'rescue.svg'];
  for (const file of files) expect(statSync(`docs/pictures/${file}`).size).toBeLessThan(150_000);
  expect(readFileSync('README.md', 'utf8')).toMatch(/!\[[^\]]{60,}\]\(docs\/pictures\/first\.png\)/);
});

test('every story of the demo is played for a picture, and it is written down what each picture shows', () => {
  const ids = stories.map(({ id }) => id);
  expect(households.flat().sort()).toEqual([...ids].sort());
  expect(Object.keys(pictured).sort()).toEqual([...ids, 'first'].sort());
});

test('the page that plays by itself is one file that asks nobody', () => {
  expect(existsSync('docs/demo.html')).toBe(true);
  const page = readFileSync('docs/demo.html', 'utf8');
  expect(page.length).toBeLessThan(1_000_000);
  // Its script makes no elements that ask anybody: that is seen in the browser.
  const [before = ''] = page.split('<script');
  const asked = before.match(/(src|href)="(?!data:)[^"]+"|@import [^;]+;|url\((?!["']?data:)[^)]+\)/g);
  expect(asked).toBeNull();
});

test('what is another each time counts for nothing when a picture is compared', () => {
  expect(steady('@Maya (1576870404885053440), k3fd-x9qq-2abc at 8:00 AM')).toBe('@Maya (ID), PASSWORD at TIME');
  expect(steady('Last seen 3 seconds ago')).toBe(steady('Last seen just now'));
});

test('a picture with few colours comes through its palette as it was', () => {
  const png = readFileSync('docs/pictures/first.png');
  expect(() => palettePng(png)).toThrow('this PNG cannot be read here');
});

test('a terminal as a picture escapes what it shows', () => {
  expect(terminalSvg('a < b', 'x', '<script>')).not.toContain('<script>');
});
