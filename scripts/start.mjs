/** npm start: one process from here to the bot, so that a signal finds it. */
import { build } from './build.mjs';
import { runHere } from './lib/run-here.mjs';
import { setUp } from './setup.mjs';

await setUp();
await build();
await runHere('dist/index.js', process.argv.slice(2));
