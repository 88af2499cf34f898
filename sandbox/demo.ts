import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { paintFor } from './demo/colours.js';
import { sayWhatRuns } from './demo/keep.js';
import { Paper } from './demo/paper.js';
import { Play } from './demo/play.js';
import { setStage, type Stage } from './demo/stage.js';
import { StepFailed, Steps, whatHappened } from './demo/step.js';
import { stories } from './demo/stories.js';
import { settingUp } from './demo/stories/setting-up.js';
import { Teardown } from './demo/teardown.js';

/** The whole play takes some 35 seconds; whatever takes this long hangs. */
const deadlineMs = 180_000;

/** For a newcomer, who cannot know whether it is their computer or the demo. */
const whatToDo =
  'Nothing of yours was touched: it all ran in folders of its own. Run it again; if it stops there once more, please report the lines above.';

/** Those that lock an account after failed sign-ins: 10.11.9 to 10.11.11 never do, and two stories would have no point. */
const versions = ['10.10.7', '10.11.8', '12.0'];

const options = readOptions();
const paper = new Paper(process.stdout, paintFor(process.stdout, process.env));
const steps = new Steps();
const down = new Teardown();
const stopped = new Promise<'stopped'>((done) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done('stopped'));
  // Whoever read the demo has gone, as `head` does.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => done('stopped'));
});

/** Plays everything; throws StepFailed with the first step that does not come true. */
async function play(): Promise<Stage> {
  paper.heading(`Latchkey: a household, its Discord server, and its Jellyfin ${options.jellyfin}`);
  paper.narrates('Both servers are stand-ins on this computer; the bot is the real one, in a process of its own.');
  paper.narrates('It is 8 in the morning.');
  const stage = await steps.take('both servers start, and the bot connects and registers its commands', () =>
    setStage({ version: options.jellyfin, program: resolve(options.bot) }, down),
  );
  paper.narrates('Maya and Leo are members, Gran is a helper, Dad is an admin.');
  const hands = new Play(stage, paper, { steps });
  await settingUp(hands, options.from <= stories.findIndex(({ leo }) => leo === 'not linked') + 1);
  const told = stories.slice(options.from - 1);
  for (const { tell } of told) await tell(hands);
  paper.heading(`${told.length} of ${stories.length} stories worked. Next: README, “Set it up”.`);
  return stage;
}

/** Throws StepFailed when the play does not get on. */
function deadline(): { readonly passed: Promise<never>; readonly lift: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new StepFailed(steps.current, `nothing came of it within ${deadlineMs / 1000} s`));
    }, deadlineMs);
  });
  return { passed, lift: () => clearTimeout(timer) };
}

/** Leaves everything running until a signal; the bot is to run on by itself. */
async function keep(stage: Stage): Promise<void> {
  sayWhatRuns(stage, paper);
  const ended = stage.bot.exited.then(() => 'ended' as const);
  if ((await Promise.race([stopped, ended])) === 'ended')
    throw new StepFailed('the bot keeps running', stage.bot.output());
}

async function main(): Promise<number> {
  const { passed, lift } = deadline();
  try {
    const outcome = await Promise.race([play(), stopped, passed]).finally(lift);
    if (outcome === 'stopped') {
      paper.ends('Stopped before its end; all of it is taken down.');
      return 1;
    }
    if (options.keep) await keep(outcome);
    return 0;
  } catch (error) {
    const failed = error instanceof StepFailed ? error : new StepFailed(steps.current, error);
    paper.fails(failed.step, failed.message);
    process.stderr.write(`The demo failed at this step: ${failed.step}\n${whatToDo}\n`);
    return 1;
  } finally {
    await down.run().catch((error: unknown) => {
      process.stderr.write(`Not everything of the demo could be taken away again:\n${whatHappened(error)}\n`);
      process.exitCode = 1;
    });
  }
}

function readOptions() {
  const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  try {
    const { values } = parseArgs({
      options: {
        keep: { type: 'boolean', default: false },
        jellyfin: { type: 'string', default: '12.0' },
        bot: { type: 'string', default: built },
        from: { type: 'string', default: '1' },
      },
    });
    if (!versions.includes(values.jellyfin))
      throw new Error(`Jellyfin ${values.jellyfin} cannot be played: choose one of ${versions.join(', ')}`);
    const from = Number(values.from);
    if (!stories[from - 1]) throw new Error(`there is no story ${values.from}: they go from 1 to ${stories.length}`);
    return { ...values, from };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `${why}\n\nnpm run demo -- [--keep] [--from <story>] [--jellyfin <${versions.join('|')}>] [--bot <program>]\n`,
    );
    process.exit(2);
  }
}

process.exitCode = (await main()) || process.exitCode;
