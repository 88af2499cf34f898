import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { stories } from './demo/stories.js';
import { findChromium, startChromium } from './playground/chromium.js';
import { bundlePage } from './playground/page-files.js';
import { contentOf, households, playToEnd } from './playground/pictures/content.js';
import { firstPicture } from './playground/pictures/first.js';
import { palettePng } from './playground/pictures/palette-png.js';
import { rescuePicture } from './playground/pictures/rescue.js';
import type { Frame, Patch, Recording, SeenHousehold } from './playground/shared.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const pictures = join(docs, 'pictures');
/** The stories that docs/demo.html replays. */
const replayed: readonly string[] = ['assisted-reset', 'locked-account'];
const mostBytes = 150_000;
const bot = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
/** Bars of phones that rang hide what is under them; shadows have more colours than a small picture. */
const plainly = '.banner-place { display: none } .phone, .tv-frame { box-shadow: none !important }';

const chromium = findChromium();
if (chromium === undefined) {
  process.stderr.write(
    'Pictures are taken with Chromium, and there is none here: install it, or name one in CHROMIUM.\n',
  );
  process.exit(1);
}
await mkdir(pictures, { recursive: true });
const browser = await startChromium(chromium);
/** Everything, or what is named: stories, rescue, first, demo. */
const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

try {
  if (isWanted('stories')) {
    await noteContents((await Promise.all(households.map((ids) => photograph(browser, ids)))).flat());
  }
  if (isWanted('rescue')) await save('rescue.svg', await rescuePicture(bot));
  if (isWanted('first'))
    await noteContents([['first', await withPage(browser, 1280, (page) => firstPicture(page, save))]]);
  if (isWanted('demo')) {
    const recordings = await Promise.all(replayed.map((id) => record(browser, id)));
    await writeFile(join(docs, 'demo.html'), await demoPage(recordings));
  }
} finally {
  await browser.close();
}

/** Plays stories one after the other, and takes a picture at the end of each. */
function photograph(from: Browser, ids: readonly string[]): Promise<[string, string[]][]> {
  return withPage(from, 1280, async (page) => {
    const contents: [string, string[]][] = [];
    for (const id of ids) {
      await playToEnd(page, id);
      await page.waitForTimeout(500);
      contents.push([id, await contentOf(page)]);
      await save(`${id}.png`, await page.locator('.scene').screenshot());
    }
    return contents;
  });
}

/** Writes down what pictures show, so that a test knows when they are old. */
async function noteContents(contents: readonly [string, string[]][]): Promise<void> {
  const file = join(pictures, 'contents.json');
  const before = JSON.parse(await readFile(file, 'utf8')) as Record<string, string[]>;
  const sorted = Object.entries({ ...before, ...Object.fromEntries(contents) }).sort();
  await writeFile(file, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

async function save(name: string, picture: Buffer | string): Promise<void> {
  const bytes = typeof picture === 'string' ? Buffer.from(picture) : palettePng(picture);
  if (bytes.length > mostBytes) throw new Error(`${name} has ${bytes.length} bytes, more than ${mostBytes}`);
  await writeFile(join(pictures, name), bytes);
  console.log(`docs/pictures/${name}: ${Math.round(bytes.length / 1000)} KB`);
}

/** Writes down everything that the page is told while a story is played. */
function record(from: Browser, id: string): Promise<Recording> {
  return withPage(from, 1280, async (page, address) => {
    const frames: Frame[] = [];
    let aheadMs = 0;
    const ending = new AbortController();
    const listening = listen(address, ending.signal, (patch) => {
      aheadMs = (patch.set['household'] as SeenHousehold | undefined)?.aheadMs ?? aheadMs;
      frames.push(frameOf(patch, aheadMs));
    });
    await playToEnd(page, id);
    await page.waitForTimeout(500);
    ending.abort();
    await listening.catch(() => undefined);
    const begins = frames.findIndex(({ patch }) => patch.set['story'] !== undefined);
    // What came before the story's first act is one frame.
    return { id, title: stories.find((each) => each.id === id)?.title ?? '', frames: merged(frames, begins) };
  });
}

/** A patch with the time at which it came, without what is behind the scenes: no drawer shows that. */
function frameOf(patch: Patch, aheadMs: number): Frame {
  const { behind: _behind, ...set } = patch.set;
  return { at: Date.now() + aheadMs, patch: { ...patch, set } };
}

function merged(frames: readonly Frame[], until: number): Frame[] {
  const set: Record<string, unknown> = {};
  for (const { patch } of frames.slice(0, until + 1)) {
    if (patch.whole) for (const key of Object.keys(set)) delete set[key];
    Object.assign(set, patch.set);
    for (const key of patch.drop) delete set[key];
  }
  return [{ at: frames[until]?.at ?? 0, patch: { set, drop: [], whole: true } }, ...frames.slice(until + 1)];
}

async function listen(address: string, signal: AbortSignal, hear: (patch: Patch) => void): Promise<void> {
  const response = await fetch(`${address}/events`, { signal });
  let rest = '';
  for await (const part of response.body ?? []) {
    const blocks = (rest + Buffer.from(part as Uint8Array).toString('utf8')).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) hear(JSON.parse(block.replace(/^data: /, '')) as Patch);
  }
}

/** One page with everything in it. */
async function demoPage(recordings: readonly Recording[]): Promise<string> {
  const { html, script, style } = await bundlePage('demo.ts');
  const safe = (text: string) => text.replace(/<\/(?=script)/gi, '<\\/');
  const parts: readonly [string, string][] = [
    ['<link rel="stylesheet" href="/page.css" />', `<style>${style}</style>`],
    [
      '<script src="/page.js"></script>',
      `<script type="application/json" id="recordings">${safe(JSON.stringify(recordings))}</script>\n    <script>${safe(script)}</script>`,
    ],
  ];
  return parts.reduce((sum, [from, to]) => sum.split(from).join(to), html);
}

/** A playground of its own and a window on it. */
async function withPage<T>(
  from: Browser,
  width: number,
  work: (page: Page, address: string) => Promise<T>,
): Promise<T> {
  const program = fileURLToPath(new URL('./playground.js', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGTERM')); // however this ends
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      const found = /http:\/\/\S+/.exec(part.toString())?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error('the playground ended')));
  });
  const context = await from.newContext({
    viewport: { width, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    bypassCSP: true,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(address);
    await page.locator('#page[data-state="ready"]').waitFor();
    await page.addStyleTag({ content: plainly });
    return await work(page, address);
  } finally {
    await context.close();
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await gone;
  }
}
