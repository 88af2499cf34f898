import type { Database } from 'better-sqlite3';
import type { MessageRef } from '../services/notices/messenger-port.js';
import type { Transaction } from '../services/transaction.js';

type Scalar = 'boolean' | 'text' | 'text?' | 'integer' | 'integer?' | 'json' | 'json?' | 'message?';

/** What a column holds for a property of this type; with `?` it may be NULL, which is undefined in the object. */
type Kind<V> = [V] extends [boolean]
  ? 'boolean'
  : [V] extends [string]
    ? 'text'
    : [V] extends [number]
      ? 'integer'
      : undefined extends V
        ? OptionalKind<Exclude<V, undefined>>
        : 'json';
type OptionalKind<V> = [V] extends [string]
  ? 'text?'
  : [V] extends [number]
    ? 'integer?'
    : [V] extends [MessageRef]
      ? 'message?'
      : 'json?';

/**
 * The kind of each property. Its column has the property's name in snake_case, or else the SQL beside the kind is read.
 * A `message?` is two columns, `…_channel_id` and `…_message_id`: what stands before them is the property's name, or the
 * text beside the kind.
 */
type Columns<T> = { readonly [K in keyof T]-?: Kind<T[K]> | readonly [kind: Kind<T[K]>, sql: string] };

type Value = string | number | null;
type Row = Readonly<Record<string, Value | undefined>>;

interface Property {
  readonly key: string;
  readonly kind: Scalar;
  /** As they are called in a row. */
  readonly columns: readonly [string, string?];
  /** Undefined where its columns are the table's own. */
  readonly sql: string | undefined;
}

/** Says once how a table's rows become the objects of a service. */
export class Table<T> {
  readonly properties: readonly Property[];
  /** For SELECT and RETURNING. */
  readonly columns: string;
  readonly #nulls: Row;

