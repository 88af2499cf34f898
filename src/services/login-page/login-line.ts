import { AppError } from '../../errors.js';

/** What stands around Latchkey's line. Jellyfin's login page is Markdown with HTML, so people do not see it there. */
const begin = '<!-- Latchkey -->';
const end = '<!-- /Latchkey -->';
const block = new RegExp(String.raw`((?:\r?\n\r?\n)?)${begin}\r?\n([\s\S]*?)\r?\n${end}`);

/** The line of Latchkey's on a login page; undefined where there is none. Throws `loginPageMark` where its marks were broken. */
export function lineIn(page: string): string | undefined {
  const found = block.exec(page)?.[2];
  if (found === undefined && (page.includes(begin) || page.includes(end))) throw new AppError('loginPageMark');
  return found;
}

/** The page with this line, below all else or in the place of the one before. Throws `loginPageMark`. */
export function withLine(page: string, line: string): string {
  const ours = `${begin}\n${line}\n${end}`;
  if (lineIn(page) !== undefined) return page.replace(block, (_all, gap: string) => `${gap}${ours}`);
  return page === '' ? ours : `${page}\n\n${ours}`;
}

/** The page as it was before, byte for byte, with what was written around the line since. Throws `loginPageMark`. */
export function withoutLine(page: string): string {
  return lineIn(page) === undefined ? page : page.replace(block, '');
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
