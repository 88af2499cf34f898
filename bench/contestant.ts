import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBotProcess, type BotProcess } from '../sandbox/bot-process.js';
import type { Person } from '../sandbox/discord/index.js';
import { startHousehold, type Household } from '../sandbox/household.js';
import { AckClock } from './ack-clock.js';

const programs = {
  // As `npm start` and the service files run it: plain node.
  bot: fileURLToPath(new URL('../../dist/index.js', import.meta.url)),
  echo: fileURLToPath(new URL('./echo-bot.js', import.meta.url)),
};

const commandLine = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A bot to be measured, with a household of its own that outlives its restarts. */
export class Contestant {
  readonly clock: AckClock;
  #process: BotProcess | undefined;

  private constructor(
    private readonly program: { readonly path: string; readonly settings: Readonly<Record<string, string>> },
    readonly household: Household,
    private readonly folder: string,
  ) {
    this.clock = new AckClock(household.discord);
  }

  /** `settings` come on top of the household's own. */
  static async enter(
    which: keyof typeof programs,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Contestant> {
    const household = await startHousehold();
    return new Contestant(
      { path: programs[which], settings },
      household,
      mkdtempSync(join(tmpdir(), 'latchkey-bench-')),
    );
  }

  /** Starts the bot; milliseconds from the making of the process until it says that it is ready. */
  async start(): Promise<number> {
    const begin = performance.now();
    this.#process = await startBotProcess(this.program.path, this.#env(), this.folder);
    return performance.now() - begin;
  }

  /** What of its memory is resident, in MiB; Linux only. */
  residentMiB(): number {
    const status = readFileSync(`/proc/${this.#process?.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** Links a member to an account the way an admin does. */
  async links(member: Person, account: string): Promise<void> {
    await (await this.household.dad.types('/link', { member, user: account })).answer();
  }

  /** Links somebody to an administrator's account, which can be done on the command line only. */
  async linksAdministrator(member: Person, account: string): Promise<void> {
    const env = { PATH: process.env.PATH, ...this.#env() };
    // Discord is in this process, and has to answer meanwhile.
    const child = spawn(process.execPath, [commandLine, 'link', member.id, account], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`not linked: ${code}`);
  }

  #env(): Record<string, string> {
    return { ...this.household.env(join(this.folder, 'latchkey.db')), ...this.program.settings };
  }

  async stop(): Promise<void> {
    await this.#process?.kill('SIGTERM');
    this.#process = undefined;
  }

  async leave(): Promise<void> {
    await this.#process?.kill('SIGKILL');
    await this.household.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
