import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Wish } from '../../sandbox/playground/playground.js';
import type { SeenChannel, SeenHousehold, SeenPerson } from '../../sandbox/playground/shared.js';
import { hasBrowser, isReady, openWindow, startPlayground } from './support.js';

/** The loopback Discord's own token, which is nobody's. */
const token = 'MTE.loopback.token-of-nobody';

/** The playground of all these tests, and a window on it. */
export let address = '';
export let page: Page;

/** Starts them, where there is a browser. */
export async function openAddress(): Promise<void> {
  if (!hasBrowser) return;
  address = await startPlayground();
  page = await openWindow(address);
}

export const left = (): Locator => page.locator('.side-left');
export const right = (): Locator => page.locator('.side-right');
export const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
export const last = (phone: Locator): Locator => phone.locator('.message').last();

/** Writes into the message line, and presses Enter; a phone that is drawn anew meanwhile has an empty line, and is written to again. */
export async function types(phone: Locator, line: string): Promise<void> {
  const input = phone.locator('.composer-input');
  do {
    await input.fill(line);
    await input.press('Escape');
    await input.fill(line);
  } while ((await input.inputValue()) !== line);
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
export const opens = (phone: Locator, channel: string): Promise<void> =>
  phone.locator('.place', { hasText: channel }).press('Enter');

/** Waits until the newest message with these words is there. */
export const reads = (phone: Locator, words: string | RegExp): Promise<void> =>
  phone.locator('.message', { hasText: words }).last().waitFor();

/** Opens the panel with what goes wrong, and does something there. */
export async function trouble(act: (panel: Locator) => Promise<unknown>): Promise<void> {
  const panel = page.locator('#trouble');
  await button('Trouble').click();
  await act(panel);
  await page.keyboard.press('Escape');
}

/** Puts right what may have been left wrong, whatever became of the test before. */
export async function asUsual(): Promise<void> {
  const people = await state<SeenPerson[]>('people');
  const wishes: Wish[] = [
    { kind: 'jellyfin', state: 'runs' },
    { kind: 'discord', isSlow: false },
    ...people.map(({ id }) => ({ kind: 'person', who: id, refusesMessages: false }) as const),
    { kind: 'start bot' },
  ];
  for (const wish of wishes) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${address}/do`, { method: 'POST', headers, body: JSON.stringify(wish) });
    expect(response.status).toBe(200);
  }
  await page.keyboard.press('Escape');
  await isReady(page);
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
