import { expect } from '@jest/globals';
import { stories } from '../../sandbox/demo/stories.js';
import { expectNothingWrong, inBrowser, openWindow, playStory, startPlayground } from './support.js';

/** Several households at once, as most of a story is waiting; each has its stories in their order. */
const households = [
  ['locked-administrator'],
  ['assisted-reset', 'forgotten-password'],
  ['lockout-seen-first', 'locked-account', 'denied-request'],
  ['first-link', 'code-on-television', 'forgotten-administrator'],
];

inBrowser(
  'every story is played through on the page, each act done on a phone or on the television',
  async () => {
    expect(households.flat().sort()).toEqual(stories.map(({ id }) => id).sort());
    await Promise.all(
      households.map(async (ids) => {
        const page = await openWindow(await startPlayground());
        for (const id of ids) await playStory(page, id);
      }),
    );
    expectNothingWrong();
  },
  150_000,
);
