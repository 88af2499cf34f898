import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startJellyfinProcess, type JellyfinProcess } from '../sandbox/jellyfin/process/start-process.js';
import { Contestant } from './contestant.js';
import { median, ratioLine } from './figures.js';
import { fill } from './large-server.js';

const megabytes = 200;
/** Before the rescue and after it, as many as come to pass while it is copying and checking. */
const answersInPeace = 80;
const leastMsEach = 15;

/** How fast the bot answers somebody else while it repairs a large jellyfin.db: the whole of a rescue, as Discord has it. */
export async function besideARepair(say: (line: string) => void): Promise<void> {
  const server = await startJellyfinProcess({
    version: '10.10.7',
    // Whoever looks for a running server by its name must not find this one.
    title: 'benched',
    before: async (jellyfin) => {
      jellyfin.addUser('boss', { password: 'forgotten', administrator: true, limit: 3 });
      await jellyfin.lock('boss');
      fill(join(jellyfin.serverDir, 'data', 'jellyfin.db'), megabytes);
    },
  });
  const bot = await Contestant.enter('bot', {
    JELLYFIN_URL: server.url,
    JELLYFIN_API_KEY: server.apiKey,
    JELLYFIN_SERVER_DIR: server.dir,
    JELLYFIN_STOP_COMMAND: server.stopCommand.join(' '),
    JELLYFIN_START_COMMAND: server.startCommand.join(' '),
  });
  try {
    await bot.start();
    await bot.linksAdministrator(bot.household.dad, 'boss');
    await losesKey(server);
    await inPeace(bot); // warms up
    const before = await inPeace(bot);
    const during = await whileRescued(bot, server);
    const pair = { bot: median(during), other: median([...before, ...(await inPeace(bot))]) };
    say(ratioLine(`answers to others beside a repair of ${megabytes} MB`, [pair], { unit: 'ms', other: 'in peace' }));
    say(`  slowest of ${during.length} while it copied and checked: ${Math.max(...during).toFixed(0)} ms`);
  } finally {
    await bot.leave();
    server.close();
  }
}

/** So that only jellyfin.db is left. */
async function losesKey({ url, apiKey }: JellyfinProcess): Promise<void> {
  const headers = { authorization: `MediaBrowser Token="${apiKey}"` };
  const { status } = await fetch(`${url}/Auth/Keys/${apiKey}`, { method: 'DELETE', headers });
  if (status !== 204) throw new Error(`the key is still there: ${status}`);
}

async function inPeace(bot: Contestant): Promise<number[]> {
  const times: number[] = [];
  while (times.length < answersInPeace) times.push(await answered(bot));
  return times;
}

async function whileRescued(bot: Contestant, server: JellyfinProcess): Promise<number[]> {
  const { dad } = bot.household;
  await (await dad.types('/rescue')).answer();
  await dad.sees(/Shall I go ahead/, { in: 'dm' });
  await dad.presses('I need a new one');
  await dad.sees(/Shall I try the next way: jellyfin\.db\?/, { in: 'dm' });
  await dad.presses('Next way');
  let isOver = false;
  const over = dad.sees(/You are back in/, { in: 'dm', within: 90_000 }).finally(() => (isOver = true));
  const times: number[] = [];
  while (!isOver) {
    const wasAtWork = isCopying(server);
    const ms = await answered(bot);
    if (wasAtWork && isCopying(server)) times.push(ms);
  }
  await over;
  if (times.length === 0) throw new Error('the repair was over before anything was asked');
  return times;
}

/** From the first byte of the copy until the record is put away. */
function isCopying({ db }: JellyfinProcess): boolean {
  const names = readdirSync(dirname(db));
  return names.includes('jellyfin.db.latchkey.json') && names.some((name) => name.includes('latchkey-copy'));
}

/** Milliseconds until a member who asks for their own account's state has the answer. */
async function answered({ household }: Contestant): Promise<number> {
  const peace = pause(leastMsEach);
  const begin = performance.now();
  await (await household.maya.types('/status')).answer();
  const ms = performance.now() - begin;
  await peace;
  return ms;
}
