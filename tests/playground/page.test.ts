import { beforeAll, describe, expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { playToEnd } from '../../sandbox/playground/pictures/content.js';
import type { SeenChannel, SeenHousehold } from '../../sandbox/playground/shared.js';
import { expectNothingWrong, hasBrowser, inBrowser, openWindow, startPlayground } from './support.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The loopback Discord's own token, which is nobody's. */
const token = 'MTE.loopback.token-of-nobody';

let address = '';
let page: Page;

describe('the page of the playground', () => {
  beforeAll(async () => {
    if (!hasBrowser) return;
    address = await startPlayground();
    page = await openWindow(address);
  }, 90_000);

  const left = () => page.locator('.side-left');
  const right = () => page.locator('.side-right');

  async function types(phone: Locator, line: string): Promise<void> {
    await phone.locator('.composer-input').fill(line);
    await phone.locator('.composer-input').press('Escape');
    await phone.locator('.composer-input').fill(line);
    await page.keyboard.press('Enter');
  }

  /** Types a command without options, and sends it. */
  async function command(phone: Locator, line: string): Promise<void> {
    await types(phone, line);
    await phone.locator('.command-name', { hasText: line }).waitFor();
    await phone.getByRole('button', { name: /^(Send|Senden)$/ }).click();
  }

  async function gives(phone: Locator, who: string, channel: string): Promise<void> {
    const select = phone.locator('.owner-select');
    const label = (await select.locator('option').allTextContents()).find((each) => each.startsWith(who));
    await select.selectOption({ label: label ?? who });
    await phone.locator('.place', { hasText: channel }).click();
  }

  const last = (phone: Locator) => phone.locator('.message').last();
  const reads = (phone: Locator, words: string | RegExp) =>
    phone.locator('.message', { hasText: words }).last().waitFor();

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
  async function sends(channel: string, ...bodies: object[]): Promise<void> {
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

  inBrowser(
    'acts that no story contains work as in Discord, and each refusal of the bot is read',
    async () => {
      await gives(left(), 'Sam', 'general');
      await command(left(), '/status');
      await reads(left(), 'I do not know yet which Jellyfin account is yours');
      await command(left(), '/history');
      await reads(left(), 'That is for admins');
      await gives(left(), 'Maya', 'general');
      await command(left(), '/help');
      await reads(left(), '/resetpw');
      await last(left()).getByRole('button', { name: '/status' }).click();
      await page.keyboard.press('Enter');
      await reads(left(), 'Nothing stands in the way');
      await last(left()).getByRole('button', { name: 'Dismiss message' }).click();
      await left().locator('.message', { hasText: 'Nothing stands in the way' }).waitFor({ state: 'detached' });
      await types(left(), 'Is anybody there?');
      await gives(right(), 'Dad', 'general');
      await reads(right(), 'Is anybody there?');
      await types(left(), '/nothing-of-that-name');
      await left().getByRole('alert').filter({ hasText: 'No command of that name' }).waitFor();
      await page.keyboard.press('Escape');
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'options are filled in and completed by the keyboard alone, and the menu of a person is used',
    async () => {
      await gives(right(), 'Dad', 'general');
      await right().locator('.composer-input').focus();
      await page.keyboard.type('/unlo');
      await right().getByRole('option', { name: '/unlock' }).waitFor();
      await page.keyboard.press('Tab');
      await right().locator('.more-option', { hasText: 'user' }).click();
      await page.keyboard.type('ma');
      await right().locator('.offers').getByRole('option', { name: /maya/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await reads(right(), /maya/);
      await right().getByRole('button', { name: 'Members' }).click();
      await right().locator('.sheet').getByRole('option', { name: 'Maya' }).focus();
      await page.keyboard.press('Enter');
      await right().locator('.menu-command').first().click();
      await reads(right(), 'maya');
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'every kind of component is drawn, and pressed by the mouse and by the keyboard',
    async () => {
      await gives(right(), 'Dad', 'general');
      const select = (type: number, id: string) => ({
        type: 1,
        components: [{ type, custom_id: id, placeholder: `pick ${type}`, ...(type === 3 && { options }) }],
      });
      const options = [
        { label: 'First', value: 'one', description: 'about it' },
        { label: 'Second', value: 'two' },
      ];
      const button = { type: 2, style: 1, label: 'Beside', custom_id: 'x:beside' };
      await sends('general', {
        flags: 1 << 15,
        components: [
          {
            type: 17,
            accent_color: 0xff0000,
            components: [
              {
                type: 10,
                content: '# Title\n**bold** <script>alert(1)</script> [link](javascript:alert(1)) ||hidden||\n-# small',
              },
              { type: 14, divider: true, spacing: 2 },
              { type: 9, components: [{ type: 10, content: 'in a section' }], accessory: button },
              select(3, 'x:string'),
              select(5, 'x:user'),
              select(6, 'x:role'),
              select(7, 'x:both'),
              select(8, 'x:channel'),
            ],
          },
        ],
      });
      const message = last(right());
      await message.locator('.heading-1', { hasText: 'Title' }).waitFor();
      expect(await message.locator('script').count()).toBe(0);
      expect(await message.locator('.markdown a').count()).toBe(0);
      await message.getByRole('button', { name: 'Spoiler: press to show' }).click();
      await message.getByText('hidden').waitFor();
      for (const [type, choice] of [
        [3, 'Second'],
        [5, 'Maya'],
        [8, '#general'],
      ] as const) {
        await right()
          .locator('.message', { hasText: 'in a section' })
          .getByRole('button', { name: `pick ${type}` })
          .focus();
        await page.keyboard.press('Enter');
        const option = right().locator('.sheet').getByRole('option', { name: choice });
        await option.focus();
        const before = await right().locator('.message').count();
        await page.keyboard.press(' ');
        // The bot knows no such control: what it answers is what Discord would show.
        await right().locator('.message').nth(before).waitFor();
      }
      await right().getByRole('button', { name: 'pick 6' }).click();
      await right().getByRole('option', { name: '@admin' }).waitFor();
      await page.keyboard.press('Escape');
      await right().getByRole('button', { name: 'Beside' }).click();
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'a request is asked for in one window and denied in another, in German, through a reload',
    async () => {
      await gives(left(), 'Maya', 'general');
      const other = await openWindow(address);
      const dad = other.locator('.side-right');
      await dad.locator('.language-select').selectOption('de');
      await dad.locator('.place', { hasText: 'admins' }).click();
      await command(left(), '/resetpw');
      const deny = dad.getByRole('button', { name: 'Ablehnen' }).or(dad.getByRole('button', { name: 'Deny' }));
      await dad.locator('.banner').waitFor();
      await deny.last().waitFor();
      await other.reload();
      await deny.last().focus();
      await other.keyboard.press('Enter');
      const form = dad.getByRole('dialog');
      await form.locator('textarea').waitFor();
      await form.locator('textarea').fill('Erst die Hausaufgaben.');
      await form.getByRole('button', { name: 'Absenden' }).click();
      await left().locator('.place', { hasText: 'Latchkey' }).click();
      await reads(left(), 'Erst die Hausaufgaben.');
      await dad.locator('.language-select').selectOption('en-US');
      await other.context().close();
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'trouble is switched on and off, and the page shows what comes of it',
    async () => {
      await gives(left(), 'Maya', 'general');
      await page.getByRole('button', { name: 'Trouble' }).click();
      await page.getByLabel('is down').check();
      await page.locator('#jellyfin-down:checked').waitFor();
      await command(left(), '/status');
      await reads(left(), /Jellyfin/);
      await page.getByRole('button', { name: 'Trouble' }).click();
      await page.getByLabel('runs', { exact: true }).check();
      await page.getByRole('button', { name: 'Kill it' }).click();
      await page.getByRole('button', { name: 'Start it again' }).waitFor();
      await command(left(), '/status');
      await left().getByText('The application did not respond').waitFor();
      await page.getByRole('button', { name: 'Trouble' }).click();
      await page.getByRole('button', { name: 'Start it again' }).click();
      await page.locator('#page[data-state="busy"]').waitFor();
      await page.locator('#page[data-state="ready"]').waitFor();
      await page.keyboard.press('Escape');
      await command(left(), '/status');
      await reads(left(), 'Nothing stands in the way');
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'behind the scenes stand the calls, the log and the rows of the last act',
    async () => {
      await gives(left(), 'Maya', 'general');
      await page.getByRole('button', { name: 'Behind the scenes' }).click();
      await command(left(), '/unlock');
      const first = page.locator('.behind-act').first();
      await first.locator('summary', { hasText: 'Maya types /unlock' }).waitFor();
      await first.locator('.from-jellyfin', { hasText: 'GET /Users' }).first().waitFor();
      await first.locator('.from-discord', { hasText: 'POST /interactions/' }).first().waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'the page that plays by itself tells its stories with nothing behind it',
    async () => {
      const window = await openWindow(pathToFileURL('docs/demo.html').href);
      await playToEnd(window, 'assisted-reset');
      await playToEnd(window, 'locked-account');
      await window.context().close();
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'two hundred messages are there at once, and stay quick to scroll',
    async () => {
      await gives(right(), 'Dad', 'general');
      const many = Array.from({ length: 200 }, (_, n) => ({
        content: `**message** ${n}`,
        embeds: [{ description: `and *more* of ${n}` }],
      }));
      await sends('general', ...many);
      await right().getByText('message 199').waitFor();
      const slowest = await right()
        .locator('.message-scroll')
        .evaluate(async (element) => {
          let worst = 0;
          for (let at = element.scrollHeight; at > 0; at -= 800) {
            const since = performance.now();
            element.scrollTop = at;
            void element.clientHeight;
            worst = Math.max(worst, performance.now() - since);
            await new Promise((resolve) => setTimeout(resolve, 16));
          }
          return worst;
        });
      expect(slowest).toBeLessThan(100);
      expectNothingWrong();
    },
    60_000,
  );

  inBrowser(
    'axe finds no violation, in light and dark, wide and narrow',
    async () => {
      for (const [width, colorScheme] of [
        [1440, 'dark'],
        [1440, 'light'],
        [390, 'light'],
      ] as const) {
        const window = await openWindow(address, { width, colorScheme });
        if (width > 600) {
          await window.locator('.side-right').getByRole('button', { name: 'Members' }).click();
          await window.getByRole('button', { name: 'Trouble' }).click();
        }
        await window.evaluate(axe);
        const found = await window.evaluate(async () => {
          const { axe: run } = globalThis as unknown as {
            axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          return (await run.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        });
        expect(found).toEqual([]);
        await window.context().close();
      }
      expectNothingWrong();
    },
    60_000,
  );
});
