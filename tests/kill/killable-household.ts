import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { BotProcess } from '../../sandbox/bot-process.js';
import type { Person } from '../../sandbox/discord/index.js';
import { startHousehold, type Household } from '../../sandbox/household.js';
import { callKinds } from './call-kind.js';
import { Gate, type KillPoint } from './gate.js';
import { openApiJudge } from '../support/openapi-judge.js';
import { clockFile, minuteFile, ownProcess, type StartsBot } from './runners.js';
import { until, within } from './until.js';

const ownPassword = 'own-password';
const judge = openApiJudge();

/** A member with an account of their own, locked, whom nothing has happened to yet. */
export interface Subject {
  readonly person: Person;
  readonly account: string;
  readonly password: string;
}

export interface RequestRow {
  readonly id: number;
  readonly state: string;
  readonly kind: string;
  readonly delivery_status: string | null;
  readonly delivery: string | null;
  readonly failure: string | null;
  readonly version: number;
  readonly card_version: number | null;
  readonly origin: string;
}

const isGreeting = (button = '') => /^(link:(not-)?these|status:check:linked-)/.test(button);

/** A household whose bot is in a process of its own, or in one with others, that dies at the calls named, and is started again on the same database. */
export class KillableHousehold {
  kills = 0;
  /** The accounts that members get, one after the other. */
  readonly accounts: readonly string[] = Array.from({ length: 60 }, (_, index) => `child${index}`);
  readonly #violations: string[] = [];
  readonly #bots: BotProcess[] = [];
  #bot: BotProcess | undefined;
  #starting: Promise<BotProcess> | undefined;
  #isClosed = false;
  #db: Database.Database | undefined;
  #subjects = 0;
  #aheadMs = 0;
  #minute = 0;
  /** Whether the bot that runs was told of that minute. */
  #isAsked = false;

  private constructor(
    readonly home: Household,
    readonly gate: Gate,
    private readonly env: Record<string, string>,
    /** Where the bot keeps what it writes. */
    readonly dir: string,
    private readonly runner: StartsBot,
  ) {
    home.discord.onRequest((request) => this.#violations.push(...(judge?.judge(request) ?? [])));
  }

  static async start(
    settings: Readonly<Record<string, string>> = {},
    runner: StartsBot = ownProcess,
  ): Promise<KillableHousehold> {
    const home = await startHousehold();
    const { discord, jellyfin } = home;
    const gate = new Gate(callKinds({ [discord.adminChannelId]: 'admins', [discord.generalChannelId]: 'general' }));
    const dir = await mkdtemp(join(tmpdir(), 'latchkey-kill-'));
    const env = {
      ...home.env(join(dir, 'latchkey.db')),
      DISCORD_API_URL: await gate.doorTo('discord', discord.url),
      JELLYFIN_URL: await gate.doorTo('jellyfin', jellyfin.url),
      ...settings,
    };
    const household = new KillableHousehold(home, gate, env, dir, runner);
    // All at once and before the bot: it looks at the list of accounts every 30 s only.
    for (const account of household.accounts) jellyfin.addUser(account, { password: ownPassword, limit: 3 });
    await household.startsBot();
    return household;
  }

  async startsBot(): Promise<void> {
    if (this.#isClosed) throw new Error('the household is closed');
    this.#isAsked = false;
    this.#starting = this.runner(this.env, this.dir);
    const bot = await this.#starting.catch(async (error: unknown) => {
      await this.close();
      throw error;
    });
    this.#bot = bot;
    this.#bots.push(bot);
    // The look at Jellyfin at a start is none of the calls that somebody's press brings about.
    await until(
      () => this.#isClosed || bot.output().includes('Jellyfin answers') || undefined,
      () => bot.output(),
    );
  }

  /** Moves the clock of a bot that goes by one (`byHand`) forward, and that of all that come after it. */
  async passes(ms: number): Promise<void> {
    this.#aheadMs += ms;
    await writeFile(join(this.dir, clockFile), `${this.#aheadMs}`);
  }

  /** Has a bot whose jobs run `byHand` do what it does every minute; does not wait until that is done. */
  minute(): void {
    this.#minute += 1;
    this.#isAsked = true;
    writeFileSync(join(this.dir, minuteFile), `${this.#minute}`);
    this.#bot?.child.kill('SIGUSR2');
  }

