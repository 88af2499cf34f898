import { spawn } from 'node:child_process';
import { root } from './root.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the project's folder to its end; a signal to this process is handed on to it first.
 * With `capture` its output is kept instead of shown. Rejects only when the program cannot be started at all.
 *
 * @returns {Promise<{ code: number, output: string }>} a death by signal counts as code 1
 */
export function run(command, args, { capture = false, env = process.env, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { cwd: root, env, shell, stdio });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));

    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const done = () => {
      for (const signal of signals) process.off(signal, forward);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code, signal) => {
      done();
      // Whoever asked this process to end did not ask for the next step of the script.
      if (signals.includes(signal) && capture) process.exit(1);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a script with this very node. */
export const runNode = (args, options) => run(process.execPath, args, options);
