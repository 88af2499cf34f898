import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Stage } from '../demo/stage.js';
import type { RecordedRequest } from '../discord/index.js';
import type { ServerReport } from '../jellyfin/process/report.js';
import type { BehindAct, BehindLine } from './shared.js';

const shownActs = 8;
const shownLines = 60;
/** How long after a call the log and the database are looked at. */
const settleMs = 150;
const longestValue = 60;

interface Group {
  readonly id: string;
  readonly title: string;
  readonly at: number;
  readonly lines: BehindLine[];
}

type Rows = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Writes down what the bot did for each act: its calls, its log lines, and the rows of its database that changed. */
export class Behind {
  readonly #groups: Group[] = [];
  readonly #tables = new Map<string, Rows>();
  #logged = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stage: Pick<Stage, 'bot' | 'folder' | 'discord'>,
    private readonly changed: () => void,
  ) {
    stage.discord.onRequest((request) => this.#ofDiscord(request));
    this.#logged = stage.bot.output().length;
    this.#lookAtDatabase();
  }

  get seen(): readonly BehindAct[] {
    const newest = this.#groups.slice(-shownActs).reverse();
    return newest.map(({ id, title, lines }) => ({ id, title, lines: lines.slice(-shownLines) }));
  }

  /** Somebody does something: what follows is because of it. */
  begins(id: string, title: string): void {
    this.#settle();
    this.#groups.push({ id, title, at: Date.now(), lines: [] });
    this.#soon();
  }

  /** What Jellyfin was asked; calls of the household's own devices are left out. */
  ofJellyfin(report: ServerReport): void {
    for (const { method, path, status, ms, at, agent } of report.calls) {
      if (agent === '') continue;
      this.#add({ from: 'Jellyfin', text: `${method} ${path}`, status, tookMs: ms }, Date.parse(at));
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #ofDiscord({ method, path, status, at }: RecordedRequest): void {
    this.#add({ from: 'Discord', text: `${method} ${readable(path)}`, status, tookMs: Date.now() - at }, at);
  }

  #add(line: Omit<BehindLine, 'afterMs'>, at = Date.now()): void {
    const group = this.#groups.at(-1);
    if (!group) return;
    group.lines.push({ ...line, afterMs: Math.max(0, at - group.at) });
    this.#soon();
  }

  #soon(): void {
    this.changed();
    this.#timer ??= setTimeout(() => this.#settle(), settleMs);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#groups.at(-1)?.lines.length;
    this.#lookAtLog();
    this.#lookAtDatabase();
    if (before !== this.#groups.at(-1)?.lines.length) this.changed();
  }

  #lookAtLog(): void {
    const output = this.stage.bot.output();
    const end = output.lastIndexOf('\n') + 1;
    const lines = output.slice(this.#logged, end).split('\n').filter(Boolean);
    this.#logged = Math.max(this.#logged, end);
    for (const line of lines) this.#note({ from: 'log', text: line });
  }

  #lookAtDatabase(): void {
    const file = join(this.stage.folder, 'latchkey.db');
    if (!existsSync(file)) return;
    const db = new Database(file, { readonly: true });
    try {
      for (const { name } of db.prepare<[], { name: string }>(tablesSql).all()) {
        const rows = new Map(
          db
            .prepare<[], { 'of row': number }>(`SELECT rowid AS "of row", * FROM "${name}"`)
            .all()
            .map((row) => [String(row['of row']), { ...row }]),
        );
        const before = this.#tables.get(name);
        this.#tables.set(name, rows);
        if (before)
          for (const text of differences(before, rows)) this.#note({ from: 'database', text: `${name} ${text}` });
      }
    } catch (error) {
      // The bot may be in the middle of making its tables: they are looked at again with the next call.
      if (!(error instanceof Database.SqliteError)) throw error;
    } finally {
      db.close();
    }
  }

  #note(line: Omit<BehindLine, 'afterMs'>): void {
    const group = this.#groups.at(-1);
    group?.lines.push({ ...line, afterMs: Math.max(0, Date.now() - group.at) });
  }
}

const tablesSql = `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%' AND name NOT LIKE 'sqlite_%'`;

/** A path without the token of its interaction, which is as long as a line. */
function readable(path: string): string {
  return path.replace(/aW50ZXJhY3Rpb24[\w-]+/g, '…');
}

function* differences(before: Rows, after: Rows): Iterable<string> {
  for (const [id, row] of after) {
    const old = before.get(id);
    const { 'of row': _, ...columns } = row;
    const changed = Object.entries(columns).filter(([name, value]) => !old || old[name] !== value);
    if (changed.length === 0) continue;
    yield `${old ? 'changed' : 'new'}: ${changed.map(([name, value]) => `${name} = ${short(value)}`).join(', ')}`;
  }
  for (const [id, row] of before) if (!after.has(id)) yield `gone: ${short(Object.values(row)[1])}`;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
