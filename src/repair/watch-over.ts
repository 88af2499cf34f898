import { Worker } from 'node:worker_threads';

/** The longest that a repair takes; a fifth of it is left for putting everything in order. */
const usualDeadlineMs = 20 * 60_000;
const lookEveryMs = 500;

/** On a thread of its own, as a look at a large file, or at one that somebody has prepared, takes the other one whole. */
const guard = `
  const { parent, deadlineMs, lookEveryMs } = require('node:worker_threads').workerData;
  const end = () => process.kill(process.pid, 'SIGKILL');
  setTimeout(end, 1.2 * deadlineMs);
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    setTimeout(end, deadlineMs / 5);
  }, lookEveryMs);`;

/**
 * Tells a repair when to leave: it takes too long, the program that began it is gone, or that tells it to end. One that
 * does not leave is killed, which jellyfin.db bears at any moment.
 */
export function watchOver(deadlineMs = usualDeadlineMs): AbortSignal {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const parent = process.ppid;
  new Worker(guard, { eval: true, workerData: { parent, deadlineMs, lookEveryMs } }).unref();
  setTimeout(leave, deadlineMs).unref();
  setInterval(() => process.ppid !== parent && leave(), lookEveryMs).unref();
  process.on('SIGTERM', leave);
  return leaving.signal;
}
