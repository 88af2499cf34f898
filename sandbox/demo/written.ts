import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage.js';

/** Everything that the bot has written, as text in which each byte is a sign: its output, and each file in its folder. */
export function writtenBy({ bot, folder }: Stage): string[] {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
  return [bot.output(), ...files];
}
