import { readFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startBuiltApp } from './built-app.js';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/**
 * How much of `src` a reader meets on the way of one act, and what it costs outside: files and named functions that V8 saw
 * entered in the running bot from the press to its last message, and calls to Discord and Jellyfin.
 */
export async function codeEntered(say: (line: string) => void, listed: boolean): Promise<void> {
  const { app, household, leave } = await startBuiltApp();
  const { dad, maya, jellyfin } = household;
  const coverage = await Coverage.start();
  const line = async (what: string, limits: Limits, act: () => Promise<unknown>) => {
    await quiet();
    await coverage.taken();
    const before = counts();
    await act();
    await quiet();
    const entered = await coverage.taken();
    const after = counts();
    const figures: Limits = {
      files: new Set(entered.map(({ file }) => file)).size,
      // A function without a name is read as a part of the one around it.
      functions: entered.filter(({ name }) => name !== '').length,
      discord: after.discord - before.discord,
      jellyfin: after.jellyfin - before.jellyfin,
    };
    say(`code entered, ${what}: ${(Object.keys(limits) as (keyof Limits)[]).map(limited(figures, limits)).join(', ')}`);
    if (listed)
      for (const [file, names] of byFile(entered)) say(`  ${file}: ${names.map((name) => name || '()').join(', ')}`);
  };
  let requests = 0;
  household.discord.onRequest(() => (requests += 1));
  const counts = () => ({ discord: requests, jellyfin: jellyfin.calls.length });
  async function quiet() {
    for (let before = -1, now = counts(); before !== now.discord + now.jellyfin; now = counts()) {
      before = now.discord + now.jellyfin;
      await pause(500);
    }
  }

  try {
    await (await dad.types('/link', { member: maya, user: 'maya' })).answer();
    await app.runJob('lockouts'); // what happened before the first round is not told
    await jellyfin.lock('maya');
    await line('a lockout seen', { files: 38, discord: 4, jellyfin: 3 }, () => app.runJob('lockouts'));
    await (await dad.types('/unlock', { user: jellyfin.user('maya').Id })).answer();
    await app.runJob('lockouts');
    await jellyfin.lock('maya');
    await line('/unlock by a member', { files: 45, discord: 3, jellyfin: 1 }, async () =>
      (await maya.types('/unlock')).answer(),
    );
    await (await dad.presses('Approve')).settled();
    await (await maya.types('/resetpw')).answer();
    await line('Approve of a new password', { files: 50, functions: 140, discord: 7, jellyfin: 5 }, async () =>
      (await dad.presses('Approve')).settled(),
    );
  } finally {
    await leave();
  }
}

interface Limits {
  readonly files?: number;
  readonly functions?: number;
  readonly discord?: number;
  readonly jellyfin?: number;
}

const words: Readonly<Record<keyof Limits, string>> = {
  files: 'files',
  functions: 'named functions',
  discord: 'calls to Discord',
  jellyfin: 'calls to Jellyfin',
};

function limited(figures: Limits, limits: Limits) {
  return (key: keyof Limits) => {
    const [figure = NaN, limit = NaN] = [figures[key], limits[key]];
    return `${figure} ${words[key]} (limit ${limit}${figure > limit ? ' OVER' : ''})`;
  };
}

interface Entered {
  /** The source file below `src/`. */
  readonly file: string;
  readonly name: string;
}

function byFile(entered: readonly Entered[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const { file, name } of entered) files.set(file, [...(files.get(file) ?? []), name]);
  return new Map([...files].sort(([one], [other]) => one.localeCompare(other)));
}

/** Which functions of `src` were called since the last look, as V8 counts them. */
class Coverage {
  readonly #maps = new Map<string, Sources>();

  private constructor(private readonly session: Session) {}

  static async start(): Promise<Coverage> {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    return new Coverage(session);
  }

  async taken(): Promise<Entered[]> {
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.startsWith('file:') && fileURLToPath(url).startsWith(dist))
      .flatMap((script) => this.#enteredIn(script));
  }

  #enteredIn({ url, functions }: Profiler.ScriptCoverage): Entered[] {
    const sources = this.#sourcesOf(fileURLToPath(url));
    const found = new Map<string, Entered>();
    for (const { functionName: name, ranges } of functions) {
      const [range] = ranges;
      if (!range || range.count === 0) continue;
      const file = sources.fileAt(range.startOffset);
      if (file) found.set(`${file} ${name} ${range.startOffset}`, { file, name });
    }
    return [...found.values()];
  }

  #sourcesOf(file: string): Sources {
    const known = this.#maps.get(file) ?? new Sources(file);
    this.#maps.set(file, known);
    return known;
  }
}

/** From a place in a built file to the source that it was built from. */
class Sources {
  readonly #lineStarts = [0];
  readonly #map: SourceMap;

  constructor(file: string) {
    const text = readFileSync(file, 'utf8');
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
    this.#map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  }

  /** The file below `src/`; undefined for a package's code, and for what the build itself adds. */
  fileAt(offset: number): string | undefined {
    const line = this.#lineStarts.findLastIndex((start) => start <= offset);
    const entry = this.#map.findEntry(line, offset - (this.#lineStarts[line] ?? 0));
    if (!('originalSource' in entry)) return undefined;
    const at = join('/', entry.originalSource).lastIndexOf('/src/');
    const isOurs = at !== -1 && !entry.originalSource.includes('node_modules');
    return isOurs ? join('/', entry.originalSource).slice(at + '/src/'.length) : undefined;
  }
}
