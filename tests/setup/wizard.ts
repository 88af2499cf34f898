import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'dotenv';
import { expect } from 'vitest';
import { startDiscord, type Discord, type Person } from '../../sandbox/discord/index.js';
import { rootPassword, startJellyfin, type Jellyfin } from '../../sandbox/jellyfin/jellyfin.js';
import { Refusal } from '../../src/cli/report.js';
import { setUpAt } from '../../src/cli/setup.js';
import { createWords } from '../../src/words.js';
import { confirms } from '../support/quick-connect.js';
import { openApiJudge } from '../support/openapi-judge.js';
import { testMachine } from '../support/test-machine.js';

const terminal = pathToFileURL(resolve('tests/setup/pretend-terminal.mjs')).href;
const keys = { enter: '\r', down: '\x1B[B', up: '\x1B[A', space: ' ', escape: '\x1B', ctrlC: '\x03' } as const;
type KeyName = keyof typeof keys;

/** A set-up that runs, and its terminal's ends. */
interface Run {
  readonly input: Writable | null;
  readonly outputs: readonly (Readable | null)[];
  readonly ended: Promise<number | null>;
  readonly pid?: number | undefined;
  kill(signal: NodeJS.Signals): void;
}

/** Somebody who sets Latchkey up at a terminal. */
export class Wizard {
  readonly #run: Run;
  #output = '';
  #readTo = 0;
  readonly #heard = new Set<() => void>();
  keystrokes = 0;

