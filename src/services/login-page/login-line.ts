import { AppError } from '../../errors.js';

/** What stands around Latchkey's line. Jellyfin's login page is Markdown with HTML, so people do not see it there. */
const begin = '<!-- Latchkey -->';
const end = '<!-- /Latchkey -->';

interface Place {
  readonly line: string;
  /** The blank line before it, which came with it. */
  readonly gap: string;
  readonly from: number;
  readonly to: number;
}

/** By the first mark of each kind: a page may be of any length. Throws `loginPageMark`. */
function placeIn(page: string): Place | undefined {
  const from = page.indexOf(begin);
  const last = page.indexOf(end, from + 1);
  if (from < 0 && last < 0) return undefined;
  const line = /^\r?\n([^]*?)\r?\n$/.exec(page.slice(from + begin.length, last))?.[1];
  if (from < 0 || last < 0 || line === undefined) throw new AppError('loginPageMark');
  const gap = /\r?\n\r?\n$/.exec(page.slice(Math.max(0, from - 4), from))?.[0] ?? '';
  return { line, gap, from, to: last + end.length };
}

/** The line of Latchkey's on a login page; undefined where there is none. Throws `loginPageMark` where its marks were broken. */
export function lineIn(page: string): string | undefined {
  return placeIn(page)?.line;
}

/** The page with this line, below all else or in the place of the one before. Throws `loginPageMark`. */
export function withLine(page: string, line: string): string {
  const ours = `${begin}\n${line}\n${end}`;
  const place = placeIn(page);
  if (place) return page.slice(0, place.from) + ours + page.slice(place.to);
  return page === '' ? ours : `${page}\n\n${ours}`;
}

/** The page as it was before, byte for byte, with what was written around the line since. Throws `loginPageMark`. */
export function withoutLine(page: string): string {
  const place = placeIn(page);
  return place ? page.slice(0, place.from - place.gap.length) + page.slice(place.to) : page;
}

/** What XML cannot hold: with one such character the server loses its whole branding file at the next restart. */
const unfitForXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Throws `loginPageControl` for a text that Jellyfin could not read again (docs/jellyfin.md, "Branding"). */
export function assertFitsXml(text: string): void {
  if (unfitForXml.test(text)) throw new AppError('loginPageControl');
}

const discordLink =
  /^(?:https:\/\/)?(discord\.gg\/[\w-]{2,100}|(?:(?:ptb|canary)\.)?discord\.com\/(?:invite\/[\w-]{2,100}|channels\/\d{17,20}\/\d{17,20}))\/?$/i;

/** A Discord invite or a channel's address; undefined for an empty text. Throws `loginPageLink` for anything else. */
export function readDiscordLink(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const link = discordLink.exec(text.trim())?.[1];
  if (link === undefined) throw new AppError('loginPageLink');
  return `https://${link}`;
}
