import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { brandingAfterRestart } from './routes/branding.js';
import { ServerLog } from './store/server-log.js';
import { schemaOf } from './store/schema.js';
import { World, type WorldOptions } from './world.js';

/** The server between start and stop: an open database and what is held in memory, gone and new at each start. */
export class ServerProcess {
  #running: { db: Database.Database; world: World } | undefined;
  #reportedVersion: string | undefined;
  #heldLog: number | undefined;

  constructor(
    private readonly dbPath: string,
    private readonly options: Omit<WorldOptions, 'db'> & { readonly holdsLog: boolean },
  ) {}

  /** Throws while the server is stopped: nothing can be asked of it then. */
  get world(): World {
    if (!this.#running) throw new Error('The loopback Jellyfin is not running');
    return this.#running.world;
  }

  start(): void {
    if (this.#running) return;
    const isNew = !existsSync(this.dbPath);
    this.#log(`Jellyfin version: ${this.options.traits.version}`);
    const db = new Database(this.dbPath);
    db.pragma('synchronous = OFF');
    db.pragma('journal_mode = WAL');
    db.pragma('foreign_keys = ON');
    if (isNew) db.exec(schemaOf(this.options.traits));
    this.options.settings.branding = brandingAfterRestart(this.options.settings);
    const world = new World({ ...this.options, db });
    if (this.#reportedVersion !== undefined) world.reportedVersion = this.#reportedVersion;
    this.#running = { db, world };
  }

  stop(): void {
    this.#running?.db.close();
    this.#running = undefined;
    if (this.#heldLog !== undefined) closeSync(this.#heldLog);
    this.#heldLog = undefined;
  }

  #log(line: string): void {
    const { serverDir, now, settings } = this.options;
    const server = new ServerLog(serverDir, now, () => settings.utcOffsetMinutes);
    const log = openSync(server.path, 'a');
    writeSync(log, server.line('INF', 'Main', line, 1));
    if (!this.options.holdsLog) return closeSync(log);
    // The lock belongs to the open file, so it stays ours when the program that took it is gone.
    spawnSync('flock', ['-xn', '3'], { stdio: ['ignore', 'ignore', 'ignore', log] });
    this.#heldLog = log;
  }

  reportVersion(version: string): void {
    this.#reportedVersion = version;
    if (this.#running) this.#running.world.reportedVersion = version;
  }

  inTransaction(act: (world: World) => void): void {
    const { db, world } = this.#running ?? {};
    if (!db || !world) throw new Error('The loopback Jellyfin is not running');
    db.transaction(() => act(world))();
  }
}
