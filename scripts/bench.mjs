/** npm run bench: what the bot costs, against a bare discord.js bot. */
import { buildWithTools } from './build.mjs';
import { runNode } from './lib/run.mjs';
import { withoutCertificates } from './lib/without-certificates.mjs';
import { setUp } from './setup.mjs';

await setUp();
await buildWithTools();
const { code } = await runNode(['--expose-gc', 'dist-tools/bench/bench.js', ...process.argv.slice(2)], {
  env: withoutCertificates(process.env),
});
process.exitCode = code;
