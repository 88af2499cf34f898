import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Owner } from '../as-owner.js';
import { digestOf, RepairRefusal } from '../db/jellyfin-db/index.js';
import { readSmallFile } from '../small-file.js';
import { writeDurably } from '../sync-folder.js';
import { removeDurably } from './files.js';
import type { Database } from './admission.js';

/** How far a repair has got; each stage is written down before the next step is taken. */
const stages = ['begun', 'stopping', 'stopped', 'copied', 'changing', 'changed'] as const;
type Stage = (typeof stages)[number];

/** Told to people as whose rescue it is; Jellyfin takes no name with one of these, which a command would need. */
const accountName = v.pipe(v.string(), v.maxLength(300), v.regex(/^[^\p{Cc}|;&$<>`\\/:]*$/u));
const time = v.pipe(v.number(), v.safeInteger(), v.maxValue(8.64e15));

/** Whoever owns the folder can write one: there is nothing in it that is run, or told to people as something to do. */
const record = v.object({
  version: v.literal(1),
  /** `alone`: in the copy no other name differs from this one in case only. */
  account: v.optional(v.object({ id: v.optional(v.string()), name: accountName, alone: v.optional(v.boolean()) })),
  startedAt: time,
  stage: v.picklist(stages),
  stoppedByUs: v.boolean(),
  /** Whether the server was seen among the processes that the repair could see, before it was stopped. */
  isInSight: v.optional(v.boolean()),
  /** Where the copy is, or is going to be. */
  copy: v.optional(v.pipe(v.string(), v.regex(/\.latchkey-copy-\d{8}T\d{6}Z$/))),
  /** The key and the stored password in full only until the end: a rerun must not make others. */
  key: v.optional(v.pipe(v.string(), v.regex(/^[\da-f]{32}$/))),
  passwordHash: v.optional(v.string()),
  keyDigest: v.optional(v.string()),
});
export type RepairRecord = v.InferOutput<typeof record>;

/** Where the record of a repair that is under way lies. */
export const recordPath = (db: string) => `${db}.latchkey.json`;

/** Whether the repair had got so far that the file may be as after. */
export const mayBeChanged = ({ stage }: RepairRecord): boolean => stage === 'changing' || stage === 'changed';

/**
 * The record in this file, if it is by root or by `owner`, whose jellyfin.db it is about. Its files lie beside it,
 * whatever folder it says. Throws RepairRefusal `recordUnreadable`.
 */
export function readRecord(file: string, owner: Pick<Owner, 'uid'>): RepairRecord | undefined {
  if (!existsSync(file)) return undefined;
  const beside = (path: string | undefined) => (path === undefined ? path : join(dirname(file), basename(path)));
  try {
    const { text, uid } = readSmallFile(file);
    if (uid !== owner.uid && uid !== 0) throw new Error(`${file} is the user ${uid}'s`);
    const found = v.parse(record, JSON.parse(text));
    return { ...found, copy: beside(found.copy) };
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

  /** The one that is there. */
  static goOn(db: Database, found: RepairRecord): DurableRecord {
    return new DurableRecord(db, found);
  }

  /** A new one, or in the place of one that is given up: nobody else writes it while the lock is held. */
  static begin(db: Database, value: RepairRecord): DurableRecord {
    writeDurably(recordPath(db.path), toText(value));
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
    writeDurably(recordPath(this.db.path), toText(this.#value));
  }

  /** Keeps the record under the time of its beginning, and ends the one in hand. */
  finish(): void {
    writeDurably(this.#finishedPath(), toText(withoutSecrets(this.#value)));
    // Only then is the one in hand taken away: cut short before that, the next run needs the key to go on with it.
    removeDurably([recordPath(this.db.path)]);
  }

  /** By the time of its beginning, or the next second that no other repair has: the same one however often it is asked for. */
  #finishedPath(): string {
    const { startedAt } = this.#value;
    for (let time = startedAt; ; time += 1000) {
      const file = finishedPath(this.db.path, new Date(time));
      if (!existsSync(file) || readRecord(file, this.db)?.startedAt === startedAt) return file;
    }
  }
}

/** As it is kept: without the stored password, and with the digest of the key. */
function withoutSecrets({ key, passwordHash: _password, ...rest }: RepairRecord): RepairRecord {
  return { ...rest, ...(key !== undefined && { keyDigest: digestOf(key) }) };
}

const toText = (value: RepairRecord) => `${JSON.stringify(value, null, 2)}\n`;

/** A time that a file name can hold and that sorts. */
export const stamp = (time: Date) => time.toISOString().replace(/[-:]|\.\d+/g, '');

const finishedPath = (db: string, time: Date) => `${db}.latchkey-${stamp(time)}.json`;

/** The records of finished repairs. */
function finishedRecords(db: string): string[] {
  const start = `${basename(db)}.latchkey-`;
  const found = readdirSync(dirname(db)).filter((name) => name.startsWith(start) && /-\d{8}T\d{6}Z\.json$/.test(name));
  return found.map((name) => join(dirname(db), name));
}

/** Whether a repair that ended since `sinceMs` has put another key than this one into the file; false where that cannot be read. */
export function addedOtherKey(db: Pick<Database, 'path' | 'uid'>, sinceMs: number, key: string): boolean {
  try {
    return finishedRecords(db.path)
      .filter((file) => statSync(file).mtimeMs >= sinceMs)
      .some((file) => {
        const digest = readRecord(file, db)?.keyDigest;
        return digest !== undefined && digest !== digestOf(key);
      });
  } catch {
    return false;
  }
}
