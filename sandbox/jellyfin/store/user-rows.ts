import type { Database, Statement } from 'better-sqlite3';
import type { Traits } from '../versions.js';
import { hasNormalizedName } from './schema.js';
import type { ServerSchedule, ServerUser } from './server-user.js';

interface Row {
  Id: string;
  InternalId: number;
  Username: string;
  Password: string | null;
  InvalidLoginAttemptCount: number;
  LoginAttemptsBeforeLockout: number | null;
  MaxActiveSessions: number;
  AuthenticationProviderId: string;
  PasswordResetProviderId: string;
  EnableUserPreferenceAccess: number;
  RemoteClientBitrateLimit: number | null;
  SyncPlayAccess: number;
  MaxParental: number | null;
  LastLoginDate: string | null;
  LastActivityDate: string | null;
  Kinds: string;
  Prefs: string;
}

/** The SQL of a user and its permissions, preferences and access schedules. */
export class UserRows {
  readonly #byId: Statement<[string], Row>;
  readonly #byName: Statement<[string], Row> | undefined;
  readonly #all: Statement<[], Row>;
  readonly #schedules: Statement<[string], ServerSchedule>;
  readonly #allSchedules: Statement<[], ServerSchedule & { userId: string }>;
  readonly #upsert: Statement<[Record<string, unknown>]>;
  readonly #permission: Statement<[number, string, number]>;
  readonly #preference: Statement<[number, string, string]>;
  readonly #addSchedule: Statement<[string, number, number, number]>;
  readonly #dropSchedules: Statement<[string]>;
  readonly #delete: Statement<[string]>;

