import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { anAccount } from '../support/an-account.js';
import { dad, hour, maya, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();
const leo = anAccount({ id: 'b'.repeat(32), name: 'leo' });

const picks = (who: string, text?: string) => house.picker.pick(house.actor(who), text);
const gone = () => Promise.reject(new AppError('accountGone'));

test('two accounts with the same name to a person are several; a command for one account says so', async () => {
  house.state.accounts.set(leo.id, { ...leo, name: 'MAYA' });
  expect(await picks(dad, 'Maya')).toMatchObject({ kind: 'several', accounts: [{ name: 'maya' }, { name: 'MAYA' }] });
  expect(await picks(dad, 'maya')).toEqual({ kind: 'one', id: house.account.id });
  await expect(house.picker.account('Maya')).rejects.toMatchObject({ code: 'accountAmbiguous' });
  await expect(house.picker.account('nobody')).rejects.toMatchObject({ code: 'accountUnknown' });
});

test('a choice from the list is taken as it is, without asking; what acts on it finds out whether it is there', async () => {
  house.state.before = () => {
    throw new Error('asked');
  };
  expect(await picks(dad, leo.id)).toEqual({ kind: 'one', id: leo.id });
  house.link(maya);
  expect(await picks(maya, house.account.id)).toEqual({ kind: 'one', id: house.account.id });
  await expect(picks(maya, leo.id)).rejects.toMatchObject({ code: 'accountNotYours' });
  await expect(picks(maya, `<@${uncle}>`)).rejects.toMatchObject({ code: 'accountNotYours' });
  expect(await picks(maya, `<@${maya}>`)).toEqual({ kind: 'one', id: house.account.id });
});

test('an own account is found by the name that it has now; where that cannot be asked, it is not said to be another’s', async () => {
  house.link(maya, { accountName: 'formerly' });
  expect(await picks(maya, 'Maya')).toEqual({ kind: 'one', id: house.account.id });
  await expect(picks(maya, 'formerly')).rejects.toMatchObject({ code: 'accountNotYours' });
  house.state.before = () => {
    throw new AppError('jellyfinTimeout');
  };
  await expect(picks(maya, 'leo')).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  house.state.before = () => undefined;
  house.state.accounts.clear();
  await expect(picks(maya, 'leo')).rejects.toMatchObject({ code: 'accountNotYours' });
});

test('an account that was deleted and made again is acted on for helpers, and for nothing but that it is gone', async () => {
  await house.accounts.listNow();
  house.state.accounts.clear();
  await house.accounts.byId(house.account.id);
  const again = { ...leo, name: 'maya' };
  house.state.accounts.set(again.id, again);
  house.state.now += hour;
  const acts = (who: string, fails: () => Promise<never>) =>
    house.picker.orSuccessor(house.actor(who), house.account.id, (id) =>
      id === house.account.id ? fails() : Promise.resolve(id),
    );
  expect(await acts(dad, gone)).toBe(again.id);
  await expect(acts(maya, gone)).rejects.toMatchObject({ code: 'accountGone' });
  const times = () => Promise.reject(new AppError('jellyfinTimeout'));
  await expect(acts(dad, times)).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  // Reading one that is gone is no trouble of the bot's own.
  expect(house.discord.troubles).toEqual([]);
  // Which of two it is nobody can tell.
  house.state.accounts.set('c', { ...again, id: 'c'.repeat(32), name: 'MAYA' });
  house.state.accounts.set(again.id, { ...again, name: 'Maya' });
  house.state.now += hour;
  await house.accounts.listNow();
  await expect(acts(dad, gone)).rejects.toMatchObject({ code: 'accountGone' });
});
