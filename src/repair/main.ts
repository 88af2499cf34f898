import { text } from 'node:stream/consumers';
import type { RepairJob, RepairLine } from '../services/rescue/ladder/repair-port.js';
import { keepToOneself } from '../umask.js';
import { runJob } from './run-job.js';
import { watchOver } from './watch-over.js';

/**
 * The repair as a process of its own: a job on standard input, which only the launcher writes, a line of JSON for every step
 * on standard output.
 */

// The program that started this may be gone, or be told to end: a server that was stopped is started again all the same.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined);

const say = (line: RepairLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
  const given = JSON.parse(await text(process.stdin)) as RepairJob;
  // Nothing that is made beside the file is for others to read.
  keepToOneself();
  say({ kind: 'end', ...(await runJob(given, watchOver(given.deadlineMs), say)) });
}

// A failure here has nobody to answer to: node says it, and ends with 1.
void main();
