import type { BotHousehold } from '../support/bot.js';
import { passwordIn } from '../support/traces.js';
import { isGiven } from '../support/two-owners.js';
import { callsJellyfin } from '../support/in-jellyfin.js';

export const hourMs = 3_600_000;

/** Maya has a temporary password in a direct message; it is the one that is given back. */
export async function mayaHasOne(bot: BotHousehold) {
  await bot.links(bot.maya, 'maya');
  const message = await isGiven(bot, bot.maya);
  return { message, password: passwordIn(message.text) };
}

/** Somebody signs in with a password and sets one of their own, as the page *Profile*, *Password* does. */
export async function setsOwn(bot: BotHousehold, current: string, own = 'my-very-own', name = 'maya') {
  const { token = '' } = await bot.jellyfin.signIn(name, current);
  const { Id: id } = bot.jellyfin.user(name);
  const signedIn = { url: bot.jellyfin.url, apiKey: token };
  await callsJellyfin(signedIn, 'POST', `/Users/Password?userId=${id}`, { CurrentPw: current, NewPw: own });
}

/** The bot's clock moves on, and its round comes; `rounds` times, as nothing may be said twice. */
export async function later(bot: BotHousehold, ms: number, rounds = 2) {
  bot.passes(ms);
  for (let n = 0; n < rounds; n += 1) await bot.app.runJob('upkeep');
}

/** Whether the account opens to a password. */
export async function opens(bot: BotHousehold, password: string, name = 'maya') {
  return (await bot.jellyfin.signIn(name, password)).status === 200;
}

/** What helpers see of temporary passwords in /status; empty when there are none. */
export async function listed(bot: BotHousehold) {
  const { text } = await (await bot.gran.types('/status')).answer();
  return /Temporary passwords not yet replaced\n(?:│ )?([^]*)$/.exec(text)?.[1] ?? '';
}
