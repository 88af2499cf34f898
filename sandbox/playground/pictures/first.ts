import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

type Save = (name: string, picture: Buffer | string) => Promise<void>;

/** The three moments of an assisted reset beside one another, as the README's first picture; done by hand on the page. */
export async function firstPicture(page: Page, save: Save): Promise<void> {
  const maya = page.locator('.side-left');
  const dad = page.locator('.side-right');
  await maya.getByRole('button', { name: 'Cannot sign in?' }).click();
  await maya.getByRole('button', { name: 'Reset my password' }).click();
  await maya.getByText('I have asked the admins').waitFor();
  await dad.getByRole('button', { name: 'Approve' }).waitFor();
  await page.waitForTimeout(500);
  const asks = await maya.locator('.phone').screenshot();
  const decides = await dad.locator('.phone').screenshot();
  await dad.getByRole('button', { name: 'Approve' }).click();
  await maya.locator('.place', { hasText: 'Latchkey' }).click();
  await maya.getByRole('button', { name: 'Spoiler: press to show' }).click();
  const password = (await maya.locator('.spoiler-shown').innerText()).trim();
  const told = await maya.locator('.message').last().screenshot();
  await page.getByLabel('User', { exact: true }).fill('maya');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign In', exact: true }).click();
  await page.getByText('Signed in as').waitFor();
  await page.waitForTimeout(500);
  const backIn = await page.locator('.tv-frame').screenshot();
  await save('first.png', await beside(page, [[asks], [decides], [told, backIn]]));
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
  await sheet.setContent(`<style>
    @font-face { font-family: F; src: url(data:font/woff2;base64,${font.toString('base64')}); font-weight: 300 900 }
    body { margin: 0; width: 1280px; display: flex; align-items: flex-start; gap: 24px; padding: 20px; box-sizing: border-box;
           background: #1e1f22; color: #f2f3f5; font: 600 20px F }
    figure { margin: 0; flex: 3 } figure:last-child { flex: 4 } img { width: 100%; display: block } img + img { margin-top: 20px }
    figcaption { display: flex; gap: 10px; align-items: center; padding-bottom: 12px }
    b { display: inline-grid; place-items: center; width: 30px; height: 30px; border-radius: 50%; background: #5865f2 }
  </style>${figures.join('')}`);
  await sheet.evaluate('document.fonts.ready');
  const picture = await sheet.screenshot({ fullPage: true });
  await sheet.close();
  return picture;
}
