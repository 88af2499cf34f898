import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { botProgram, startBotProcess, type BotProcess } from '../../sandbox/bot-process.js';
import type { Person } from '../../sandbox/discord/index.js';
import { startHousehold, type Household } from '../../sandbox/household.js';
import { callKinds } from './call-kind.js';
import { Gate, type KillPoint } from './gate.js';
import { openApiJudge } from '../support/openapi-judge.js';
import { until } from './until.js';

const ownPassword = 'own-password';

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
  readonly word: string | null;
  readonly delivery: string | null;
  readonly failure: string | null;
  readonly version: number;
  readonly card_version: number | null;
  readonly wants_card: number;
}

/** A household whose bot is a process of its own that dies at the calls named, and is started again on the same database. */
export class KillableHousehold {
  kills = 0;
  /** The accounts that members get, one after the other. */
  readonly accounts: readonly string[] = Array.from({ length: 60 }, (_, index) => `child${index}`);
  readonly #violations: string[] = [];
  #bot: BotProcess | undefined;
  #db: Database.Database | undefined;
  #subjects = 0;

  private constructor(
    readonly home: Household,
    readonly gate: Gate,
    private readonly env: Record<string, string>,
    private readonly dir: string,
  ) {
    const judge = openApiJudge();
    home.discord.onRequest((request) => this.#violations.push(...(judge?.judge(request) ?? [])));
  }

  static async start(): Promise<KillableHousehold> {
    const home = await startHousehold();
    const { discord, jellyfin } = home;
    const gate = new Gate(callKinds({ [discord.adminChannelId]: 'admins', [discord.generalChannelId]: 'general' }));
    const dir = await mkdtemp(join(tmpdir(), 'latchkey-kill-'));
    const env = {
      ...home.env(join(dir, 'latchkey.db')),
      DISCORD_API_URL: await gate.doorTo('discord', discord.url),
      JELLYFIN_URL: await gate.doorTo('jellyfin', jellyfin.url),
    };
    const household = new KillableHousehold(home, gate, env, dir);
    // All at once and before the bot: it looks at the list of accounts every 30 s only.
    for (const account of household.accounts) jellyfin.addUser(account, { password: ownPassword, limit: 3 });
    await household.startsBot();
    return household;
  }

  async startsBot(): Promise<void> {
    const bot = await startBotProcess(resolve(botProgram), this.env, this.dir).catch(async (error: unknown) => {
      await this.close();
      throw error;
    });
    this.#bot = bot;
    // The look at Jellyfin at a start is none of the calls that somebody's press brings about.
    await until(
      () => bot.output().includes('Jellyfin answers') || undefined,
      () => bot.output(),
    );
  }

  /** Runs what somebody does, up to the call at which the bot is killed, and starts the bot again. */
  async killed(point: KillPoint, act: () => Promise<unknown>): Promise<void> {
    const dead = this.gate.killAt(point, async () => this.#bot?.kill('SIGKILL'));
    // What the person waits for may never come: the bot is dead.
    const acted = act().catch(() => undefined);
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`never reached: ${JSON.stringify(point)}\n${this.told()}`)), 8000).unref();
    });
    await Promise.race([dead, late]).finally(() => this.gate.disarm());
    this.kills += 1;
    await this.startsBot();
    void acted;
  }

  /** A new member, linked to a new locked account. */
  async subject(dms: 'open' | 'closed' = 'open'): Promise<Subject> {
    this.#subjects += 1;
    const account = this.accounts[this.#subjects] ?? '';
    const person = this.home.discord.addPerson(`Child ${this.#subjects}`, { dmsClosed: dms === 'closed' });
    const linked = await this.home.dad.types('/link', { member: person, user: account });
    const said = await linked.answer();
    if (!/is linked to/.test(said.text)) throw new Error(said.text);
    await this.home.jellyfin.lock(account);
    return { person, account, password: ownPassword };
  }

  /** The newest request about an account, as the bot has it. */
  request(account: string): RequestRow | undefined {
    this.#db ??= new Database(this.env['LATCHKEY_DB'] ?? '', { readonly: true });
    const sql = 'SELECT * FROM requests WHERE account_name = ? ORDER BY id DESC LIMIT 1';
    return this.#db.prepare<[string], RequestRow>(sql).get(account);
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

  told(): string {
    const calls = this.gate.passed.map(({ method, what, done }) => `${method} ${what}${done ? '' : ' (not done)'}`);
    return `${calls.join('\n')}\n${this.#bot?.output().slice(-3000) ?? ''}`;
  }

  async close(): Promise<void> {
    this.#db?.close();
    await this.#bot?.kill('SIGKILL');
    await this.gate.close();
    await this.home.close();
    await rm(this.dir, { recursive: true, force: true });
    const mistakes = [...this.#violations, ...this.home.discord.mistakes];
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  }
}

function isSettled(row: RequestRow): boolean {
  const waitsForPress = row.state === 'approved' && row.delivery === 'button';
  const cardIsRight = row.wants_card === 0 || row.card_version === row.version;
  return (row.state !== 'approved' || waitsForPress) && row.word !== 'due' && cardIsRight;
}
