import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { botProgram, launchBot, type BotProcess } from '../../sandbox/bot-process.js';
import type { Person } from '../../sandbox/discord/index.js';
import { startHousehold, type Household } from '../../sandbox/household.js';
import { openApiJudge } from '../support/openapi-judge.js';

/** A household for tests of the built bot as a process; one of these serves all tests of a file. */
export class ProcessHouse {
  readonly #bots: BotProcess[] = [];
  readonly #folders: string[] = [];

  readonly #violations: string[] = [];

  private constructor(readonly home: Household) {
    const judge = openApiJudge();
    home.discord.onRequest((request) => this.#violations.push(...(judge?.judge(request) ?? [])));
  }

  static async start(): Promise<ProcessHouse> {
    return new ProcessHouse(await startHousehold());
  }

  /** An empty folder to start a bot in, with a `.env` of this mode if one is given. */
  folder(envFile?: Record<string, string>, mode = 0o600): string {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-process-'));
    this.#folders.push(folder);
    const lines = Object.entries(envFile ?? {}).map(([name, value]) => `${name}=${value}\n`);
    if (envFile) {
      writeFileSync(join(folder, '.env'), lines.join(''));
      // Set by itself: a bot in this very process may have narrowed what new files get.
      chmodSync(join(folder, '.env'), mode);
    }
    return folder;
  }

  env(change: Record<string, string> = {}): Record<string, string> {
    return { ...this.home.env('latchkey.db'), ...change };
  }

  /** Starts the bot in `folder`, where its database lies, too, and waits until it is ready. */
  async bot(folder = this.folder(), env = this.env()): Promise<BotProcess> {
    const bot = this.launch(folder, env);
    await Promise.race([this.#isReady(bot), bot.exited]);
    if (bot.child.exitCode === null) return bot;
    throw new Error(`the bot ended before it was ready (exit code ${bot.child.exitCode}):\n${bot.output()}`);
  }

  /** Starts the bot and does not wait for anything. */
  launch(folder = this.folder(), env = this.env()): BotProcess {
    const bot = launchBot(resolve(botProgram), env, folder);
    this.#bots.push(bot);
    return bot;
  }

  /** Starts a bot that is expected to end by itself. */
  async refused(env: Record<string, string>, folder = this.folder()): Promise<{ code: number | null; said: string }> {
    const bot = this.launch(folder, env);
    const said: Buffer[] = [];
    bot.child.stderr?.on('data', (part: Buffer) => said.push(part));
    const code = await bot.exited;
    return { code, said: Buffer.concat(said).toString() };
  }

  async links(member: Person, account: string): Promise<void> {
    const said = await (await this.home.dad.types('/link', { member, user: account })).answer();
    if (!/is linked to|linked already/.test(said.text)) throw new Error(`not linked: ${said.text}`);
  }

  /** Ends what a test left running; the household stays. */
  async tidy(): Promise<void> {
    for (const bot of this.#bots.splice(0)) await bot.kill('SIGKILL');
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    this.home.discord.faults.clear();
    this.home.jellyfin.faults.clear();
    const violations = this.#violations.splice(0);
    if (violations.length > 0) throw new Error(`against Discord's own description:\n${violations.join('\n')}`);
  }

  #isReady(bot: BotProcess): Promise<void> {
    return new Promise((done) => {
      bot.child.stdout?.on('data', () => {
        if (bot.output().includes('connected to Discord: ready')) done();
      });
    });
  }

  async close(): Promise<void> {
    await this.tidy();
    await this.home.close();
  }
}
