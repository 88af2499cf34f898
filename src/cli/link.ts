import { lstatSync } from 'node:fs';
import { REST } from 'discord.js';
import { readSettings } from '../app/settings.js';
import { stepDown } from '../as-owner.js';
import type { Config } from '../config.js';
import { openStores, type Stores } from '../db/stores.js';
import { RestMembers } from '../discord/actor.js';
import { whyUnreachable } from '../discord/why-unreachable.js';
import { createJellyfin } from '../jellyfin/create-jellyfin.js';
import { createLogger } from '../logger.js';
import { AccountDirectory } from '../services/accounts/account-directory.js';
import { Events } from '../services/events.js';
import type { Member } from '../services/members/actor.js';
import { AccountPicker } from '../services/accounts/account-picker.js';
import type { Log } from '../services/log.js';
import { LinkMaker, type NewLink } from '../services/requests/link-maker.js';
import { workerOn } from '../way-to.js';
import type { Translate, Words } from '../words.js';
import { Refusal, say } from './report.js';
import type { Out, Shell } from './shell.js';
import { terminalLocale } from './terminal-locale.js';

/** `latchkey link`: the administrator's own account, which no Discord role reaches. Throws Refusal, AppError, ConfigError. */
export async function link(words: Words, shell: Shell, memberId: string, accountName: string): Promise<void> {
  const { env: base, stdout, stderr } = shell;
  const t = words.forOperators(terminalLocale(base));
  if (!/^\d{17,20}$/.test(memberId)) throw new Refusal(t('commandLine.badId', { given: memberId }));
  // Root has nothing to do here that the bot's own user could not: what that user could have written is not root's to trust.
  const envFile = lstatSync('.env', { throwIfNoEntry: false });
  if (envFile) {
    // Where anybody could have laid it, nobody's rights would be the right ones.
    workerOn('.env');
    stepDown(envFile);
  }
  const { config } = readSettings(base, { locales: words.locales, t }, (warning) => say(stderr, warning));
  stepDown(workerOn(config.database));
  const log = createLogger({ level: 'error', pretty: Boolean(stderr.isTTY), destination: stderr });
  const stores = openStores(config.database, log, Date.now);
  try {
    const { url, apiKey } = config.jellyfin;
    const { jellyfin } = createJellyfin({ url, keys: { current: apiKey }, log });
    const ofMember = (id: string) => stores.links.everyOf(id);
    const picker = new AccountPicker(new AccountDirectory(jellyfin), { ofMember }, jellyfin);
    const account = await picker.account(accountName);
    const who = await nameOf(t, memberId, config, stderr);
    const params = { who, account: account.name };
    const linked = stores.links.between(memberId, account.id);
    if (linked?.madeBy === 'commandLine') throw new Refusal(t('commandLine.alreadyLinked', params));
    // Whoever is on this machine could do anything anyway: it is not asked what kind of account it is.
    makeLink(stores, log, { memberId, account, madeBy: 'commandLine', linkedBy: 'command line' });
    say(stdout, t(`commandLine.${account.isAdministrator ? 'linkedAdmin' : 'linked'}`, params));
  } finally {
    stores.db.close();
  }
}

/** Makes a link beside a bot that may be running and hears nothing of it: at its next round it finds that there is somebody to tell. */
export function makeLink(stores: Stores, log: Log, link: Omit<NewLink, 'linkedAt' | 'isGreeted'>): void {
  const events = new Events(log);
  events.on('ownersChanged', ({ accountId }) => stores.lockouts.tellAnew(accountId));
  new LinkMaker({ stores, events }).make({ ...link, linkedAt: Date.now(), isGreeted: true });
}

/** The member's name with the id; a Discord that does not answer is no reason to leave the administrator outside. */
async function nameOf(t: Translate, id: string, { discord }: Config, stderr: Out): Promise<string> {
  const rest = new REST({ api: discord.apiUrl, retries: 0, timeout: 5000 }).setToken(discord.token.reveal());
  let member: Member | undefined;
  try {
    member = await new RestMembers({ rest, guildId: discord.guildId, roles: discord }).find(id);
  } catch (error) {
    say(stderr, t('commandLine.unchecked', { id, why: whyUnreachable(error) }));
    return id;
  }
  if (!member) throw new Refusal(t('commandLine.notInServer', { id }));
  return `${member.name} (${id})`;
}
