import type { Key, Say } from './words.js';

/** The code of an error of the system, of SQLite or of Node, such as `ENOENT`; undefined when it has none. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** The same where a sentence says why: what there is no code for is said as it is. */
export const whyOf = (error: unknown): string =>
  errorCode(error) ?? (error instanceof Error ? error.message : String(error));

/** Those codes that are ours: of UnfitFile, AmongOthers and Exchanged. */
const words: Readonly<Record<string, Key>> = {
  'no ordinary file': 'settings.why.notOrdinary',
  'too large': 'settings.why.tooLarge',
  OPEN_TO_OTHERS: 'settings.why.amongOthers',
  EXCHANGED: 'settings.why.exchanged',
};

/** The same in the reader's words, as far as there are any. */
export function whySaid(error: unknown, say: Say): string {
  const key = words[errorCode(error) ?? ''];
  const folder = error instanceof Error && 'folder' in error ? String(error.folder) : '';
  return key === undefined ? whyOf(error) : say(key, { folder });
}
