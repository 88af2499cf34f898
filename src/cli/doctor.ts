import { styleText } from 'node:util';
import type { Words } from '../words.js';
import type { Finding } from './doctor/finding.js';
import { lookAtDiscord } from './doctor/discord.js';
import { lookAtJellyfin } from './doctor/jellyfin.js';
import { lookAtSettings } from './doctor/settings.js';
import { lookAtDatabase, lookAtMachine, lookAtRescue } from './doctor/this-computer.js';
import { fitting, isColoured, printable, say, sayJson } from './report.js';
import type { Shell } from './shell.js';
import { terminalLocale } from './terminal-locale.js';
import type { Env } from '../settings-text.js';

export interface DoctorFlags {
  readonly json?: boolean;
}

const discordSettings = ['DISCORD_TOKEN', 'DISCORD_GUILD_ID', 'DISCORD_ADMIN_ROLE_IDS', 'DISCORD_ADMIN_CHANNEL_ID'];

/** `latchkey doctor`: looks at everything, changes nothing. Returns whether all is in order. */
export async function doctor(words: Words, { env: base, stdout }: Shell, { json }: DoctorFlags): Promise<boolean> {
  const t = words.forOperators(terminalLocale(base));
  const found = await examine(words, base);
  const faults = found.filter(({ state }) => state === 'fault').length;
  if (json) {
    sayJson(stdout, { faults, findings: found });
    return faults === 0;
  }
  const hasColours = isColoured(stdout, base);
  for (const { area, state, text } of found) {
    const mark = hasColours ? styleText(colours[state], marks[state]) : marks[state];
    const line = `${mark} ${t(`doctor.area.${area}`)}: ${printable(text)}`;
    stdout.write(`${fitting(stdout, line)}\n`);
  }
  say(stdout, faults === 0 ? t('doctor.fine') : t('doctor.faults', { count: faults }));
  return faults === 0;
}

const marks = { ok: '✓', fault: '✗', note: '·' } as const;
const colours = { ok: 'green', fault: 'red', note: 'dim' } as const;

/** Everything that was looked at; no secret is in it. */
export async function examine(words: Words, base: Env): Promise<Finding[]> {
  const t = words.forOperators(terminalLocale(base));
  const { findings, config, env, isUsable } = lookAtSettings(base, words, t);
  const [discord, jellyfin, rescue] = await Promise.all([
    isUsable(...discordSettings) ? lookAtDiscord(config, t) : [],
    isUsable('JELLYFIN_URL') ? lookAtJellyfin(config, isUsable('JELLYFIN_API_KEY'), t) : [],
    lookAtRescue(config, env, t),
  ]);
  const database = lookAtDatabase(config, Date.now(), t);
  return [...lookAtMachine(t), ...findings, ...discord, ...jellyfin, ...rescue, ...database];
}
