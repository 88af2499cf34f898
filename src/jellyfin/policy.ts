import { isDeepStrictEqual } from 'node:util';
import { ownProviders, putOffHours } from '../services/accounts/account.js';
import { isRecord, type RawPolicy } from './account-from-user.js';

/** What an unlock changes, and the one permission that always reads false (docs/jellyfin.md, "Unlocking"). */
const notCompared = new Set(['IsDisabled', 'InvalidLoginAttemptCount', 'EnableLyricManagement']);

/** The policy to write: the whole of it, since an omitted field falls back to its default. */
export function unlockedPolicy(policy: RawPolicy): RawPolicy {
  return { ...policy, IsDisabled: false, InvalidLoginAttemptCount: 0 };
}

/** Unlocked, with Jellyfin itself to check the password, and nobody let in before it has one: the hours are put off. */
export function ownButShut(policy: RawPolicy, userId: string): RawPolicy {
  const hours = schedulesOf(policy);
  const never = { Id: 0, UserId: userId, DayOfWeek: 'Everyday', StartHour: putOffHours, EndHour: putOffHours };
  const isPutOff = hours.some(({ StartHour }) => Number(StartHour) >= putOffHours);
  return {
    ...unlockedPolicy(policy),
    ...ownProviders,
    AccessSchedules: isPutOff ? hours : hours.length === 0 ? [never] : hours.map((each) => moved(each, putOffHours)),
  };
}

/** Unlocked, with the hours that it had before `ownButShut`. */
export function openAgain(policy: RawPolicy): RawPolicy {
  const hours = schedulesOf(policy).map((each) => moved(each, -putOffHours));
  // No day ends when it begins: that one stands for an account that has no hours.
  return { ...unlockedPolicy(policy), AccessSchedules: hours.filter(({ EndHour }) => EndHour !== 0) };
}

const schedulesOf = ({ AccessSchedules: list }: RawPolicy) => (Array.isArray(list) ? list.filter(isRecord) : []);

const moved = (schedule: Readonly<Record<string, unknown>>, hours: number) => ({
  ...schedule,
  StartHour: Number(schedule.StartHour) + hours,
  EndHour: Number(schedule.EndHour) + hours,
});

/** Names of the fields that an unlock should have left alone and that read back differently. */
export function differingFields(written: RawPolicy, readBack: RawPolicy): string[] {
  const names = new Set([...Object.keys(written), ...Object.keys(readBack)]);
  return [...names].filter(
    (name) => !notCompared.has(name) && !isDeepStrictEqual(withoutRowIds(written[name]), withoutRowIds(readBack[name])),
  );
}

/** Every write gives the access schedules new row ids, which says nothing about what they allow. */
function withoutRowIds(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry: unknown) => {
    if (!isRecord(entry)) return entry;
    const { Id: _rowId, ...rest } = entry;
    return rest;
  });
}
