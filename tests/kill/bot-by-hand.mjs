/**
 * The built bot with the clock of the file CLOCK; a SIGUSR2 is the minute at which its jobs come, those in JOBS among them. It
 * says when the minute is over that the file MINUTE numbers.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createApp } from '../../dist/app.js';
import { loadConfig } from '../../dist/config.js';
import { createLogger } from '../../dist/logger.js';
import { createWords } from '../../dist/words.js';

const { CLOCK, MINUTE, JOBS = '', ...env } = process.env;
const numberIn = (file) => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
const config = loadConfig(env, (path) => readFileSync(path, 'utf8'), String, createWords('en').locales);
const overrides = { now: () => Date.now() + numberIn(CLOCK), jobsByHand: true, proofPollMs: 200 };
const app = createApp(config, createLogger({ level: config.logLevel, pretty: false }), overrides);
process.on('SIGUSR2', async () => {
  const minute = numberIn(MINUTE);
  await app.runJob('upkeep');
  if (config.watchLockouts) await app.runJob('lockouts');
  for (const job of JOBS.split(',').filter(Boolean)) await app.runJob(job);
  console.log(`minute ${minute} is over`);
});
await app.start();
// What happened while it was away, as an ordinary bot looks at its start.
if (config.watchLockouts) await app.runJob('lockouts');
console.log('the start is over');
