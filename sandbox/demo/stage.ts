import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBot, type BotProcess } from '../bot-process.js';
import type { Person } from '../discord/index.js';
import { startHousehold, type Household } from '../household.js';
import type { Teardown } from './teardown.js';

export const leosPassword = 'dinosaurs-rule';

/** Everything that the stories happen on: both ends, the family, and the built bot as a process of its own. */
export interface Stage extends Household {
  readonly version: string;
  /** Owns the account `leo`; a member. */
  readonly leo: Person;
  /** The bot's own folder: its database is there, and nothing else. */
  readonly folder: string;
  readonly bot: BotProcess;
}

/** Starts both ends; nobody is linked yet. */
export async function setStage(version: string, program: string, down: Teardown): Promise<Stage> {
  const household = await startHousehold({ version });
  down.add(() => household.close());
  household.jellyfin.addUser('leo', { password: leosPassword, limit: 3 });
  const leo = household.discord.addPerson('Leo');
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-demo-'));
  down.add(() => rm(folder, { recursive: true, force: true }));
  const bot = launchBot(program, household.env(join(folder, 'latchkey.db')), folder);
  down.add(() => endBot(bot));
  process.once('exit', () => bot.child.kill('SIGKILL')); // however this ends
  const ready = household.discord.until(
    () => (household.discord.commands.length > 0 && household.discord.gateway.identifies > 0) || undefined,
    `the bot connects and registers its commands\n${bot.output()}`,
    20_000,
  );
  const ended = bot.exited.then((code) => {
    throw new Error(`the bot ended with exit code ${code}; it said:\n${bot.output()}`);
  });
  await Promise.race([ready, ended]);
  // Whichever comes later is no news any more.
  for (const each of [ready, ended]) each.catch(() => undefined);
  return { ...household, version, leo, folder, bot };
}

/** Asks the bot to end, and does not take no for an answer. */
async function endBot(bot: BotProcess): Promise<void> {
  const patience = setTimeout(() => bot.child.kill('SIGKILL'), 6000);
  await bot.kill('SIGTERM');
  clearTimeout(patience);
}
