import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'dotenv';
import { expect } from '@jest/globals';
import { startDiscord, type Discord, type Person } from '../../sandbox/discord/index.js';
import { rootPassword, startJellyfin, type Jellyfin } from '../../sandbox/jellyfin/jellyfin.js';
import { confirms } from '../support/quick-connect.js';
import { openApiJudge } from '../support/openapi-judge.js';
import { testMachine } from '../support/test-machine.js';

const terminal = pathToFileURL(resolve('tests/setup/pretend-terminal.mjs')).href;
const keys = { enter: '\r', down: '\x1B[B', up: '\x1B[A', space: ' ', escape: '\x1B', ctrlC: '\x03' } as const;
export type KeyName = keyof typeof keys;

/** Somebody who sets Latchkey up at a terminal. */
export class Wizard {
  readonly #child: ChildProcess;
  #output = '';
  #readTo = 0;
  readonly #heard = new Set<() => void>();
  readonly ended: Promise<number | null>;
  keystrokes = 0;

  constructor(
    readonly cwd: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    uid?: number,
  ) {
    this.#child = spawn(process.execPath, ['--import', terminal, resolve('dist/cli.js'), 'setup', ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, LANG: 'en_GB.UTF-8', TERM: 'xterm', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (part: Buffer) => {
        this.#output += part.toString();
        for (const look of this.#heard) look();
      });
    this.ended = new Promise((done) => this.#child.once('close', done));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get raw(): string {
    return this.#output;
  }

  /** Everything written so far, without colours and movements. */
  get output(): string {
    return stripVTControlCharacters(this.#output);
  }

  /** Waits for something that was not there yet when the last thing was seen. */
  async sees(pattern: RegExp, within = 8_000): Promise<RegExpExecArray> {
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
    this.#child.stdin?.write(text);
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
    this.#child.kill(signal);
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
    const machine = { machine: testMachine, folders, servers: servers ?? [this.jellyfin.url] };
    const given = { DISCORD_API_URL: this.discord.url, LATCHKEY_TEST_MACHINE: JSON.stringify(machine) };
    const wizard = new Wizard(this.folder, { ...given, ...env }, args, uid);
    this.wizards.push(wizard);
    return wizard;
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

export interface SetupOptions {
  /** Where a Jellyfin's folder may be on this computer; nowhere unless given. */
  readonly folders?: readonly string[];
  /** Who it runs as, for tests that are run by root. */
  readonly uid?: number | undefined;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Addresses that are found on the network; the household's Jellyfin alone unless given. */
  readonly servers?: readonly string[];
}

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
