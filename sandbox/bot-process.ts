import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The built bot as its own process, the way a household runs it. */
export interface BotProcess {
  readonly child: ChildProcess;
  /** Everything it has written, standard output and standard error together. */
  output(): string;
  /** Resolves with its exit code, or null where a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it, and waits for it to be gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** What `npm start` runs once everything is built. */
export const botProgram = 'dist/index.js';

/**
 * Starts the built bot in `cwd` (where it looks for `.env`) with exactly these settings beside PATH; resolves at once.
 * `nodeOptions` are node's own.
 */
export function launchBot(
  program: string,
  env: Readonly<Record<string, string>>,
  cwd = process.cwd(),
  nodeOptions: readonly string[] = [],
): BotProcess {
  const child = spawn(process.execPath, [...nodeOptions, program], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => written.push(part.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => written.join(''),
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Starts the bot and waits until it says that it is ready. Throws with all that it wrote when it ends before. */
export async function startBotProcess(
  program: string,
  env: Readonly<Record<string, string>>,
  cwd = process.cwd(),
): Promise<BotProcess> {
  const bot = launchBot(program, env, cwd);
  await untilReady(bot);
  return bot;
}

/** Waits until a bot says that it is ready. Throws with all that it wrote when it ends before. */
export async function untilReady(bot: BotProcess): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    bot.child.stdout?.on('data', () => {
      if (/connected to Discord: ready/.test(bot.output())) resolve();
    });
  });
  const ended = bot.exited.then((code) => {
    throw new Error(`the bot ended before it was ready (exit code ${code}):\n${bot.output()}`);
  });
  await Promise.race([ready, ended]);
  // It will end one day, and that is no failure then.
  ended.catch(() => undefined);
}
