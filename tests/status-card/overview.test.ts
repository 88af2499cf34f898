import { expect, test } from 'vitest';
import { DiscordStatusCardMessages } from '../../src/commands/status-card/status-card-messages.js';
import { householdParts } from '../../src/commands/status-card/household-overview.js';
import { AppError } from '../../src/errors.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { Rank } from '../../src/services/members/actor.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';

const t = createWords('en').in('en');

interface Stands {
  readonly accounts?: readonly Partial<Account>[];
  readonly pending?: readonly object[];
  readonly outstanding?: readonly object[];
  readonly trouble?: Error;
}

function services({ accounts = [], pending = [], outstanding = [], trouble }: Stands): never {
  return {
    jellyfin: {
      serverInfo: () => (trouble ? Promise.reject(trouble) : Promise.resolve({ name: 'home', version: '10.11.8' })),
    },
    accounts: { latest: () => Promise.resolve({ accounts: accounts.map(anAccount), keptSince: undefined }) },
    requests: { pending: () => pending, byId: () => ({ accountName: 'maya', adminAccount: false }) },
    links: { factsAbout: () => ({ asker: undefined, owners: [] }) },
    passes: { open: () => [] },
    tempPasswords: { outstanding: () => outstanding },
  } as never;
}

async function read(stands: Stands, rank: Rank = 'helper') {
  const parts = await householdParts(services(stands), { t, actor: { rank } });
  const ids = parts.flatMap((part) => (Array.isArray(part) ? part.map(({ id }) => id) : []));
  return { text: parts.filter((part) => typeof part === 'string').join('\n'), ids };
}

const locked = { id: 'b'.repeat(32), name: 'bob', isDisabled: true, failedSignIns: 3 };
const overLimit = { id: 'c'.repeat(32), name: 'cleo', failedSignIns: 5 };
const off = { id: 'd'.repeat(32), name: 'dan', isDisabled: true };
const waits = {
  ...{ id: 5, kind: 'reset', state: 'pending', memberId: '100000000000000001', accountId: 'a', accountName: 'maya' },
  ...{ linksOnApproval: false, adminAccount: false, createdAt: 0, version: 1 },
};

test('says who is locked, over the limit, or switched off, with a button for whoever can be let in', async () => {
  const { text, ids } = await read({ accounts: [locked, overLimit, off, {}] });
  expect(text).toContain(t('status.locked', { count: 1, names: 'bob' }));
  expect(text).toContain(t('status.overLimit', { names: 'cleo' }));
  expect(text).toContain(t('status.disabled', { names: 'dan' }));
  expect(ids).toEqual([locked, overLimit].map(({ id }) => `unlock:now:${id}`));
  const administrators = { ...locked, isAdministrator: true };
  expect((await read({ accounts: [administrators] })).ids).toEqual([]);
  expect((await read({ accounts: [administrators] }, 'admin')).ids).toHaveLength(1);
});

test('where nothing is the matter, says that nobody is locked, and no more', async () => {
  const { text, ids } = await read({ accounts: [{}] });
  expect(text.split('\n').slice(1)).toEqual([t('status.lockedNone'), t('status.waitingNone')]);
  expect(ids).toEqual([]);
});

test('says why Jellyfin does not answer; what nobody expected is not hidden behind that', async () => {
  const { text } = await read({ trouble: new AppError('jellyfinTimeout'), pending: [waits] });
  expect(text).toContain(t('errors.jellyfinTimeout'));
  expect(text).toContain(t('status.waiting'));
  await expect(read({ trouble: new Error('a bug') })).rejects.toThrow('a bug');
});

test('on the card that is kept in a channel nobody decides: it shows text, and buttons that unlock', async () => {
  const card = await new DiscordStatusCardMessages(() => t, services({ accounts: [locked], pending: [waits] })).card(1);
  const said = JSON.stringify(card);
  expect(said).toContain('<@100000000000000001>');
  expect(said).toContain(`unlock:now:${locked.id}`);
  expect(said).not.toMatch(/requests:approve|requests:deny|\[object/);
});
