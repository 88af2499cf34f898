/** The part of a logger that the adapter uses; pino fits. */
export interface JellyfinLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}
