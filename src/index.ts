import { readFileSync } from 'node:fs';
import { createApp, StartRefused } from './app.js';
import { ConfigError, configWarnings, loadConfig } from './config.js';
import { DatabaseRefused } from './db/database-errors.js';
import { readEnvFile } from './env-file.js';
import { createLogger } from './logger.js';
import { describeError, isError } from './logger/describe-error.js';

/** The bot as a process: the only reader of process.env (beside the command line) and the only owner of signals. */
async function main(): Promise<number> {
  const { env, warnings } = readEnvFile('.env', process.env);
  const config = loadConfig(env, (path) => readFileSync(path, 'utf8'));
  const log = createLogger({ level: config.logLevel, pretty: process.stdout.isTTY });
  for (const warning of [...warnings, ...configWarnings(env)]) log.warn({}, warning);
  if (config.selfUnlock === 'allow') log.warn({}, 'SELF_UNLOCK=allow is not there yet: every unlock is asked for');

  const app = createApp(config, log);
  const signalled = new Promise<'signal'>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });
  const started = app.start().then(() => app.ended);
  const outcome = await Promise.race([signalled, started]).finally(() => app.stop());
  if (outcome === 'signal') {
    log.info({}, 'stopped');
    return 0;
  }
  process.stderr.write(`${outcome}\n`);
  return 1;
}

/** What the person who starts the bot has to know, in sentences; anything else is a fault of ours, with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return `Latchkey cannot start. ${error.message}`;
  if (error instanceof StartRefused)
    return ['Latchkey cannot start:', ...error.problems.map((each) => `  ${each}`)].join('\n');
  if (error instanceof DatabaseRefused) return `Latchkey cannot start: ${error.message}`;
  const described = isError(error) ? describeError(error) : String(error);
  return `Latchkey stopped: ${JSON.stringify(described, undefined, 2)}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
// Whatever still holds the process (a socket that Discord keeps open) must not outlive the bot.
setTimeout(() => process.exit(), 500).unref();
