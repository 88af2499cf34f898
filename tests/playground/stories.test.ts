import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { stories } from '../../sandbox/demo/stories.js';
import { contentOf, households, playToEnd } from '../../sandbox/playground/pictures/content.js';
import { expectNothingWrong, inBrowser, openWindow, startPlayground } from './support.js';

/** What the committed pictures show, as it was written down when they were taken. */
const pictured = JSON.parse(readFileSync('docs/pictures/contents.json', 'utf8')) as Record<string, string[]>;

inBrowser(
  'every story is played through on the page, each act done on a phone or on the television, and ends as its picture shows',
  async () => {
    expect(households.flat().sort()).toEqual(stories.map(({ id }) => id).sort());
    const shown = await Promise.all(
      households.map(async (ids) => {
        const page = await openWindow(await startPlayground(), { width: 1280 });
        const contents: [string, string[]][] = [];
        for (const id of ids) {
          await playToEnd(page, id);
          contents.push([id, await contentOf(page)]);
        }
        return contents;
      }),
    );
    // Where they differ, the pictures are old: npm run pictures takes new ones.
    expect(Object.fromEntries(shown.flat())).toEqual(pictured);
    expectNothingWrong();
  },
  150_000,
);
