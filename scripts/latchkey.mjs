/** npm run latchkey -- …: the command line, from a clone. */
import { build } from './build.mjs';
import { runHere } from './lib/run-here.mjs';
import { setUp } from './setup.mjs';

await setUp();
await build();
await runHere('dist/cli.js', process.argv.slice(2));
