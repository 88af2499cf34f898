import { describe, expect, test } from '@jest/globals';
import type { UnfinishedRepair } from '../../src/services/rescue/ladder/repair-port.js';
import { Rescue } from '../../src/services/rescue/ladder/rescue.js';
import { anAccount } from '../support/an-account.js';
import { done, rescuePorts, yesTo } from './ladder-ports.js';

const id = 'a1'.repeat(16);

/** A rescue of Alice that was cut short after the change. */
function cutShort(account: UnfinishedRepair['account']): UnfinishedRepair {
  const so = { startedAt: 0, stoppedByUs: true, mayBeChanged: true, atWork: false } as const;
  return { db: '/srv/data/jellyfin.db', account, ...so };
}

async function planFor(name: string, account: UnfinishedRepair['account']) {
  const { ports, jobs } = rescuePorts({ unfinished: cutShort(account) });
  const rescue = new Rescue(ports);
  const plan = await rescue.look({ name });
  return { rescue, plan, jobs, db: plan.rungs.find(({ rung }) => rung === 'db') };
}

describe('an unfinished rescue, where only names are known', () => {
  test('of Alice is not carried on for alice, who may be somebody else', async () => {
    const { db } = await planFor('alice', { id, name: 'Alice', alone: false });
    expect(db).toMatchObject({ open: false, note: 'dbOther', params: { name: 'Alice' } });
  });

  test('is carried on for another spelling that can mean nobody else: whether it is so, the repair says', async () => {
    const { rescue, plan, jobs, db } = await planFor('alice', { id, name: 'Alice', alone: true });
    expect(db).toMatchObject({ open: true, note: 'dbCarryOn', params: { name: 'Alice' } });
    await rescue.run(plan, yesTo('plan').ui);
    expect(jobs).toMatchObject([{ account: { name: 'alice' } }]);
  });
});

test('a rescue whose server was started by hand since goes on with its account, however the name is typed', async () => {
  const account = { id, name: 'alice', alone: true };
  // There was nothing left to do in the file, so that it was not looked at again.
  const end = { ...done, account, key: 'ab'.repeat(16), started: true };
  const { ports, did } = rescuePorts({
    accounts: [anAccount({ id, name: 'alice' })],
    unfinished: { ...cutShort(account), stoppedByUs: false, mayBeChanged: false },
    ends: [end],
  });
  const rescue = new Rescue(ports);
  const { outcome } = await rescue.run(await rescue.look({ name: 'ALICE' }), yesTo('plan').ui);
  expect(outcome).toBe('backIn');
  expect(did).toEqual(['password of alice', 'key deleted']);
});
