/** The code of an error of the system, of SQLite or of Node, such as `ENOENT`; undefined when it has none. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** The same where a sentence says why: what there is no code for is said as it is. */
export const whyOf = (error: unknown): string =>
  errorCode(error) ?? (error instanceof Error ? error.message : String(error));
