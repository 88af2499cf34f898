import { randomBytes } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { toDbDate } from './formats.js';

/** A signed-in device; its token is what a person's player shows at each call. */
export interface ServerDevice {
  userId: string;
  token: string;
  app: string;
  appVersion: string;
  name: string;
  deviceId: string;
  lastActivity: string;
}

/** What a client says of itself in the authorization header. */
export interface ClientInfo {
  app: string;
  appVersion: string;
  deviceName: string;
  deviceId: string;
}

export class Devices {
  readonly #add: Statement<[Record<string, string>]>;
  readonly #byToken: Statement<[string], ServerDevice>;
  readonly #all: Statement<[], ServerDevice>;
  readonly #dropSame: Statement<[string, string]>;
  readonly #dropOf: Statement<[string, string]>;
  readonly #dropDevice: Statement<[string]>;
  readonly #dropToken: Statement<[string]>;

  constructor(db: Database) {
    const select = `SELECT UserId AS userId, AccessToken AS token, AppName AS app, AppVersion AS appVersion,
      DeviceName AS name, DeviceId AS deviceId, DateLastActivity AS lastActivity FROM Devices`;
    this.#add =
      db.prepare(`INSERT INTO Devices (UserId, AccessToken, AppName, AppVersion, DeviceName, DeviceId, IsActive,
      DateCreated, DateModified, DateLastActivity) VALUES (@userId, @token, @app, @appVersion, @deviceName, @deviceId, 0,
      @at, @at, @at)`);
    this.#byToken = db.prepare(`${select} WHERE AccessToken = ?`);
    this.#all = db.prepare(`${select} ORDER BY DateLastActivity DESC, Id DESC`);
    this.#dropSame = db.prepare('DELETE FROM Devices WHERE UserId = ? AND DeviceId = ?');
    this.#dropOf = db.prepare('DELETE FROM Devices WHERE UserId = ? AND AccessToken <> ?');
    this.#dropToken = db.prepare('DELETE FROM Devices WHERE AccessToken = ?');
    this.#dropDevice = db.prepare('DELETE FROM Devices WHERE DeviceId = ?');
  }

  /** A new token for a device; the same device's earlier token of this user is dead from now on. */
  signIn(userId: string, client: ClientInfo, at: Date): string {
    const token = randomBytes(16).toString('hex');
    this.#dropSame.run(userId, client.deviceId);
    this.#add.run({ ...client, userId, token, at: toDbDate(at) });
    return token;
  }

  byToken(token: string): ServerDevice | undefined {
    return this.#byToken.get(token);
  }

  all(): ServerDevice[] {
    return this.#all.all();
  }

  /** Signs out whoever has this token. */
  revokeToken(token: string): void {
    this.#dropToken.run(token);
  }

  /** Signs every device of a user out, but the one that asked for it. */
  revokeAll(userId: string, exceptToken = ''): ServerDevice[] {
    const gone = this.all().filter((device) => device.userId === userId && device.token !== exceptToken);
    this.#dropOf.run(userId, exceptToken);
    return gone;
  }

  /** Signs everybody out of one device. */
  revokeDevice(deviceId: string): ServerDevice[] {
    const gone = this.all().filter((device) => device.deviceId === deviceId);
    this.#dropDevice.run(deviceId);
    return gone;
  }
}
