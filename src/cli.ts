#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { REST } from 'discord.js';
import { ConfigError, loadConfig, type Config } from './config.js';
import { DatabaseRefused } from './db/database-errors.js';
import { openStores } from './db/stores.js';
import { RestMembers } from './discord/members.js';
import { whyUnreachable } from './discord/why-unreachable.js';
import { readEnvFile } from './env-file.js';
import { AppError } from './errors.js';
import { createJellyfin } from './jellyfin/create-jellyfin.js';
import { createLogger } from './logger.js';
import { scrubText } from './logger/scrub-text.js';
import { AccountDirectory } from './services/account-directory.js';
import { AccountPicker } from './services/account-picker.js';
import { linkFromCommandLine } from './services/command-line-link.js';
import { createWords } from './words.js';

/** `latchkey`: what needs the server's own command line. Thin, over the same services as the bot. */
const words = createWords('en');
const t = words.in('en');

/** A sentence for the person at the keyboard, who knows what to do about it. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

async function link(memberId: string, accountName: string): Promise<void> {
  if (!/^\d{17,20}$/.test(memberId)) throw new Refusal(t('commandLine.badId', { given: memberId }));
  const { env } = readEnvFile('.env', process.env);
  const config = loadConfig(env, (path) => readFileSync(path, 'utf8'), words.locales);
  const log = createLogger({ level: 'error', pretty: process.stderr.isTTY, destination: process.stderr });
  const stores = openStores(config.database, log, Date.now);
  try {
    const { url, apiKey } = config.jellyfin;
    const picker = new AccountPicker(new AccountDirectory(createJellyfin({ url, apiKey, log })), stores.links);
    const account = await picker.account(accountName);
    const who = await nameOf(memberId, config);
    const params = { who, account: account.name };
    if (stores.links.find(memberId, account.id)) throw new Refusal(t('commandLine.alreadyLinked', params));
    linkFromCommandLine(stores.links, stores.audit, memberId, account, Date.now());
    process.stdout.write(`${t(`commandLine.${account.isAdministrator ? 'linkedAdmin' : 'linked'}`, params)}\n`);
  } finally {
    stores.db.close();
  }
}

/** The member's name with the id; a Discord that does not answer is no reason to leave the administrator outside. */
async function nameOf(id: string, { discord }: Config): Promise<string> {
  const rest = new REST({ api: discord.apiUrl, retries: 0, timeout: 5000 }).setToken(discord.token.reveal());
  let name: string | undefined;
  try {
    name = await new RestMembers(rest, discord.guildId).nameOf(id);
  } catch (error) {
    process.stderr.write(`${t('commandLine.unchecked', { id, why: whyUnreachable(error) })}\n`);
    return id;
  }
  if (name === undefined) throw new Refusal(t('commandLine.notInServer', { id }));
  return `${name} (${id})`;
}

function explain(error: unknown): string {
  if (error instanceof Refusal || error instanceof ConfigError || error instanceof DatabaseRefused)
    return error.message;
  if (!(error instanceof AppError))
    return t('commandLine.unexpected', { why: scrubText(error instanceof Error ? error.message : String(error)) });
  if (error.code === 'accountUnknown' || error.code === 'accountAmbiguous')
    return t(`commandLine.${error.code}`, error.params);
  const fix = words.hasFix(error.code) ? ` ${t(`fixes.${error.code}`)}` : '';
  return `${t(`errors.${error.code}`, error.params)}${fix}`;
}

const program = new Command('latchkey')
  .description(t('commandLine.about'))
  .showHelpAfterError()
  .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 100) });
program
  .command('link')
  .description(t('commandLine.link'))
  .argument('<discord user id>', t('commandLine.memberId'))
  .argument('<account>', t('commandLine.account'))
  .addHelpText('after', `\n${t('commandLine.example')}`)
  .action(link);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
