import { setTimeout as pause } from 'node:timers/promises';
import type { Exchange } from '../sandbox/discord/index.js';
import { Contestant } from './contestant.js';
import { median, ratioLine, type Pair } from './figures.js';

/** Interactions of one kind that each bot gets in one round; a few before them warm up and are not counted. */
const perRound = 120;
const warmUp = 30;
/** discord.js paces what counts against the bot's limit at 50 calls a second: both bots must stay below that. */
const leastMsEach = 25;
/** V8 gives back what a burst of work has left after about eight idle seconds: rest is after that. */
const restMs = 14_000;

/**
 * The bot beside a bare discord.js bot, in rounds: both are started anew, get the same interactions by turns, and are left in
 * peace. Measured are start to ready with the first interaction acknowledged, acknowledging a command and a button
 * (medians), and resident memory at rest. The machine's mood changes from second to second, so the two take turns,
 * who goes first takes turns too, and the ratio of a round is made of neighbours.
 */
export async function againstEcho(rounds: number, say: (line: string) => void): Promise<void> {
  const bot = await Contestant.enter('bot');
  const echo = await Contestant.enter('echo');
  const found: Record<'command' | 'button' | 'start' | 'memory', Pair[]> = {
    command: [],
    button: [],
    start: [],
    memory: [],
  };
  try {
    await prepare(bot, echo);
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? [bot, echo] : [echo, bot];
      found.start.push(await pairOf(order, bot, startToFirstAck));
      for (const kind of ['command', 'button'] as const) found[kind].push(await acknowledging(order, bot, kind));
      await pause(restMs);
      found.memory.push(await pairOf(order, bot, async (each) => each.residentMiB()));
      for (const each of order) await each.stop();
    }
  } finally {
    await bot.leave();
    await echo.leave();
  }
  const other = 'echo bot';
  say(ratioLine('ack', found.command, { limit: 1.2, unit: 'ms', other }));
  say(ratioLine('ack of a button', found.button, { limit: 1.2, unit: 'ms', other }));
  say(ratioLine('memory', found.memory, { limit: 1.3, unit: 'MiB', other }));
  say(ratioLine('start', found.start, { limit: 1.5, unit: 'ms', other }));
}

/** The bot registers its commands at its very first start, which is not measured; for the echo bot it is done here. */
async function prepare(bot: Contestant, echo: Contestant): Promise<void> {
  await bot.start();
  await bot.links(bot.household.maya, 'maya');
  await bot.stop();
  const { discord } = echo.household;
  const answer = await fetch(`${discord.url}/v10/applications/${discord.applicationId}/commands`, {
    method: 'PUT',
    headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
    body: JSON.stringify([{ name: 'status', description: 'Says who you are' }]),
  });
  if (!answer.ok) throw new Error(`the echo bot has no command: ${answer.status}`);
  // Discord's stand-in runs in this process, and is slow until it has been run a few times.
  await echo.start();
  await echo.stop();
}

/** Ready is only who answers: the time until the first interaction is acknowledged counts in. */
async function startToFirstAck(each: Contestant): Promise<number> {
  const ready = await each.start();
  const { ms, result } = await each.clock.time(() => commandOf(each));
  await result.answer();
  return ready + ms;
}

async function acknowledging(order: Contestant[], bot: Contestant, kind: 'command' | 'button'): Promise<Pair> {
  const act = kind === 'command' ? commandOf : pressOf;
  const times = new Map(order.map((each) => [each, [] as number[]]));
  for (let turn = -warmUp; turn < perRound; turn += 1) {
    for (const each of turn % 2 === 0 ? order : [...order].reverse()) {
      const peace = pause(leastMsEach);
      const { ms, result } = await each.clock.time(() => act(each));
      await result.answer();
      await peace;
      if (turn >= 0) times.get(each)?.push(ms);
    }
  }
  return pairOf(order, bot, async (each) => median(times.get(each) ?? []));
}

/** A member asks for their own account's state: for the bot the everyday command, with Jellyfin behind it once it has acknowledged. */
const commandOf = ({ household }: Contestant): Promise<Exchange> => household.maya.types('/status');

/** The button of the same answer, as it stands under direct messages. */
const pressOf = ({ household }: Contestant): Promise<Exchange> => household.maya.pressesRaw('status:check:1');

async function pairOf(
  order: Contestant[],
  bot: Contestant,
  measure: (each: Contestant) => Promise<number>,
): Promise<Pair> {
  const values = new Map<boolean, number>();
  for (const each of order) values.set(each === bot, await measure(each));
  return { bot: values.get(true) ?? NaN, other: values.get(false) ?? NaN };
}
