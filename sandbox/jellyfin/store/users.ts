import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Traits } from '../versions.js';
import { newUser, type ServerUser } from './server-user.js';
import { UserRows } from './user-rows.js';

/** The accounts, read from the file at every call or, in the versions that do so, from memory. */
export class Users {
  readonly #rows: UserRows;
  readonly #cache = new Map<string, ServerUser>();

  constructor(
    db: Database,
    private readonly traits: Traits,
  ) {
    this.#rows = new UserRows(db, traits);
    if (traits.cachesUsers) for (const user of this.#rows.readAll()) this.#cache.set(user.id, user);
  }

  byId(id: string): ServerUser | undefined {
    return this.traits.cachesUsers ? this.#cache.get(id) : this.#rows.read(id);
  }

  byName(name: string): ServerUser | undefined {
    if (!this.traits.cachesUsers) return this.#rows.readByName(name);
    const wanted = name.toUpperCase();
    return [...this.#cache.values()].find((user) => user.name.toUpperCase() === wanted);
  }

  /** All accounts, by name without case. */
  all(): ServerUser[] {
    const users = this.traits.cachesUsers ? [...this.#cache.values()] : this.#rows.readAll();
    return users.sort((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1));
  }

  add(name: string): ServerUser {
    const internalId = Math.max(0, ...this.all().map((user) => user.internalId)) + 1;
    return this.addAs(name, internalId);
  }

  /** Adds without looking for the next free number first, which for thousands of accounts in a row would take minutes. */
  addAs(name: string, internalId: number): ServerUser {
    const user = newUser(randomUUID().toUpperCase(), internalId, name, this.traits.newUsersManageLiveTv);
    this.savePolicy(user);
    return user;
  }

  /**
   * Saves counts, dates, password and lock. The versions that lose a lock at a restart write the user's row alone here,
   * so that the file knows nothing of a flag that was set in memory.
   */
  save(user: ServerUser): void {
    if (this.traits.lock === 'stored') this.#rows.writeFlags(user);
    else this.#rows.writeRow(user);
    this.#remember(user);
  }

  /** Saves everything, as a policy write does. */
  savePolicy(user: ServerUser): void {
    this.#rows.writeWhole(user);
    this.#remember(user);
  }

  delete(id: string): void {
    this.#rows.delete(id);
    this.#cache.delete(id);
  }

  #remember(user: ServerUser): void {
    if (this.traits.cachesUsers) this.#cache.set(user.id, user);
  }
}
