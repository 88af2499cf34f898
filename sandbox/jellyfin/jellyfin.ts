import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './ask.js';
import { CallLog, type RecordedCall } from './calls.js';
import { defaultConfiguration } from './configuration.js';
import { proxyAnswer, startingAnswer, type ProxyFace, type StartingFace } from './faces.js';
import { Faults } from './faults.js';
import type { Answer } from './http/answers.js';
import { callerOf, clientOf, tokenOf } from './http/authorization.js';
import { addressOf, Query, type Caller } from './http/call.js';
import { Listener } from './http/listener.js';
import { dispatch, type Route } from './http/router.js';
import { userAnswer, type UserAnswer } from './http/user-answer.js';
import { firstAdministrator } from './rules/first-administrator.js';
import { changePassword } from './rules/passwords.js';
import { people, type NewAccount } from './people.js';
import { routesOf } from './routes/all.js';
import { ServerProcess } from './server-process.js';
import { deviceHeader } from './device-header.js';
import { stableId, type ServerSettings } from './world.js';
import { traitsOf } from './versions.js';

export interface JellyfinOptions {
  /** `10.10.7`, `10.11.8`, `10.11.11` or `12.0`: what it behaves like. */
  version: string;
  /** The server folder; a temporary one, removed on close, when left out. */
  dir?: string;
  /** Made beside the administrator `root`. */
  users?: readonly NewAccount[];
  basePath?: string;
  /** The server's clock, for tests of things that take hours. */
  now?: () => Date;
  /** A real server takes 210,000, which costs 0.1 s a try; the default makes a test of ten tries bearable. */
  hashIterations?: number;
  /** Starts as a fresh server whose wizard nobody has been through: no root, no key. */
  beforeWizard?: boolean;
  /** How long a restart over HTTP keeps the server away. */
  restartMs?: number;
}

export const rootPassword = 'root-password';
const defaultHashIterations = 1000;

/** Starts a loopback Jellyfin on a free port of 127.0.0.1, with the administrator `root` and an API key. */
export async function startJellyfin(options: JellyfinOptions): Promise<Jellyfin> {
  const jellyfin = new Jellyfin(options);
  await jellyfin.start();
  if (!options.beforeWizard) jellyfin.setUp();
  for (const user of options.users ?? []) jellyfin.addUser(user.name, user);
  return jellyfin;
}

/** A Jellyfin server of one version, as far as accounts go, with handles for what tests need. */
export class Jellyfin {
  readonly serverDir: string;
  readonly dbPath: string;
  readonly faults = new Faults();
  /** The key that `setUp` made, named Latchkey. */
  apiKey = '';
  readonly #log = new CallLog();
  readonly #listener: Listener;
  readonly #process: ServerProcess;
  readonly #options: JellyfinOptions;
  readonly #routes: readonly Route[];
  #settled: Promise<void> = Promise.resolve();
  #starting: StartingFace = 'real';
  #proxy: ProxyFace = 'none';

