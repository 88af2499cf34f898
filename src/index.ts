import { setFlagsFromString } from 'node:v8';
import { StartRefused } from './app/start-refused.js';
import { mustBeOwnFolder, readSettings, wordsAtStart } from './app/settings.js';
import { readTestMachine } from './app/test-machine.js';
import { harmless } from './cli/report.js';
import { ConfigError } from './config.js';
import { DatabaseRefused } from './db/database-errors.js';
import { assertNativeModule } from './db/native-module.js';
import { mustBeSavable, saveJellyfinKey } from './env-file.js';
import { createLogger } from './logger.js';
import { describeError, isError } from './logger/scrub.js';
import { typedCommand } from './typed-command.js';
import { createWords } from './words.js';

/** Whoever asks the bot to end sees it gone within 5 s: so long it may finish what is begun, and so long it may take in all. */
const patienceMs = 3500;
const goneWithinMs = 4700;
/** What still holds the process after everything is closed, such as a socket that Discord keeps open, gets no longer. */
const lingerMs = 300;

/** The bot as a process: the only reader of process.env (beside the command line) and the only owner of signals. */
async function main(signalled: Promise<'signal'>): Promise<number> {
  const pretty = process.stdout.isTTY;
  assertNativeModule();
  const early = createLogger({ level: 'warn', pretty });
  const { locales } = words;
  const { config, env, own } = readSettings(process.env, { locales, t }, (warning) => early.warn({}, warning));
  mustBeOwnFolder(config.database, t);
  const log = createLogger({ level: config.logLevel, pretty });

  const keyPlace = { own, all: env, envPath: '.env' };
  const { machine, lookAgainAfterMs } = readTestMachine(process.env);
  // Opening all of the bot takes longer than reading its settings: who has a slip in these hears of it at once.
  const { createApp } = await import('./app.js');
  const app = createApp(config, log, {
    keyStore: { save: (key) => saveJellyfinKey(keyPlace, key), mustBeSavable: () => mustBeSavable(keyPlace) },
    ...{ machine, lookAgainAfterMs },
    latchkey: words.latchkey,
  });
  const started = app.start().then(() => {
    // From now on little memory counts more than speed: the bot waits for most of its life, on a small machine with Jellyfin.
    // Measured (`npm run bench`, memory): without it V8 lets 20 to 60 MB of garbage lie; any earlier, loading takes a fifth longer.
    setFlagsFromString('--optimize-for-size');
    return app.ended;
  });
  const outcome = await Promise.race([signalled, started]).finally(() => {
    setTimeout(leave, goneWithinMs).unref();
    return app.stop(patienceMs);
  });
  if (outcome === 'signal') {
    log.info({}, 'stopped');
    return 0;
  }
  process.stderr.write(`${outcome}\n`);
  return 1;
}

/** What the person who starts the bot has to know, in sentences; anything else is a fault of ours, with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `${t('ended.cannotStart')}\n${error.message}`;
  if (error instanceof StartRefused)
    return [t('ended.cannotStart'), ...error.problems.map((each) => `  ${each}`)].join('\n');
  if (error instanceof DatabaseRefused) return `${t('ended.cannotStart')} ${error.sentence(t)}`;
  const described = isError(error) ? describeError(error) : String(error);
  return `Latchkey stopped: ${JSON.stringify(described, undefined, 2)}`;
}

function fail(error: unknown): void {
  process.stderr.write(`${harmless(explain(error))}\n`);
  process.exitCode = 1;
}

/** Ends the process once all that was written is out. */
function leave(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

// Before anything that takes time; a second signal is the same wish (npm hands on what its process group has got already).
const signalled = new Promise<'signal'>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
});
// Node would print such an error whole, with the request that failed and the password in it.
process.on('uncaughtException', (error) => {
  fail(error);
  leave();
});

const words = createWords('en', { latchkey: typedCommand(process.env, process.argv[1]) });
const t = wordsAtStart(words, process.env);

await main(signalled).then((code) => (process.exitCode = code), fail);
setTimeout(leave, lingerMs).unref();
