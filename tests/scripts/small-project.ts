import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a finished program left: its exit code (null after a signal) and all that it printed. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when `text` was printed; rejects when the program ended without. */
  prints(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** The little of node that these projects use: to read node's own types is two thirds of the time that a build takes. */
const nodeTypes = `
declare const console: { log(...words: unknown[]): void };
declare const process: {
  readonly argv: string[];
  readonly pid: number;
  exitCode: number;
  exit(code: number): never;
  once(signal: string, listener: () => void): void;
};
declare function setTimeout(work: (value: unknown) => void, ms: number): unknown;
declare function setInterval(work: () => void, ms: number): unknown;
declare function clearInterval(timer: unknown): void;
`;

/** A project with the real scripts and settings and hardly anything to build: what the scripts do shows in a second. */
export class SmallProject {
  /** Process groups that were started here; a failed test must leave none behind. */
  readonly #groups: number[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-project-'));

  constructor({ installed }: { installed: boolean }) {
    const same = ['scripts', 'package.json', 'package-lock.json', '.npmrc', 'vitest.config.mjs'];
    for (const name of [...same, 'tsconfig.build.json', 'tsconfig.tools.json']) {
      cpSync(name, this.path(name), { recursive: true });
    }
    this.write('tsconfig.json', withFewTypes(readFileSync('tsconfig.json', 'utf8')));
    for (const folder of ['src', 'sandbox']) this.write(`${folder}/node.d.ts`, nodeTypes);
    if (installed) symlinkSync(join(process.cwd(), 'node_modules'), this.path('node_modules'), 'junction');
    this.write('src/index.ts', "console.log('first');\n");
    this.write('sandbox/demo.ts', "console.log('demo', ...process.argv.slice(2));\nprocess.exitCode = 3;\n");
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Starts a program in the project's folder; `detached` gives it a process group of its own. */
  start(command: string, args: string[], env: NodeJS.ProcessEnv = {}, detached = false): Running {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, npm_lifecycle_event: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
    if (detached && child.pid !== undefined) this.#groups.push(child.pid);
    let output = '';
    const heard: (() => void)[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        for (const listener of heard) listener();
      });
    }
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output })));
    const prints = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => output.includes(text) && resolve();
        heard.push(look);
        look();
        void ended.then(() => reject(new Error(`ended without printing ${text}:\n${output}`)));
      });
    return { child, prints, ended };
  }

  /** Runs one of the scripts to its end. */
  run(script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(process.execPath, [`scripts/${script}.mjs`, ...args], env).ended;
  }

  remove(): void {
    for (const group of this.#groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Little beside that: to read all of the language's own types is a third of what the compiler then does. */
function withFewTypes(settings: string): string {
  const fewer = [
    ['"types": ["node"]', '"types": []'],
    ['"lib": ["ES2023"]', '"lib": ["ES5", "ES2015.Promise"]'],
  ] as const;
  for (const [those] of fewer)
    if (!settings.includes(those)) throw new Error('tsconfig.json names its types in another way than this knows');
  return fewer.reduce((left, [those, few]) => left.replace(those, few), settings);
}
