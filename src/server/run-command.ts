import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
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

/**
 * How every program is started: in a session of its own, without our terminal. Ctrl-C there is meant for us, and a user for
 * whom root has given up its rights could take the program over and type into root's terminal by it.
 */
export const apart = { detached: process.platform !== 'win32' } as const;

/** All that a program answers. Throws where it fails, or takes more than 5 s. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(5000);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], signal, ...apart });
  const [said, ended] = await Promise.all([text(addAbortSignal(signal, child.stdout)), once(child, 'exit')]);
  const [code] = ended as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return said;
}

/** Runs a command without a shell, to its end or until `timeoutMs` are over. Never throws. */
export function runCommand(command: readonly string[], timeoutMs: number): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    let said = '';
    // A server that it leaves behind keeps its environment, and whoever the server runs as can read that.
    const secrets = Object.fromEntries(secretNames.map((name) => [name, undefined]));
    const child = withUsualUmask(() =>
      spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...secrets },
        ...apart,
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
