import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Wish } from '../../sandbox/playground/playground.js';
import type { SeenChannel, SeenHousehold } from '../../sandbox/playground/shared.js';
import { clearAway, isReady, openWindow, startPlayground } from './support.js';

/** The loopback Discord's own token, which is nobody's. */
const token = 'MTE.loopback.token-of-nobody';

/** The playground of these tests, and a window on it. */
export let address = '';
export let page: Page;

/** Opens the page as somebody does who comes to it; on a fresh household where the test before failed. */
export async function openAnew(): Promise<void> {
  if (await clearAway(page)) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.evaluate('sessionStorage.clear()');
    await page.goto(address);
    await isReady(page);
  } else {
    address = await startPlayground();
    page = await openWindow(address);
  }
}

export const left = (): Locator => page.locator('.side-left');
export const right = (): Locator => page.locator('.side-right');
export const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
export const last = (phone: Locator): Locator => phone.locator('.message').last();

/** Writes into the message line, and presses Enter. */
export async function types(phone: Locator, line: string): Promise<void> {
  const input = phone.locator('.composer-input');
  await input.fill(line);
  await input.press('Enter');
}

/** Types a command without options, and sends it. */
export async function command(phone: Locator, line: string): Promise<void> {
  await types(phone, line);
  await phone.locator('.command-name', { hasText: line }).waitFor();
  await phone.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Gives a phone to somebody, with this channel open. */
export async function gives(phone: Locator, who: string, channel: string): Promise<void> {
  const select = phone.locator('.owner-select');
  const label = (await select.locator('option').allTextContents()).find((each) => each.startsWith(who));
  await select.selectOption({ label: label ?? who });
  await opens(phone, channel);
}

/** Opens a channel by the keyboard: the bar of a phone that rings may be over it. */
export async function opens(phone: Locator, channel: string): Promise<void> {
  await phone.locator('.place', { hasText: channel }).press('Enter');
  await phone.locator('.place[aria-current]', { hasText: channel }).waitFor();
}

/** Has somebody's Discord speak a language, and waits until it does: all of the phone is drawn anew then, what stands in its message line is gone. */
export async function speaks(phone: Locator, locale: string): Promise<void> {
  await phone.locator('.language-select').selectOption(locale);
  await phone.locator(`.phone[lang="${locale}"]`).waitFor();
}

/** Waits until the newest message has these words: an older one may have them as well. */
export async function reads(phone: Locator, words: string | RegExp): Promise<void> {
  const waits = last(phone).filter({ hasText: words }).waitFor();
  await waits.catch(async (error: unknown) => {
    throw new Error(`${String(error)}The newest is: ${await last(phone).innerText()}`);
  });
}

/** Opens the panel with what goes wrong, wishes for something there, and closes it once that is so. */
export async function trouble(wish: (panel: Locator) => Promise<unknown>): Promise<void> {
  const panel = page.locator('#trouble');
  await button('Trouble').click();
  await granted(() => wish(panel));
  await button('Trouble').click();
  await panel.waitFor({ state: 'hidden' });
}

/** Presses something that wishes for another state of the household, and waits until it is there. */
export async function granted(press: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse(
    (response) => response.url() === `${address}/do` && (response.request().postDataJSON() as Wish).kind !== 'act',
  );
  await press();
  expect(await (await answer).json()).toEqual({});
  await isReady(page);
}

/** Presses something that begins a fresh household, and waits until the page shows that. */
export async function anotherHousehold(press: () => Promise<unknown>): Promise<void> {
  const before = await right().locator('.message').first().getAttribute('data-message');
  await granted(press);
  await right().locator(`[data-message="${before}"]`).waitFor({ state: 'detached' });
}

/** What the page was told, from its own server. */
async function state<T>(key: string): Promise<T> {
  return page.evaluate(async (name) => {
    const events = new EventSource('/events');
    const data = await new Promise<string>((resolve) => {
      events.onmessage = (event) => resolve(String(event.data));
    });
    events.close();
    return (JSON.parse(data) as { set: Record<string, unknown> }).set[name];
  }, key) as Promise<T>;
}

/** Sends messages to a channel as a bot does. */
export async function sends(channel: string, ...bodies: object[]): Promise<void> {
  const { discordUrl } = await state<SeenHousehold>('household');
  const channels = await state<SeenChannel[]>('channels');
  const id = channels.find(({ name }) => name === channel)?.id ?? '';
  for (const body of bodies) {
    const response = await fetch(`${discordUrl}/v10/channels/${id}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  }
}
