/** Permission kinds as stored, by the policy's field. */
export const permissionKinds = {
  IsAdministrator: 0,
  IsHidden: 1,
  IsDisabled: 2,
  EnableSharedDeviceControl: 3,
  EnableRemoteAccess: 4,
  EnableLiveTvManagement: 5,
  EnableLiveTvAccess: 6,
  EnableMediaPlayback: 7,
  EnableAudioPlaybackTranscoding: 8,
  EnableVideoPlaybackTranscoding: 9,
  EnableContentDeletion: 10,
  EnableContentDownloading: 11,
  EnableSyncTranscoding: 12,
  EnableMediaConversion: 13,
  EnableAllDevices: 14,
  EnableAllChannels: 15,
  EnableAllFolders: 16,
  EnablePublicSharing: 17,
  EnableRemoteControlOfOtherUsers: 18,
  EnablePlaybackRemuxing: 19,
  ForceRemoteSourceTranscoding: 20,
  EnableCollectionManagement: 21,
  EnableSubtitleManagement: 22,
  EnableLyricManagement: 23,
} as const;

/** Preference kinds as stored, by the policy's field; lists are joined by a bar. */
export const preferenceKinds = {
  BlockedTags: 0,
  BlockedChannels: 1,
  BlockedMediaFolders: 2,
  EnabledDevices: 3,
  EnabledChannels: 4,
  EnabledFolders: 5,
  EnableContentDeletionFromFolders: 6,
  BlockUnratedItems: 10,
  AllowedTags: 12,
} as const;

export const scheduleDays = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Everyday',
  'Weekday',
  'Weekend',
];

export const syncPlayAccesses = ['CreateAndJoinGroups', 'JoinGroups', 'None'];

export interface PolicySchedule {
  Id?: number;
  UserId?: string;
  DayOfWeek: string;
  StartHour: number;
  EndHour: number;
}

/** A policy as the API shows and takes it. */
export type Policy = Record<keyof typeof permissionKinds, boolean> &
  Record<keyof typeof preferenceKinds, string[]> & {
    EnableUserPreferenceAccess: boolean;
    AccessSchedules: PolicySchedule[];
    MaxParentalRating?: number;
    InvalidLoginAttemptCount: number;
    LoginAttemptsBeforeLockout: number;
    MaxActiveSessions: number;
    RemoteClientBitrateLimit: number;
    AuthenticationProviderId: string;
    PasswordResetProviderId: string;
    SyncPlayAccess: string;
  };
