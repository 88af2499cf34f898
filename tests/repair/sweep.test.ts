import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { ended } from '../server/server-shape.js';

const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;
const withStrace = hasStrace ? test : test.skip;
const unlessStrace = hasStrace ? '' : ' (skipped: strace is not here, or may not trace)';

/** Each point is two or three processes, one of them under strace. */
const patienceMs = 120_000;

let child: ChildProcess | undefined;
afterEach(() => void child?.kill());

async function sweep(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const sweeping = spawn(process.execPath, ['scripts/sweep.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  child = sweeping;
  let output = '';
  for (const stream of [sweeping.stdout, sweeping.stderr])
    stream.on('data', (part: Buffer) => (output += part.toString()));
  await ended(sweeping, () => undefined);
  return { code: sweeping.exitCode, output };
}

/** `npm run sweep` takes all points; here a few of each scene, at other places for each fault. */
withStrace.each([
  ['log', 'kill', '60'],
  ['commands', 'kill', '120'],
  ['clean', 'ENOSPC', '100'],
  ['plain', 'kill', '60'],
])(
  `%s, with a %s at some of the calls that write: the next run finishes${unlessStrace}`,
  async (scene, fault, every) => {
    const { code, output } = await sweep(
      process.env,
      '--scene',
      scene,
      '--fault',
      fault,
      '--every',
      every,
      '--jobs',
      '1',
    );
    expect(output).toMatch(/^[1-9]\d* points, 0 failures$/m);
    expect(code).toBe(0);
  },
  patienceMs,
);

test('without strace the sweep says that it needs it', async () => {
  const { code, output } = await sweep({ ...process.env, PATH: '/nowhere' });
  expect(output).toMatch(/^The sweep needs strace, /);
  expect(code).toBe(2);
});
