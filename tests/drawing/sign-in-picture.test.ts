import { expect, test } from '@jest/globals';
import { createSignInPicture } from '../../src/drawing/sign-in-picture.js';
import { signInSvg } from '../../src/drawing/sign-in-svg.js';

const words = { title: 'Sign-ins <& "more"', failed: '12 failed', locked: '2 lockouts', locale: 'en' };
const days = Array.from({ length: 30 }, (_, at) => ({
  day: `2026-11-${`${at + 1}`.padStart(2, '0')}`,
  failed: at % 5,
  locked: at % 11 === 0 ? 1 : 0,
}));

test('a picture is a PNG with the panel behind it, whatever is behind that', async () => {
  const png = await createSignInPicture().draw(days, words);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
  expect(size).toEqual({ width: 1200, height: 450 });
});

test('words are drawn with the fonts of this project: other words make another picture', async () => {
  const picture = createSignInPicture();
  const [one, other, none] = await Promise.all(
    ['A household', 'Ein Haushalt äöü', ''].map((title) => picture.draw(days, { ...words, title })),
  );
  expect(one?.equals(other ?? Buffer.of())).toBe(false);
  expect((one?.length ?? 0) > (none?.length ?? 0)).toBe(true);
});

test('a bar stands for every day with failed sign-ins, a diamond for every day with lockouts', () => {
  const svg = signInSvg(days, words);
  const legend = 1;
  expect(svg.match(/fill="#8da4f0"/g)).toHaveLength(days.filter(({ failed }) => failed > 0).length + legend);
  expect(svg.match(/<polygon/g)).toHaveLength(days.filter(({ locked }) => locked > 0).length + legend);
  expect(svg).not.toContain('<& "more"');
});
