import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LoginPage } from '../../src/services/login-page/login-page.js';

/** A login page that says so, and whose changes take a moment. */
function saying(LoginDisclaimer: string | undefined) {
  let branding: Record<string, unknown> = { CustomCss: '', ...(LoginDisclaimer !== undefined && { LoginDisclaimer }) };
  const page = new LoginPage({
    stores: { audit: { record: () => undefined } },
    loginPage: {
      branding: {
        read: () => Promise.resolve(branding),
        write: async (after: Record<string, unknown>) => {
          await turn();
          branding = after;
        },
      },
      line: () => 'Ask us',
    },
  } as never);
  return { page, says: () => branding['LoginDisclaimer'] };
}

const admin = { id: '1' };
/** Without a link to Discord. */
const link = '';

test('the line is seen to stand there before that is said, and goes as it came', async () => {
  const { page, says } = saying('Welcome');
  await page.put(admin, link);
  expect([says(), await page.current()]).toEqual([
    'Welcome\n\n<!-- Latchkey -->\nAsk us\n<!-- /Latchkey -->',
    'Ask us',
  ]);
  await page.remove(admin);
  expect(says()).toBe('Welcome');
});

test.each([
  '<!-- Latchkey -->\nmine\n\n',
  'mine\n<!-- /Latchkey -->',
  'mine mine mine m\nx\n<!-- /Latchkey -->',
  '<!-- /Latchkey -->\n<!-- Latchkey -->\n\n',
  '<!-- Latchkey --> <!-- /Latchkey -->',
])('a page on which a mark was broken (%j) is left alone', async (broken) => {
  const { page, says } = saying(broken);
  await expect(page.put(admin, link)).rejects.toMatchObject({ code: 'loginPageMark' });
  await expect(page.remove(admin)).rejects.toMatchObject({ code: 'loginPageMark' });
  expect(says()).toBe(broken);
});
