/** The built bots of several households in one process; HOUSEHOLDS has their settings. Each line is led by whose it is. */
import { readFileSync } from 'node:fs';
import { createApp } from '../../dist/app.js';
import { loadConfig } from '../../dist/config.js';
import { createLogger } from '../../dist/logger.js';
import { createWords } from '../../dist/words.js';

const households = JSON.parse(process.env.HOUSEHOLDS);
await Promise.all(
  households.map(async (env, seat) => {
    const config = loadConfig(env, (path) => readFileSync(path, 'utf8'), String, createWords('en').locales);
    const destination = { write: (line) => process.stdout.write(`${seat}\t${line}`) };
    const log = createLogger({ level: config.logLevel, pretty: false, destination });
    await createApp(config, log).start();
  }),
);
