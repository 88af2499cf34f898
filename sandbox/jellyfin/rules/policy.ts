import { toApiId } from '../store/formats.js';
import { may, type ServerUser } from '../store/server-user.js';
import {
  permissionKinds,
  preferenceKinds,
  scheduleDays,
  syncPlayAccesses,
  type Policy,
  type PolicySchedule,
} from './policy-fields.js';

const falseByDefault = new Set<string>([
  'IsAdministrator',
  'IsDisabled',
  'EnableContentDeletion',
  'EnableRemoteControlOfOtherUsers',
  'ForceRemoteSourceTranscoding',
  'EnableCollectionManagement',
  'EnableSubtitleManagement',
  'EnableLyricManagement',
]);

/** A user's policy as the API shows it: a stored limit of 0 reads as 3, and the lyrics permission always as false. */
export function policyOf(user: ServerUser): Policy {
  const flag = (field: keyof typeof permissionKinds): boolean => may(user, permissionKinds[field]);
  const list = (field: keyof typeof preferenceKinds): string[] =>
    (user.preferences[preferenceKinds[field]] ?? '').split('|').filter((item) => item !== '');
  return {
    IsAdministrator: flag('IsAdministrator'),
    IsHidden: flag('IsHidden'),
    EnableCollectionManagement: flag('EnableCollectionManagement'),
    EnableSubtitleManagement: flag('EnableSubtitleManagement'),
    EnableLyricManagement: false,
    IsDisabled: flag('IsDisabled'),
    ...(user.maxParentalRating === null ? {} : { MaxParentalRating: user.maxParentalRating }),
    BlockedTags: list('BlockedTags'),
    AllowedTags: list('AllowedTags'),
    EnableUserPreferenceAccess: user.preferenceAccess,
    AccessSchedules: user.schedules.map((schedule) => ({
      Id: schedule.id,
      UserId: toApiId(user.id),
      DayOfWeek: scheduleDays[schedule.day] ?? '',
      StartHour: schedule.startHour,
      EndHour: schedule.endHour,
    })),
    BlockUnratedItems: list('BlockUnratedItems'),
    EnableRemoteControlOfOtherUsers: flag('EnableRemoteControlOfOtherUsers'),
    EnableSharedDeviceControl: flag('EnableSharedDeviceControl'),
    EnableRemoteAccess: flag('EnableRemoteAccess'),
    EnableLiveTvManagement: flag('EnableLiveTvManagement'),
    EnableLiveTvAccess: flag('EnableLiveTvAccess'),
    EnableMediaPlayback: flag('EnableMediaPlayback'),
    EnableAudioPlaybackTranscoding: flag('EnableAudioPlaybackTranscoding'),
    EnableVideoPlaybackTranscoding: flag('EnableVideoPlaybackTranscoding'),
    EnablePlaybackRemuxing: flag('EnablePlaybackRemuxing'),
    ForceRemoteSourceTranscoding: flag('ForceRemoteSourceTranscoding'),
    EnableContentDeletion: flag('EnableContentDeletion'),
    EnableContentDeletionFromFolders: list('EnableContentDeletionFromFolders'),
    EnableContentDownloading: flag('EnableContentDownloading'),
    EnableSyncTranscoding: flag('EnableSyncTranscoding'),
    EnableMediaConversion: flag('EnableMediaConversion'),
    EnabledDevices: list('EnabledDevices'),
    EnableAllDevices: flag('EnableAllDevices'),
    EnabledChannels: list('EnabledChannels'),
    EnableAllChannels: flag('EnableAllChannels'),
    EnabledFolders: list('EnabledFolders'),
    EnableAllFolders: flag('EnableAllFolders'),
    InvalidLoginAttemptCount: user.failedSignIns,
    LoginAttemptsBeforeLockout: shownLimit(user.signInLimit),
    MaxActiveSessions: user.maxActiveSessions,
    EnablePublicSharing: flag('EnablePublicSharing'),
    BlockedMediaFolders: list('BlockedMediaFolders'),
    BlockedChannels: list('BlockedChannels'),
    RemoteClientBitrateLimit: user.bitrateLimit ?? 0,
    AuthenticationProviderId: user.authenticationProviderId,
    PasswordResetProviderId: user.passwordResetProviderId,
    SyncPlayAccess: syncPlayAccesses[user.syncPlayAccess] ?? 'CreateAndJoinGroups',
  };
}

function shownLimit(stored: number | null): number {
  return stored === null ? -1 : stored === 0 ? 3 : stored;
}

/**
 * Replaces a user's policy whole: what the body leaves out goes to its default, privileges included, what it has too
 * much is ignored, and names count without case. Answers false, and changes nothing, when a list is null.
 */
export function applyPolicy(user: ServerUser, body: object): boolean {
  const sent = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value as unknown]));
  const get = (field: string): unknown => sent.get(field.toLowerCase());
  const number = (field: string, fallback: number): number =>
    typeof get(field) === 'number' ? Number(get(field)) : fallback;
  const lists = Object.keys(preferenceKinds);
  if (lists.some((field) => get(field) === null)) return false;

  for (const [field, kind] of Object.entries(permissionKinds)) {
    const value = get(field);
    user.permissions[kind] = typeof value === 'boolean' ? value : !falseByDefault.has(field);
  }
  for (const [field, kind] of Object.entries(preferenceKinds)) {
    const value = get(field);
    user.preferences[kind] = Array.isArray(value) ? value.join('|') : '';
  }
  const limit = number('LoginAttemptsBeforeLockout', -1);
  user.signInLimit = limit === -1 ? null : limit === 0 ? 3 : limit;
  user.failedSignIns = number('InvalidLoginAttemptCount', 0);
  user.maxActiveSessions = number('MaxActiveSessions', 0);
  user.bitrateLimit = number('RemoteClientBitrateLimit', 0);
  user.maxParentalRating = typeof get('MaxParentalRating') === 'number' ? number('MaxParentalRating', 0) : null;
  user.preferenceAccess = get('EnableUserPreferenceAccess') !== false;
  user.authenticationProviderId = String(get('AuthenticationProviderId'));
  user.passwordResetProviderId = String(get('PasswordResetProviderId'));
  user.syncPlayAccess = Math.max(0, syncPlayAccesses.indexOf(String(get('SyncPlayAccess'))));
  const schedules = get('AccessSchedules');
  user.schedules = Array.isArray(schedules) ? schedules.map((schedule) => toStored(schedule as PolicySchedule)) : [];
  return true;
}

function toStored(schedule: PolicySchedule): ServerUser['schedules'][number] {
  return {
    id: 0,
    day: scheduleDays.indexOf(schedule.DayOfWeek),
    startHour: schedule.StartHour,
    endHour: schedule.EndHour,
  };
}
