import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the bot's settings the way a household keeps them, in `.env`, where the bot can put a new API key. */
export function writeSettings(folder: string, settings: Readonly<Record<string, string>>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 });
}

/** The API key that stands in the bot's settings at this moment. */
export function keyInSettings(folder: string): string {
  const keys = [...readFileSync(join(folder, '.env'), 'utf8').matchAll(/^JELLYFIN_API_KEY='?(\w+)'?$/gm)];
  return keys.at(-1)?.[1] ?? '';
}
