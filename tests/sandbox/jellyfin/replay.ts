import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../../sandbox/jellyfin/ask.js';
import type { Names } from './names.js';

/** One request to a real server and its answer. */
export interface Recording {
  readonly file: string;
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: { readonly status: number; readonly contentType: string | null; readonly body: unknown };
  /** PIN files that lay in the server folder afterwards. */
  readonly files?: readonly { readonly path: string; readonly content: string }[];
  readonly at: string;
}

export interface Answered {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

/**
 * The recordings of a version as runs of the recorder, in the order in which they happened: numbers tell the
 * order within a run, but later runs have lower numbers here and there. Undefined where they are not at hand.
 */
export function readRuns(folder: string): Recording[][] | undefined {
  const index = join(folder, 'INDEX.tsv');
  if (!existsSync(index)) return undefined;
  const runs: Recording[][] = [];
  let last = Number.NaN;
  for (const line of readFileSync(index, 'utf8').trim().split('\n').slice(1)) {
    const file = line.split('\t')[0] ?? '';
    const recording = { ...(JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as Recording), file };
    const number = Number.parseInt(file, 10);
    if (number === last + 1) runs.at(-1)?.push(recording);
    else runs.push([recording]);
    last = number;
  }
  return runs.sort(([a], [b]) => (a?.at ?? '').localeCompare(b?.at ?? ''));
}

/** Recordings that were sent at the same time, together: `…-parallel-1` and so on. */
export function inGroups(run: readonly Recording[]): Recording[][] {
  const groups: Recording[][] = [];
  for (const recording of run) {
    const stem = parallelStem(recording);
    const group = groups.at(-1);
    if (stem !== undefined && group?.[0] && parallelStem(group[0]) === stem) group.push(recording);
    else groups.push([recording]);
  }
  return groups;
}

function parallelStem({ name }: Recording): string | undefined {
  return /^(.*-(?:parallel|mixed))-(?:\w+-)?\d$/.exec(name)?.[1];
}

/** Sends a recorded request to the stand-in under its own names. */
export async function resend(url: string, { request }: Recording, names: Names): Promise<Answered> {
  const { method, path, headers, body } = request;
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const sent = Object.entries(headers).map(([name, value]) => [name, names.in(value)]);
  const answer = await ask(`${url}${names.in(path)}`, {
    method,
    headers: Object.fromEntries(sent) as Record<string, string>,
    body: names.in(text),
  });
  const isJson = answer.contentType?.startsWith('application/json') ?? false;
  return {
    status: answer.status,
    contentType: answer.contentType ?? null,
    body: isJson ? (JSON.parse(answer.body) as unknown) : answer.body,
  };
}
