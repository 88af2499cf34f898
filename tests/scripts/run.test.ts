import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Running, SmallProject } from './small-project.js';

describe('npm start', () => {
  const project = new SmallProject({ installed: true });

  const slowToLoad = new SmallProject({ installed: true });

  afterAll(() => [project, slowToLoad].forEach((one) => one.remove()));

  /** Ends as the bot does: it finishes what it is doing first. npm may hand on a signal that came already. */
  beforeAll(async () => {
    project.write(
      'src/index.ts',
      `const work = setInterval(() => undefined, 1000);
     process.once('SIGTERM', () => {
       console.log('ending');
       setTimeout(() => {
         console.log('finished');
         clearInterval(work);
         process.exit(0);
       }, 700);
     });
     console.log('bot', process.pid, 'is ready');\n`,
    );
    expect((await project.run('build')).code).toBe(0);
  });

  /** The bot's own process, by what it printed. */
  async function ready(running: Running): Promise<number> {
    let pid = 0;
    running.child.stdout?.on(
      'data',
      (chunk: Buffer) => (pid ||= Number(/bot (\d+) is/.exec(chunk.toString())?.[1] ?? 0)),
    );
    await running.prints('is ready');
    return pid;
  }

  const onPosix = process.platform === 'win32' ? test.skip : test;

  onPosix.each<[string, (npm: number, bot: number) => void]>([
    ['SIGTERM to npm', (npm) => process.kill(npm, 'SIGTERM')],
    ['SIGTERM to the process group', (npm) => process.kill(-npm, 'SIGTERM')],
    ['SIGTERM to node', (_, bot) => process.kill(bot, 'SIGTERM')],
    ['kill -9 of npm', (npm) => process.kill(npm, 'SIGKILL')],
  ])(
    'after %s the bot finishes what it is doing and is gone within 5 s',
    async (_, kill) => {
      const running = project.start('npm', ['start'], {}, true);
      const bot = await ready(running);
      const since = Date.now();
      kill(Number(running.child.pid), bot);
      const { output } = await running.ended; // its output is closed when the bot is gone, too
      expect(output).toContain('finished');
      expect(Date.now() - since).toBeLessThan(5_000);
    },
    30_000,
  );

  onPosix(
    'a second SIGTERM does not cut short what the first one left to finish',
    async () => {
      const running = project.start('npm', ['start'], {}, true);
      const bot = await ready(running);
      process.kill(bot, 'SIGTERM');
      await running.prints('ending');
      process.kill(bot, 'SIGTERM');
      expect((await running.ended).output).toContain('finished');
    },
    30_000,
  );

  onPosix(
    'a SIGTERM that comes while it is still loading ends it at once',
    async () => {
      slowToLoad.write(
        'src/index.ts',
        "console.log('loading');\nawait new Promise((done) => setTimeout(done, 60_000));\nexport {};\n",
      );
      const running = slowToLoad.start('npm', ['start'], {}, true);
      await running.prints('loading');
      process.kill(Number(running.child.pid), 'SIGTERM');
      await running.ended;
    },
    30_000,
  );

  onPosix(
    'without npm, whoever started the bot may go away',
    async () => {
      const shell = project.start('sh', ['-c', `"${process.execPath}" scripts/start.mjs & sleep 0.2; wait`], {}, true);
      const bot = await ready(shell);
      process.kill(Number(shell.child.pid), 'SIGKILL');
      await new Promise((resolve) => shell.child.once('exit', resolve));
      expect(() => process.kill(bot, 0)).not.toThrow();
      process.kill(bot, 'SIGTERM');
      expect((await shell.ended).output).toContain('finished');
    },
    30_000,
  );
});

describe('npm test', () => {
  const project = new SmallProject({ installed: true });

  afterAll(() => project.remove());

  beforeEach(() => rmSync(project.path('tests'), { recursive: true, force: true }));

  const imports = "import { test } from 'vitest';\n";

  const passing = `${imports}test('passes', () => undefined);\n`;

  const failing = "test('fails', () => { throw new Error('no'); });\n";

  const skipped = "test.skip('waits', () => undefined);\n";

  const crashing = `import './not-there.js';\n${passing}`;

  const late = `${passing}setTimeout(() => { throw new Error('late'); }, 1);\n`;

  const waiting = "test('waits for that', () => new Promise((resolve) => setTimeout(resolve, 20)));\n";

  test.each([
    ['a failing test', { 'a.test.ts': passing + failing }, '1 passed, 1 failed', 1],
    ['a suite that does not run', { 'a.test.ts': passing, 'b.test.ts': crashing }, '1 passed, 1 failed', 1],
    ['an error that no test catches', { 'a.test.ts': late + waiting }, '2 passed, 1 failed', 1],
    ['no test at all', { 'a.ts': '' }, '0 passed, 1 failed', 1],
    [
      'a process that ends in between',
      { 'a.test.ts': `${imports}test('ends', () => process.abort());\n` },
      '0 passed, 1 failed',
      1,
    ],
  ])(
    '%s',
    async (_, files, line, exitCode) => {
      for (const [name, text] of Object.entries(files)) project.write(`tests/${name}`, text);
      const { code, output } = await project.run('test', ['--maxWorkers=1']);
      expect(output.match(/^\d+ passed, .*$/gm)).toEqual([line]);
      expect(code).toBe(exitCode);
    },
    60_000,
  );

  test('a build that fails counts as a failure', async () => {
    project.write('tests/a.test.ts', passing);
    project.write('src/wrong.ts', 'export const wrong: number = true;\n');
    const { code, output } = await project.run('test');
    rmSync(project.path('src/wrong.ts'));
    expect(output).toMatch(/src\/wrong\.ts.*\n0 passed, 1 failed\n$/s);
    expect(code).toBe(1);
  });

  test('further arguments reach vitest; a skipped test is counted', async () => {
    project.write('tests/a.test.ts', passing + skipped);
    project.write('tests/b.test.ts', imports + failing);
    const { code, output } = await project.run('test', ['tests/a']);
    expect(output).toMatch(/^1 passed, 0 failed, 1 skipped$/m);
    expect(code).toBe(0);
  });
});
