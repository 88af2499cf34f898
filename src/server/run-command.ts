import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { secretNames } from '../secret.js';
import { withUsualUmask } from '../umask.js';

export interface CommandResult {
  readonly ok: boolean;
  /** The exit code, the signal that ended it, or the system's error code. */
  readonly ended: string;
  /** The end of what it wrote, for the person who has to find out. */
  readonly said: string;
}

const longestOutput = 400;
/** For a command that does not listen to SIGTERM, and for output that is still on its way when it has ended. */
const killAfterMs = 2000;
const hearOutMs = 200;

const ask = promisify(execFile);

/** All that a program answers. Throws where it fails, or takes more than 5 s. */
export const outputOf = async (program: string, args: readonly string[]): Promise<string> =>
  (await ask(program, args, { timeout: 5000 })).stdout;

/** Runs a command without a shell, to its end or until `timeoutMs` are over. Never throws. */
export function runCommand(command: readonly string[], timeoutMs: number): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    let said = '';
    // A group of its own: a Ctrl-C that is meant for us must not leave the server half stopped.
    // A server that it leaves behind keeps its environment, and whoever the server runs as can read that.
    const secrets = Object.fromEntries(secretNames.map((name) => [name, undefined]));
    const child = withUsualUmask(() =>
      spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        env: { ...process.env, ...secrets },
      }),
    );
    const hear = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-longestOutput));
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const timers = [
      setTimeout(() => child.kill('SIGTERM'), timeoutMs),
      setTimeout(() => child.kill('SIGKILL'), timeoutMs + killAfterMs),
    ];
    const end = (ok: boolean, ended: string) => {
      timers.forEach(clearTimeout);
      // A command that leaves a server behind leaves it our pipes, too: they must not keep us waiting.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ ok, ended, said: said.trim() });
    };
    child.once('error', (error: NodeJS.ErrnoException) => end(false, error.code ?? error.message));
    child.once('exit', (code, signal) => {
      const ending = () => end(code === 0, code === null ? (signal ?? 'unknown') : `${code}`);
      child.once('close', ending);
      timers.push(setTimeout(ending, hearOutMs));
    });
  });
}
