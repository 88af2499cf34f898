import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { CallFailure } from '../../src/jellyfin/calls.js';
import type { RawPolicy } from '../../src/jellyfin/account-from-user.js';
import { restrict } from '../../src/jellyfin/restrict.js';
import type { RestrictionFields } from '../../src/services/accounts/account.js';
import { anAccount } from '../support/an-account.js';
import { Notes } from './house.js';

const before = { EnableRemoteAccess: false, EnableAllDevices: false, EnabledDevices: ['tv'], MaxActiveSessions: 1 };

/** Restricts an account whose server fails with these errors, one after the other, and keeps what `keeps` makes of a policy. */
async function restricting(
  fields: RestrictionFields | undefined,
  errors: readonly Error[] = [],
  keeps = (policy: RawPolicy): RawPolicy => policy,
) {
  let policy: RawPolicy = before;
  const written: RawPolicy[] = [];
  const notes = new Notes();
  const failures = [...errors];
  const write = (given: RawPolicy) => {
    written.push(given);
    const error = failures.shift();
    if (error) return Promise.reject(error);
    policy = keeps(given);
    return Promise.resolve();
  };
  const read = () => Promise.resolve({ account: anAccount({}), policy });
  const outcome = await restrict(read, write, () => Promise.resolve(fields), notes).then(
    () => 'done',
    (error: unknown) => (error as AppError).code,
  );
  return { outcome, written, notes: notes.lines.length };
}

test('of a restriction that need not change nothing is written; of one that does, that alone is changed', async () => {
  expect(await restricting(undefined)).toEqual({ outcome: 'done', written: [], notes: 0 });
  const one = async (fields: RestrictionFields) => (await restricting(fields)).written;
  expect(await one({ remoteAccess: true })).toEqual([{ ...before, EnableRemoteAccess: true }]);
  expect(await one({ allDevices: true })).toEqual([{ ...before, EnableAllDevices: true }]);
  expect(await one({ listedDevices: [] })).toEqual([{ ...before, EnabledDevices: [] }]);
  expect(await one({ maxActiveSessions: 0 })).toEqual([{ ...before, MaxActiveSessions: 0 }]);
  const hours = { DayOfWeek: 'Monday', StartHour: 7, EndHour: 8 };
  const accessSchedules = [{ day: 'Monday', startHour: 7, endHour: 8 }];
  expect(await one({ accessSchedules })).toEqual([{ ...before, AccessSchedules: [hours] }]);
});

const broken = () => new AppError('jellyfinBroken');
const cut = (mayHaveArrived: boolean) => {
  const cause = new CallFailure('POST /Users/{id}/Policy', { kind: 'unreachable', reason: 'x', mayHaveArrived });
  return new AppError('jellyfinUnreachable', {}, { cause });
};

test('a write that may have been done is tried three times; one that was refused, or never left, once', async () => {
  const tried = async (...errors: Error[]) => {
    const { outcome, written } = await restricting({ remoteAccess: true }, errors);
    return [outcome, written.length];
  };
  expect(await tried(broken(), cut(true))).toEqual(['done', 3]);
  expect(await tried(broken(), broken(), broken())).toEqual(['jellyfinBroken', 3]);
  expect(await tried(new AppError('jellyfinRefused'))).toEqual(['jellyfinRefused', 1]);
  expect(await tried(cut(false))).toEqual(['jellyfinUnreachable', 1]);
});

test('what reads back otherwise in its own field did not come true; in another it is an administrator’s affair', async () => {
  const fields = { remoteAccess: true };
  const lost = await restricting(fields, [], (policy) => ({ ...policy, EnableRemoteAccess: false }));
  expect(lost).toMatchObject({ outcome: 'jellyfinNotApplied', notes: 1 });
  const theirs = await restricting(fields, [], (policy) => ({ ...policy, MaxActiveSessions: 9 }));
  expect(theirs).toMatchObject({ outcome: 'done', notes: 1 });
  expect(await restricting(fields)).toMatchObject({ outcome: 'done', notes: 0 });
});
