import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App, type Overrides } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { openStores } from '../../src/db/stores.js';
import { loadCommands } from '../../src/discord/load-commands.js';
import { commandsFolder } from '../../src/installed.js';
import { createLogger } from '../../src/logger.js';
import type { Services } from '../../src/services/create-services.js';
import { startHousehold, type Household, type HouseholdOptions } from '../../sandbox/household.js';
import { identifiesAtOnce } from './identifies-at-once.js';
import { openApiJudge } from './openapi-judge.js';

/** A household with the bot in it, in this very process: the real client, a real database file. */
export interface BotHousehold extends Household {
  readonly database: string;
  /** Everything that the bot has logged, as JSON lines. */
  readonly logged: string[];
  readonly app: App;
  /** Moves the bot's clock forward; with a negative time, back. */
  passes(ms: number): void;
  /** Stops the bot and starts another on the same database. */
  restart(): Promise<void>;
  /** Links a member the way an admin does; everybody has read what they hear of that and deleted it. */
  links(member: { readonly id: string }, account: string): Promise<void>;
}

export interface BotOptions extends HouseholdOptions {
  readonly env?: Record<string, string>;
  readonly overrides?: Overrides;
  /** The languages that the household may choose from; those of the build unless given. */
  readonly locales?: readonly string[];
  readonly before?: (household: Household) => void | Promise<void>;
  /** Whether the bot makes its database itself, and says what it says at its very first start. */
  readonly isFirstStart?: boolean;
  /** Whether Jellyfin's clock is moved forward with the bot's. */
  readonly oneClock?: boolean;
}

const open: BotHousehold[] = [];
const judge = openApiJudge();
/** To look for them anew, vitest asks its main process for each file at each start. */
const commands = loadCommands<Services>(commandsFolder);

/** Starts a household and the bot; `closeAll` in `afterEach` ends both and looks back at how the bot behaved. */
export async function startBot(options: BotOptions = {}): Promise<BotHousehold> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  // Odd milliseconds, so that a date is written in as many digits as the one before it: a shorter PIN file over a longer
  // one keeps an end of it, which is a trouble of its own.
  const theirNow = () => new Date(Math.floor(now() / 2) * 2 + 1);
  const household = await startHousehold({ ...options, ...(options.oneClock && { now: theirNow }) });
  const violations: string[] = [];
  household.discord.onRequest((request) => {
    violations.push(...(judge?.judge(request) ?? []));
    // A placeholder that nobody filled is left standing by the words, so that it is found here.
    const holes = JSON.stringify(request.body ?? '').match(/\{\{\w+\}\}/g) ?? [];
    violations.push(...holes.map((hole) => `${request.method} ${request.path} says ${hole} to somebody`));
  });
  await options.before?.(household);
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-'));
  const database = join(dir, 'latchkey.db');
  if (!options.isFirstStart) await writeFile(database, (empty ??= await emptyDatabase()), { mode: 0o600 });
  const logged: string[] = [];
  const log = createLogger({
    level: 'debug',
    pretty: false,
    destination: { write: (line: string) => logged.push(line) },
  });
  const config = () =>
    loadConfig({ ...household.env(database), WATCH_LOCKOUTS: 'on', ...options.env }, () => '', String, options.locales);
  const overrides = {
    now,
    commands,
    jobsByHand: true,
    retryPausesMs: [1, 1],
    gateway: identifiesAtOnce,
    ...options.overrides,
  };
  const begin = async () => {
    const app = createApp(config(), log, overrides);
    await app.start().catch(async (error: unknown) => {
      await app.stop();
      throw error;
    });
    return app;
  };
  const bot = {
    ...household,
    database,
    logged,
    app: await begin().catch(async (error: unknown) => {
      await household.close();
      throw error;
    }),
    passes: (ms: number) => {
      ahead += ms;
    },
    restart: async () => {
      await bot.app.stop(30_000);
      bot.app = await begin();
    },
    links: async (member: { readonly id: string }, account: string) => {
      const asked = await household.dad.types('/link', { member, user: account });
      const said = await asked.answer();
      if (!/is linked to/.test(said.text)) throw new Error(`not linked: ${said.text}`);
      await bot.app.runJob('upkeep');
      const { discord } = household;
      for (const { id, buttons, text } of [...discord.world.channels.keys()].flatMap((each) =>
        discord.messagesIn(each),
      )) {
        if (isGreeting(buttons[0]?.customId ?? '') || isAboutOwners.test(text)) discord.deleteMessage(id);
      }
    },
    close: async () => {
      await bot.app.stop();
      await household.close();
      await rm(dir, { recursive: true, force: true });
      if (violations.length > 0)
        throw new Error(`against Discord's own description, or unfilled:\n${violations.join('\n')}`);
      const twice = household.discord.answeredTwice().map(({ did }) => did);
      if (twice.length > 0) throw new Error(`answered twice: ${twice.join(', ')}`);
      if (household.discord.mistakes.length > 0) throw new Error(household.discord.mistakes.join('\n'));
    },
  };
  open.push(bot);
  return bot;
}

/** A tenth of what a bot costs here would go into making its tables, always the same, and tested by themselves. */
let empty: Buffer | undefined;

async function emptyDatabase(): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-empty-'));
  const path = join(dir, 'latchkey.db');
  const stores = openStores(path, { info: () => undefined, warn: () => undefined }, Date.now);
  // What is said at the very first start stands in no test's way.
  stores.notices.oweAgain({ kind: 'firstCard', subjectId: 'household', recipientId: 'admins' }, Date.now(), 'told');
  stores.db.close();
  const bytes = await readFile(path);
  await rm(dir, { recursive: true, force: true });
  return bytes;
}

const isAboutOwners = /is now linked to .* as well\.\n.* linked them\.|^<@\d+> linked <@\d+> to /;
const isGreeting = (button: string) => /^(link:(not-)?these|status:check:linked-)/.test(button);

/** Ends every household of a test; throws when the bot sent what Discord's description does not know. */
export async function closeAll(): Promise<void> {
  for (const bot of open.splice(0)) await bot.close();
}