  constructor(options: JellyfinOptions) {
    this.#options = options;
    this.serverDir = options.dir ?? mkdtempSync(join(tmpdir(), 'loopback-jellyfin-'));
    this.dbPath = join(this.serverDir, 'data', 'jellyfin.db');
    for (const folder of ['data', 'log']) mkdirSync(join(this.serverDir, folder), { recursive: true });
    this.#listener = new Listener((...args) => this.#respond(...args), this.faults, this.#log, options.basePath ?? '');
    const traits = traitsOf(options.version);
    this.#routes = routesOf(traits);
    const settings: ServerSettings = {
      serverName: 'loopback',
      serverId: stableId(this.serverDir),
      wizardCompleted: false,
      configuration: defaultConfiguration(traits),
    };
    this.#process = new ServerProcess(this.dbPath, {
      traits,
      settings,
      serverDir: this.serverDir,
      now: options.now ?? (() => new Date()),
      hashIterations: options.hashIterations ?? defaultHashIterations,
      address: () => `http://127.0.0.1:${this.#listener.port}`,
      control: {
        shutdown: (answered) => {
          this.#settled = answered.then(() => this.shutdown());
        },
        restart: (answered) => {
          this.#settled = answered.then(() => this.restart());
        },
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.port}${this.#options.basePath ?? ''}`;
  }

  get calls(): readonly RecordedCall[] {
    return this.#log.calls;
  }

  onCall(listener: (call: RecordedCall) => void): () => void {
    return this.#log.onCall(listener);
  }

  /** Completes the wizard: the administrator `root` and the API key. */
  setUp(): void {
    const { world } = this.#process;
    changePassword(world, firstAdministrator(world), rootPassword);
    world.settings.wizardCompleted = true;
    this.apiKey = world.keys.add('Latchkey', world.now());
  }

  addUser(name: string, account: Omit<NewAccount, 'name'> = {}): { id: string; name: string } {
    return people.add(this.#process.world, { ...account, name });
  }

  /** Adds accounts `user00001` and so on without passwords, all in one transaction. */
  addManyUsers(count: number): void {
    this.#process.inTransaction((world) => people.addMany(world, count));
  }

  /** An account as the API would report it now. */
  user(name: string): UserAnswer {
    return userAnswer(this.#process.world, people.find(this.#process.world, name));
  }

  /** Signs in over HTTP, on a device of its own or the one named. */
  async signIn(
    name: string,
    password: string,
    options: { device?: string } = {},
  ): Promise<{ status: number; token?: string }> {
    const response = await ask(`${this.url}/Users/AuthenticateByName`, {
      method: 'POST',
      headers: {
        authorization: deviceHeader(options.device ?? `${name}'s device`),
        'content-type': 'application/json',
      },
      body: JSON.stringify({ Username: name, Pw: password }),
    });
    if (response.status !== 200) return { status: response.status };
    const { AccessToken } = JSON.parse(response.body) as { AccessToken: string };
    return { status: response.status, token: AccessToken };
  }

  /** Fails to sign in until the account's limit is reached, setting a limit of 3 where there is none. */
  async lock(name: string): Promise<void> {
    const { world } = this.#process;
    const user = people.find(world, name);
    if (user.signInLimit === null) {
      user.signInLimit = 3;
      world.users.save(user);
    }
    const tries = (user.signInLimit ?? 3) - user.failedSignIns;
    for (let n = 0; n < tries; n += 1) await this.signIn(name, `not the password ${n}`, { device: 'a stranger' });
  }

  /** Whether a device with this token is still signed in. */
  async tokenWorks(token: string): Promise<boolean> {
    const headers = { authorization: `MediaBrowser Token="${token}"` };
    return (await ask(`${this.url}/Users/Me`, { headers })).status === 200;
  }

  revokeKey(): void {
    this.#process.world.keys.delete(this.apiKey);
  }

  /** Makes the server report another version than the one it behaves like. */
  setVersion(version: string): void {
    this.#process.reportVersion(version);
  }

  starting(face: StartingFace): Promise<void> {
    this.#starting = face;
    return face === 'refused' ? this.#listener.close() : this.#listener.open();
  }

  behindProxy(face: ProxyFace): void {
    this.#proxy = face;
  }

  async start(): Promise<void> {
    this.#process.start();
    await this.#listener.open();
  }

  /** Ends the server as its process would end: no port, and a database that is closed and checkpointed. */
  async shutdown(): Promise<void> {
    await this.#listener.close();
    this.#process.stop();
  }

  async restart(): Promise<void> {
    await this.shutdown();
    await delay(this.#options.restartMs ?? 0);
    await this.start();
  }

  /** Fulfilled when a restart or shutdown that somebody asked for over HTTP is through. */
  settled(): Promise<void> {
    return this.#settled;
  }

  async close(): Promise<void> {
    await this.#settled;
    await this.shutdown();
    if (this.#options.dir === undefined) rmSync(this.serverDir, { recursive: true, force: true });
  }

  async #respond(request: IncomingMessage, path: string, body: string): Promise<{ answer: Answer; by: string }> {
    const { world } = this.#process;
    const url = new URL(path, this.url);
    const instead = proxyAnswer(this.#proxy) ?? startingAnswer(this.#starting, url.pathname, world);
    if (instead) return { answer: instead, by: 'none' };
    const query = new Query(url.searchParams);
    const old = world.traits.oldAuthorization;
    const caller = callerOf(world, tokenOf(request.headers, query, old));
    const answer = await dispatch(this.#routes, {
      world,
      method: request.method ?? 'GET',
      path: url.pathname,
      query,
      params: {},
      body,
      caller,
      client: clientOf(request.headers, old),
      ...addressOf(request),
    });
    return { answer, by: nameOf(caller) };
  }
}

function nameOf(caller: Caller): string {
  if (caller.kind === 'none') return 'none';
  return caller.kind === 'key' ? caller.name : caller.user.name;
}
