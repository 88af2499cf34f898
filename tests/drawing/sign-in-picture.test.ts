import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { Resvg } from '@resvg/resvg-js';
import { createSignInPicture } from '../../src/drawing/sign-in-picture.js';
import { signInSvg } from '../../src/drawing/sign-in-svg.js';
import { createWords } from '../../src/words.js';

describe('the picture of sign-ins', () => {
  const words = { title: 'Sign-ins <& "more"', failed: '12 failed', locked: '2 lockouts', locale: 'en' };

  const days = Array.from({ length: 30 }, (_, at) => ({
    day: `2026-11-${`${at + 1}`.padStart(2, '0')}`,
    failed: at % 5,
    locked: at % 11 === 0 ? 1 : 0,
  }));

  const complaints: unknown[] = [];

  const log = { warn: (...said: unknown[]) => complaints.push(said) };

  const drawn = async (...given: Parameters<ReturnType<typeof createSignInPicture>['draw']>) => {
    const png = await createSignInPicture(log).draw(...given);
    if (!png) throw new Error(`nothing was drawn: ${JSON.stringify(complaints)}`);
    return png;
  };

  test('a picture is a PNG with the panel behind it, whatever is behind that', async () => {
    const png = await drawn(days, words);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
    expect(size).toEqual({ width: 1200, height: 450 });
  });

  test('words are drawn with the fonts of this project: other words make another picture', async () => {
    const [one, other, none] = await Promise.all(
      ['A household', 'Ein Haushalt äöü', ''].map((title) => drawn(days, { ...words, title })),
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

  test('several lockouts of a day have their number; one day a week has its name, the last one’s ends with the axis', () => {
    const numbers = (locked: number) =>
      signInSvg([{ day: '2026-11-01', failed: 0, locked }], words).match(/font-size="12" text-anchor="middle"[^>]*>/g);
    expect([numbers(1), numbers(2)?.length]).toEqual([null, 1]);
    const named = [...signInSvg(days, words).matchAll(/text-anchor="(\w+)"[^>]*>(Nov \d+)</g)];
    expect(named.map(([, anchor, name]) => `${name} ${anchor}`)).toEqual([
      ...['Nov 2 middle', 'Nov 9 middle', 'Nov 16 middle', 'Nov 23 middle'],
      'Nov 30 end',
    ]);
  });

  test('where the fonts have not the letters there is no picture of boxes; the words stand in its place', async () => {
    const said = { ...words, title: '登录' };
    expect(await createSignInPicture(log).draw(days, said)).toBeUndefined();
    expect(await createSignInPicture(log).draw(days, { ...words, failed: 'ล้มเหลว' })).toBeUndefined();
  });

  test.each(createWords('en').locales)('in %s the two legends stand side by side, whatever the counts', (locale) => {
    const t = createWords(locale).in(locale);
    const said = {
      failed: t('history.picture.failed', { count: 12_345 }),
      locked: t('history.picture.locked', { count: 67 }),
    };
    const svg = signInSvg([], { ...words, ...said });
    const [, failedLegend = ''] = /(<text[^>]*>[^<]*<\/text>)<polygon/.exec(svg) ?? [];
    expect(failedLegend).toContain(said.failed);
    const [, diamond = ''] = /<polygon points="([\d.]+),/.exec(svg) ?? [];
    expect(rightEdgeOf(failedLegend)).toBeLessThan(Number(diamond) - 7);
  });

  function rightEdgeOf(legend: string): number {
    const fontFiles = [createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="300" font-family="DejaVu Sans">${legend}</svg>`;
    const box = new Resvg(svg, {
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
    }).getBBox();
    if (!box || box.width < 50) throw new Error('the legend was not drawn');
    return box.x + box.width;
  }

  test('where the drawing library does not load there is no picture, and the log says why', async () => {
    complaints.length = 0;
    const picture = createSignInPicture(log, () => Promise.reject(new Error('no binary for this machine')));
    expect(await picture.draw(days, words)).toBeUndefined();
    expect(`${JSON.stringify(complaints)}`).toContain('could not be drawn');
  });
});
