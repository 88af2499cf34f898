import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launchBot, type BotProcess } from '../bot-process.js';
import { startDiscord, type Discord, type Person } from '../discord/index.js';
import { familyIn, mayasPassword, settingsFor, type Family } from '../household.js';
import type { Jellyfin } from '../jellyfin/index.js';
import { startJellyfinProcess } from '../jellyfin/process/start-process.js';
import { DemoServer } from './server.js';
import { keyInSettings, writeSettings } from './settings.js';
import type { Teardown } from './teardown.js';

export const leosPassword = 'dinosaurs-rule';
/** What Dad sets for the administrator's account, once he can. */
export const dadsPassword = 'never-again-forgotten';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** Everything that the stories happen on: both ends, the family, and the built bot as a process of its own. */
export interface Stage extends Family {
  readonly version: string;
  readonly discord: Discord;
  readonly jellyfin: DemoServer;
  /** Owns the account `leo`; a member. */
  readonly leo: Person;
  /** The bot's own folder: its settings and its database are there, and nothing else. */
  readonly folder: string;
  readonly bot: BotProcess;
  /** The API key in the bot's settings. */
  key(): string;
  /** Runs Latchkey's command line in the bot's folder; gives back what it prints. Throws when it fails. */
  latchkey(args: readonly string[]): Promise<string>;
}

/** Starts both ends; nobody is linked yet. */
export async function setStage(version: string, program: string, down: Teardown): Promise<Stage> {
  const discord = await startDiscord({ guildName: 'The Household' });
  down.add(() => discord.close());
  const jellyfin = await startServer(version, down);
  const family = familyIn(discord);
  const leo = discord.addPerson('Leo');
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-demo-'));
  down.add(() => rm(folder, { recursive: true, force: true }));
  const { dir, stopCommand, startCommand, apiKey } = jellyfin.process;
  writeSettings(folder, {
    ...settingsFor(discord, { url: jellyfin.url, apiKey }, join(folder, 'latchkey.db')),
    JELLYFIN_SERVER_DIR: dir,
    JELLYFIN_STOP_COMMAND: inOneLine(stopCommand),
    JELLYFIN_START_COMMAND: inOneLine(startCommand),
  });
  const bot = launchBot(program, {}, folder);
  down.add(() => endBot(bot));
  process.once('exit', () => bot.child.kill('SIGKILL')); // however this ends
  const ready = discord.until(
    () => (discord.commands.length > 0 && discord.gateway.identifies > 0) || undefined,
    `the bot connects and registers its commands\n${bot.output()}`,
    20_000,
  );
  const ended = bot.exited.then((code) => {
    throw new Error(`the bot ended with exit code ${code}; it said:\n${bot.output()}`);
  });
  await Promise.race([ready, ended]);
  // Whichever comes later is no news any more.
  for (const each of [ready, ended]) each.catch(() => undefined);
  return {
    ...family,
    version,
    discord,
    jellyfin,
    leo,
    folder,
    bot,
    key: () => keyInSettings(folder),
    latchkey: commandLine(folder),
  };
}

/** Not waited for in this process' own turn: Discord, which it asks for a name, is in this very process. */
function commandLine(folder: string): Stage['latchkey'] {
  return async (args) => {
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    });
    return stdout;
  };
}

/** A Jellyfin in a process of its own, as a repair stops it and starts it again. */
async function startServer(version: string, down: Teardown): Promise<DemoServer> {
  const server = await startJellyfinProcess({
    version,
    // By its own name it would be taken for a household's real one, by whatever else looks for that on this computer.
    title: 'demo-server',
    before: async (jellyfin: Jellyfin) => {
      jellyfin.addUser('maya', { password: mayasPassword, limit: 3 });
      jellyfin.addUser('leo', { password: leosPassword, limit: 3 });
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

/** Asks the bot to end, and does not take no for an answer. */
async function endBot(bot: BotProcess): Promise<void> {
  const patience = setTimeout(() => bot.child.kill('SIGKILL'), 6000);
  await bot.kill('SIGTERM');
  clearTimeout(patience);
}
