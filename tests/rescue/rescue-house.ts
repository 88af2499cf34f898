import { resolve } from 'node:path';
import type { Household } from '../../sandbox/household.js';
import type { SeenMessage } from '../../sandbox/discord/person/seen-message.js';
import { startBot, type BotHousehold, type BotOptions } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { testMachine } from '../support/test-machine.js';

export interface RescueHouse extends BotHousehold {
  /** The API keys that the bot has written to its settings. */
  readonly savedKeys: readonly string[];
  /** What the bot is told besides; what is changed here counts from its next start on. */
  readonly settings: Record<string, string>;
}

export interface RescueOptions extends BotOptions {
  /** Whether the bot is told where Jellyfin's folder is. */
  readonly knowsFolder?: boolean;
  /** The id of the account that is linked to Dad as `boss`, where it is another server's. */
  readonly links?: string;
}

/** What `boss` had as a password before it was forgotten. */
export const forgotten = 'forgotten-by-now';

/** A household in which Dad, an admin, owns `boss`, the account of an administrator; the key works, and nothing is locked. */
export async function rescueHouse({
  knowsFolder = false,
  links,
  ...options
}: RescueOptions = {}): Promise<RescueHouse> {
  const savedKeys: string[] = [];
  const env: Record<string, string> = { ...options.env };
  const before = async (household: Household) => {
    household.jellyfin.addUser('boss', { administrator: true, password: forgotten, limit: 3 });
    if (knowsFolder) env.JELLYFIN_SERVER_DIR = household.jellyfin.serverDir;
    await options.before?.(household);
  };
  const overrides = {
    rescueEditEveryMs: 20,
    machine: testMachine,
    lookAgainAfterMs: 100,
    pinPollMs: 20,
    repairProgram: resolve('dist/repair/main.cjs'),
    keyStore: { save: (key: string) => void savedKeys.push(key), mustBeSavable: () => undefined },
    ...options.overrides,
  };
  const bot = await startBot({ ...options, env, before, overrides });
  connect(bot, bot.dad, 'boss', links);
  return Object.assign(bot, { savedKeys, settings: env });
}

/** Asks for a rescue, and waits for the card with the plan. */
export async function asksForRescue(bot: BotHousehold, user?: string, person = bot.dad): Promise<SeenMessage> {
  const said = await (await person.types('/rescue', user === undefined ? {} : { user })).answer();
  if (!/in our direct messages/.test(said.text)) throw new Error(`not begun: ${said.text}`);
  return person.sees(/Shall I go ahead/, { in: 'dm' });
}

/** The card as it stands: the one message with a title. */
export function cardOf(person: { directMessages(): SeenMessage[] }): SeenMessage {
  const card = person.directMessages().findLast(({ embeds }) => embeds.some((each) => 'title' in each));
  if (!card) throw new Error('no card');
  return card;
}
