#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ConfigError, loadConfig } from './config.js';
import { DatabaseRefused } from './db/database-errors.js';
import { openStores } from './db/stores.js';
import { readEnvFile } from './env-file.js';
import { AppError } from './errors.js';
import { createJellyfin } from './jellyfin/create-jellyfin.js';
import { createLogger } from './logger.js';
import { AccountDirectory } from './services/account-directory.js';
import { AccountPicker } from './services/account-picker.js';
import { linkFromCommandLine } from './services/command-line-link.js';
import { createWords } from './words.js';

/** `latchkey`: what needs the server's own command line. Thin, over the same services as the bot. */
const program = new Command('latchkey').description('Latchkey on the command line of the machine it runs on');

program
  .command('link')
  .description("link a Discord user to a Jellyfin account, an administrator's account too")
  .argument(
    '<discord user id>',
    '17 to 20 digits: in Discord, Settings, Advanced, Developer Mode; then right-click the person, Copy User ID',
  )
  .argument('<account>', 'name or id of the Jellyfin account')
  .action(link);

async function link(memberId: string, accountName: string): Promise<void> {
  if (!/^\d{17,20}$/.test(memberId))
    program.error(
      'The Discord user id has 17 to 20 digits. Copy it from Discord: right-click the person, Copy User ID.',
    );
  const { env } = readEnvFile('.env', process.env);
  const config = loadConfig(env, (path) => readFileSync(path, 'utf8'));
  const log = createLogger({ level: 'warn', pretty: process.stderr.isTTY, destination: process.stderr });
  const stores = openStores(config.database, log, Date.now);
  try {
    const jellyfin = createJellyfin({ url: config.jellyfin.url, apiKey: config.jellyfin.apiKey, log });
    const picker = new AccountPicker(new AccountDirectory(jellyfin), stores.links);
    const account = await picker.account(accountName);
    linkFromCommandLine(stores.links, stores.audit, memberId, account, Date.now());
    const kind = account.isAdministrator ? "an administrator's account" : 'account';
    process.stdout.write(`Linked: Discord user ${memberId} to ${account.name} (${kind}).\n`);
  } finally {
    stores.db.close();
  }
}

/** A sentence for the person at the keyboard. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseRefused) return error.message;
  if (!(error instanceof AppError))
    return `That did not work: ${error instanceof Error ? error.message : String(error)}`;
  const words = createWords('en');
  const t = words.in('en');
  const fix = words.hasFix(error.code) ? ` ${t(`fixes.${error.code}`)}` : '';
  return `${t(`errors.${error.code}`, error.params)}${fix}`;
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
