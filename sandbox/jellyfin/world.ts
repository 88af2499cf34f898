import type { Database } from 'better-sqlite3';
import { QuickConnect } from './rules/quick-connect.js';
import { ActivityLog } from './store/activity-log.js';
import { ApiKeys } from './store/api-keys.js';
import { type ClientInfo, Devices } from './store/devices.js';
import { ServerLog } from './store/server-log.js';
import { Users } from './store/users.js';
import type { Traits } from './versions.js';

/** How the login page looks. */
export interface Branding {
  readonly LoginDisclaimer: string | null;
  readonly CustomCss: string | null;
  readonly SplashscreenEnabled: boolean;
}

/** What outlives a restart of the server's process, beside the database. */
export interface ServerSettings {
  serverName: string;
  /** 32 hex digits. */
  serverId: string;
  wizardCompleted: boolean;
  configuration: Record<string, unknown>;
  branding: Branding;
  /** Providers of passwords that plugins bring, beside Jellyfin's own. */
  plugins: { readonly Name: string; readonly Id: string }[];
  /** The time zone of the machine. */
  utcOffsetMinutes: number;
}

/** A session in the server's memory: who is there, with what, since when. */
export interface ServerSession {
  readonly user: { readonly id: string; readonly name: string };
  readonly client: ClientInfo;
  /** Empty for one that Quick Connect made: nobody has called from there yet. */
  readonly ip: string;
  readonly lastActivity: string;
}

export interface WorldOptions {
  db: Database;
  traits: Traits;
  settings: ServerSettings;
  serverDir: string;
  now: () => Date;
  hashIterations: number;
  address: () => string;
  control: Control;
}

/** What a call can do to the server's process; done once the call is answered. */
interface Control {
  restart(this: void, answered: Promise<void>): void;
  shutdown(this: void, answered: Promise<void>): void;
}

/** One run of the server between start and stop: what its routes work on. */
export class World {
  readonly traits: Traits;
  readonly settings: ServerSettings;
  readonly serverDir: string;
  readonly now: () => Date;
  readonly hashIterations: number;
  readonly address: () => string;
  readonly control: Control;
  readonly users: Users;
  readonly devices: Devices;
  readonly keys: ApiKeys;
  readonly activity: ActivityLog;
  readonly log: ServerLog;
  readonly quickConnect: QuickConnect;
  /** By user and device. */
  readonly sessions = new Map<string, ServerSession>();
  /** Users whose policy is being written at this moment. */
  readonly policyWrites = new Set<string>();
  /** The version that the server reports, when a test wants another than the one it behaves like. */
  reportedVersion: string;

  constructor(options: WorldOptions) {
    this.traits = options.traits;
    this.settings = options.settings;
    this.serverDir = options.serverDir;
    this.now = options.now;
    this.hashIterations = options.hashIterations;
    this.address = options.address;
    this.reportedVersion = options.traits.version;
    this.control = options.control;
    this.users = new Users(options.db, options.traits);
    this.devices = new Devices(options.db);
    this.keys = new ApiKeys(options.db);
    this.activity = new ActivityLog(options.db, options.now);
    this.log = new ServerLog(options.serverDir, options.now, () => this.settings.utcOffsetMinutes);
    this.quickConnect = new QuickConnect(options.now);
  }
}
