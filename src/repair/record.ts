import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { digestOf, RepairRefusal } from '../db/jellyfin-db/index.js';
import { removeDurably, sync, writeDurably } from './files.js';
import type { Database } from './who.js';

const cell = v.union([v.string(), v.number(), v.null()]);

const before = v.object({
  guid: v.string(),
  count: v.number(),
  disabled: v.nullable(v.object({ rowId: v.number(), value: v.number() })),
  password: v.nullable(v.string()),
  devices: v.pipe(v.array(v.pipe(v.record(v.string(), cell), v.readonly())), v.readonly()),
});

/** How far a repair has got; each stage is written down before the next step is taken. */
const stages = ['begun', 'stopping', 'stopped', 'copied', 'changing', 'changed'] as const;
export type Stage = (typeof stages)[number];

const record = v.object({
  version: v.literal(1),
  act: v.picklist(['repair', 'undo']),
  account: v.optional(v.object({ id: v.optional(v.string()), name: v.string() })),
  startedAt: v.number(),
  stage: v.picklist(stages),
  stoppedByUs: v.boolean(),
  startCommand: v.optional(v.array(v.string())),
  /** Where the copy is, or is going to be. */
  copy: v.optional(v.string()),
  before: v.optional(before),
  /** The key and the stored password in full only until the end: a rerun must not make others. */
  key: v.optional(v.string()),
  passwordHash: v.optional(v.string()),
  keyDigest: v.optional(v.string()),
  passwordDigest: v.optional(v.string()),
  /** For an undo: the finished record that is taken back. */
  of: v.optional(v.string()),
});
export type RepairRecord = v.InferOutput<typeof record>;

export const recordPath = (db: string) => `${db}.latchkey.json`;

/** The record of a repair that was not ended. Throws RepairRefusal `recordUnreadable`. */
export function readRecord(file: string): RepairRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return v.parse(record, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new RepairRefusal('recordUnreadable', { file }, { cause: error });
  }
}

/** The record of the repair in hand: written before every step, so that the next run knows where to go on. */
export class DurableRecord {
  #value: RepairRecord;

  private constructor(
    private readonly db: Database,
    value: RepairRecord,
  ) {
    this.#value = value;
  }

  /** The one that is there, or a new one. */
  static open(db: Database, fresh: () => RepairRecord): DurableRecord {
    const file = recordPath(db.path);
    const found = readRecord(file);
    if (found) return new DurableRecord(db, found);
    const value = fresh();
    // Nobody else makes one meanwhile: see lock.ts.
    writeDurably(file, toText(value), db);
    return new DurableRecord(db, value);
  }

  get value(): RepairRecord {
    return this.#value;
  }

  has(stage: Stage): boolean {
    return stages.indexOf(this.#value.stage) >= stages.indexOf(stage);
  }

  update(change: Partial<RepairRecord>): void {
    this.#value = { ...this.#value, ...change };
    writeDurably(recordPath(this.db.path), toText(this.#value), this.db);
  }

  /**
   * Keeps it under the time of its beginning, without what must not be kept; `undo` reads it there. The record with all
   * that is in it goes last: killed in between, the next run still knows the key, and comes to the same name.
   */
  finish(): void {
    const { key, passwordHash, ...rest } = this.#value;
    const digests = {
      ...(key !== undefined && { keyDigest: digestOf(key) }),
      ...(passwordHash !== undefined && { passwordDigest: digestOf(passwordHash) }),
    };
    const file = finishedPath(this.db.path, stamp(new Date(rest.startedAt)));
    writeDurably(file, toText({ ...rest, ...digests }), this.db);
    removeDurably([recordPath(this.db.path)]);
  }
}

const toText = (value: RepairRecord) => `${JSON.stringify(value, null, 2)}\n`;

/** A time that a file name can hold and that sorts. */
export const stamp = (time: Date) => time.toISOString().replace(/[-:]|\.\d+/g, '');

const finishedPath = (db: string, stamped: string) => `${db}.latchkey-${stamped}.json`;
const undonePath = (finished: string) => finished.replace(/\.json$/, '.undone.json');

/** The first time from this one on for which no such file is there: names tell seconds, and two rescues may share one. */
export function firstFree(time: number, names: (stamped: string) => readonly string[]): number {
  let at = time;
  while (names(stamp(new Date(at))).some((name) => existsSync(name))) at += 1000;
  return at;
}

/** When a record is to say that it was begun: it is going to be kept under that time. */
export function freeStart(db: string, now: number): number {
  return firstFree(now, (stamped) => [finishedPath(db, stamped), undonePath(finishedPath(db, stamped))]);
}

/** The newest finished repair that was not taken back. */
export function lastFinished(db: string): string | undefined {
  const start = `${basename(db)}.latchkey-`;
  const found = readdirSync(dirname(db)).filter((name) => name.startsWith(start) && /-\d{8}T\d{6}Z\.json$/.test(name));
  const last = found.sort().at(-1);
  return last === undefined ? undefined : join(dirname(db), last);
}

/** Marks a finished record as taken back. */
export function markUndone(file: string): void {
  if (existsSync(file)) renameSync(file, undonePath(file));
  sync(dirname(file));
}
