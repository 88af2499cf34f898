import type { SignInDay, PictureWords } from '../services/history/history.js';

const width = 800;
const height = 300;
const left = 56;
const right = 20;
const top = 86;
const bottom = 40;
/** Of the legend's words, about. */
const letterWidth = 8;

/** A panel of its own, so that it reads alike on Discord's light and dark; shapes differ, not only colours. */
const colours = { panel: '#2b2d31', line: '#4e5058', text: '#f2f3f5', failed: '#8da4f0', locked: '#ff7b72' } as const;

/** Bars for failed sign-ins, a diamond above the day for lockouts. */
export function signInSvg(days: readonly SignInDay[], { title, failed, locked, locale }: PictureWords): string {
  const most = Math.max(4, ...days.map((each) => each.failed));
  const step = (width - left - right) / Math.max(1, days.length);
  const written = new Intl.NumberFormat(locale);
  const y = (count: number) => height - bottom - (count / most) * (height - top - bottom);
  // Today's name ends where the axis does.
  const dayLabel = (at: number, name: string) =>
    at === days.length - 1
      ? text(width - right, height - 14, name, 12, 'end')
      : text(left + (at + 0.5) * step, height - 14, name, 12);
  const bars = days.map((day, at) => {
    const x = left + at * step + step * 0.15;
    const bar = rect(x, y(day.failed), step * 0.7, height - bottom - y(day.failed));
    return `${day.failed > 0 ? bar : ''}${day.locked > 0 ? diamond(x + step * 0.35, y(day.failed) - 10, day.locked) : ''}`;
  });
  const second = left + 18 + failed.length * letterWidth + 32;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans">`,
    `<rect width="${width}" height="${height}" rx="12" fill="${colours.panel}"/>`,
    text(left, 30, title, 18, 'start', 'bold'),
    rect(left, 44, 12, 12),
    text(left + 18, 55, failed, 13, 'start'),
    diamond(second, 50, undefined),
    text(second + 14, 55, locked, 13, 'start'),
    ...[0, most / 2, most].map((count) => gridLine(y(count), written.format(Math.round(count)))),
    ...bars,
    ...days.flatMap((day, at) => (at % 7 === 1 ? [dayLabel(at, dayName(day, locale))] : [])),
    '</svg>',
  ].join('');
}

const rect = (x: number, y: number, w: number, h: number) =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}" rx="2" fill="${colours.failed}"/>`;

function diamond(x: number, y: number, count: number | undefined): string {
  const points = [`${x},${y - 7}`, `${x + 7},${y}`, `${x},${y + 7}`, `${x - 7},${y}`].join(' ');
  const number = count !== undefined && count > 1 ? text(x, y - 10, `${count}`, 12) : '';
  return `<polygon points="${points}" fill="${colours.locked}"/>${number}`;
}

function gridLine(y: number, count: string): string {
  const line = `<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" stroke="${colours.line}"/>`;
  return `${line}${text(left - 8, y + 4, count, 12, 'end')}`;
}

function text(x: number, y: number, words: string, size: number, anchor = 'middle', weight = 'normal'): string {
  const escaped = words.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colours.text}" font-size="${size}" text-anchor="${anchor}" font-weight="${weight}">${escaped}</text>`;
}

function dayName({ day }: SignInDay, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));
}
