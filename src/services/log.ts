/** The log, for every layer; it never holds a secret (src/logger.ts). */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
