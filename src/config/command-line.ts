/**
 * A command as its arguments, for running without a shell: blanks separate, single and double quotes hold together,
 * a backslash takes the next character as it is (not between single quotes). Undefined when a quote stays open.
 */
export function splitCommand(text: string): string[] | undefined {
  const parts: string[] = [];
  const pattern = /\s+|"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)/gsy;
  let current: string | undefined;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    end = match.index + match[0].length;
    const [whole, double, single, escaped, plain] = match;
    if (/^\s/.test(whole)) {
      if (current !== undefined) parts.push(current);
      current = undefined;
    } else {
      current = (current ?? '') + (double?.replace(/\\(["\\])/g, '$1') ?? single ?? escaped ?? plain ?? '');
    }
  }
  if (current !== undefined) parts.push(current);
  return end === text.length && parts.length > 0 ? parts : undefined;
}
