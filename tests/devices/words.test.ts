import { expect, test } from 'vitest';
import { deviceHandlers } from '../../src/commands/devices/device-handlers.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { AccountDevice } from '../../src/services/devices/account-devices.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';

const t = createWords('en').in('en');
const device = (but: Partial<AccountDevice> = {}) =>
  ({ key: 'k1', name: 'Phone', app: 'Finamp', isConnected: false, isShared: false, ...but }) as AccountDevice;

/** What its owner reads who presses that, of an account that is signed in there. */
async function said(press: string, devices: AccountDevice[], account: Partial<Account> = {}): Promise<string> {
  const found = { account: anAccount(account), devices };
  const one = () => Promise.resolve({ ...found, device: devices.find(({ key }) => key === 'k1') });
  const of = () => Promise.resolve(found);
  const services = { devices: { of, one, signOut: one, signOutEverywhere: of } } as never;
  const { buttons, selects } = deviceHandlers(services);
  const handlers: Record<string, ComponentHandler> = { ...buttons, ...selects };
  const context = { actor: { id: '1', rank: 'member' }, t, id: `${anAccount().id}-k1`, values: ['k1'] };
  const { answer, update } = (await handlers[press]?.run(context as never)) ?? {};
  return JSON.stringify(answer ?? update).replaceAll('\\n', '\n');
}

test('the list says where the account is signed in at this moment, and of how many it may be', async () => {
  const two = [device({ isConnected: true }), device({ key: 'k2', name: 'TV' })];
  const list = await said('devices', two, { maxActiveSessions: 3 });
  expect(list).toContain(t('devices.limit', { limit: 3, connected: 1 }));
  expect(list.match(new RegExp(t('devices.connected'), 'g'))).toHaveLength(1);
  expect(await said('devices', two)).not.toContain(t('devices.limit', { limit: 0, connected: 1 }).slice(0, 12));
});

test('a device without a name is called by its app, one that was never seen has no time', async () => {
  expect(await said('devices', [device({ name: '' })])).toContain('"label":"Finamp (Finamp)"');
  expect(await said('device-out', [device({ name: '' })])).toContain(t('devices.done', { device: 'Finamp' }));
  expect(await said('devices', [device()])).not.toContain('<t:');
  expect(await said('devices', [device({ lastSeen: 5000 })])).toContain('<t:5:');
});

test('one that is signed out by then is said to be gone', async () => {
  expect(await said('device', [device({ key: 'k2', name: 'TV' })])).toMatch(new RegExp(`${t('devices.gone')}[^]*TV`));
});

test('who else is signed out with it is said first', async () => {
  const shared = [device({ isShared: true }), device({ key: 'k2', name: 'TV' })];
  const list = await said('devices', shared);
  expect(list.match(new RegExp(t('devices.shared'), 'g'))).toHaveLength(1);
  expect(await said('device', shared)).toContain(t('signOut.shared', { devices: 'Phone' }));
  expect(await said('device', [device()])).not.toContain(t('signOut.shared', { devices: 'Phone' }));
  expect(await said('sign-out', shared)).toContain(t('signOut.shared', { devices: 'Phone' }));
});

test.each(['sign-out', 'sign-out-yes'])(
  'where it is signed in nowhere there is nothing to press: %s',
  async (press) => {
    const nowhere = await said(press, []);
    expect(nowhere).toContain(t('signOut.nowhere', { name: 'maya' }));
    expect(nowhere).not.toContain('custom_id');
  },
);
