import { parse } from 'dotenv';

/** Settings by name, as the environment and `.env` have them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What the text of a `.env` file says; thousands of blank lines in one go cost dotenv seconds, so they count as one. */
export const parseSettings = (text: string): Record<string, string> => parse(text.replace(/[\r\n]\s{100,}/g, '\n'));

/** A text without the pair of quotes around it, which `docker --env-file` keeps as a part of the value. */
export function unquote(text: string): string {
  const trimmed = text.trim();
  const [, inside] =
    /^"([^"]*)"$|^'([^']*)'$|^[“„]([^“”]*)[”“]$/.exec(trimmed)?.filter((each) => each !== undefined) ?? [];
  return inside?.trim() ?? text;
}

/** A text without the slashes at its end; each run of them is looked at once, however long a stranger has made it. */
export const withoutEndSlashes = (text: string): string => text.replace(/(?<!\/)\/+$/, '');

/**
 * The text of a `.env` file with these values: in the place of the line that counts, or of the commented one that explains
 * the name, or at the end. A value that is undefined is commented out. Everything else stays byte for byte. Throws where
 * a value cannot be written so that it is read back as it is.
 */
export function withValues(text: string, values: Env): string {
  let changed = text;
  for (const [name, value] of Object.entries(values)) changed = withValue(changed, name, value);
  const readBack = parseSettings(changed);
  const lost = Object.keys(values).filter((name) => readBack[name] !== values[name]);
  if (lost.length > 0) throw new Error(`cannot be written to .env as it is: ${lost.join(', ')}`);
  return changed;
}

function withValue(text: string, name: string, value: string | undefined): string {
  const active = [...text.matchAll(new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'gm'))];
  if (value === undefined)
    return active.reduceRight((left, each) => replaced(left, each, `#${each[0].trimStart()}`), text);
  const line = `${name}=${quoted(value)}`;
  // Of several lines the last one counts.
  const found = active.at(-1) ?? new RegExp(`^#[ \\t]*${name}=.*$`, 'm').exec(text);
  if (found) return replaced(text, found, line);
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}

const replaced = (text: string, { 0: found, index }: RegExpExecArray, line: string): string =>
  text.slice(0, index) + line + text.slice(index + found.length);

function quoted(value: string): string {
  if (/^[\w./:@,+=~-]*$/.test(value)) return value;
  const quote = ["'", '`', '"'].find((each) => !value.includes(each)) ?? '"';
  return `${quote}${value}${quote}`;
}
