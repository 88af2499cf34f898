import { expect, test } from '@jest/globals';
import { hashPassword, isPasswordOf } from '../../src/db/jellyfin-db/index.js';
import { asAskedNow } from '../../src/repair/carry-on.js';
import type { RepairRecord } from '../../src/repair/record.js';
import type { RepairJob } from '../../src/services/rescue/ladder/repair-port.js';

const earlier = hashPassword('popcorn');
const key = 'ab'.repeat(16);
const now = (record: Partial<RepairRecord>, job: Partial<RepairJob>) =>
  asAskedNow({ stage: 'copied', ...record } as RepairRecord, job as RepairJob);

test('a repair that is carried on for another password or key than before makes that one, in the file as well', () => {
  const isNew = (given: Partial<RepairRecord>) => isPasswordOf('nachos', given.passwordHash ?? '');
  const otherwise = now({ passwordHash: earlier }, { setPassword: 'nachos' });
  expect([isNew(otherwise), otherwise.stage]).toEqual([true, undefined]);
  const changed = now({ passwordHash: earlier, stage: 'changed' }, { setPassword: 'nachos' });
  expect([isNew(changed), changed.stage]).toEqual([true, 'changing']);
  expect(now({ stage: 'changed' }, { key })).toEqual({ key, stage: 'changing' });
  expect(now({}, { key })).toEqual({ key });
});

test('a repair that is carried on for what was asked before changes nothing twice', () => {
  expect(
    now({ passwordHash: earlier, stage: 'changed', key }, { setPassword: 'popcorn', key: 'cd'.repeat(16) }),
  ).toEqual({});
  // What is set in the file is not known any more to whoever asks now for no password.
  expect(now({ passwordHash: earlier }, {})).toEqual({ passwordHash: undefined });
  expect(now({ passwordHash: earlier, stage: 'changed' }, {})).toEqual({});
  expect(now({}, {})).toEqual({});
});
