/**
 * A sentence as long as a translation of it may be: Finnish and German are about a third longer than English, and one word
 * may be three times as long as another.
 */
export function longer(text: string, most = Infinity): string {
  const filler = 'äöü '.repeat(Math.ceil((text.length * 0.6 + 16) / 4)).trim();
  return `${text} ${filler}`.slice(0, most);
}
