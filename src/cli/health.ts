import { resolve } from 'node:path';
import { healthOf } from '../app/heartbeat.js';
import { databasePath } from '../config.js';
import { readEnvFile } from '../env-file.js';
import type { Translate } from '../words.js';
import { Refusal, say } from './report.js';
import type { Shell } from './shell.js';

/** `latchkey health`: whether the bot that uses this folder's settings is connected and at work. Throws Refusal where it is not. */
export function health(t: Translate, { env, stdout }: Shell): void {
  const database = resolve(databasePath(readEnvFile('.env', env, t).env));
  const { health, at } = healthOf(database, Date.now());
  const time =
    at === undefined ? '' : new Date(at).toLocaleString(t.locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const sentence = t(`commandLine.health.${health}`, { database, time });
  if (health !== 'healthy') throw new Refusal(sentence);
  say(stdout, sentence);
}