  constructor(
    readonly name: string,
    columns: Columns<T>,
  ) {
    const kinds = Object.entries<Scalar | readonly [Scalar, string]>(columns);
    this.properties = kinds.map(([key, kind]) =>
      typeof kind === 'string' ? property(key, kind) : property(key, ...kind),
    );
    this.columns = this.properties
      .map(({ columns: [first, second], sql }) => (sql === undefined ? [first, second] : [`(${sql}) AS "${first}"`]))
      .flatMap((names) => names.filter((name) => name !== undefined))
      .join(', ');
    this.#nulls = Object.fromEntries(
      this.properties.filter(({ kind }) => kind.endsWith('?')).map(({ key }) => [key, null]),
    );
  }

  /**
   * Prepares statements. `?1`, `?2`, … are the parameters in their order, `@name` the properties of a single object, in
   * which the table's optional ones may be missing.
   */
  statements(db: Database) {
    const select = `SELECT ${this.columns} FROM ${this.name}`;
    const returning = ` RETURNING ${this.columns}`;
    const rows = <P extends unknown[]>(sql: string) => {
      const statement = whenUsed(() => db.prepare<[Row], Row>(sql));
      return (...params: P) =>
        statement()
          .all(toBindings(params, this.#nulls))
          .map((row) => this.#toObject(row));
    };
    // Not `get()`: it does not see that the disk was full when a change was committed.
    const row = <P extends unknown[]>(sql: string) => {
      const found = rows<P>(sql);
      return (...params: P) => found(...params)[0];
    };
    return {
      ...statements(db, this.#nulls),
      /** The objects that a condition fits. */
      all: <P extends unknown[]>(where: string) => rows<P>(`${select} ${where}`),
      /** The first of them. */
      find: <P extends unknown[]>(where: string) => row<P>(`${select} ${where}`),
      /** Changes a row, and reads it back; undefined where there was none to change. */
      change: <P extends unknown[]>(sql: string) => row<P>(sql + returning),
      changeAll: <P extends unknown[]>(sql: string) => rows<P>(sql + returning),
      /** Adds a row, and reads it back. */
      insert: <P extends unknown[]>(sql: string) => {
        const insert = row<P>(sql + returning);
        return (...params: P): T => {
          const made = insert(...params);
          if (made === undefined) throw new Error(`nothing was added to ${this.name}`);
          return made;
        };
      },
    };
  }

  #toObject(row: Row): T {
    const object: Record<string, unknown> = {};
    for (const { key, kind, columns } of this.properties) {
      const value = row[columns[0]];
      if (kind === 'boolean') object[key] = value === 1;
      else if (value === undefined || value === null) object[key] = undefined;
      else if (kind === 'json' || kind === 'json?') object[key] = JSON.parse(`${value}`);
      else if (columns[1] === undefined) object[key] = value;
      else object[key] = row[columns[1]] === null ? undefined : { channelId: value, messageId: row[columns[1]] };
    }
    return object as T;
  }
}

/** Keeps all that a piece of work writes, or, where it throws or the process is killed, none of it. */
export const transactionOn =
  (db: Database): Transaction =>
  (work) =>
    db.transaction(work).immediate();

/** Prepares statements that give back no objects of a table; their parameters are those of `Table.statements`. */
export function statements(db: Database, nulls: Row = {}) {
  const prepared = (sql: string) => whenUsed(() => db.prepare<[Row]>(sql));
  const plucked = <V>(sql: string) => whenUsed(() => db.prepare<[Row], V>(sql).pluck());
  return {
    /** How many rows were changed. */
    run: <P extends unknown[]>(sql: string) => {
      const statement = prepared(sql);
      return (...params: P): number => statement().run(toBindings(params, nulls)).changes;
    },
    /** Whether a row was changed. */
    changes: <P extends unknown[]>(sql: string) => {
      const statement = prepared(sql);
      return (...params: P): boolean => statement().run(toBindings(params, nulls)).changes > 0;
    },
    /** Whether a row is found. */
    exists: <P extends unknown[]>(sql: string) => {
      const statement = prepared(sql);
      return (...params: P): boolean => statement().get(toBindings(params, nulls)) !== undefined;
    },
    /** The first column of the first row. */
    value: <V, P extends unknown[] = []>(sql: string) => {
      const statement = plucked<V>(sql);
      return (...params: P): V | undefined => statement().get(toBindings(params, nulls));
    },
    /** The first column of each row. */
    values: <V, P extends unknown[] = []>(sql: string) => {
      const statement = plucked<V>(sql);
      return (...params: P): V[] => statement().all(toBindings(params, nulls));
    },
  };
}

function property(key: string, kind: Scalar, sql?: string): Property {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (kind !== 'message?') return { key, kind, columns: [sql === undefined ? snake : key], sql };
  const prefix = sql ?? `${snake}_`;
  return { key, kind, columns: [`${prefix}channel_id`, `${prefix}message_id`], sql: undefined };
}

/** Undefined is NULL, a boolean 0 or 1, an object JSON, of which SQL takes a part with `->>`. */
function toBindings(params: readonly unknown[], nulls: Row): Row {
  const [first] = params;
  const isNamed = params.length === 1 && typeof first === 'object' && first !== null;
  const given: object = isNamed ? first : { ...[undefined, ...params] };
  const bindings: Record<string, Value | undefined> = { ...nulls };
  for (const [key, value] of Object.entries<unknown>({ ...given })) {
    if (typeof value === 'string' || typeof value === 'number') bindings[key] = value;
    else if (value === undefined || value === null) bindings[key] = null;
    else bindings[key] = typeof value === 'boolean' ? Number(value) : JSON.stringify(value);
  }
  return bindings;
}

/** Prepares a statement at its first use: of the two hundred that there are, a start needs a tenth. */
function whenUsed<T>(prepare: () => T): () => T {
  let statement: T | undefined;
  return () => (statement ??= prepare());
}
