import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import type { RepairLine } from '../services/rescue/ladder/repair-port.js';
import { runJob } from './run-job.js';
import { watchOver } from './watch-over.js';

/** The repair as a process of its own: a job on standard input, a line of JSON for every step on standard output. */
const maybe = <T>(schema: v.GenericSchema<T>) => v.optional(schema);
const job = v.object({
  db: v.string(),
  serverDir: maybe(v.string()),
  logDir: maybe(v.string()),
  url: maybe(v.string()),
  account: v.object({ id: v.optional(v.string()), name: v.string() }),
  administratorOnly: maybe(v.boolean()),
  enableDisabled: maybe(v.boolean()),
  ownProvider: maybe(v.boolean()),
  giveRight: maybe(v.boolean()),
  key: maybe(v.pipe(v.string(), v.regex(/^[\da-f]{32}$/))),
  setPassword: maybe(v.string()),
  stopCommand: maybe(v.array(v.string())),
  startCommand: maybe(v.array(v.string())),
  serverIsStopped: maybe(v.boolean()),
  acceptUnseen: maybe(v.array(v.string())),
  dryRun: maybe(v.boolean()),
  machine: maybe(v.object({ programs: maybe(v.array(v.string())), address: maybe(v.string()) })),
  lookAgainAfterMs: maybe(v.number()),
  stopPatienceMs: maybe(v.number()),
  deadlineMs: maybe(v.number()),
});

// The program that started this may be gone, or be told to end: a server that was stopped is started again all the same.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined);

const say = (line: RepairLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
  const given = v.parse(job, JSON.parse(await text(process.stdin)));
  // Nothing that is made beside the file is for others to read.
  process.umask(0o077);
  say({ kind: 'end', ...(await runJob(given, watchOver(given.deadlineMs), say)) });
}

// A failure here has nobody to answer to: node says it, and ends with 1.
void main();
