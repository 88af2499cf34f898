import { join, resolve } from 'node:path';
import { botProgram, launchBot, startBotProcess, untilReady, type BotProcess } from '../../sandbox/bot-process.js';
import { until } from './until.js';

/** Starts the bot of a household with exactly these settings; resolves when it is connected. */
export type StartsBot = (env: Readonly<Record<string, string>>, dir: string) => Promise<BotProcess>;

/** The bot as a household runs it: one process, and nothing else in it. */
export const ownProcess: StartsBot = (env, dir) => startBotProcess(resolve(botProgram), env, dir);

/** In the folder of a bot that goes by hand: by how many milliseconds its clock is ahead. */
export const clockFile = 'clock';

/** In the same folder: which minute it is that it is told of. */
export const minuteFile = 'minute';

/** In a process of its own, with a clock that tests move, and jobs that run when they are told to. */
export const byHand: StartsBot = async (env, dir) => {
  const files = { CLOCK: join(dir, clockFile), MINUTE: join(dir, minuteFile) };
  const bot = launchBot(join('tests', 'kill', 'bot-by-hand.mjs'), { ...env, ...files });
  await untilReady(bot);
  return bot;
};

/**
 * The bots of several households in one process of the built code, each with a database and both ends of its own. All die
 * by one kill -9 of it, once each has come to its own point: most of what a kill costs is the start that follows it.
 */
export class SharedProcess {
  readonly #households: Readonly<Record<string, string>>[] = [];
  #process: BotProcess | undefined;
  /** The bots that are to die next, and those of them that have come to their point. */
  #awaited = 0;
  #arrived: { die: () => void; giveUp: (error: unknown) => void }[] = [];

  constructor(private readonly size: number) {}

  /** One for each household. */
  readonly seat = (): StartsBot => {
    let seat: number | undefined;
    return async (env) => {
      seat ??= this.#households.push(env) - 1;
      await until(
        () => this.#households.length === this.size || undefined,
        () => 'not every household is there',
        30_000,
      );
      return this.#bot(seat, (this.#process ??= this.#launch()));
    };
  };

  /** Lets each do something in which its bot is killed; a kill is held until all have come to theirs. Throws what went wrong first. */
  async together<T>(players: readonly T[], play: (player: T) => Promise<void>): Promise<void> {
    this.#awaited = players.length;
    const wrong: unknown[] = [];
    const failed = (error: unknown) => {
      wrong.push(error);
      // It will not come to its point: nobody need wait for it.
      for (const { giveUp } of this.#arrived.splice(0)) giveUp(error);
    };
    await Promise.all(players.map((player) => play(player).catch(failed)));
    this.#awaited = 0;
    if (wrong.length > 0) throw wrong[0];
  }

  #launch(): BotProcess {
    return launchBot(join('tests', 'kill', 'many-bots.mjs'), { HOUSEHOLDS: JSON.stringify(this.#households) });
  }

  async #bot(seat: number, inProcess: BotProcess): Promise<BotProcess> {
    const output = () => linesOf(seat, inProcess.output());
    let isGone = false;
    void inProcess.exited.then(() => (isGone = true));
    await until(
      () => {
        if (isGone) throw new Error(`the bots ended before they were ready:\n${inProcess.output()}`);
        return output().includes('connected to Discord: ready') || undefined;
      },
      () => inProcess.output(),
      30_000,
    );
    return { ...inProcess, output, kill: () => this.#kill(inProcess) };
  }

  async #kill(inProcess: BotProcess): Promise<number | null> {
    if (this.#awaited > 0) {
      const all = new Promise<void>((die, giveUp) => this.#arrived.push({ die, giveUp }));
      if (this.#arrived.length === this.#awaited) {
        await inProcess.kill('SIGKILL');
        this.#process = undefined;
        for (const { die } of this.#arrived.splice(0)) die();
      }
      await all;
    }
    return inProcess.kill('SIGKILL');
  }
}

/** What one of the bots wrote, and what nobody put a number before, such as node's own words at a crash. */
function linesOf(seat: number, output: string): string {
  const lines = output.split('\n').filter((line) => !/^\d+\t/.test(line) || line.startsWith(`${seat}\t`));
  return lines.map((line) => line.replace(/^\d+\t/, '')).join('\n');
}
