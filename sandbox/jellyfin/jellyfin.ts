import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './ask.js';
import { CallLog, type RecordedCall } from './calls.js';
import { defaultConfiguration } from './configuration.js';
import { deviceHeader } from './device-header.js';
import type { ProxyFace, StartingFace } from './faces.js';
import { Faults } from './faults.js';
import { Listener } from './http/listener.js';
import { responder, type Faces } from './http/responder.js';
import { userAnswer, type UserAnswer } from './http/user-answer.js';
import { defaultHashIterations, type JellyfinOptions } from './options.js';
import { people, type NewAccount } from './people.js';
import { routesOf } from './routes/all.js';
import { firstAdministrator } from './rules/first-administrator.js';
import { changePassword } from './rules/passwords.js';
import { ServerProcess } from './server-process.js';
import { noBranding } from './routes/branding.js';
import { stableId } from './stable-id.js';
import { traitsOf } from './versions.js';
import type { ServerSettings } from './world.js';

const keyName = 'Latchkey';
export const rootPassword = 'root-password';

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
  #settled: Promise<void> = Promise.resolve();
  readonly #faces: Faces = { starting: 'real', proxy: 'none' };

  constructor(options: JellyfinOptions) {
    this.#options = options;
    this.serverDir = options.dir ?? mkdtempSync(join(tmpdir(), 'loopback-jellyfin-'));
    this.dbPath = join(this.serverDir, 'data', 'jellyfin.db');
    for (const folder of ['data', 'log']) mkdirSync(join(this.serverDir, folder), { recursive: true });
    const traits = traitsOf(options.version);
    const respond = responder(() => this.#process.world, routesOf(traits), this.#faces);
    this.#listener = new Listener({
      ...{ respond, faults: this.faults, log: this.#log, basePath: options.basePath ?? '' },
      ...{ port: options.port, date: options.date },
    });
    const settings: ServerSettings = {
      serverName: 'loopback',
      serverId: stableId(this.serverDir),
      wizardCompleted: false,
      configuration: defaultConfiguration(traits),
      branding: noBranding,
      plugins: [],
      utcOffsetMinutes: -new Date().getTimezoneOffset(),
    };
    this.#process = new ServerProcess(this.dbPath, {
      traits,
      settings,
      serverDir: this.serverDir,
      now: options.now ?? (() => new Date()),
      holdsLog: options.holdsLog ?? false,
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

  /** Completes the wizard: the administrator `root` and an API key, or those that the folder holds from before. */
  setUp(): void {
    const { world } = this.#process;
    world.settings.wizardCompleted = true;
    const known = world.keys.all().find(({ name }) => name === keyName);
    if (world.users.all().length === 0) changePassword(world, firstAdministrator(world), rootPassword);
    this.apiKey = known?.token ?? world.keys.add(keyName, world.now());
  }

  addUser(name: string, account: Omit<NewAccount, 'name'> = {}): { id: string; name: string } {
    return people.add(this.#process.world, { ...account, name });
  }

  renameUser(name: string, newName: string): void {
    people.rename(this.#process.world, name, newName);
  }

  /** Adds accounts `user00001` and so on without passwords, all in one transaction. */
  addManyUsers(count: number): void {
    this.#process.inTransaction((world) => people.addMany(world, count));
  }

  /** Adds entries of a long-lived log, a minute apart, the newest a day ago; all in one transaction. */
  addManyEntries(count: number): void {
    this.#process.inTransaction((world) => people.addEntries(world, count));
  }

  /** One entry more in the activity log, as the server might have written it. */
  addEntry(entry: { type: string; name: string; userId?: string; shortOverview?: string; at?: Date }): void {
    const { world } = this.#process;
    world.activity.addAs({ at: world.now(), ...entry });
  }

  /** Makes the activity log empty, its ids beginning again, as after a database that was made anew. */
  clearLog(): void {
    this.#process.world.activity.clear();
  }

  /** An account as the API would report it now. */
  user(name: string): UserAnswer {
    return userAnswer(this.#process.world, people.find(this.#process.world, name));
  }

  /** Signs in over HTTP, on a device of its own or the one named, from this machine or another address. */
  async signIn(
    name: string,
    password: string,
    options: { device?: string; from?: string } = {},
  ): Promise<{ status: number; token?: string }> {
    const response = await ask(`${this.url}/Users/AuthenticateByName`, {
      method: 'POST',
      headers: {
        authorization: deviceHeader(options.device ?? `${name}'s device`),
        'content-type': 'application/json',
        ...(options.from === undefined ? {} : { 'x-forwarded-for': options.from }),
      },
      body: JSON.stringify({ Username: name, Pw: password }),
    });
    if (response.status !== 200) return { status: response.status };
    const { AccessToken } = JSON.parse(response.body) as { AccessToken: string };
    return { status: response.status, token: AccessToken };
  }

  /** So many failed sign-ins lock the account from now on; a fresh server's first administrator has no limit. */
  setLimit(name: string, limit: number): void {
    const { world } = this.#process;
    const user = people.find(world, name);
    user.signInLimit = limit;
    world.users.save(user);
  }

  /** Fails to sign in until the account's limit is reached, setting a limit of 3 where there is none. */
  async lock(name: string, from?: string): Promise<void> {
    const user = people.find(this.#process.world, name);
    if (user.signInLimit === null) this.setLimit(name, 3);
    const tries = (user.signInLimit ?? 3) - user.failedSignIns;
    for (let n = 0; n < tries; n += 1)
      await this.signIn(name, `not the password ${n}`, {
        device: 'a stranger',
        ...(from === undefined ? {} : { from }),
      });
  }

  /** Who is signed in where. */
  signedIn(): { user: string; device: string; app: string }[] {
    const { devices, users } = this.#process.world;
    return devices.all().map(({ userId, name, app }) => ({ user: users.byId(userId)?.name ?? '', device: name, app }));
  }

  /** Whether a device with this token is still signed in. */
  async tokenWorks(token: string): Promise<boolean> {
    const headers = { authorization: `MediaBrowser Token="${token}"` };
    return (await ask(`${this.url}/Users/Me`, { headers })).status === 200;
  }

  /** A plugin that checks passwords is installed from now on. What it checks, the stand-in knows no more than any other. */
  addPlugin(id: string): void {
    this.#process.world.settings.plugins.push({ Name: id, Id: id });
  }

  /** The server's machine is in another time zone from now on. */
  moveTo(utcOffsetMinutes: number): void {
    this.#process.world.settings.utcOffsetMinutes = utcOffsetMinutes;
  }

  /** Writes a line into the server's log. */
  logs(text: string): void {
    this.#process.world.log.add('INF', 'Emby.Server.Implementations.Session.SessionManager', text);
  }

  /** Whether apps that sign in the old way are let in. */
  takesOldApps(isOn: boolean): void {
    this.#process.world.settings.configuration.EnableLegacyAuthorization = isOn;
  }

  /** What the API keys are called, oldest first. */
  keyNames(): string[] {
    return this.#process.world.keys.all().map(({ name }) => name);
  }

  revokeKey(): void {
    this.#process.world.keys.delete(this.apiKey);
  }

  /** Makes the server report another version than the one it behaves like. */
  setVersion(version: string): void {
    this.#process.reportVersion(version);
  }

  starting(face: StartingFace): Promise<void> {
    this.#faces.starting = face;
    return face === 'refused' ? this.#listener.close() : this.#listener.open();
  }

  behindProxy(face: ProxyFace): void {
    this.#faces.proxy = face;
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
}
