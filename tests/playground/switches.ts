import { beforeEach, expect } from 'vitest';
import { firstMoments, momentContent } from '../../sandbox/playground/pictures/first.js';
import { pictured } from './pictured.js';
import { expectAccessible, expectNothingWrong, hasBrowser, inBrowser, isReady } from './support.js';
import { asUsual, button, command, gives, last, left, page, reads, right, trouble } from './window.js';

/** What goes wrong on purpose, the clock, and a fresh household. */
export function switchTests(): void {
  beforeEach(async () => {
    if (hasBrowser) await asUsual();
  });

  inBrowser('Jellyfin is slow, starting or down: the phones and the television show what comes of it', async () => {
    await gives(left(), 'Maya', 'general');
    await gives(right(), 'Dad', 'general');
    await trouble(async (panel) => {
      await panel.getByLabel('is slow (3 s)').check();
      await panel.locator('#jellyfin-slow:checked').waitFor();
      await expectAccessible(page);
    });
    await command(left(), '/status');
    await left().getByText('is thinking').waitFor();
    await expectAccessible(page);
    await left().getByText('is thinking').waitFor({ state: 'hidden' });
    await last(left()).filter({ hasText: 'Nothing stands in the way' }).waitFor();
    await trouble((panel) => panel.getByLabel('is starting').check());
    await command(right(), '/status');
    await reads(right(), 'is just starting');
    await page.getByLabel('User', { exact: true }).fill('maya');
    await button('Sign In').click();
    await page.getByText('The server is starting. Please try again shortly.').waitFor();
    await trouble((panel) => panel.getByLabel('is down').check());
    await button('Use Quick Connect').click();
    await page.getByText('Unable to connect to the selected server right now').waitFor();
    await command(left(), '/status');
    await reads(left(), /cannot reach|does not answer|not reachable/);
    await trouble((panel) => panel.getByLabel('runs', { exact: true }).check());
    expectNothingWrong();
  });

  inBrowser('Discord is slow, direct messages are closed: what is owed is shown where it can be', async () => {
    await gives(right(), 'Dad', 'admins');
    await trouble(async (panel) => {
      await panel.getByLabel('is slow (1.5 s)').check();
      await panel.getByLabel('Maya', { exact: true }).check();
      await panel.locator('#closed-Maya:checked').waitFor();
    });
    await command(left(), '/resetpw');
    await left().getByText('is thinking').waitFor();
    await trouble((panel) => panel.getByLabel('is slow (1.5 s)').uncheck());
    await right().getByRole('button', { name: 'Approve' }).click();
    await reads(right(), 'direct messages');
    await trouble((panel) => panel.getByLabel('Maya', { exact: true }).uncheck());
    expectNothingWrong();
  });

  inBrowser('the bot is killed in the middle, and a day passes', async () => {
    await gives(left(), 'Maya', 'general');
    await trouble(async (panel) => {
      await panel.getByRole('button', { name: 'Kill it' }).click();
      await panel.getByRole('button', { name: 'Start it again' }).waitFor();
    });
    await command(left(), '/status');
    await left().getByRole('button', { name: 'Cannot sign in?' }).click();
    await left().getByText('The application did not respond').waitFor();
    await left().getByText('This interaction failed').waitFor();
    await expectAccessible(page);
    await trouble((panel) => panel.getByRole('button', { name: 'Start it again' }).click());
    await page.locator('#page[data-state="busy"]').waitFor();
    await isReady(page);
    await left().getByRole('button', { name: 'Cannot sign in?' }).click();
    await reads(left(), 'Nothing stands in the way');
    await left().getByText('This interaction failed').waitFor({ state: 'hidden' });
    await button('Clock').click();
    await expectAccessible(page);
    await button('A day later').click();
    await page.locator('#page[data-state="busy"]').waitFor();
    await isReady(page);
    await command(left(), '/status');
    await reads(left(), 'Today at');
    await left().locator('.stamp', { hasText: 'Yesterday at' }).first().waitFor();
    await page.keyboard.press('Escape');
    expectNothingWrong();
  });

  inBrowser('a household starts again, and shows the three moments of the first picture', async () => {
    await gives(left(), 'Maya', 'Latchkey');
    await gives(right(), 'Dad', 'admins');
    await button('Start again').click();
    await page.locator('#page[data-state="starting"]').waitFor();
    await isReady(page);
    await last(left()).filter({ hasText: 'You are linked to the Jellyfin account maya' }).waitFor();
    await gives(left(), 'Maya', 'general');
    await last(left()).filter({ hasText: 'Cannot sign in?' }).waitFor();
    // Maya's greeting is in another channel; #admins has the card of a first start.
    expect(await page.locator('.message').count()).toBe(2);
    const contents: string[] = [];
    await firstMoments(page, async (seen) => void contents.push(await momentContent(seen)));
    expect(contents).toEqual(pictured['first']);
    await expectAccessible(page);
    expectNothingWrong();
  });

  inBrowser('the key is deleted, and another version of Jellyfin begins a fresh household', async () => {
    await trouble(async (panel) => {
      await panel.getByRole('button', { name: 'Delete its API key' }).click();
      await panel.getByText('Its API key is deleted').waitFor();
    });
    await command(left(), '/status');
    await reads(left(), 'does not let me in');
    await button('Trouble').click();
    await page.getByLabel('10.10.7').check();
    await page.locator('#page[data-state="starting"]').waitFor();
    await isReady(page);
    await page.locator('#version-10\\.10\\.7:checked').waitFor();
    await page.keyboard.press('Escape');
    expectNothingWrong();
  });
}
