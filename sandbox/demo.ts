import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { paintFor } from './demo/colours.js';
import { sayWhatRuns } from './demo/keep.js';
import { Paper } from './demo/paper.js';
import { Play } from './demo/play.js';
import { setStage, Teardown } from './demo/stage.js';
import { StepFailed, Steps } from './demo/step.js';
import { assistedReset } from './demo/stories/assisted-reset.js';
import { deniedRequest } from './demo/stories/denied-request.js';
import { lockedAccount } from './demo/stories/locked-account.js';
import { settingUp } from './demo/stories/setting-up.js';

/** The whole play takes a few seconds; whatever takes this long hangs. */
const deadlineMs = 60_000;

const { values: options } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    jellyfin: { type: 'string', default: '10.11.8' },
    bot: { type: 'string', default: fileURLToPath(new URL('../../dist/index.js', import.meta.url)) },
  },
});

const paper = new Paper(process.stdout, paintFor(process.stdout, process.env));
const steps = new Steps();
const down = new Teardown();
const stopped = new Promise<'stopped'>((done) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('stopped'));
});

/** Plays everything; throws StepFailed with the first step that does not come true. */
async function play(): Promise<'played'> {
  paper.heading(`Latchkey: a household, its Discord server, and its Jellyfin ${options.jellyfin}`);
  paper.narrates('Both servers are stand-ins on this computer; the bot is the real one, in a process of its own.');
  const stage = await steps.take('the bot starts and registers its commands', () =>
    setStage(options.jellyfin, resolve(options.bot), down),
  );
  paper.narrates('Maya and Leo are members, Gran is a helper, Dad is an admin.');
  const hands = new Play(stage, paper, steps);
  for (const story of [settingUp, assistedReset, lockedAccount, deniedRequest]) await story(hands);
  paper.heading('Everything came true.');
  if (options.keep) {
    sayWhatRuns(stage, paper);
    await stopped;
  }
  return 'played';
}

async function main(): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new StepFailed(steps.current, new Error(`nothing came of it within ${deadlineMs / 1000} s`)));
    }, deadlineMs);
  });
  try {
    const outcome = await Promise.race([play(), stopped, ...(options.keep ? [] : [late])]);
    if (outcome === 'played' || options.keep) return 0;
    paper.fails(steps.current, 'stopped by a signal before the end');
    return 1;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    paper.fails(error.step, error.message);
    process.stderr.write(`The demo failed at this step: ${error.step}\n`);
    return 1;
  } finally {
    clearTimeout(timer);
    await down.run();
  }
}

process.exitCode = await main();
