import { describe, expect, test } from 'vitest';
import type { KeptLink } from '../../src/services/accounts/link.js';
import { dad, maya, servicesHouse } from '../support/services.js';

const house = servicesHouse();
const leoId = 'b'.repeat(32);

describe('whose link is taken away by name', () => {
  const unlinks = (account: string) => house.links.unlink(house.actor(dad), maya, account);
  const says = () => (house.drawn.unlinked?.[1] as { accountName?: string } | undefined)?.accountName;

  test('an account that is gone from the server keeps the name that it had', async () => {
    house.link(maya);
    house.state.accounts.clear();
    expect(await unlinks('MAYA')).toMatchObject({ accountName: 'maya', isAdministrator: false });
    house.link(maya);
    expect(await unlinks(house.account.id)).toMatchObject({ accountId: house.account.id });
    await house.idle();
    expect(says()).toBe('maya');
  });

  test('one that has another name by now is meant by that, and by the old one only while no other has it', async () => {
    house.link(maya);
    house.turns({ name: 'mia' });
    expect(await unlinks('maya')).toMatchObject({ accountId: house.account.id, accountName: 'mia' });
    house.link(maya);
    house.state.accounts.set(leoId, { ...house.account, id: leoId, name: 'maya' });
    await expect(unlinks('maya')).rejects.toMatchObject({ code: 'linkUnknown' });
    expect(await unlinks('mia')).toMatchObject({ accountName: 'mia' });
    await expect(unlinks('mia')).rejects.toMatchObject({ code: 'linkUnknown' });
    // Deleted, and another made in its name.
    house.link(maya);
    house.state.accounts.delete(house.account.id);
    expect(await unlinks('maya')).toMatchObject({ accountId: house.account.id });
  });

  test('the admins and the member hear of it by the time that it is said, and who does it themselves is not told', async () => {
    house.link(dad);
    await house.links.unlink(house.actor(dad), dad, 'maya');
    await house.idle();
    expect(house.since().filter((each) => each.endsWith('to dad'))).toEqual([]);
  });
});

test.each<[string, Partial<KeptLink> | undefined, string[]]>([
  ['reads so', { onAdministrator: true }, ['sent unproved to maya']],
  ['and has left the server is not written to', { onAdministrator: true, asleepSince: 7 }, []],
  ['and may act again by then reads nothing', {}, []],
  ['and is linked no more reads nothing', undefined, []],
])('whose link counts for nothing on an administrator’s account %s', async (_how, is, said) => {
  if (is) house.link(maya, is);
  house.outbox.owe({ kind: 'linkUnproved', subjectId: house.account.id, recipientId: maya });
  await house.outbox.round();
  expect(house.since()).toEqual(said);
});

test('who is linked while they are away is greeted when they are back', async () => {
  house.link(maya, { asleepSince: 7 });
  house.outbox.owe({ kind: 'greeting', subjectId: house.account.id, recipientId: maya });
  await house.outbox.round();
  expect(house.since()).toEqual([]);
  house.stores.links.wake(maya);
  await house.outbox.round();
  expect(house.since()).toEqual(['sent greeting to maya']);
});
