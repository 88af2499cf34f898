import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../sandbox/jellyfin/ask.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { startBot, type BotHousehold, type BotOptions } from '../support/bot.js';
import { until } from '../kill/until.js';
import { connect } from '../support/connect.js';

const forgotten = 'forgotten-by-now';

/** What the owner's message says, and the admins' card. */
export const pinCame = /pressed “Forgot password” for your Jellyfin account/;
export const waits = /I could send the PIN to nobody/;

/**
 * A household whose bot looks at Jellyfin's folder; Maya owns `maya`, Dad, an admin, owns `boss`, an administrator's
 * account, and nobody owns `guest`. Time passes for Jellyfin as for the bot.
 */
export async function forgottenHouse(options: BotOptions = {}): Promise<BotHousehold> {
  const env: Record<string, string> = { ...options.env };
  const before: BotOptions['before'] = async (household) => {
    household.jellyfin.addUser('boss', { administrator: true, password: forgotten, limit: 3 });
    household.jellyfin.addUser('guest', { password: forgotten });
    env.JELLYFIN_SERVER_DIR = household.jellyfin.serverDir;
    await options.before?.(household);
  };
  const overrides = { pinPollMs: 20, ...options.overrides };
  const bot = await startBot({ oneClock: true, ...options, env, before, overrides });
  connect(bot, bot.maya, 'maya');
  connect(bot, bot.dad, 'boss');
  return bot;
}

/** Somebody presses *Forgot password* on the login page and types a name; gives back the PIN that Jellyfin made. */
export async function pressesForgotPassword({ jellyfin }: Pick<BotHousehold, 'jellyfin'>, name: string) {
  await post(jellyfin.url, '/Users/ForgotPassword', { EnteredUsername: name });
  return pinOf(jellyfin.serverDir, name);
}

/** Somebody types a PIN on the page that asks for it; gives back how Jellyfin answers. */
export async function typesPin({ jellyfin }: Pick<BotHousehold, 'jellyfin'>, pin: string): Promise<number> {
  return (await post(jellyfin.url, '/Users/ForgotPassword/Pin', { Pin: pin })).status;
}

/** The same, and signs in with it, as the page asks for next; the bot has looked at it then. */
export async function usesPin(bot: BotHousehold, pin: string, name = 'maya'): Promise<void> {
  const status = await typesPin(bot, pin);
  const signedIn = await bot.jellyfin.signIn(name, pin);
  if (status !== 200 || signedIn.status !== 200) throw new Error(`the PIN: ${status}, and then ${signedIn.status}`);
  await bot.app.runJob('upkeep');
}

function post(url: string, path: string, body: object) {
  const headers = { 'content-type': 'application/json' };
  return ask(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** What a PIN file holds that is good for half an hour. */
export function pinContent(userName: string, pin = '03-C1-98-00', expiresAt = Date.now() + 30 * 60_000): string {
  return JSON.stringify({
    Pin: pin,
    UserName: userName,
    PinFile: '',
    ExpirationDate: new Date(expiresAt).toISOString(),
  });
}

/** Puts a PIN file into Jellyfin's folder, as another process, or another machine on a share, does. */
export function writesPinFile({ jellyfin }: Pick<BotHousehold, 'jellyfin'>, content: string, name = 'abc'): string {
  const file = `passwordreset${name}.json`;
  const path = join(jellyfin.serverDir, file);
  const write = "require('fs').writeFileSync(process.argv[1], process.argv[2])";
  execFileSync(process.execPath, ['-e', write, path, content]);
  return path;
}

interface PinContent {
  Pin: string;
  UserName: string;
}

function pinOf(folder: string, name: string): { pin: string; file: string } {
  for (const file of readdirSync(folder).filter((each) => each.startsWith('passwordreset'))) {
    const [content] = /^\{[^}]*\}/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    const { Pin, UserName } = JSON.parse(content ?? '{}') as Partial<PinContent>;
    if (Pin !== undefined && UserName === name) return { pin: Pin, file };
  }
  throw new Error(`no PIN file for ${name}`);
}

/** The messages with a PIN that stand in somebody's direct messages. */
export const pinMessages = (person: { directMessages(): SeenMessage[] }) =>
  person.directMessages().filter(({ text }) => text.includes('||'));

export const adminCards = ({ discord }: Pick<BotHousehold, 'discord'>) => discord.messagesIn(discord.adminChannelId);

/** Waits until the bot has written something into its log, and gives back how often it has. */
export async function logs(bot: Pick<BotHousehold, 'logged'>, words: RegExp): Promise<number> {
  const lines = () => bot.logged.filter((line) => words.test(line));
  await until(
    () => lines()[0],
    () => `the log says ${String(words)}`,
  );
  return lines().length;
}

/** What is done once a minute, some minutes on end. */
export async function minutesPass(bot: BotHousehold, minutes = 2): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    bot.passes(60_000);
    await bot.app.runJob('upkeep');
  }
}
