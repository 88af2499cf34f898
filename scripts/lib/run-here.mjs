import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isThere } from './is-there.mjs';
import { inRoot } from './root.mjs';

/**
 * Runs a built program in this very process, as if node had been started with it, so that signals, standard input and
 * the exit code are its own. Under npm it is asked to end when npm is gone: npm, killed, tells its script nothing.
 */
export async function runHere(file, args) {
  const path = inRoot(file);
  process.argv = [process.argv[0], path, ...args];
  const signalled = noteSignals();
  if (process.env.npm_lifecycle_event) whenParentIsGone(() => signalled() || process.emit('SIGTERM', 'SIGTERM'));
  await import(pathToFileURL(path).href);
}

/** npm hands on what the terminal or the process group has got already: so soon after the first it is the same wish. */
const sameWishMs = 5_000;

/** Notes that a signal came; while the program has no handler for it, it ends the process as it always would. */
function noteSignals() {
  let lastMs = -Infinity;
  const numbers = { SIGTERM: 15, SIGINT: 2 };
  for (const [signal, number] of Object.entries(numbers)) {
    process.on(signal, () => {
      const again = performance.now() - lastMs < sameWishMs;
      lastMs = performance.now();
      if (!again && process.listenerCount(signal) === 1) process.exit(128 + number);
    });
  }
  return () => lastMs > 0;
}

function whenParentIsGone(act) {
  // Windows keeps the parent's id for ever: there, only whether it is there tells.
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent && isThere(parent)) return;
    clearInterval(timer);
    act();
  }, 200);
  timer.unref();
}

/** npm's child may be a shell that stays in between: then the shell's parent is the one to watch. Linux only. */
function parentOf(pid) {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]; // the name before it may hold anything
  } catch {
    return undefined; // gone, or /proc is not there: the other signs remain
  }
}
