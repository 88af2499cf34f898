import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { pathToFileURL } from 'node:url';
import { contentOf, households, playOn, playToEnd } from '../../sandbox/playground/pictures/content.js';
import { inGerman } from '../../sandbox/playground/page/german-told.js';
import {
  expectAccessible,
  expectNothingWrong,
  inBrowser,
  isReady,
  openWindow,
  patiently,
  startPlayground,
} from './support.js';
import { pictured } from './pictured.js';
import { button, page } from './window.js';

const isAll = process.env['PLAYGROUND_STORIES'] === 'all';
/** All nine take a minute and a half of the whole machine: a run plays these two, and `PLAYGROUND_STORIES=all` plays all. */
const [[first, ...more]] = households;

/** Stories on the page of a household that nothing else was done with. */
export function storyTests(): void {
  inBrowser('a story is played through, with a reload in the middle, and ends as its picture shows', async () => {
    await page.locator(`[data-story="${first}"]`).click();
    await button('Next').click();
    await page.locator('.story .cue', { hasText: 'Next: Maya types /resetpw' }).waitFor();
    await page.reload();
    await isReady(page);
    expect(await page.locator('.told li').count()).toBeGreaterThan(0);
    await page.setViewportSize({ width: 390, height: 844 });
    await button('Maya').click();
    await page.locator('.mini', { hasText: 'Next: Maya types /resetpw' }).waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    await playOn(page, first);
    await expectAsPictured(page, first);
    await playAll(page, more.slice(0, 1));
    await button('All stories').click();
    expectNothingWrong();
  });

  if (isAll)
    inBrowser('all are played through, in households of their own, and end as their pictures show', async () => {
      await Promise.all(
        households.map(async (ids) => playAll(await openWindow(await startPlayground(), { width: 1280 }), ids)),
      );
      expectNothingWrong();
    });

  inBrowser('the page that plays by itself tells its stories with nothing behind it', async () => {
    const window = await openWindow(pathToFileURL('docs/demo.html').href);
    await playToEnd(window, 'assisted-reset');
    await playToEnd(window, 'locked-account');
    expectNothingWrong();
  });
}

async function playAll(window: Page, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await playToEnd(window, id);
    await expectAsPictured(window, id);
  }
}

/** Where they differ, the pictures are old: npm run pictures takes new ones. */
async function expectAsPictured(window: Page, id: string): Promise<void> {
  await expect.poll(() => contentOf(window), { message: id, ...patiently }).toEqual(pictured[id]);
  const told = await window.locator('.told li').allTextContents();
  expect(told.filter((line) => inGerman(line) === undefined)).toEqual([]);
}
