import { policyOf } from '../rules/policy.js';
import { toApiDate, toApiId } from '../store/formats.js';
import { isOwnProvider, type ServerUser } from '../store/server-user.js';
import type { World } from '../world.js';

const configuration = {
  PlayDefaultAudioTrack: true,
  SubtitleLanguagePreference: '',
  DisplayMissingEpisodes: false,
  GroupedFolders: [],
  SubtitleMode: 'Default',
  DisplayCollectionsView: false,
  EnableLocalPassword: false,
  OrderedViews: [],
  LatestItemsExcludes: [],
  MyMediaExcludes: [],
  HidePlayedInLatest: true,
  RememberAudioSelections: true,
  RememberSubtitleSelections: true,
  EnableNextEpisodeAutoPlay: true,
  CastReceiverId: 'F007D354',
};

/** A user as `GET /Users/{id}` answers it. */
export function userAnswer(world: World, user: ServerUser) {
  // 12 no longer tells an empty password from another, and no version does while another provider checks it.
  const hasPassword =
    world.traits.is12 ||
    !isOwnProvider(user.authenticationProviderId) ||
    (user.passwordHash !== null && user.passwordHash !== '');
  return {
    Name: user.name,
    ServerId: world.settings.serverId,
    Id: toApiId(user.id),
    HasPassword: hasPassword,
    HasConfiguredPassword: hasPassword,
    HasConfiguredEasyPassword: false,
    EnableAutoLogin: false,
    ...(user.lastSignIn === null ? {} : { LastLoginDate: toApiDate(user.lastSignIn) }),
    ...(user.lastActivity === null ? {} : { LastActivityDate: toApiDate(user.lastActivity) }),
    Configuration: configuration,
    Policy: policyOf(user),
  };
}

/** A user as the API answers it. */
export type UserAnswer = ReturnType<typeof userAnswer>;
