import { expect } from 'vitest';
import { expectAccessible, expectNothingWrong, inBrowser, isReady, openWindow } from './support.js';
import { address, button, command, gives, last, left, opens, page, reads, right, speaks, types } from './window.js';

/** What people do that no story contains. */
export function actTests(): void {
  inBrowser('acts that no story contains work as in Discord, and each refusal of the bot is read', async () => {
    await gives(left(), 'Sam', 'general');
    await left().getByRole('button', { name: 'Cannot sign in?' }).click();
    await reads(left(), 'Which Jellyfin account is yours?');
    await command(left(), '/history');
    await reads(left(), 'That is for admins');
    await gives(left(), 'Maya', 'general');
    await command(left(), '/unlock');
    await reads(left(), 'is not locked');
    await command(left(), '/help');
    await reads(left(), '/resetpw');
    await last(left()).getByRole('button', { name: '/status' }).click();
    await left().getByRole('button', { name: 'Send', exact: true }).press('Enter');
    await reads(left(), 'maya: open');
    await last(left()).getByRole('button', { name: 'Dismiss message' }).click();
    await left().locator('.message', { hasText: 'maya: open' }).waitFor({ state: 'detached' });
    await types(left(), 'Is anybody there?');
    await gives(right(), 'Dad', 'general');
    await reads(right(), 'Is anybody there?');
    await types(left(), '/nothing-of-that-name');
    await left().getByRole('alert').filter({ hasText: 'No command of that name' }).waitFor();
    await page.keyboard.press('Escape');
    expectNothingWrong();
  });

  inBrowser('options are filled in and completed by the keyboard alone, and the menu of a person is used', async () => {
    await gives(right(), 'Dad', 'general');
    await right().locator('.composer-input').focus();
    await page.keyboard.type('/unlo');
    await right().getByRole('option', { name: '/unlock' }).waitFor();
    await page.keyboard.press('Tab');
    await right().locator('.more-option', { hasText: 'account' }).click();
    await page.keyboard.type('ma');
    const offers = right().locator('.offers').getByRole('option');
    await offers.filter({ hasText: 'maya' }).waitFor();
    // Nothing is offered any more for the letters before: another list would take the focus.
    await offers.filter({ hasText: 'gran' }).waitFor({ state: 'detached' });
    await expectAccessible(page);
    await page.keyboard.press('ArrowDown');
    // Another list comes late, while the focus is in this one.
    await offers.first().evaluate((each) => each.setAttribute('data-old', ''));
    await right().locator('.option-input').dispatchEvent('input');
    await right().locator('.offers [data-old]').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await reads(right(), /maya/);
    await types(left(), '/signin');
    await left().getByRole('button', { name: 'Send', exact: true }).click();
    await left().getByRole('alert').filter({ hasText: 'code: This option is required' }).waitFor();
    await page.keyboard.type('000 000');
    await page.keyboard.press('Enter');
    await reads(left(), 'Is the code 000 000 on a screen in front of you');
    const no = last(left()).getByRole('button', { name: 'No', exact: true });
    await no.press('Enter');
    await no.waitFor({ state: 'detached' });
    await right().getByRole('button', { name: 'Members' }).click();
    await expectAccessible(page);
    await right().locator('.sheet').getByRole('option', { name: 'Maya' }).press('Enter');
    await right().locator('.menu-command').first().click();
    await reads(right(), 'maya');
    expectNothingWrong();
  });

  inBrowser('the television asks for a code, and is signed in where somebody confirms it', async () => {
    await button('Use Quick Connect').click();
    const code = (await page.locator('.tv-code strong').innerText()).replace(/\D/g, '');
    await types(left(), '/signin');
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await last(left()).getByRole('button', { name: 'It is in front of me: sign it in' }).press('Enter');
    await page.locator('.tv-welcome', { hasText: 'Signed in as maya' }).waitFor();
    await button('Switch user').click();
    expectNothingWrong();
  });

  inBrowser('a request is asked for in one window and denied in another, in German, through a reload', async () => {
    await gives(left(), 'Maya', 'general');
    const other = await openWindow(address, { width: 390, locale: 'de-DE', colorScheme: 'light' });
    await other.getByRole('button', { name: 'Geschichten', exact: true }).click();
    await expectAccessible(other);
    await other.locator('.tab[data-tab="right"]').click();
    const dad = other.locator('.side-right');
    await speaks(dad, 'de');
    await opens(dad, 'admins');
    const rings = dad.locator('.banner').waitFor();
    await command(left(), '/resetpw');
    await rings;
    const deny = dad.getByRole('button', { name: 'Ablehnen' }).or(dad.getByRole('button', { name: 'Deny' }));
    await deny.last().waitFor();
    await other.reload();
    await isReady(other);
    await expectAccessible(other);
    await deny.last().press('Enter');
    const form = dad.getByRole('dialog');
    await form.locator('textarea').fill('Erst die Hausaufgaben.');
    await expectAccessible(other);
    await form.getByRole('button', { name: 'Absenden' }).click();
    await opens(left(), 'Latchkey');
    await reads(left(), 'Erst die Hausaufgaben.');
    expect(await other.locator('html').getAttribute('lang')).toBe('de');
    await speaks(dad, 'en-US');
    expectNothingWrong();
  });

  inBrowser('every language of the bot can be chosen, and mentions have its letters', async () => {
    await gives(left(), 'Maya', 'general');
    const language = left().locator('.language-select');
    expect(await language.locator('option').allTextContents()).toEqual(
      expect.arrayContaining(['American English', 'Deutsch', 'français', 'dansk', 'polski', '中文（中国）']),
    );
    await speaks(left(), 'fr');
    await command(left(), '/aide');
    await last(left()).locator('button.mention', { hasText: '/déverrouiller' }).waitFor();
    await speaks(left(), 'en-US');
    expectNothingWrong();
  });

  inBrowser('behind the scenes stand the calls, the log and the rows of the last act', async () => {
    await gives(left(), 'Maya', 'general');
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await command(left(), '/resetpw');
    const first = page.locator('.behind-act').first();
    await first.locator('summary', { hasText: 'Maya types /resetpw' }).waitFor();
    await first.locator('.from-jellyfin', { hasText: 'GET /Users' }).first().waitFor();
    await first.locator('.from-discord', { hasText: 'POST /interactions/' }).first().waitFor();
    await first.locator('.from-database', { hasText: 'requests new: ' }).first().waitFor();
    await expectAccessible(page);
    await button('Close').click();
    await page.locator('#behind').waitFor({ state: 'hidden' });
    await last(left()).getByRole('button', { name: 'Cancel my request' }).press('Enter');
    await reads(left(), 'is taken back');
    expectNothingWrong();
  });
}
