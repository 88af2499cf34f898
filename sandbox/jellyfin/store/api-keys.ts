import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { toDbDate } from './formats.js';

interface ServerApiKey {
  name: string;
  token: string;
  created: string;
}

export class ApiKeys {
  readonly #add: Statement<[string, string, string]>;
  readonly #all: Statement<[], ServerApiKey>;
  readonly #byToken: Statement<[string], ServerApiKey>;
  readonly #delete: Statement<[string]>;

  constructor(db: Database) {
    const select = 'SELECT Name AS name, AccessToken AS token, DateCreated AS created FROM ApiKeys';
    this.#add = db.prepare(
      `INSERT INTO ApiKeys (DateCreated, DateLastActivity, Name, AccessToken) VALUES (?, '0001-01-01 00:00:00', ?, ?)`,
    );
    this.#all = db.prepare(`${select} ORDER BY Id`);
    this.#byToken = db.prepare(`${select} WHERE AccessToken = ?`);
    this.#delete = db.prepare('DELETE FROM ApiKeys WHERE AccessToken = ?');
  }

  add(name: string, at: Date): string {
    const token = randomBytes(16).toString('hex');
    this.#add.run(toDbDate(at), name, token);
    return token;
  }

  all(): ServerApiKey[] {
    return this.#all.all();
  }

  byToken(token: string): ServerApiKey | undefined {
    return this.#byToken.get(token);
  }

  delete(token: string): void {
    this.#delete.run(token);
  }
}
