import { isDeepStrictEqual } from 'node:util';
import { fieldsOf, ownProviders, type RestrictionFields, shutHours } from '../services/accounts/account.js';
import { isRecord, type RawPolicy, type UserRead } from './account-from-user.js';

/** How often a policy is written: some versions fail where two are written at once. */
export const policyTries = 3;

/** What an unlock changes or a sign-in counts, and the one permission that always reads false (docs/jellyfin.md, "Unlocking"). */
const notCompared = new Set(['IsDisabled', 'InvalidLoginAttemptCount', 'EnableLyricManagement']);

/** The policy to write: the whole of it, since an omitted field falls back to its default. */
export function unlockedPolicy(policy: RawPolicy): RawPolicy {
  return { ...policy, IsDisabled: false, InvalidLoginAttemptCount: 0 };
}

/** Names of the fields that read back differently, but for those of a lock. */
export function differingFields(written: RawPolicy, readBack: RawPolicy): string[] {
  const names = new Set([...Object.keys(written), ...Object.keys(readBack)]);
  return [...names].filter(
    (name) => !notCompared.has(name) && !isDeepStrictEqual(withoutRowIds(written[name]), withoutRowIds(readBack[name])),
  );
}

/** The policy to write with these restrictions, all else as it is. */
export function restrictedPolicy(policy: RawPolicy, fields: RestrictionFields): RawPolicy {
  const { accessSchedules, remoteAccess, allDevices, listedDevices, maxActiveSessions } = fields;
  return {
    ...policy,
    ...(accessSchedules && {
      AccessSchedules: accessSchedules.map(({ day: DayOfWeek, startHour: StartHour, endHour: EndHour }) => ({
        ...{ DayOfWeek, StartHour, EndHour },
      })),
    }),
    ...(remoteAccess !== undefined && { EnableRemoteAccess: remoteAccess }),
    ...(allDevices !== undefined && { EnableAllDevices: allDevices }),
    ...(listedDevices && { EnabledDevices: listedDevices }),
    ...(maxActiveSessions !== undefined && { MaxActiveSessions: maxActiveSessions }),
  };
}

/** Unlocked, with Jellyfin itself to check the password, and nobody let in before it has one. */
export function ownButShut({ account, policy }: UserRead): RawPolicy {
  return { ...restrictedPolicy(unlockedPolicy(policy), shutHours(account)), ...ownProviders };
}

/** Unlocked, with the hours that it had before. */
export function openAgain({ account, policy }: UserRead): RawPolicy {
  return restrictedPolicy(unlockedPolicy(policy), fieldsOf(account, 'hours'));
}

/** Every write gives the access schedules new row ids; neither these nor the account's id say what they allow. */
function withoutRowIds(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return Array.from(value, (entry: unknown) => {
    if (!isRecord(entry)) return entry;
    const { Id: _rowId, UserId: _userId, ...rest } = entry;
    return rest;
  });
}
