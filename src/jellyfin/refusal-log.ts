import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { hourMs } from '../time.js';
import type { Log } from '../services/log.js';
import type { LogSight, RefusalLog } from '../services/causes/refusal.js';
import { isRecord, readAll, readDate, textOf } from './account-from-user.js';
import type { JellyfinServer } from './jellyfin-server.js';
import { RefusalLines } from './refusal-lines.js';

const mainLog = /^log_\d{8}(_\d+)?\.log$/i;
/** So much is looked at, from the log's end. */
const tailBytes = 4 * 1024 * 1024;
/** A log is sent from its beginning: one that is larger is left alone. */
const largestBytes = 256 * 1024 * 1024;
/** A log that grows while it is being sent is cut short (docs/jellyfin.md, "Refused sign-ins"). */
const mostTries = 4;

interface LogFile {
  readonly name: string;
  readonly bytes: number;
  readonly at: number;
}

/** The server's log by its API, read as it comes in: it holds access tokens and everybody's names. */
export function createRefusalLog(server: JellyfinServer, log: Pick<Log, 'warn'>): RefusalLog {
  /** The files that may tell of the last hour, newest first: the server begins another at midnight. */
  async function newest(): Promise<LogFile[]> {
    const files = await server.read(
      'GET /System/Logs',
      ({ system }, options) => system.getServerLogs(options),
      (data) => readAll(data, readFile),
    );
    const isMain = ({ name, bytes }: LogFile) => mainLog.test(name) && bytes < largestBytes;
    const [last, before] = files.filter(isMain).sort((one, other) => other.at - one.at);
    if (!last) return [];
    return before && before.at > last.at - hourMs ? [last, before] : [last];
  }

  function open(name: string): Promise<Readable> {
    return server.read(
      'GET /System/Logs/Log',
      ({ system }, options) =>
        system.getLogFile({ name }, { ...options, responseType: 'stream', maxContentLength: largestBytes }),
      (data) => (data instanceof Readable ? data : undefined),
    );
  }

  async function lookInto(file: LogFile, lines: RefusalLines): Promise<LogSight> {
    const decoder = new StringDecoder('utf8');
    let before = Math.max(0, file.bytes - tailBytes);
    for await (const chunk of (await open(file.name)) as AsyncIterable<Buffer>) {
      const tail = chunk.subarray(before);
      before = Math.max(0, before - chunk.length);
      lines.add(decoder.write(tail));
    }
    return lines.end();
  }

  async function lookAgain(file: LogFile, accountName: string): Promise<LogSight | undefined> {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      try {
        return await lookInto(file, new RefusalLines(accountName));
      } catch (err) {
        log.warn({ err: nameOf(err), tries }, "Jellyfin's log was cut short");
      }
    }
    return undefined;
  }

  return {
    look: async (accountName) => {
      let sight: LogSight | undefined;
      for (const file of await newest()) {
        sight = await lookAgain(file, accountName);
        if (!sight || sight.refusal) break;
      }
      return sight;
    },
    utcOffsetMinutes: async () => {
      const [file] = await newest();
      if (!file) return undefined;
      const lines = new RefusalLines('');
      try {
        for await (const chunk of (await open(file.name)) as AsyncIterable<Buffer>) {
          lines.add(chunk.toString('latin1'));
          if (lines.sight.utcOffsetMinutes !== undefined) break;
        }
      } catch (err) {
        log.warn({ err: nameOf(err) }, "Jellyfin's log was cut short");
      }
      return lines.end().utcOffsetMinutes;
    },
  };
}

/** The whole of it could quote what came. */
const nameOf = (error: unknown) => (error instanceof Error ? error.message : 'unknown');

function readFile(entry: unknown): LogFile | undefined {
  if (!isRecord(entry) || typeof entry.Name !== 'string') return undefined;
  return { name: textOf(entry.Name), bytes: Number(entry.Size ?? 0), at: readDate(entry.DateModified)?.getTime() ?? 0 };
}
