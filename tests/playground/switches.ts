import { expect } from 'vitest';
import { messageOfStory } from '../../sandbox/playground/pictures/content.js';
import { firstMoments, momentContent } from '../../sandbox/playground/pictures/first.js';
import { pictured } from './pictured.js';
import { expectAccessible, expectNothingWrong, inBrowser, patiently } from './support.js';
import { anotherHousehold, button, command, gives, granted, left, page, reads, right, trouble } from './window.js';

/** What goes wrong on purpose, the clock, and a fresh household. */
export function switchTests(): void {
  inBrowser('Jellyfin is slow, starting or down: the phones and the television show what comes of it', async () => {
    await gives(left(), 'Maya', 'general');
    await gives(right(), 'Dad', 'general');
    await trouble(async (panel) => {
      await panel.getByLabel('is slow (3 s)').check();
      await panel.locator('#jellyfin-slow:checked').waitFor();
      await expectAccessible(page);
    });
    const thinks = left().getByText('is thinking').waitFor();
    await command(left(), '/status');
    await thinks;
    await expectAccessible(page);
    await left().getByText('is thinking').waitFor({ state: 'hidden' });
    await reads(left(), 'maya: open');
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
    await trouble((panel) => panel.getByLabel('is slow (1.5 s)').check());
    await trouble((panel) => panel.getByLabel('Maya', { exact: true }).check());
    const thinks = left().getByText('is thinking').waitFor();
    await command(left(), '/resetpw');
    await thinks;
    await trouble((panel) => panel.getByLabel('is slow (1.5 s)').uncheck());
    const approve = page.getByRole('button', { name: 'Approve' });
    const card = await right().locator('.message').filter({ has: approve }).getAttribute('data-message');
    await approve.press('Enter');
    await right().locator(`[data-message="${card}"]`, { hasText: 'direct messages' }).waitFor();
    await trouble((panel) => panel.getByLabel('Maya', { exact: true }).uncheck());
    expectNothingWrong();
  });

  inBrowser('the bot is killed in the middle, and a day passes', async () => {
    await gives(left(), 'Maya', 'general');
    await trouble(async (panel) => {
      await panel.getByRole('button', { name: 'Kill it' }).click();
      await panel.getByRole('button', { name: 'Start it again' }).waitFor();
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      await button('Trouble').click();
    });
    await command(left(), '/status');
    await left().getByRole('button', { name: 'Cannot sign in?' }).press('Enter');
    await left().getByText('The application did not respond').waitFor();
    await left().getByText('This interaction failed').waitFor();
    await expectAccessible(page);
    await trouble((panel) => panel.getByRole('button', { name: 'Start it again' }).click());
    await left().getByRole('button', { name: 'Cannot sign in?' }).press('Enter');
    await reads(left(), 'maya: open');
    await left().getByText('This interaction failed').waitFor({ state: 'hidden' });
    await button('Clock').click();
    await expectAccessible(page);
    await granted(() => button('A day later').click());
    await page.keyboard.press('Escape');
    await page.locator('#clock').waitFor({ state: 'hidden' });
    await command(left(), '/status');
    await reads(left(), 'Today at');
    await left().locator('.stamp', { hasText: 'Yesterday at' }).first().waitFor();
    expectNothingWrong();
  });

  inBrowser('a household starts again, and shows the three moments of the first picture', async () => {
    await gives(left(), 'Maya', 'Latchkey');
    await gives(right(), 'Dad', 'admins');
    await anotherHousehold(() => button('Start again').click());
    await reads(left(), 'You are linked to the Jellyfin account maya');
    await gives(left(), 'Maya', 'general');
    await reads(left(), 'Cannot sign in?');
    // Maya's greeting is in another channel; #admins has the card of a first start.
    expect(await page.locator(messageOfStory).count()).toBe(2);
    const moments = [...(pictured['first'] ?? [])];
    await firstMoments(page, (seen) => expect.poll(() => momentContent(seen), patiently).toBe(moments.shift()));
    expect(moments).toEqual([]);
    await expectAccessible(page);
    // Other tests find the television as it is at first.
    await button('Switch user').click();
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
    await anotherHousehold(() => page.getByLabel('10.10.7').check());
    await page.locator('#version-10\\.10\\.7:checked').waitFor();
    await reads(right(), 'Latchkey is ready');
    // What other tests see is what the newest version lets people do.
    await anotherHousehold(() => page.getByLabel('12.0').check());
    expectNothingWrong();
  });
}
