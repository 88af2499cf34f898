import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import { onlyAddress, triesAround, triesFor } from '../../src/services/lockouts/failed-sign-ins.js';

describe('failed sign-ins', () => {
  const tried = (text: string, address: string | undefined = '192.168.1.20') => ({
    at: 0,
    text,
    address: address as string | undefined,
  });

  const english = (name: string, address?: string) => tried(`Failed login attempt from ${name}`, address);

  const german = (name: string, address?: string) => tried(`Fehlgeschlagener Anmeldeversuch von ${name}`, address);

  const names = (...all: string[]) => ({ list: () => Promise.resolve(all.map((name) => ({ id: name, name }))) });

  const nobodyIsAsked = { list: () => Promise.reject(new Error('the list of accounts was asked for')) };

  async function addressFor(name: string, tries: ReturnType<typeof tried>[], accounts: Parameters<typeof triesFor>[2]) {
    return onlyAddress(await triesFor(name, tries, accounts), 3);
  }

  test('an English log names the account to the letter, whatever the other accounts are called', async () => {
    const three = [english('bob'), english('BOB'), english('bob')];
    expect(await addressFor('bob', three, nobodyIsAsked)).toBe('192.168.1.20');
    expect(await addressFor('login', three, nobodyIsAsked)).toBeUndefined();
    expect(await addressFor('bo', three, nobodyIsAsked)).toBeUndefined();
  });

  test('of many the newest are kept: those around the lock, and no others', () => {
    const minute = 60_000;
    const failed = (at: number) =>
      ({ ...english('bob'), id: at, kind: 'failed', accountId: undefined, at }) as LogEntry;
    const around = [
      failed(0),
      failed(11 * minute),
      failed(20 * minute),
      failed(20 * minute + 4000),
      failed(21 * minute),
    ];
    const signedIn = { ...failed(19 * minute), kind: 'signedIn' } as LogEntry;
    const kept = triesAround([...around, signedIn], 20 * minute).map(({ at }) => at);
    expect(kept).toEqual([11 * minute, 20 * minute, 20 * minute + 4000]);
    const many = Array.from({ length: 60 }, (_, at) => failed(20 * minute - 60 + at));
    expect(triesAround(many, 20 * minute).map(({ at }) => at)).toEqual(many.slice(10).map(({ at }) => at));
  });

  test('tries for other accounts in between are theirs', async () => {
    const tries = [english('bob'), english('bobby', '203.0.113.9'), english('bob'), english('bob')];
    expect(await addressFor('bob', tries, nobodyIsAsked)).toBe('192.168.1.20');
  });

  test('no address is named where one more may be this account’s, or another’s whose name stands in the sentence as well', async () => {
    const tries = [german('bob'), german('bob'), german('bob')];
    expect(await addressFor('bob', tries, names('bob', 'anna'))).toBe('192.168.1.20');
    expect(await addressFor('bob', [...tries, german('bob, anna')], names('bob', 'anna'))).toBeUndefined();
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
    const before = (name: string) => tried(`${name} konnte sich nicht anmelden`);
    expect(await addressFor('bob', [before('bob'), before('bob'), before('bob')], names('bob'))).toBe('192.168.1.20');
    const anna = [before('anna'), before('anna'), before('anna')];
    expect(await addressFor('ann', anna, names('ann'))).toBeUndefined();
    expect(await addressFor('nna', anna, names('nna'))).toBeUndefined();
    // An account whose name is nothing that can be seen stands nowhere.
    expect(await addressFor('', three, names(''))).toBeUndefined();
    const ann = [german('Mary Ann'), german('Mary Ann'), german('Mary Ann')];
    expect(await addressFor('ann', ann, names('Ann', 'Mary Ann'))).toBeUndefined();
    expect(await addressFor('mary ann', ann, names('Mary', 'Mary Ann'))).toBeUndefined();
  });
});
