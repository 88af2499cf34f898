import { createRequire } from 'node:module';
import { pino } from 'pino';
import { scrub, scrubText } from './logger/scrub.js';
import type { Log } from './services/log.js';

interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Readable for people; JSON, one object a line, otherwise. */
  readonly pretty: boolean;
  /** Standard output unless given. */
  readonly destination?: { write(text: string): unknown };
}

/** A log that never holds a secret: see `logger/scrub.ts`. Written at once, so that nothing is lost when the process ends. */
export function createLogger({ level, pretty, destination = process.stdout }: LoggerOptions): Log {
  // A terminal alone needs it, and it is a fair part of what there is to load before the bot can start.
  const readable = pretty
    ? loadPretty().prettyFactory({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
    : undefined;
  const options = {
    level,
    base: null,
    serializers: { err: (described: unknown) => described }, // pino's own would take it for an error and lose fields
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const log = pino(options, { write: (line) => void destination.write(readable?.(forTerminal(line)) ?? line) });
  const write =
    (name: keyof Log): Log['info'] =>
    (fields, message) => {
      if (log.isLevelEnabled(name)) log[name](scrub(fields) as object, scrubText(message));
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** Names are other people's words: nothing in a line moves the cursor, or turns the text around it. */
function forTerminal(line: string): string {
  return line.replace(/\\u00[01][0-9a-f]|(?!\n)[\p{Cc}\p{Cf}]/gu, '?');
}

function loadPretty() {
  return createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
}
