import type { Traits } from '../versions.js';
import { migrationsOf } from './migrations.js';

const key = (table: string): string => `INTEGER NOT NULL CONSTRAINT "PK_${table}" PRIMARY KEY AUTOINCREMENT`;
const ofUser = (table: string): string =>
  `CONSTRAINT "FK_${table}_Users_UserId" FOREIGN KEY ("UserId") REFERENCES "Users" ("Id") ON DELETE CASCADE`;

const userColumns = `
  "Id" TEXT NOT NULL CONSTRAINT "PK_Users" PRIMARY KEY, "AudioLanguagePreference" TEXT NULL,
  "AuthenticationProviderId" TEXT NOT NULL, "DisplayCollectionsView" INTEGER NOT NULL,
  "DisplayMissingEpisodes" INTEGER NOT NULL, "EnableAutoLogin" INTEGER NOT NULL, "EnableLocalPassword" INTEGER NOT NULL,
  "EnableNextEpisodeAutoPlay" INTEGER NOT NULL, "EnableUserPreferenceAccess" INTEGER NOT NULL,
  "HidePlayedInLatest" INTEGER NOT NULL, "InternalId" INTEGER NOT NULL, "InvalidLoginAttemptCount" INTEGER NOT NULL,
  "LastActivityDate" TEXT NULL, "LastLoginDate" TEXT NULL, "LoginAttemptsBeforeLockout" INTEGER NULL,
  "MaxActiveSessions" INTEGER NOT NULL, "MustUpdatePassword" INTEGER NOT NULL, "Password" TEXT NULL,
  "PasswordResetProviderId" TEXT NOT NULL, "PlayDefaultAudioTrack" INTEGER NOT NULL,
  "RememberAudioSelections" INTEGER NOT NULL, "RememberSubtitleSelections" INTEGER NOT NULL,
  "RemoteClientBitrateLimit" INTEGER NULL, "RowVersion" INTEGER NOT NULL, "SubtitleLanguagePreference" TEXT NULL,
  "SubtitleMode" INTEGER NOT NULL, "SyncPlayAccess" INTEGER NOT NULL, "CastReceiverId" TEXT NULL`;

/** 10.10 compares names without case; 10.11.10 and later keep the name a second time, in upper case. */
function usersTable(traits: Traits): string {
  if (traits.is1010) {
    return `CREATE TABLE "Users" (${userColumns}, "MaxParentalAgeRating" INTEGER NULL, "Username" TEXT COLLATE NOCASE NOT NULL);`;
  }
  const normalized = hasNormalizedName(traits) ? `, "NormalizedUsername" TEXT NOT NULL DEFAULT ''` : '';
  return `CREATE TABLE "Users" (${userColumns}, "MaxParentalRatingScore" INTEGER NULL,
    "MaxParentalRatingSubScore" INTEGER NULL, "Username" TEXT NOT NULL${normalized});`;
}

export function hasNormalizedName(traits: Traits): boolean {
  return !traits.cachesUsers;
}

/** The statements that make an empty jellyfin.db of this version, with the tables that accounts touch and no others. */
export function schemaOf(traits: Traits): string {
  return `
  CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL);
  CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL);
  ${usersTable(traits)}
  CREATE UNIQUE INDEX "IX_Users_Username" ON "Users" ("Username");
  ${hasNormalizedName(traits) ? 'CREATE UNIQUE INDEX "IX_Users_NormalizedUsername" ON "Users" ("NormalizedUsername");' : ''}
  CREATE TABLE "Permissions" ("Id" ${key('Permissions')}, "Kind" INTEGER NOT NULL,
    "Permission_Permissions_Guid" TEXT NULL, "RowVersion" INTEGER NOT NULL, "UserId" TEXT NULL,
    "Value" INTEGER NOT NULL, ${ofUser('Permissions')});
  CREATE UNIQUE INDEX "IX_Permissions_UserId_Kind" ON "Permissions" ("UserId", "Kind") WHERE [UserId] IS NOT NULL;
  CREATE TABLE "Preferences" ("Id" ${key('Preferences')}, "Kind" INTEGER NOT NULL,
    "Preference_Preferences_Guid" TEXT NULL, "RowVersion" INTEGER NOT NULL, "UserId" TEXT NULL,
    "Value" TEXT NOT NULL, ${ofUser('Preferences')});
  CREATE UNIQUE INDEX "IX_Preferences_UserId_Kind" ON "Preferences" ("UserId", "Kind") WHERE [UserId] IS NOT NULL;
  CREATE TABLE "AccessSchedules" ("Id" ${key('AccessSchedules')}, "UserId" TEXT NOT NULL,
    "DayOfWeek" INTEGER NOT NULL, "StartHour" REAL NOT NULL, "EndHour" REAL NOT NULL, ${ofUser('AccessSchedules')});
  CREATE INDEX "IX_AccessSchedules_UserId" ON "AccessSchedules" ("UserId");
  CREATE TABLE "ActivityLogs" ("Id" ${key('ActivityLogs')}, "Name" TEXT NOT NULL, "Overview" TEXT NULL,
    "ShortOverview" TEXT NULL, "Type" TEXT NOT NULL, "UserId" TEXT NOT NULL, "ItemId" TEXT NULL,
    "DateCreated" TEXT NOT NULL, "LogSeverity" INTEGER NOT NULL, "RowVersion" INTEGER NOT NULL);
  CREATE INDEX "IX_ActivityLogs_DateCreated" ON "ActivityLogs" ("DateCreated");
  CREATE TABLE "Devices" ("Id" ${key('Devices')}, "UserId" TEXT NOT NULL, "AccessToken" TEXT NOT NULL,
    "AppName" TEXT NOT NULL, "AppVersion" TEXT NOT NULL, "DeviceName" TEXT NOT NULL, "DeviceId" TEXT NOT NULL,
    "IsActive" INTEGER NOT NULL, "DateCreated" TEXT NOT NULL, "DateModified" TEXT NOT NULL,
    "DateLastActivity" TEXT NOT NULL, ${ofUser('Devices')});
  CREATE INDEX "IX_Devices_AccessToken_DateLastActivity" ON "Devices" ("AccessToken", "DateLastActivity");
  CREATE INDEX "IX_Devices_UserId_DeviceId" ON "Devices" ("UserId", "DeviceId");
  CREATE TABLE "ApiKeys" ("Id" ${key('ApiKeys')}, "DateCreated" TEXT NOT NULL, "DateLastActivity" TEXT NOT NULL,
    "Name" TEXT NOT NULL, "AccessToken" TEXT NOT NULL);
  CREATE UNIQUE INDEX "IX_ApiKeys_AccessToken" ON "ApiKeys" ("AccessToken");
  ${migrationsOf(traits)
    .map(([id, product]) => `INSERT INTO "__EFMigrationsHistory" VALUES ('${id}', '${product}');`)
    .join('\n')}`;
}
