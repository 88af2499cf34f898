/** Names, and what other programs say, may hold what moves a terminal's cursor; of a line break a blank is left. */
export function printable(words: string): string {
  return words.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '?');
}
