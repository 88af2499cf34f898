import { isDeepStrictEqual } from 'node:util';
import { isRecord, type RawPolicy } from './account-from-user.js';

/** What an unlock changes, and the one permission that always reads false (docs/jellyfin.md, "Unlocking"). */
const notCompared = new Set(['IsDisabled', 'InvalidLoginAttemptCount', 'EnableLyricManagement']);

/** The policy to write: the whole of it, since an omitted field falls back to its default. */
export function unlockedPolicy(policy: RawPolicy): RawPolicy {
  return { ...policy, IsDisabled: false, InvalidLoginAttemptCount: 0 };
}

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
