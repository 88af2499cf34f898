import { expect } from 'vitest';
import { expectAccessible, expectNothingWrong, inBrowser } from './support.js';
import { gives, last, page, right, sends } from './window.js';

const select = (type: number, id: string) => ({
  type: 1,
  components: [{ type, custom_id: id, placeholder: `pick ${type}`, ...(type === 3 && { options }) }],
});
const options = [
  { label: 'First', value: 'one', description: 'about it' },
  { label: 'Second', value: 'two' },
];
const everything = {
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
        {
          type: 9,
          components: [{ type: 10, content: 'in a section' }],
          accessory: { type: 2, style: 1, label: 'Beside', custom_id: 'x:beside' },
        },
        select(3, 'x:string'),
        select(5, 'x:user'),
        select(6, 'x:role'),
        select(7, 'x:both'),
        select(8, 'x:channel'),
      ],
    },
  ],
};

/** What a bot may send. */
export function componentTests(): void {
  inBrowser('every kind of component is drawn, and pressed by the mouse and by the keyboard', async () => {
    await gives(right(), 'Dad', 'general');
    await sends('general', everything);
    const message = last(right());
    await message.locator('.heading-1', { hasText: 'Title' }).waitFor();
    expect(await message.locator('script').count()).toBe(0);
    expect(await message.locator('.markdown a').count()).toBe(0);
    await message.getByRole('button', { name: 'Spoiler: press to show' }).click();
    await message.getByText('hidden').waitFor();
    // As it looks while the bot is at work for it.
    await message.getByRole('button', { name: 'Beside' }).evaluate((each) => each.classList.add('busy'));
    await expectAccessible(page);
    for (const [type, choice] of [
      [3, 'Second'],
      [5, 'Maya'],
      [8, '#general'],
    ] as const) {
      await right()
        .locator('.message', { hasText: 'in a section' })
        .getByRole('button', { name: `pick ${type}` })
        .press('Enter');
      const before = await right().locator('.message').count();
      await right().locator('.sheet').getByRole('option', { name: choice }).press(' ');
      // The bot knows no such control: what it answers is what Discord would show.
      await right().locator('.message').nth(before).waitFor();
    }
    await right().getByRole('button', { name: 'pick 6' }).click();
    await right().getByRole('option', { name: '@admin' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    const before = await right().locator('.message').count();
    await right().getByRole('button', { name: 'Beside' }).click();
    await right().locator('.message').nth(before).waitFor();
    expectNothingWrong();
  });
}

/** What comes while somebody has their finger on the page. */
export function pressTest(): void {
  inBrowser('a press is not lost to a message that comes during it', async () => {
    await gives(right(), 'Dad', 'general');
    await right().getByRole('button', { name: 'Members' }).hover();
    await page.mouse.down();
    await sends('general', { content: 'meanwhile' });
    await right().getByText('meanwhile').waitFor();
    await page.mouse.up();
    await right().locator('.sheet').getByRole('option', { name: 'Maya' }).waitFor();
    expectNothingWrong();
  });
}

/** Many messages; whatever comes after it has to draw them, too. What is drawn is counted: how long it takes depends on the computer. */
export function manyMessagesTest(): void {
  inBrowser(
    'two hundred messages are there at once, are scrolled, and none of them is drawn again for one more',
    async () => {
      await gives(right(), 'Dad', 'general');
      const many = Array.from({ length: 200 }, (_, n) => ({
        content: `**message** ${n}`,
        embeds: [{ description: `and *more* of ${n}` }],
      }));
      await sends('general', ...many);
      await right().getByText('message 199').waitFor();
      const messages = right().locator('.message');
      await messages.evaluateAll((all) => all.forEach((each) => each.setAttribute('data-known', '')));
      const known = await messages.count();
      await right()
        .locator('.message-scroll')
        .evaluate(async (element) => {
          for (let at = element.scrollHeight; at > 0; at -= 800) {
            element.scrollTop = at;
            await new Promise((resolve) => setTimeout(resolve, 16)); // a picture of it
          }
        });
      await sends('general', { content: 'one more' });
      await right().getByText('one more').waitFor();
      expect(await right().locator('.message:not([data-known])').allInnerTexts()).toEqual(['one more']);
      expect(await messages.count()).toBe(known + 1);
      expectNothingWrong();
    },
  );
}
