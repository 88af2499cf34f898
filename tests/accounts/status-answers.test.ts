import { expect, test } from 'vitest';
import status from '../../src/commands/status.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import { AppError } from '../../src/errors.js';
import type { Rank } from '../../src/services/members/actor.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';

const t = createWords('en').in('en');

/** Of an account that nothing is wrong with. */
const services = (but: object) =>
  ({
    picker: { accountsOf: () => [] },
    requests: { openOf: () => [], pending: () => [] },
    causes: { of: () => Promise.resolve([]) },
    permissions: { mayChange: () => Promise.resolve(false) },
    passes: { ofAccount: () => [], canOpen: () => [] },
    lockouts: { locked: () => [] },
    passwordHandover: { unused: () => undefined },
    unlocks: { mayOwnerUnlock: () => false },
    jellyfin: { getAccount: () => Promise.resolve(anAccount()) },
    ...but,
  }) as never;

const context = (rank: Rank) => ({
  actor: { id: '1', rank },
  t,
  id: anAccount().id,
  page: 4,
  values: [anAccount().id],
});

test('what became an administrator’s account while it was read is not shown to a member who has not proved it', async () => {
  let reads = 0;
  const getAccount = () => {
    reads += 1;
    return Promise.resolve(anAccount({ isAdministrator: true }));
  };
  const assertOwn = () => {
    if (reads > 0) throw new AppError('linkUnproved');
  };
  const pick = status(services({ jellyfin: { getAccount }, ownership: { assertOwn } })).selects
    ?.pick as ComponentHandler;
  await expect(Promise.resolve(pick.run(context('member') as never))).rejects.toMatchObject({ code: 'linkUnproved' });
  expect(reads).toBe(1);
});

test('what the card about *It wasn’t me* leaves out is for whoever may know it, signing out for whoever may do it', async () => {
  const signIns = { tries: [{ at: 5000, address: '192.168.1.20' }], signIns: [], devices: [] };
  const denial = async (facts: unknown, mayChange: boolean) => {
    const denials = { facts: () => Promise.resolve(facts) };
    const permissions = { mayChange: () => Promise.resolve(mayChange) };
    const details = status(services({ denials, permissions })).buttons?.denial as ComponentHandler;
    const said = JSON.stringify((await details.run(context('admin') as never)).answer);
    return [said.includes('192.168.1.20'), said.includes(t('lockout.deniedUnknown')), said.includes('sign-out:')];
  };
  expect(await denial(signIns, true)).toEqual([true, false, true]);
  expect(await denial(signIns, false)).toEqual([true, false, false]);
  expect(await denial(undefined, true)).toEqual([false, true, true]);
  expect(await denial('hidden', false)).toEqual([false, false, false]);
});
