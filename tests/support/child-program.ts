import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';

/**
 * A program in a process of its own that may import the given source files (paths under src/) and what those import:
 * for what only another process can show, such as locks and kill -9. `lines()` waits for the n-th line of its output.
 */
export class ChildProgram {
  readonly process: ChildProcess;
  readonly exited: Promise<void>;
  #output = '';
  #errors = '';

  private constructor(folder: string, main: string) {
    this.process = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.process.once('close', () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      });
    });
  }

  static start(sources: readonly string[], program: (url: (source: string) => string) => string): ChildProgram {
    // Under node_modules, so that the packages are found from there.
    const cache = join(process.cwd(), 'node_modules', '.cache');
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'child-'));
    const files = new Set(sources);
    for (const source of files) {
      const target = join(folder, source.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const { code } = transformSync(readFileSync(join('src', source), 'utf8'), { loader: 'ts', format: 'esm' });
      writeFileSync(target, code);
      for (const [, imported = ''] of code.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g))
        files.add(join(dirname(source), `${imported}.ts`));
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const main = join(folder, 'main.js');
    writeFileSync(
      main,
      program((source) => pathToFileURL(join(folder, source.replace(/\.ts$/, '.js'))).href),
    );
    return new ChildProgram(folder, main);
  }

  /** All lines, once there are at least `count`; rejects when the program ends before. */
  async lines(count: number): Promise<string[]> {
    const ended = this.exited.then(() => {
      throw new Error(`the program ended early: ${this.#errors || this.#output}`);
    });
    const complete = () => this.#output.split('\n').slice(0, -1);
    while (complete().length < count) {
      await Promise.race([new Promise((resolve) => this.process.stdout?.once('data', resolve)), ended]);
    }
    ended.catch(() => undefined);
    return complete();
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Everything it printed so far, whole lines. */
  get printed(): string[] {
    return this.#output.split('\n').slice(0, -1);
  }
}
