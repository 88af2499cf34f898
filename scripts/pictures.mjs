/** npm run pictures: takes the pictures of docs/pictures/ from the playground, and writes docs/demo.html. */
import { buildWithTools } from './build.mjs';
import { runHere } from './lib/run-here.mjs';
import { setUp } from './setup.mjs';

await setUp();
await buildWithTools();
await runHere('dist-tools/sandbox/pictures.js', process.argv.slice(2));
