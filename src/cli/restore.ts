import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stepDown } from '../as-owner.js';
import { databasePath } from '../config.js';
import { copiesOf, restoreCopy } from '../db/restore.js';
import { readEnvFile } from '../env-file.js';
import { workerOn } from '../way-to.js';
import type { Translate } from '../words.js';
import { Refusal, say } from './report.js';
import type { Out, Shell } from './shell.js';

/** `latchkey restore`: lists the nightly copies of the bot's own database, or puts one back. Throws Refusal, DatabaseRefused. */
export function restore(t: Translate, { env: base, stdout, stderr }: Shell, wanted?: string): void {
  const { env, warnings } = readEnvFile('.env', base, t);
  for (const warning of warnings) say(stderr, warning);
  const database = resolve(databasePath(env));
  // What root makes in the bot's folder, the bot could not use afterwards.
  stepDown(workerOn(database));
  if (wanted === undefined) return list(t, stdout, database);
  const copy = copiesOf(database).find(({ day }) => day === wanted)?.file ?? resolve(wanted);
  if (!existsSync(copy)) throw new Refusal(t('commandLine.restore.unknown', { copy: wanted }));
  const kept = restoreCopy(copy, database, new Date());
  say(stdout, t('commandLine.restore.done', { database, copy }));
  if (kept !== undefined) say(stdout, t('commandLine.restore.kept', { kept }));
  say(stdout, t('commandLine.restore.next'));
}

function list(t: Translate, stdout: Out, database: string): void {
  const copies = copiesOf(database);
  const [newest] = copies;
  if (!newest) throw new Refusal(t('commandLine.restore.none', { database }));
  say(stdout, t('commandLine.restore.listed', { database }));
  for (const { day, bytes } of copies)
    say(stdout, t('commandLine.restore.one', { day, size: Math.ceil(bytes / 1024) }));
  say(stdout, t('commandLine.restore.how', { day: newest.day }));
}
