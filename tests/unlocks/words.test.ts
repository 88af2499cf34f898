import { expect, test } from 'vitest';
import unlock from '../../src/commands/unlock.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { Request } from '../../src/services/requests/request.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';

const t = createWords('en').in('en');
const Ldap = { authenticationProviderId: 'Ldap' };
const locked = { isDisabled: true, failedSignIns: 3 };

/** What somebody reads who unlocks the account. */
async function said(unlocked: object): Promise<string> {
  const command = unlock({ unlocks: { unlock: () => Promise.resolve(unlocked) }, picker: {}, requests: {} } as never);
  const context = { actor: { id: '1', rank: 'helper' }, t, id: anAccount().id };
  const now = command.buttons?.now as { run: (context: unknown) => Promise<{ answer?: unknown }> };
  return JSON.stringify((await now.run(context)).answer).replaceAll('\\n', '\n');
}

test.each<[Partial<Account>, string]>([
  [locked, t('unlock.done', { name: 'maya', failed: 3, limit: 3 })],
  // Who checks the password has nothing to do with what was done.
  [{ ...locked, ...Ldap }, t('unlock.done', { name: 'maya', failed: 3, limit: 3 })],
  [Ldap, t('unlock.notLockedElsewhere', { name: 'maya', failed: 0, limit: 3, provider: 'Ldap' })],
  [{}, t('unlock.notLockedOf', { name: 'maya', failed: 0, limit: 3 })],
  [{ signInLimit: 0 }, t('unlock.notLocked', { name: 'maya', failed: 0, limit: 0 })],
])('at once: %j', async (account, sentence) => {
  expect(await said({ way: 'at once', before: anAccount(account), isOwn: false })).toContain(sentence);
});

test('of one’s own account, nothing is said to be done before it is', async () => {
  const own = (but: Partial<Request>, account: Partial<Account> = {}) => {
    const result = { id: 5, kind: 'unlock', accountId: anAccount().id, accountName: 'maya', ...but };
    return said({ way: 'by oneself', result, account: anAccount(account) });
  };
  expect(await own({ state: 'approved' })).toContain(t('asked.approved'));
  expect(await own({ state: 'failed', failure: 'jellyfinTimeout' })).toContain(t('errors.jellyfinTimeout'));
  expect(await own({ state: 'done' })).toMatch(/signin:open.*resetpw:ask/);
  expect(await own({ state: 'done' }, Ldap)).not.toContain('resetpw:ask');
});
