/**
 * Other people's words (account and device names, reasons, log entries), made harmless for the place they go to.
 * The words are first cleaned of what is never meant to be seen: line breaks, control and bidi characters, invisible
 * ones (joiners stay: emoji families and some scripts are written with them).
 */

/** What nobody sees but what changes the text around it: everything of category Cf but joiners and the tags of flag emoji. */
const unseen = /(?![\u200C\u200D\u{E0020}-\u{E007F}])[\p{Cc}\p{Cf}]/gu;
const lineBreaks = /[\r\n\t\v\f\u0085\u2028\u2029]+/gu;
/** At least one character that leaves a mark: a name of fillers alone would look like no name at all. */
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
 * For places where Discord reads markdown: content, text displays, embed descriptions and fields. Shows the very
 * characters; makes no mention, heading, quote, list, link, emoji or timestamp, wherever in a line it is put.
 * Not for code blocks, where a backslash shows. No more is escaped than has to be, because a lock screen shows backslashes.
 */
export function escapeText(words: string): string {
  return (
    clean(words)
      .replace(/[\\*_~`|<>[\]:]/g, '\\$&')
      // An address such as ann@example.org is plain text for Discord; everything else with an @ may be a mention.
      .replace(/(?<![\p{L}\p{N}])@|@(?=everyone|here)/giu, '\\@')
      // Invitations become cards without any http:// before them.
      .replace(/(?<=\.\p{L}+)\//gu, '\\/')
      .replace(/^\s*[#+-]+/u, (start) => start.replace(/[#+-]/g, '\\$&'))
      .replace(/^(\s*\d+)([.)])/u, '$1\\$2')
  );
}

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
  // One endless character (hundreds of accents on one letter) is cut inside, between code points.
  return `${visible.test(kept) ? kept : fitting(text, max - 1)}…`;
}

/** For one cell of a CSV file: a spreadsheet neither calculates it nor falls apart over it. */
export function csvCell(words: string): string {
  const text = clean(words);
  const guarded = /^\s*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",;\n]|^\s|\s$/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** As many of the parts, from the first, as fit into `max` UTF-16 units. */
function fitting(parts: Iterable<string>, max: number): string {
  let kept = '';
  for (const part of parts) {
    if (kept.length + part.length > max) break;
    kept += part;
  }
  return kept;
}
