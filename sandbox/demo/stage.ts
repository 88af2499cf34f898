import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startDiscord, type Discord, type Person } from '../discord/index.js';
import { familyIn, mayasPassword, settingsFor, type Family } from '../household.js';
import { rootPassword, type Jellyfin } from '../jellyfin/index.js';
import { startJellyfinProcess } from '../jellyfin/process/start-process.js';
import { DemoBot } from './bot.js';
import { Clock, nodeWithClock } from './clock.js';
import { demoMachine, demoServer } from './machine.js';
import { DemoServer } from './server.js';
import { keyInSettings, writeSettings } from './settings.js';
import type { Teardown } from './teardown.js';

export const leosPassword = 'dinosaurs-rule';
export const gransPassword = 'marmalade-1947';
/** What Dad sets for the administrator's account, once he can. */
export const dadsPassword = 'never-again-forgotten';

/**
 * How long the loopback Discord takes the first answer to a press: a real one takes it for 3 s, which is too short on a slow
 * or busy computer for a bot that does nothing wrong.
 */
export const answerWithinMs = 20_000;

/** When the day begins. */
const breakfast = 8;
/** Between the bot's being there and the full minute at which its jobs run, something is to happen. */
const beforeTheJobsMs = 1500;

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** Everything that the stories happen on: both ends, the family, and the built bot as a process of its own. */
export interface Stage extends Family {
  readonly version: string;
  readonly discord: Discord;
  readonly jellyfin: DemoServer;
  readonly clock: Clock;
  /** Owns the account `leo`; a member. */
  readonly leo: Person;
  /** The bot's own folder: its settings and its database are there, and nothing else. */
  readonly folder: string;
  readonly bot: DemoBot;
  /** What the password of the administrator's account is by now. */
  readonly root: { password: string };
  /** The API key in the bot's settings. */
  key(): string;
  /** Runs Latchkey's command line in the bot's folder; gives back what it prints. Throws when it fails. */
  latchkey(args: readonly string[]): Promise<string>;
  /**
   * Lets time pass until a moment before this full hour: by then the bot, started again on the same database, is there,
   * and at the hour its own jobs run.
   */
  passTimeUntil(hour: number): Promise<void>;
  /** Lets so much time pass; the bot is started again. */
  passTime(ms: number): Promise<void>;
}

export interface StageOptions {
  readonly version: string;
  /** The built bot. */
  readonly program: string;
  /** Where Jellyfin tells of each call. */
  readonly reportTo?: string;
  /** How long before eight in the morning it begins. */
  readonly beforeTheHourMs?: number;
}

/** Starts both ends; nobody is linked yet. */
export async function setStage(
  { version, program, reportTo, beforeTheHourMs }: StageOptions,
  down: Teardown,
): Promise<Stage> {
  const clock = new Clock();
  clock.moveTo(breakfast, beforeTheHourMs);
  const discord = await startDiscord({ guildName: 'The Household', ackWithinMs: answerWithinMs });
  down.add(() => discord.close());
  const jellyfin = await startServer(version, clock, down, reportTo);
  const family = familyIn(discord);
  const leo = discord.addPerson('Leo');
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-demo-'));
  down.add(() => rm(folder, { recursive: true, force: true }));
  const { dir, stopCommand, startCommand, apiKey } = jellyfin.process;
  writeSettings(folder, {
    ...settingsFor(discord, { url: jellyfin.url, apiKey }, join(folder, 'latchkey.db')),
    WATCH_LOCKOUTS: 'on',
    JELLYFIN_SERVER_DIR: dir,
    JELLYFIN_STOP_COMMAND: inOneLine(stopCommand),
    JELLYFIN_START_COMMAND: inOneLine(startCommand),
  });
  const bot = new DemoBot(program, folder);
  down.add(() => bot.close());
  await bot.start(clock.aheadMs);
  return {
    ...family,
    version,
    discord,
    jellyfin,
    clock,
    leo,
    folder,
    bot,
    root: { password: rootPassword },
    key: () => keyInSettings(folder),
    latchkey: commandLine(folder, clock),
    passTimeUntil: async (hour) => {
      await bot.stop();
      clock.moveTo(hour, bot.startsWithinMs + beforeTheJobsMs);
      jellyfin.process.setClock(clock.aheadMs);
      await bot.start(clock.aheadMs);
    },
    passTime: async (ms) => {
      await bot.stop();
      clock.moveBy(ms);
      jellyfin.process.setClock(clock.aheadMs);
      await bot.start(clock.aheadMs);
    },
  };
}

/** Not waited for in this process' own turn: Discord, which it asks for a name, is in this very process. */
function commandLine(folder: string, clock: Clock): Stage['latchkey'] {
  return async (args) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...nodeWithClock(clock.aheadMs), cli, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...demoMachine },
    });
    return stdout;
  };
}

/** A Jellyfin in a process of its own, as a repair stops it and starts it again. */
async function startServer(
  version: string,
  { aheadMs }: Clock,
  down: Teardown,
  reportTo: string | undefined,
): Promise<DemoServer> {
  const server = await startJellyfinProcess({
    version,
    aheadMs,
    ...(reportTo !== undefined && { reportTo }),
    // By its own name it would be taken for a household's real one, by whatever else looks for that on this computer.
    title: demoServer,
    before: async (jellyfin: Jellyfin) => {
      jellyfin.addUser('maya', { password: mayasPassword, limit: 3 });
      jellyfin.addUser('leo', { password: leosPassword, limit: 3 });
      jellyfin.addUser('gran', { password: gransPassword, limit: 3 });
      jellyfin.setLimit('root', 3);
    },
  });
  down.add(() => Promise.resolve().then(() => server.close()));
  return new DemoServer(server);
}

/** As it stands in `.env`: each argument in quotes, as a path may hold blanks. */
function inOneLine(command: readonly string[]): string {
  return command.map((each) => `"${each.replace(/["\\]/g, '\\$&')}"`).join(' ');
}
