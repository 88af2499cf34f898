import { expect, test } from '@jest/globals';
import { onlyAddress, triesFor } from '../../src/services/lockouts/failed-sign-ins.js';

const tried = (text: string, address: string | undefined = '192.168.1.20') => ({
  at: 0,
  text,
  address: address as string | undefined,
});
const english = (name: string, address?: string) => tried(`Failed login attempt from ${name}`, address);
const german = (name: string, address?: string) => tried(`Fehlgeschlagener Anmeldeversuch von ${name}`, address);
const names =
  (...all: string[]) =>
  () =>
    Promise.resolve(all);
const nobodyIsAsked = () => Promise.reject(new Error('the list of accounts was asked for'));

async function addressFor(name: string, tries: ReturnType<typeof tried>[], allNames: () => Promise<string[]>) {
  return onlyAddress(await triesFor(name, tries, allNames), 3);
}

test('an English log names the account to the letter, whatever the other accounts are called', async () => {
  const three = [english('bob'), english('BOB'), english('bob')];
  expect(await addressFor('bob', three, nobodyIsAsked)).toBe('192.168.1.20');
  expect(await addressFor('login', three, nobodyIsAsked)).toBeUndefined();
  expect(await addressFor('bo', three, nobodyIsAsked)).toBeUndefined();
});

test('tries for other accounts in between are theirs', async () => {
  const tries = [english('bob'), english('bobby', '203.0.113.9'), english('bob'), english('bob')];
  expect(await addressFor('bob', tries, nobodyIsAsked)).toBe('192.168.1.20');
});

test('no address is named when the tries came from several, from none, or when too few of them are known', async () => {
  expect(
    await addressFor('bob', [english('bob'), english('bob'), english('bob', '203.0.113.9')], nobodyIsAsked),
  ).toBeUndefined();
  expect(await addressFor('bob', [english('bob'), english('bob')], nobodyIsAsked)).toBeUndefined();
  const nowhere = { ...english('bob'), address: undefined };
  expect(await addressFor('bob', [nowhere, nowhere, nowhere], nobodyIsAsked)).toBeUndefined();
});

test('in another language the name has to stand there by itself, and no other account’s beside it', async () => {
  const three = [german('bob'), german('bob'), german('bob')];
  expect(await addressFor('bob', three, names('bob', 'maya'))).toBe('192.168.1.20');
  expect(await addressFor('bob', three, names('bob', 'von'))).toBeUndefined();
  expect(
    await addressFor('bob', [german('bobby'), german('bobby'), german('bobby')], names('bob', 'bobby')),
  ).toBeUndefined();
  const ann = [german('Mary Ann'), german('Mary Ann'), german('Mary Ann')];
  expect(await addressFor('ann', ann, names('Ann', 'Mary Ann'))).toBeUndefined();
  expect(await addressFor('mary ann', ann, names('Mary', 'Mary Ann'))).toBeUndefined();
});
