import { expect, test } from 'vitest';
import type { KeptLink, MadeBy } from '../../src/services/accounts/link.js';
import { LinkMaker } from '../../src/services/requests/link-maker.js';
import { dad, maya, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();
const leoId = 'b'.repeat(32);

function makes(madeBy: MadeBy, isAdministrator = false, ofAdmin = false, memberId = maya) {
  const { stores, events, account, state } = house;
  const how = { madeBy, linkedBy: dad, linkedAt: state.now + 5, isGreeted: true, ofAdmin };
  return new LinkMaker({ stores, events }).make({ memberId, account: { ...account, isAdministrator }, ...how });
}

const link = () => house.stores.links.between(maya, house.account.id);
const owed = () =>
  house.stores.db
    .prepare<[], string>("SELECT kind || ' ' || recipient_id FROM notices WHERE delivery_status = 'due' ORDER BY id")
    .pluck()
    .all();

test.each<[string, Partial<KeptLink>, [MadeBy, boolean?, boolean?], Partial<KeptLink>]>([
  ['what was proved stays so when an admin links them once more', { madeBy: 'proof' }, ['admin'], { madeBy: 'proof' }],
  ['a proof is more than an admin’s word', { madeBy: 'admin' }, ['proof'], { madeBy: 'proof' }],
  [
    'a proof on an administrator’s account is one',
    {},
    ['proof', true, true],
    { provedOnAdministrator: true, ofAdmin: true },
  ],
  ['an admin’s word on one is none', {}, ['admin', true, true], { provedOnAdministrator: false }],
  ['a proof on an ordinary account is none for later', {}, ['proof'], { provedOnAdministrator: false }],
  [
    'a proof that there was lasts while it is an administrator’s',
    { madeBy: 'proof', provedOnAdministrator: true, ofAdmin: true, onAdministrator: true },
    ['admin', true, true],
    { provedOnAdministrator: true },
  ],
  [
    'and ends with that',
    { madeBy: 'proof', provedOnAdministrator: true, ofAdmin: true, onAdministrator: true },
    ['admin'],
    { provedOnAdministrator: false },
  ],
  ['a proof lets devices in again', { madeBy: 'proof', suspendedSince: 7 }, ['proof'], { suspendedSince: undefined }],
  ['an admin’s word does not', { madeBy: 'proof', suspendedSince: 7 }, ['admin'], { suspendedSince: 7 }],
  ['who was away is back', { asleepSince: 7 }, ['admin'], { asleepSince: undefined }],
])('%s', (_what, kept, [madeBy, isAdministrator, ofAdmin], is) => {
  house.link(maya, kept);
  makes(madeBy, isAdministrator, ofAdmin);
  expect(link()).toMatchObject({ ...is, linkedAt: house.state.now });
});

test('a link that counts for nothing is no news, nor is one that is there; a member is greeted once', () => {
  expect(makes('admin', true).isNew).toBe(false);
  expect([owed(), house.history()]).toEqual([[], []]);
  expect(makes('admin').isNew).toBe(true);
  expect(makes('admin').isNew).toBe(false);
  expect([owed(), house.history()]).toEqual([[], ['dad link done']]);
  house.stores.links.remove(maya, house.account.id);
  makes('admin');
  expect(owed()).toEqual([`greeting ${maya}`]);
});

test.each<[string, MadeBy, Partial<KeptLink> | undefined, string[]]>([
  ['nobody where it is nobody else’s', 'admin', undefined, []],
  ['the other owner, and the admins', 'admin', {}, ['uncle', 'admins']],
  ['nobody by this where a request was approved', 'request', {}, []],
  ['one who is away as well, once they are back', 'admin', { asleepSince: 7 }, ['uncle', 'admins']],
  ['the admins alone where the other does not count', 'admin', { onAdministrator: true }, ['admins']],
])('of a further owner hears %s', (_who, madeBy, other, heard) => {
  if (other) house.link(uncle, other);
  makes(madeBy);
  const told = owed().filter((each) => each.startsWith('ownerOfDone'));
  expect(told).toEqual(heard.map((each) => `ownerOfDone ${each === 'uncle' ? uncle : each}`));
});

test('what they asked for by that name is an ordinary wish from then on; what names another stays', async () => {
  const { requests } = house.stores;
  const asks = (kind: 'unlock' | 'reset', name: string) =>
    house.requests.askByName(kind, house.actor(maya), name, undefined).request.id;
  const [named, other] = [asks('unlock', 'MAYA'), asks('reset', 'leo')];
  await house.idle();
  house.state.now += 1;
  const { changed } = makes('admin');
  expect(changed.map(({ id }) => id)).toEqual([named]);
  expect([requests.byId(named)?.accountId, requests.byId(other)?.accountId]).toEqual([house.account.id, '']);
});

test('what their card offered counts, and not the name: it may be another’s by now', async () => {
  const { id } = house.requests.askByName('unlock', house.actor(maya), 'maya', undefined).request;
  await house.idle();
  house.stores.requests.setOffered(id, leoId);
  expect(makes('admin').changed).toEqual([]);
});

test('what was approved by name meanwhile stays as it was approved', async () => {
  const { id } = house.requests.askByName('unlock', house.actor(maya), 'maya', undefined).request;
  await house.idle();
  house.stores.requests.move(id, ['pending'], 'approved', { decidedBy: dad });
  expect(makes('admin').changed).toEqual([]);
  expect(house.stores.requests.byId(id)?.linksOnApproval).toBe(true);
});
