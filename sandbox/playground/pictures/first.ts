import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { messageOfStory, steady } from './content.js';

type Save = (name: string, picture: Buffer | string) => Promise<void>;

/** The three moments of an assisted reset, done by hand on the page of a fresh household; `look` is given what each shows. */
export async function firstMoments(page: Page, look: (seen: Locator) => Promise<void>): Promise<void> {
  const maya = page.locator('.side-left');
  const dad = page.locator('.side-right');
  // By the keyboard: what comes meanwhile moves a button away from under the mouse.
  await maya.getByRole('button', { name: 'Cannot sign in?' }).press('Enter');
  await maya.getByRole('button', { name: 'Reset my password' }).press('Enter');
  await maya.getByText('I have asked the admins').waitFor();
  await dad.getByRole('button', { name: 'Approve' }).waitFor();
  await look(maya.locator('.phone'));
  await look(dad.locator('.phone'));
  await dad.getByRole('button', { name: 'Approve' }).press('Enter');
  await maya.locator('.place', { hasText: 'Latchkey' }).press('Enter'); // the bar of a phone that rings is over it
  await maya.locator('.message').last().locator('.edited').waitFor(); // nothing comes any more that hides it again
  await maya.getByRole('button', { name: 'Spoiler: press to show' }).press('Enter');
  const password = (await maya.locator('.spoiler-shown').innerText()).trim();
  await look(maya.locator('.message').last());
  await page.getByLabel('User', { exact: true }).fill('maya');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign In', exact: true }).click();
  await page.locator('.tv-welcome').waitFor();
  await look(page.locator('.tv-frame'));
}

/** What a moment says, without what is another each time. */
export async function momentContent(seen: Locator): Promise<string> {
  const messages = await seen.locator(messageOfStory).allInnerTexts();
  return steady(messages.length > 0 ? messages.join(' ') : await seen.innerText());
}

/** The moments beside one another, as the README's first picture; gives back what they say. */
export async function firstPicture(page: Page, save: Save): Promise<string[]> {
  const pictures: Buffer[] = [];
  const contents: string[] = [];
  await firstMoments(page, async (seen) => {
    await page.waitForTimeout(500);
    pictures.push(await seen.screenshot());
    contents.push(await momentContent(seen));
  });
  const [asks, decides, ...backIn] = pictures;
  if (!asks || !decides) throw new Error('moments are missing');
  await save('first.png', await beside(page, [[asks], [decides], backIn]));
  return contents;
}

const words = ['Maya cannot sign in, and asks', 'Dad approves with one tap', 'Maya is back in'];

/** Three pictures in a row, each with its words over it. */
async function beside(page: Page, columns: readonly (readonly Buffer[])[]): Promise<Buffer> {
  const font = readFileSync(
    createRequire(import.meta.url).resolve('@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2'),
  );
  const figures = columns.map((pictures, n) => {
    const images = pictures.map((picture) => `<img src="data:image/png;base64,${picture.toString('base64')}">`);
    return `<figure><figcaption><b>${n + 1}</b>${words[n]}</figcaption>${images.join('')}</figure>`;
  });
  const sheet = await page.context().newPage();
  await sheet.setViewportSize({ width: 1280, height: 700 });
  await sheet.setContent(`<!doctype html><style>
    @font-face { font-family: F; src: url(data:font/woff2;base64,${font.toString('base64')}); font-weight: 300 900 }
    body { margin: 0; width: 1280px; display: flex; align-items: flex-start; gap: 24px; padding: 20px; box-sizing: border-box;
           background: #1e1f22; color: #f2f3f5; font: 600 20px F }
    figure { margin: 0; flex: 3 } figure:last-child { flex: 4 } img { width: 100%; display: block } img + img { margin-top: 20px }
    figcaption { display: flex; gap: 10px; align-items: center; padding-bottom: 12px }
    b { display: inline-grid; place-items: center; width: 30px; height: 30px; border-radius: 50%; background: #5865f2 }
  </style>${figures.join('')}`);
  await sheet.evaluate('document.fonts.ready');
  const picture = await sheet.locator('body').screenshot();
  await sheet.close();
  return picture;
}
