import { AppError } from '../../src/errors.js';
import { AccountDirectory } from '../../src/services/accounts/account-directory.js';
import type { Jellyfin } from '../../src/services/accounts/jellyfin-port.js';
import { jellyfinWithDirectory } from '../../src/services/accounts/jellyfin-with-directory.js';
import { anAccount } from '../support/an-account.js';

const maya = anAccount({ id: 'a'.repeat(32), name: 'maya', failedSignIns: 3 });
const opened = { ...maya, failedSignIns: 0 };

/** A Jellyfin that answers as told, remembered by a directory that has listed its accounts already. */
async function remembered(answers: Partial<Jellyfin>) {
  const never = () => Promise.reject(new Error('not asked in this test'));
  const jellyfin: Jellyfin = {
    listAccounts: () => Promise.resolve([maya]),
    getAccount: never,
    unlock: never,
    enable: never,
    setPassword: never,
    replacePassword: never,
    serverInfo: never,
    ...answers,
  };
  const directory = new AccountDirectory(jellyfin, { now: () => 0 });
  await directory.list();
  return { directory, server: jellyfinWithDirectory(jellyfin, directory) };
}

const gone = () => Promise.reject(new AppError('accountGone'));

test.each([
  ['is looked at', (server: Jellyfin) => server.getAccount(maya.id)],
  ['is unlocked', (server: Jellyfin) => server.unlock(maya.id)],
  ['gets a password', (server: Jellyfin) => server.setPassword(maya.id, 'x')],
  ['is to lose one', (server: Jellyfin) => server.replacePassword(maya.id, 'x', () => undefined)],
])('an account that turns out to be gone when it %s is not offered any more', async (_when, act) => {
  const { directory, server } = await remembered({
    getAccount: gone,
    unlock: gone,
    setPassword: gone,
    replacePassword: gone,
  });
  await expect(act(server)).rejects.toMatchObject({ code: 'accountGone' });
  expect(await directory.suggest('m')).toEqual([]);
});

test('an account is still offered when the server could not be asked about it', async () => {
  const { directory, server } = await remembered({
    getAccount: () => Promise.reject(new AppError('jellyfinTimeout')),
  });
  await expect(server.getAccount(maya.id)).rejects.toMatchObject({ code: 'jellyfinTimeout' });
  expect(await directory.suggest('m')).toEqual([maya]);
});

test('what became of an unlocked account shows at once', async () => {
  const { directory, server } = await remembered({ unlock: () => Promise.resolve({ before: maya, after: opened }) });
  await server.unlock(maya.id);
  expect(await directory.byId(maya.id)).toEqual(opened);
});