  /** Waits until the bot that runs has done all that it does at its start, and in the minutes that it was told of. */
  async quiet(): Promise<void> {
    const said = (words: string) => this.#bot?.output().includes(`${words}\n`);
    await until(
      () => (said('the start is over') && (!this.#isAsked || said(`minute ${this.#minute} is over`))) || undefined,
      () => `a minute without end\n${this.told()}`,
    );
  }

  /**
   * Runs what somebody does, up to the call at which the bot is killed, and starts the bot again; which may be killed at
   * the next point while it carries on.
   */
  async killed(points: readonly KillPoint[], act: () => Promise<unknown>): Promise<void> {
    let step = act;
    for (const point of points) {
      const dead = this.gate.killAt(point, async () => this.#bot?.kill('SIGKILL'));
      // What is waited for may never come: the bot is dead.
      step().catch(() => undefined);
      const complaint = () =>
        `${this.gate.isReached ? 'reached, but others were not:' : 'never reached:'} ${JSON.stringify(point)}\n${this.told()}`;
      await within(60_000, dead, complaint).finally(() => this.gate.disarm());
      this.kills += 1;
      step = () => this.startsBot();
    }
    await step();
  }

  /**
   * A new member linked to a locked account; or one of the admins, and a locked account that nobody is linked to; or a
   * new member whose account is open, and who is not linked to it.
   */
  async subject(who: 'open' | 'closed' | 'nobody' | 'stranger' = 'open'): Promise<Subject> {
    const { jellyfin, discord, dad } = this.home;
    const account = this.accounts[this.#subjects] ?? '';
    this.#subjects += 1;
    if (who === 'stranger') {
      return { person: discord.addPerson(`Child ${this.#subjects}`), account, password: ownPassword };
    }
    await jellyfin.lock(account);
    if (who === 'nobody') return { person: dad, account, password: ownPassword };
    const person = discord.addPerson(`Child ${this.#subjects}`, { dmsClosed: who === 'closed' });
    const linked = await dad.types('/link', { member: person, user: account });
    const said = await linked.answer();
    if (!/is linked to/.test(said.text)) throw new Error(said.text);
    await this.#readsGreeting(person);
    return { person, account, password: ownPassword };
  }

  /** The greeting is none of the calls that a later press brings about: it is waited for, read and deleted. */
  async #readsGreeting(person: Person): Promise<void> {
    const sql = `SELECT 1 FROM notices WHERE recipient_id = ? AND kind = 'greeting' AND delivery_status <> 'due'`;
    await until(
      () => this.#opened().prepare<[string]>(sql).get(person.id) ?? undefined,
      () => `not greeted\n${this.told()}`,
    );
    const greetings = person.directMessages().filter(({ buttons }) => isGreeting(buttons[0]?.customId));
    for (const { id } of greetings) this.home.discord.deleteMessage(id);
  }

  /** Rows of the bot's own database. */
  rows<T>(sql: string, ...params: readonly (string | number)[]): T[] {
    return this.#opened()
      .prepare<unknown[], T>(sql)
      .all(...params);
  }

  #opened(): Database.Database {
    return (this.#db ??= new Database(this.env['LATCHKEY_DB'] ?? '', { readonly: true }));
  }

  /** The newest request about an account, as the bot has it. */
  request(account: string): RequestRow | undefined {
    const sql = `SELECT requests.*, delivery_status FROM requests
      LEFT JOIN notices ON notices.kind = 'outcome' AND subject_id = CAST(requests.id AS TEXT)
      WHERE account_name = ? ORDER BY requests.id DESC LIMIT 1`;
    return this.#opened().prepare<[string], RequestRow>(sql).get(account);
  }

  /** Waits until the bot has nothing left to do about an account. */
  async settled(account: string): Promise<RequestRow | undefined> {
    const found = await until(
      () => {
        const row = this.request(account);
        return !row || isSettled(row) ? { row } : undefined;
      },
      () => `left unfinished: ${JSON.stringify(this.request(account))}\n${this.told()}`,
    );
    return found.row;
  }

  /** Everything that the bots have written to standard output and standard error. */
  outputs(): string {
    return this.#bots.map((bot) => bot.output()).join('\n');
  }

  /** Asks the bot to end, as systemd does, and waits until it has. */
  async stopsBot(): Promise<void> {
    await this.#bot?.kill('SIGTERM');
  }

  told(): string {
    const calls = this.gate.passed.map(({ method, what, done }) => `${method} ${what}${done ? '' : ' (not done)'}`);
    return `${calls.join('\n')}\n${this.#bot?.output().slice(-3000) ?? ''}`;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#db?.close();
    await this.#bot?.kill('SIGKILL');
    // A test whose time was over may be starting another at this moment.
    await this.#starting?.then(
      (bot) => bot.kill('SIGKILL'),
      () => undefined,
    );
    await this.gate.close();
    await this.home.close();
    await rm(this.dir, { recursive: true, force: true });
    const mistakes = [...this.#violations, ...this.home.discord.mistakes];
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  }
}

function isSettled(row: RequestRow): boolean {
  const waitsForPress = row.state === 'approved' && row.delivery === 'button';
  const cardIsRight = row.origin === 'direct' || row.card_version === row.version;
  return (row.state !== 'approved' || waitsForPress) && row.delivery_status !== 'due' && cardIsRight;
}
