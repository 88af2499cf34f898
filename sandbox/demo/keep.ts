import type { Paper } from './paper.js';
import { leosPassword, type Stage } from './stage.js';

/** Says what is left running, and how it is stopped. */
export function sayWhatRuns(stage: Stage, paper: Paper): void {
  const { jellyfin, discord, bot, folder, clock } = stage;
  paper.heading('Everything keeps running (--keep)');
  for (const line of [
    `Jellyfin ${stage.version}   ${jellyfin.url}   leo / ${leosPassword}`,
    `API key           ${stage.key()}`,
    `Discord's API     ${discord.url}`,
    `The bot           process ${bot.pid ?? 'unknown'}, its settings and its database in ${folder}`,
    `The clock         ${Math.round(clock.aheadMs / 3_600_000)} hours ahead of this computer's, for all of them`,
  ])
    paper.narrates(line);
  paper.narrates('');
  paper.narrates('All of this is made up, and reachable from this computer only.');
  paper.narrates('Ctrl-C stops it all.');
}
