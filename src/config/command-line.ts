/**
 * A command as its arguments, for running without a shell: blanks separate, single and double quotes hold together,
 * a backslash takes the next character as it is (not between single quotes; nor on Windows, whose paths are full of them).
 * Undefined when a quote stays open.
 */
export function splitCommand(text: string, platform: NodeJS.Platform = process.platform): string[] | undefined {
  const parts: string[] = [];
  const { pattern, inQuotes, bare } = platform === 'win32' ? asItIs : withEscapes;
  let current: string | undefined;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    end = match.index + match[0].length;
    const [whole, double, single, plain] = match;
    if (/^\s/.test(whole)) {
      if (current !== undefined) parts.push(current);
      current = undefined;
    } else {
      current = (current ?? '') + (double?.replace(inQuotes, '$1') ?? single ?? plain?.replace(bare, '$1') ?? '');
    }
  }
  if (current !== undefined) parts.push(current);
  return end === text.length && parts.length > 0 ? parts : undefined;
}

const withEscapes = {
  pattern: /\s+|"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+)/gsy,
  inQuotes: /\\(["\\])/g,
  bare: /\\(.)/gs,
};
const never = /(?!)/g;
const asItIs = { pattern: /\s+|"([^"]*)"|'([^']*)'|([^\s"']+)/gsy, inQuotes: never, bare: never };