  constructor(run: Run) {
    this.#run = run;
    for (const stream of run.outputs)
      stream?.on('data', (part: Buffer) => {
        this.#output += part.toString();
        for (const look of this.#heard) look();
      });
  }

  /** As a process. */
  static asProcess(
    cwd: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    uid?: number,
  ): Wizard {
    const child = spawn(process.execPath, ['--import', terminal, resolve('dist/cli.js'), 'setup', ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, LANG: 'en_GB.UTF-8', TERM: 'xterm', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    });
    return new Wizard({
      input: child.stdin,
      outputs: [child.stdout, child.stderr],
      ended: new Promise((done) => child.once('close', done)),
      pid: child.pid,
      kill: (signal) => void child.kill(signal),
    });
  }

  /** In this process, whose folder is the household's until it ends. */
  static here(cwd: string, given: Readonly<Record<string, string>>, latchkey: string): Wizard {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 300, rows: 40 });
    const stopping = new AbortController();
    const before = process.cwd();
    process.chdir(cwd);
    const base = { PATH: process.env.PATH, HOME: cwd, LANG: 'en_GB.UTF-8', TERM: 'xterm', ...given };
    const run = setUpAt(
      { input, output, stop: stopping.signal, lookEveryMs: 50 },
      { words: createWords('en', { latchkey }), base, flags: {} },
    );
    const ended = run.then(
      () => 0,
      (error: Error) => {
        output.write(`${error.message}\n`);
        return error instanceof Refusal ? error.exitCode : 1;
      },
    );
    return new Wizard({
      input,
      outputs: [output],
      ended: ended.finally(() => process.chdir(before)),
      kill: () => stopping.abort(),
    });
  }

  get ended(): Promise<number | null> {
    return this.#run.ended;
  }

  get pid(): number {
    return this.#run.pid ?? 0;
  }

  get raw(): string {
    return this.#output;
  }

  /** Everything written so far, without colours and movements. */
  get output(): string {
    return stripVTControlCharacters(this.#output);
  }

  /** Waits for something that was not there yet when the last thing was seen. */
  async sees(pattern: RegExp, within = 30_000): Promise<RegExpExecArray> {
    return new Promise((found, missed) => {
      const timer = setTimeout(() => {
        this.#heard.delete(look);
        missed(new Error(`never saw ${String(pattern)} after:\n${this.output.slice(this.#readTo)}`));
      }, within);
      const look = () => {
        const match = pattern.exec(this.output.slice(this.#readTo));
        if (!match) return;
        this.#readTo += match.index + match[0].length;
        clearTimeout(timer);
        this.#heard.delete(look);
        found(match);
      };
      this.#heard.add(look);
      look();
    });
  }

  types(text: string): void {
    this.keystrokes += 1;
    this.#run.input?.write(text);
  }

  /** Nothing may be typed right after Escape: it would be the beginning of another key. */
  presses(...names: readonly KeyName[]): void {
    for (const name of names) this.types(keys[name]);
  }

  /** Waits for a question, then presses keys. */
  async at(question: RegExp, ...names: readonly KeyName[]): Promise<void> {
    await this.sees(question);
    this.presses(...names);
  }

  async answers(question: RegExp, text: string): Promise<void> {
    await this.sees(question);
    this.types(text);
    this.presses('enter');
  }

  kill(signal: NodeJS.Signals): void {
    this.#run.kill(signal);
  }
}

/** A Discord and a Jellyfin for which nobody has set Latchkey up yet, and the folder in which it is going to be. */
export class NewHousehold {
  readonly #ends: (() => unknown)[] = [];
  readonly #violations: string[] = [];
  readonly wizards: Wizard[] = [];

  private constructor(
    readonly discord: Discord,
    readonly jellyfin: Jellyfin,
    readonly folder: string,
    readonly owner: Person,
  ) {}

  static async start(version = '10.10.7', basePath = ''): Promise<NewHousehold> {
    const discord = await startDiscord({ guildName: 'The Household' });
    const jellyfin = await startJellyfin({ version, basePath });
    const ownerId = discord.world.guilds.get(discord.guildId)?.ownerId ?? '';
    const owner = discord.addPerson('Dad', { id: ownerId, roles: [discord.roles['admin'] ?? ''] });
    const home = new NewHousehold(discord, jellyfin, mkdtempSync(join(tmpdir(), 'latchkey-setup-')), owner);
    const judge = openApiJudge();
    discord.onRequest((request) => home.#violations.push(...(judge?.judge(request) ?? [])));
    return home;
  }

  atEnd(end: () => unknown): void {
    this.#ends.push(end);
  }

  get envFile(): string {
    return join(this.folder, '.env');
  }

  /** What is in `.env`; undefined where there is none. */
  settings(): Record<string, string> | undefined {
    return existsSync(this.envFile) ? parse(readFileSync(this.envFile, 'utf8')) : undefined;
  }

  mode(): number {
    return statSync(this.envFile).mode & 0o777;
  }

  writes(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(this.envFile, lines.join(''), { mode: 0o600 });
  }

  setup({ args = [], env = {}, servers, folders = [], uid }: SetupOptions = {}): Wizard {
    return this.#begun(
      Wizard.asProcess(this.folder, { ...this.#given(servers ?? [this.jellyfin.url], folders), ...env }, args, uid),
    );
  }

  /** The same in this process: for what no signal and no rights of a process are needed. */
  setupHere({ servers = [this.jellyfin.url], latchkey = 'latchkey' }: HereOptions = {}): Wizard {
    return this.#begun(Wizard.here(this.folder, this.#given(servers, []), latchkey));
  }

  #begun(wizard: Wizard): Wizard {
    this.wizards.push(wizard);
    return wizard;
  }

  #given(servers: readonly string[], folders: readonly string[]): Record<string, string> {
    const machine = { machine: testMachine, folders, servers };
    return { DISCORD_API_URL: this.discord.url, LATCHKEY_TEST_MACHINE: JSON.stringify(machine) };
  }

  /** Types the code on a device on which somebody is signed in to Jellyfin. */
  async confirms(code: string, name = 'root', password = rootPassword): Promise<void> {
    const { token = '' } = await this.jellyfin.signIn(name, password, { device: `${name}'s browser` });
    expect(await confirms(this.jellyfin, token, code)).toBe(200);
  }

  /** The devices and keys that a set-up may have left at the server. */
  leftovers(): { devices: string[]; keys: number } {
    const devices = this.jellyfin.signedIn().filter(({ app }) => app === 'Latchkey');
    return { devices: devices.map(({ user }) => user), keys: this.jellyfin.keyNames().length - 1 };
  }

  async close(): Promise<void> {
    for (const wizard of this.wizards) {
      wizard.kill('SIGKILL');
      await wizard.ended;
    }
    for (const end of this.#ends) await end();
    await this.discord.close();
    await this.jellyfin.close();
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.#violations).toEqual([]);
  }
}

interface SetupOptions {
  /** Where a Jellyfin's folder may be on this computer; nowhere unless given. */
  readonly folders?: readonly string[];
  /** Who it runs as, for tests that are run by root. */
  readonly uid?: number | undefined;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Addresses that are found on the network; the household's Jellyfin alone unless given. */
  readonly servers?: readonly string[];
}

type HereOptions = Pick<SetupOptions, 'servers'> & { readonly latchkey?: string };

/** Every question of a set-up in which all is well, with the keys that take what is offered. */
export const questions: readonly (readonly [RegExp, ...KeyName[]])[] = [
  [/Which roles decide\?[^]*admin/, 'down', 'space', 'enter'],
  [/Which roles help\?[^]*helper/, 'enter'],
  [/In which channel do requests appear\?[^]*general/, 'enter'],
  [/Which Jellyfin\?[^]*Another/, 'enter'],
  [/At which address do people open Jellyfin\?[^]*└/, 'enter'],
];

/** From the first question to the one for an address, or as many questions as given. */
export async function upTo(wizard: Wizard, home: NewHousehold, count = questions.length): Promise<void> {
  await wizard.answers(/The bot's token/, home.discord.token);
  for (const question of questions.slice(0, count)) await wizard.at(...question);
}

/** The code that it shows, for somebody to confirm in Jellyfin. */
export async function theCode(wizard: Wizard): Promise<string> {
  const [, code = ''] = await wizard.sees(/Code: (\d{6})/);
  return code;
}
