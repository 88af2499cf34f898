/** npm run demo: the bot against the loopback Discord and Jellyfin, as a conversation. */
import { buildWithTools } from './build.mjs';
import { runHere } from './lib/run-here.mjs';
import { setUp } from './setup.mjs';

await setUp();
await buildWithTools();
await runHere('dist-tools/sandbox/demo.js', process.argv.slice(2));
