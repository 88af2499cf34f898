import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findChromium, startChromium } from '../../sandbox/playground/chromium.js';

const program = findChromium();

/** How long a look is repeated at what comes in its own time. */
export const patiently = { timeout: 60_000 };

/** Whether there is a browser for these tests. */
const hasBrowser = program !== undefined;

if (!hasBrowser) process.stderr.write('There is no Chromium on this computer: the tests in a browser are skipped.\n');

/** Whether the test before came to its end: else it is not known what it did to its household. */
let hasEndedWell = false;

/** A test in a real browser; skipped where there is none. */
export function inBrowser(name: string, run: () => Promise<void>): void {
  const noted = async (): Promise<void> => {
    await run();
    hasEndedWell = true;
  };
  (hasBrowser ? test : test.skip)(name, noted, 300_000);
}

let browser: Promise<Browser> | undefined;
let contexts: BrowserContext[] = [];
let playgrounds: ChildProcess[] = [];

/**
 * Closes every window but `kept`; after a test that failed that one and every playground, too, so that none has to go on
 * with what another left. Gives back whether `kept` is there.
 */
export async function clearAway(kept: Page | undefined): Promise<boolean> {
  const isKept = kept !== undefined && hasEndedWell;
  hasEndedWell = false;
  const over = contexts.filter((each) => !isKept || each !== kept.context());
  await Promise.all(over.map((each) => each.close()));
  contexts = contexts.filter((each) => !over.includes(each));
  wrong = [];
  if (isKept) return true;
  await Promise.all(playgrounds.map(ended));
  playgrounds = [];
  return false;
}

/** Ends the browser and every playground. */
export async function endAll(): Promise<void> {
  await (await browser)?.close();
  await Promise.all(playgrounds.map(ended));
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** Starts the built playground; gives its address once it answers. */
export function startPlayground(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, ['dist-tools/sandbox/playground.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  playgrounds.push(child);
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      const address = /http:\/\/\S+/.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once('close', () => reject(new Error(`the playground ended: ${said}`)));
  });
}

/** Things that no page of these tests may have: errors on its console, and requests to another host. */
let wrong: string[] = [];

/** Opens a window on a playground, and waits for its household. */
export async function openWindow(
  address: string,
  options: { width?: number; locale?: string; colorScheme?: 'light' | 'dark' } = {},
): Promise<Page> {
  browser ??= startChromium(program ?? '');
  const { width = 1440, locale = 'en-US', colorScheme = 'dark' } = options;
  const context = await (
    await browser
  ).newContext({ viewport: { width, height: 900 }, locale, colorScheme, reducedMotion: 'reduce' });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(Number(process.env.PATIENCE ?? 60_000));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)/.test(url.protocol) && url.hostname !== '127.0.0.1') wrong.push(`asked ${url.href}`);
  });
  await page.goto(address);
  await isReady(page);
  return page;
}

/** Waits until the household of a page can be played with. */
export async function isReady(page: Page): Promise<void> {
  const root = page.locator('#page');
  const waits = page.locator('#page[data-state="ready"]').waitFor({ timeout: 120_000 });
  await waits.catch(async (error: unknown) => {
    const says = `${await root.getAttribute('data-state')}: ${await page.locator('.status').innerText()}`;
    throw new Error(`${String(error)}The page is ${says}; ${wrong.join('; ')}`);
  });
}

/** Expects that no page had an error on its console or asked another host. */
export function expectNothingWrong(): void {
  expect(wrong).toEqual([]);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Expects that axe finds nothing that keeps somebody from using the page as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await run.run({ resultTypes: ['violations'] })).violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html}`,
    );
  });
  expect(found).toEqual([]);
}
