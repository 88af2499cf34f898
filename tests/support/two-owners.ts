import type { Person } from '../../sandbox/discord/index.js';
import type { CallMatch } from '../../sandbox/discord/index.js';
import { startBot, type BotHousehold, type BotOptions } from './bot.js';

/** A household in which Maya and her uncle own the account `maya`. */
export async function twoOwners(options: BotOptions = {}): Promise<BotHousehold & { uncle: Person }> {
  const bot = await startBot(options);
  const uncle = bot.discord.addPerson('Uncle');
  await bot.links(bot.maya, 'maya');
  await bot.links(uncle, 'maya');
  return Object.assign(bot, { uncle });
}

/** Asks, and waits until the card with the question is there. */
export async function asks(bot: BotHousehold, who: Person, command: '/unlock' | '/resetpw') {
  await (await who.types(command)).answer();
  return bot.dad.sees(new RegExp(`${who.mention} asks`), { in: bot.discord.adminChannelId });
}

/** Maya, who is linked, has asked for a password, which is approved and waits behind a button in the channel where she asked. */
export async function waitsBehindButton(bot: BotHousehold) {
  await asks(bot, bot.maya, '/resetpw');
  bot.maya.closesDms();
  await bot.dad.presses('Approve');
  return bot.maya.sees(/press the button/);
}

/** Has a helper make a new password for an owner, and waits until it stands in their direct messages. */
export async function isGiven(bot: BotHousehold, owner: Person) {
  const shown = owner.directMessages().filter(showsPassword).length;
  const asked = await bot.dad.types('/resetpw', { user: 'maya' });
  if (/several people/.test((await asked.answer()).text)) await bot.dad.selects('Pick a person', owner.name);
  return bot.discord.until(() => {
    const now = owner.directMessages().filter(showsPassword);
    return now.length > shown ? now.at(-1) : undefined;
  }, `${owner.name} has a password`);
}

export function showsPassword({ text }: { readonly text: string }): boolean {
  return text.includes('||');
}

/** The bot's edits in one channel. */
export function editsIn(channelId: string): CallMatch {
  return { method: 'PATCH', path: new RegExp(`^/channels/${channelId}/messages/`) };
}

/** The channel of somebody's direct messages with the bot. */
export async function dmOf(person: Person): Promise<string> {
  return (await (await person.types('/status', {}, { in: 'dm' })).answer()).channelId;
}

/** How often a password was set at Jellyfin. */
export function passwordsSet({ jellyfin }: BotHousehold): number {
  return jellyfin.calls.filter(({ path }) => path.startsWith('/Users/Password')).length;
}
