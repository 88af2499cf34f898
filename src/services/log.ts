/** The log, for every layer; it never holds a secret (src/logger.ts). */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Does what a later round does again where it fails: the error is logged, and nothing is thrown. */
export async function calmly(
  log: Pick<Log, 'warn'>,
  about: object,
  message: string,
  work: () => Promise<unknown> | void,
): Promise<void> {
  try {
    await work();
  } catch (err) {
    log.warn({ err, ...about }, message);
  }
}
