import { startJellyfin, type Jellyfin as LoopbackJellyfin, type NewAccount } from '../../sandbox/jellyfin/index.js';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { createJellyfin } from '../../src/jellyfin/create-jellyfin.js';
import type { Events } from '../../src/services/events.js';
import type { Log } from '../../src/services/log.js';
import { Secret } from '../../src/secret.js';
import type { Jellyfin } from '../../src/services/accounts/jellyfin-port.js';

/** What the adapter had to say for itself. */
export class Notes implements Pick<Log, 'warn'> {
  readonly lines: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];

  warn(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.lines.push({ fields, message });
  }
}

export interface House {
  readonly server: LoopbackJellyfin;
  readonly jellyfin: Jellyfin;
  readonly notes: Notes;
  /** What was asked of the server since the last time: method and path without ids and query. */
  asked(): string[];
  id(name: string): string;
}

interface HouseOptions {
  version?: string;
  users?: readonly NewAccount[];
  timeoutMs?: number;
  basePath?: string;
  events?: Events;
}

export const versions = ['10.10.7', '10.11.8', '10.11.11', '12.0'];

const houses: House[] = [];

/** A loopback Jellyfin and the adapter that talks to it. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const { version = '10.11.8', users = [{ name: 'maya', password: 'old', limit: 3 }], basePath } = options;
  const server = await startJellyfin({ version, users, ...(basePath === undefined ? {} : { basePath }) });
  const notes = new Notes();
  const { timeoutMs = 20_000, events } = options;
  const connection = { url: server.url, keys: { current: new Secret(server.apiKey) }, timeoutMs, log: notes };
  const { jellyfin } = createJellyfin({ ...connection, ...(events && { events }) });
  let seen = 0;
  const house: House = {
    server,
    jellyfin,
    notes,
    asked: () => {
      const calls = server.calls.slice(seen).map(({ method, path }) => `${method} ${plain(path)}`);
      seen = server.calls.length;
      return calls;
    },
    id: (name) => server.user(name).Id,
  };
  houses.push(house);
  return house;
}

export async function closeHouses(): Promise<void> {
  await Promise.all(houses.splice(0).map(({ server }) => server.close()));
}

export function adapter(url: string, key: string, timeoutMs = 20_000, log: Pick<Log, 'warn'> = new Notes()): Jellyfin {
  return createJellyfin({ url, keys: { current: new Secret(key) }, timeoutMs, log }).jellyfin;
}

/** The AppError that a promise fails with; fails the test when it does not, or with something else. */
export async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => new Error('nothing went wrong'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw error;
  return error;
}

export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  return (await errorOf(promise)).code;
}

function plain(path: string): string {
  return path.replace(/\?.*$/, '').replace(/[0-9a-f]{32}/, '{id}');
}
