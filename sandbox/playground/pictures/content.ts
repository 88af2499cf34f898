import type { Page } from 'playwright-core';

/** Several households at once, as most of a story is waiting; each has its stories in their order. */
export const households = [
  ['assisted-reset', 'first-link', 'code-on-television'],
  ['locked-administrator'],
  ['lockout-seen-first', 'locked-account', 'denied-request'],
  ['forgotten-password', 'forgotten-administrator'],
] as const;

/** What is another each time: it counts for nothing when a picture is compared with the page. */
const passing: readonly [RegExp, string][] = [
  [/\d{15,}/g, 'ID'],
  [/\b[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b/g, 'PASSWORD'],
  [/\b\d{3} ?\d{3}\b/g, 'CODE'],
  [/127\.0\.0\.1:\d+/g, 'ADDRESS'],
  [/\/\S*jellyfin-process-\w+/g, 'FOLDER'],
  [/latchkey-copy-\w+/g, 'COPY'],
  [/\b(January|February|March|April|May|June|July|August|September|October|November|December) \d+, \d{4}/g, 'DATE'],
  [/(Today|Yesterday) at|\d+\/\d+\/\d+,/g, 'DAY'],
  [/\b\d{1,2}:\d{2}\s?[AP]M\b/g, 'TIME'],
  [/\b(in )?\d+ (second|minute|hour)s?( ago)?\b|\bjust now\b|\bnow\b/g, 'THEN'],
];

/**
 * A message, but not that Jellyfin refuses old apps: the bot tells it once, at the first full minute of a household, in the
 * middle of whatever is going on.
 */
export const messageOfStory = '.message:not(:has([data-custom-id="status:old-apps:household"]))';

/** The last message on each phone and who has it, without what is another each time. */
export async function contentOf(page: Page): Promise<string[]> {
  const sides = ['.side-left', '.side-right'].map(async (side) => {
    const owner = await page.locator(`${side} .phone`).getAttribute('aria-label');
    const messages = await page.locator(`${side} ${messageOfStory}`).allInnerTexts();
    return `${owner}: ${steady(messages.at(-1) ?? 'nothing')}`;
  });
  return Promise.all(sides);
}

/** A text without what is another each time. */
export function steady(text: string): string {
  const replaced = passing.reduce((sum, [pattern, name]) => sum.replace(pattern, name), text);
  // Whether the author's name is said again depends on what was there before.
  return replaced.replace(/\s+/g, ' ').replaceAll('Latchkey APP DAY TIME ', '').trim();
}

/** Plays the story with Next until it is over. @throws Error when it does not come true. */
export async function playToEnd(page: Page, id: string): Promise<void> {
  const menu = page.locator('.story-menu');
  if (await menu.isHidden()) await page.getByRole('button', { name: 'All stories' }).click();
  await page.locator(`[data-story="${id}"]`).click();
  await playOn(page, id);
}

/** Plays the story that is told on to its end. @throws Error when it does not come true. */
export async function playOn(page: Page, id: string): Promise<void> {
  const over = page.locator('.cue-over, .cue-failed');
  const next = page.locator('.story .cue-your-turn ~ .story-buttons .button-primary:enabled');
  for (;;) {
    await over.or(next).first().waitFor({ timeout: 90_000 });
    if (await over.isVisible()) break;
    // The story may have gone on meanwhile.
    await next.click({ timeout: 3000 }).catch(() => undefined);
  }
  const words = (await page.locator('.cue').textContent()) ?? '';
  if (!words.startsWith('Everything came true')) throw new Error(`${id}: ${words}`);
}
