import type { Traits } from '../versions.js';

const until1010 = [
  '20200514181226_AddActivityLog',
  '20200613202153_AddUsers',
  '20200728005145_AddDisplayPreferences',
  '20201004171403_AddMaxActiveSessions',
  '20210320181425_AddIndexesAndCollations',
  '20210814002109_AddDevices',
  '20221022080052_AddIndexActivityLogsDateCreated',
  '20230526173516_RemoveEasyPassword',
  '20230923170422_UserCastReceiver',
  '20240928082930_MarkSegmentProviderIdNonNullable',
];
const since1011 = ['20241020103111_LibraryDbMigration', '20250326065026_AddInheritedParentalRatingSubValue'];
const sinceNormalizedNames = [
  '20260522092303_AddNormalizedUsername',
  '20260524120336_AddUniqueNormalizedUsernameIndex',
];

/** The rows of `__EFMigrationsHistory` that tell a database's version apart: id and product version. */
export function migrationsOf(traits: Traits): [id: string, product: string][] {
  const product = traits.is12 ? '10.0.10' : traits.is1010 ? '9.0.15' : '9.0.11';
  const ids = [...until1010];
  if (!traits.is1010) ids.push(...since1011);
  if (!traits.cachesUsers) ids.push(...sinceNormalizedNames);
  return ids.map((id) => [id, product]);
}