  constructor(
    private readonly db: Database,
    private readonly traits: Traits,
  ) {
    const rating = traits.is1010 ? 'MaxParentalAgeRating' : 'MaxParentalRatingScore';
    const select = `SELECT u.*, u."${rating}" AS MaxParental,
      (SELECT json_group_object(Kind, Value) FROM Permissions p WHERE p.UserId = u.Id) AS Kinds,
      (SELECT json_group_object(Kind, Value) FROM Preferences p WHERE p.UserId = u.Id) AS Prefs FROM Users u`;
    this.#byId = db.prepare(`${select} WHERE u.Id = ?`);
    this.#byName = hasNormalizedName(traits) ? db.prepare(`${select} WHERE u.NormalizedUsername = ?`) : undefined;
    this.#all = db.prepare(`${select} ORDER BY u.InternalId`);
    const schedule = 'SELECT Id AS id, DayOfWeek AS day, StartHour AS startHour, EndHour AS endHour';
    this.#schedules = db.prepare(`${schedule} FROM AccessSchedules WHERE UserId = ? ORDER BY Id`);
    this.#allSchedules = db.prepare(`${schedule}, UserId AS userId FROM AccessSchedules ORDER BY Id`);
    this.#upsert = db.prepare(upsertUser(rating, hasNormalizedName(traits)));
    this.#permission = db.prepare(`INSERT INTO Permissions (Kind, RowVersion, UserId, Value) VALUES (?, 0, ?, ?)
      ON CONFLICT (UserId, Kind) WHERE UserId IS NOT NULL DO UPDATE SET Value = excluded.Value WHERE Value <> excluded.Value`);
    this.#preference = db.prepare(`INSERT INTO Preferences (Kind, RowVersion, UserId, Value) VALUES (?, 0, ?, ?)
      ON CONFLICT (UserId, Kind) WHERE UserId IS NOT NULL DO UPDATE SET Value = excluded.Value WHERE Value <> excluded.Value`);
    this.#addSchedule = db.prepare(
      'INSERT INTO AccessSchedules (UserId, DayOfWeek, StartHour, EndHour) VALUES (?, ?, ?, ?)',
    );
    this.#dropSchedules = db.prepare('DELETE FROM AccessSchedules WHERE UserId = ?');
    this.#delete = db.prepare('DELETE FROM Users WHERE Id = ?');
  }

  read(id: string): ServerUser | undefined {
    const row = this.#byId.get(id);
    return row && toUser(row, this.#schedules.all(id));
  }

  /** By name without case, in the versions whose file has an index for that. */
  readByName(name: string): ServerUser | undefined {
    const row = this.#byName?.get(name.toUpperCase());
    return row && toUser(row, this.#schedules.all(row.Id));
  }

  readAll(): ServerUser[] {
    const schedules = new Map<string, ServerSchedule[]>();
    for (const schedule of this.#allSchedules.all()) {
      schedules.set(schedule.userId, [...(schedules.get(schedule.userId) ?? []), schedule]);
    }
    return this.#all.all().map((row) => toUser(row, schedules.get(row.Id) ?? []));
  }

  /** Writes the user's own row and nothing else: permissions are rows of their own. */
  writeRow(user: ServerUser): void {
    this.#upsert.run(toParams(user, 0));
  }

  /** Writes the user's own row, permissions and preferences. */
  writeFlags(user: ServerUser): void {
    this.db.transaction(() => this.#writeFlags(user, 0))();
  }

  /** Writes the user with all that belongs to it; schedules get new ids, as on the real server. */
  writeWhole(user: ServerUser): void {
    this.db.transaction(() => {
      this.#writeFlags(user, this.traits.cachesUsers ? 0 : 1);
      this.#dropSchedules.run(user.id);
      for (const schedule of user.schedules) {
        const added = this.#addSchedule.run(user.id, schedule.day, schedule.startHour, schedule.endHour);
        schedule.id = Number(added.lastInsertRowid);
      }
    })();
  }

  #writeFlags(user: ServerUser, versions: number): void {
    this.#upsert.run(toParams(user, versions));
    user.permissions.forEach((value, kind) => this.#permission.run(kind, user.id, value ? 1 : 0));
    user.preferences.forEach((value, kind) => this.#preference.run(kind, user.id, value));
  }

  delete(id: string): void {
    this.#delete.run(id);
  }
}

function toUser(row: Row, schedules: ServerSchedule[]): ServerUser {
  const kinds = JSON.parse(row.Kinds) as Record<string, number>;
  const prefs = JSON.parse(row.Prefs) as Record<string, string>;
  return {
    id: row.Id,
    internalId: row.InternalId,
    name: row.Username,
    passwordHash: row.Password,
    failedSignIns: row.InvalidLoginAttemptCount,
    signInLimit: row.LoginAttemptsBeforeLockout,
    maxActiveSessions: row.MaxActiveSessions,
    authenticationProviderId: row.AuthenticationProviderId,
    passwordResetProviderId: row.PasswordResetProviderId,
    preferenceAccess: row.EnableUserPreferenceAccess === 1,
    bitrateLimit: row.RemoteClientBitrateLimit,
    syncPlayAccess: row.SyncPlayAccess,
    maxParentalRating: row.MaxParental,
    lastSignIn: row.LastLoginDate,
    lastActivity: row.LastActivityDate,
    permissions: Array.from({ length: 24 }, (_, kind) => kinds[kind] === 1),
    preferences: Array.from({ length: 13 }, (_, kind) => prefs[kind] ?? ''),
    schedules: schedules.map(({ id, day, startHour, endHour }) => ({ id, day, startHour, endHour })),
  };
}

function toParams(user: ServerUser, versions: number): Record<string, unknown> {
  const { permissions: _permissions, preferences: _preferences, schedules: _schedules, ...row } = user;
  return { ...row, preferenceAccess: user.preferenceAccess ? 1 : 0, normalized: user.name.toUpperCase(), versions };
}

function upsertUser(rating: string, normalized: boolean): string {
  const values: Record<string, string> = {
    Id: '@id',
    AuthenticationProviderId: '@authenticationProviderId',
    DisplayCollectionsView: '0',
    DisplayMissingEpisodes: '0',
    EnableAutoLogin: '0',
    EnableLocalPassword: '0',
    EnableNextEpisodeAutoPlay: '1',
    EnableUserPreferenceAccess: '@preferenceAccess',
    HidePlayedInLatest: '1',
    InternalId: '@internalId',
    InvalidLoginAttemptCount: '@failedSignIns',
    LastActivityDate: '@lastActivity',
    LastLoginDate: '@lastSignIn',
    LoginAttemptsBeforeLockout: '@signInLimit',
    MaxActiveSessions: '@maxActiveSessions',
    [rating]: '@maxParentalRating',
    MustUpdatePassword: '0',
    Password: '@passwordHash',
    PasswordResetProviderId: '@passwordResetProviderId',
    PlayDefaultAudioTrack: '1',
    RememberAudioSelections: '1',
    RememberSubtitleSelections: '1',
    RemoteClientBitrateLimit: '@bitrateLimit',
    RowVersion: '0',
    SubtitleLanguagePreference: "''",
    SubtitleMode: '0',
    SyncPlayAccess: '@syncPlayAccess',
    Username: '@name',
    ...(normalized ? { NormalizedUsername: '@normalized' } : {}),
  };
  const columns = Object.keys(values);
  const updates = columns.filter((column) => column !== 'Id' && column !== 'RowVersion');
  return `INSERT INTO Users (${columns.join(', ')}) VALUES (${Object.values(values).join(', ')})
    ON CONFLICT (Id) DO UPDATE SET ${updates.map((column) => `${column} = excluded.${column}`).join(', ')},
    RowVersion = RowVersion + @versions`;
}
