/**
 * Escapes texts that other people wrote (account and device names, reasons, log entries) for the place they go to.
 * Line breaks, control, bidi and invisible characters are removed first; joiners stay, as emoji families and some scripts
 * need them.
 */

/** Invisible characters that change the text around them: category Cf, except joiners and the tags of flag emoji. */
const unseen = /(?![\u200C\u200D\u{E0020}-\u{E007F}])[\p{Cc}\p{Cf}]/gu;
const lineBreaks = /[\r\n\t\v\f\u0085\u2028\u2029]+/gu;
/** A character that can be seen; a name without one would look like no name. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{Mark}\u2800]/u;
const nameless = '?';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function clean(words: string): string {
  return words
    .replace(lineBreaks, ' ')
    .replace(unseen, '')
    .replace(/\p{Cs}/gu, '\uFFFD');
}

/**
 * For content, text displays, embed descriptions and fields, where Discord reads markdown. The characters are shown as they
 * are: no mention, heading, quote, list, link, emoji or timestamp comes of them anywhere in a line. Not for code blocks,
 * which show backslashes. As little as possible is escaped, because a lock screen shows backslashes, too. `most`: cut like
 * a label, to so many characters before they are escaped.
 */
export function escapeText(words: string, most?: number): string {
  return (
    (most === undefined ? clean(words) : label(words, most))
      .replace(/[\\*_~`|<>[\]:]/g, '\\$&')
      // An address such as ann@example.org is plain text for Discord; everything else with an @ may be a mention.
      .replace(/(?<![\p{L}\p{N}])@|@(?=everyone|here)/giu, '\\@')
      // Discord turns invitations into cards even without http://.
      .replace(/(?<=\.\p{L}+)\//gu, '\\/')
      .replace(/^\s*[#+-]+/u, (start) => start.replace(/[#+-]/g, '\\$&'))
      .replace(/^(\s*\d+)([.)])/u, '$1\\$2')
  );
}

/** Longer names are cut where they stand in lists and in sentences, which they would push off a lock screen. */
export const longestName = 40;

/**
 * For places without markdown: choices, labels of buttons and selects, titles of modals, footers. Never empty, at most
 * `max` UTF-16 units (Discord counts code points, discord.js units: the stricter holds), and no emoji is cut in two.
 */
export function label(words: string, max = 80): string {
  const text = clean(words).replace(/\s+/gu, ' ').trim();
  if (!visible.test(text)) return nameless;
  if (text.length <= max) return text;
  const kept = fitting(
    Array.from(graphemes.segment(text), ({ segment }) => segment),
    max - 1,
  ).trimEnd();
  // A single character that is too long (hundreds of accents on one letter) is cut between code points.
  return `${visible.test(kept) ? kept : fitting(text, max - 1)}…`;
}

/** For one cell of a CSV file: quoted where needed, and never a formula for a spreadsheet. */
export function csvCell(words: string): string {
  const text = clean(words);
  const guarded = /^\s*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",;\n]|^\s|\s$/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** The first parts that together fit into `max` UTF-16 units. */
function fitting(parts: Iterable<string>, max: number): string {
  let kept = '';
  for (const part of parts) {
    if (kept.length + part.length > max) break;
    kept += part;
  }
  return kept;
}

/** An address inside a sentence. One such as 192.168.1.20 holds nothing to escape, and a lock screen shows backslashes. */
export function addressText(address: string): string {
  return /^[\d.]+$/.test(address) ? address : escapeText(address);
}
