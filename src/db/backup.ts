import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { syncFolder } from '../sync-folder.js';

const kept = 7;
const pagesAtOnce = 100;
const copyName = /^latchkey-\d{4}-\d{2}-\d{2}\.db$/;

export interface Copy {
  readonly file: string;
  readonly bytes: number;
  /** Names of the copies that were removed because newer ones are enough. */
  readonly removed: string[];
  readonly ms: number;
}

/** Copies of a database in the folder `backups` beside it: one a day, the newest seven kept. */
export class DatabaseBackups {
  readonly #folder: string;

  constructor(
    private readonly db: Database.Database,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.#folder = join(dirname(db.name), 'backups');
  }

  /**
   * Copies in steps, so that the bot can work meanwhile, and under another name until the copy is checked and on the disk:
   * a file with the final name is a good copy, and the whole database (no `-wal` belongs to it).
   * Throws when no good copy was made; no older copy is removed then.
   */
  async copy(): Promise<Copy> {
    const started = performance.now();
    const name = `latchkey-${localDate(this.now())}.db`;
    const file = join(this.#folder, name);
    const part = `${file}.part`;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    removeParts(this.#folder);
    try {
      await this.db.backup(part, { progress: () => pagesAtOnce });
      check(part);
      renameSync(part, file);
      syncFolder(this.#folder);
    } catch (error) {
      removeParts(this.#folder);
      throw error;
    }
    return {
      file,
      bytes: statSync(file).size,
      removed: this.#removeOld(name),
      ms: Math.round(performance.now() - started),
    };
  }

  #removeOld(justMade: string): string[] {
    const others = readdirSync(this.#folder).filter((name) => copyName.test(name) && name !== justMade);
    // Sorted by name, which is by day; the copy just made counts as newest even when the clock was put back.
    const removed = others
      .sort()
      .reverse()
      .slice(kept - 1);
    for (const name of removed) rmSync(join(this.#folder, name));
    return removed;
  }
}

/** Leaving WAL mode makes the copy one single file, and SQLite syncs it to the disk. */
function check(file: string): void {
  const copy = new Database(file, { fileMustExist: true });
  try {
    copy.pragma('synchronous = FULL');
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(String(found));
  } catch (error) {
    // Damage is found as a row or as an error of the check itself.
    throw new Error('the database is damaged: its copy was not kept, the older ones stay', { cause: error });
  } finally {
    copy.close();
  }
}

function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.part(-journal|-wal|-shm)?$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}

function localDate(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
