import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundlePage } from './playground/page-files.js';
import { Playground } from './playground/playground.js';
import { reportPath, Web } from './playground/web.js';

const versions = ['10.10.7', '10.11.8', '12.0'];

const options = readOptions();
const stopped = new Promise<void>((done) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
});

async function main(): Promise<void> {
  const web = new Web();
  const address = await web.listen(options.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    process.stderr.write(`Port ${options.port} is taken: choose another with --port, or leave it out.\n`);
    process.exit(1);
  });
  const playground = new Playground(resolve(options.bot), `${address}${reportPath}`, options.jellyfin);
  const page = bundlePage();
  web.serve(playground, page);
  try {
    await page;
    console.log(`Latchkey's playground: ${address}`);
    console.log(
      'A household with a Discord and a Jellyfin of its own; reachable from this computer only. Ctrl-C ends it.',
    );
    await Promise.race([playground.startAgain(), stopped]);
    await stopped;
  } finally {
    await playground.close();
    await web.close();
  }
}

function readOptions() {
  const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        jellyfin: { type: 'string', default: '12.0' },
        bot: { type: 'string', default: built },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${values.port} is no port`);
    if (!versions.includes(values.jellyfin))
      throw new Error(`Jellyfin ${values.jellyfin} cannot be played: choose one of ${versions.join(', ')}`);
    return { ...values, port };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `${why}\n\nnpm run playground -- [--port <port>] [--jellyfin <${versions.join('|')}>] [--bot <program>]\n`,
    );
    process.exit(2);
  }
}

await main();
