/** npm run playground: a household in the browser, with the real bot, the loopback Discord and the loopback Jellyfin. */
import { buildWithTools } from './build.mjs';
import { runHere } from './lib/run-here.mjs';
import { setUp } from './setup.mjs';

await setUp();
await buildWithTools();
await runHere('dist-tools/sandbox/playground.js', process.argv.slice(2));
