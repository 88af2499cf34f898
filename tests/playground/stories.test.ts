import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { stories } from '../../sandbox/demo/stories.js';
import { contentOf, households, playToEnd } from '../../sandbox/playground/pictures/content.js';
import { expectNothingWrong, inBrowser, openWindow, startPlayground } from './support.js';

/** What the committed pictures show, as it was written down when they were taken. */
const pictured = JSON.parse(readFileSync('docs/pictures/contents.json', 'utf8')) as Record<string, string[]>;

/** All of them take a minute and a half of the whole machine: a run plays these, and `PLAYGROUND_STORIES=all` plays all. */
const played =
  process.env['PLAYGROUND_STORIES'] === 'all' ? households : ([['assisted-reset'], ['first-link']] as const);

test('every story of the demo is on the page and has its picture', () => {
  const ids = stories.map(({ id }) => id).sort();
  expect(households.flat().sort()).toEqual(ids);
  expect(Object.keys(pictured).sort()).toEqual(ids);
});

inBrowser(
  'stories are played through on the page, each act done on a phone or on the television, and end as their pictures show',
  async () => {
    const shown = await Promise.all(
      played.map(async (ids) => {
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
    for (const [id, content] of shown.flat()) expect({ [id]: content }).toEqual({ [id]: pictured[id] });
    expectNothingWrong();
  },
  150_000,
);
