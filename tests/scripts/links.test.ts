import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** A heading's name in an address, as the pages of code hosts make it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

const anchorsIn = (file: string) =>
  [...withoutCode(readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading));

test.each(documents)('every link in %s leads to a file, and to a heading of it', (file) => {
  const links = [...withoutCode(readFileSync(file, 'utf8')).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)];
  const dead = links
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(target)) return true;
      return heading !== undefined && target.endsWith('.md') && !anchorsIn(target).includes(heading);
    });
  expect(dead).toEqual([]);
});
