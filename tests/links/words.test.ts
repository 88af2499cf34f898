import { describe, expect, test } from 'vitest';
import jellyfinAccount from '../../src/commands/jellyfin-account.js';
import link from '../../src/commands/link.js';
import unlink from '../../src/commands/unlink.js';
import { colours } from '../../src/discord/parts.js';
import type { ProofEnd } from '../../src/services/links/link-ports.js';
import type { Rank } from '../../src/services/members/actor.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');
const who = { id: '100000000000000001', name: 'Maya S', isBot: false, inServer: true };
const free = [
  { id: 'b'.repeat(32), name: 'bob' },
  { id: 'c'.repeat(32), name: 'maya s the second' },
  { id: 'a'.repeat(32), name: 'Maya' },
];

const read = (reply: object | undefined) => JSON.stringify(reply).replaceAll('\\n', '\n');

describe('*Jellyfin account* in a member’s menu', () => {
  /** Somebody who is linked to an account that is gone, unless said. */
  async function menu(rank: Rank, target: object = {}, accounts = free, owned = [{ id: 'd', name: 'gone' }]) {
    const services = {
      picker: { accountsOf: () => owned },
      links: { free: () => Promise.resolve(accounts) },
      jellyfin: { getAccount: () => Promise.resolve(undefined) },
      causes: { ofAll: () => Promise.resolve([]) },
    };
    const context = { target: { ...who, ...target }, actor: { id: '1', rank }, t };
    return read(await jellyfinAccount(services as never).run(context as never));
  }

  test('offers admins what is free, first what is called like them, whichever name is longer', async () => {
    expect(await menu('admin')).toMatch(/account:link:100000000000000001.*the second.*"Maya".*bob/);
  });

  test('offers no link to helpers, of whoever left, or where nothing is free', async () => {
    const said = [await menu('helper'), await menu('admin', { inServer: false }), await menu('admin', {}, [])];
    for (const each of said) {
      expect(each).toContain(t('account.gone'));
      expect(each).not.toContain('account:link');
    }
  });

  test.each<[Rank, object]>([
    ['helper', {}],
    ['admin', { inServer: false }],
    ['admin', { isBot: true }],
  ])('says to a(n) %s that they are linked to nothing: %j', async (rank, target) => {
    await expect(menu(rank, target, free, [])).rejects.toMatchObject({ code: 'memberNotLinked' });
  });
});

describe.each([
  ['/link', link],
  ['/unlink', unlink],
])('%s', (_name, command) => {
  test.each<[string, object | undefined, string | undefined]>([
    ['a member alone', who, undefined],
    ['an account alone', undefined, 'maya'],
  ])('wants both, not %s', async (_what, member, user) => {
    const context = { actor: { id: '1', rank: 'admin' }, t, member: () => member, text: () => user };
    const run = async () => command({} as never).run(context as never);
    await expect(run()).rejects.toMatchObject({ code: 'linkNeedsBoth' });
  });
});

describe('a code to prove an account with', () => {
  /** What the answer becomes; `change` is how. */
  async function ends(end: Partial<ProofEnd>, change: (answer: object) => Promise<void>) {
    const begun = { code: 'ABC', expiresAt: 0, ended: Promise.resolve({ accountName: 'maya', ...end }) };
    const command = link({ linkProofs: { begin: () => Promise.resolve(begun) } } as never);
    const context = { actor: { id: '1', rank: 'member' }, t, member: () => undefined, text: () => undefined };
    const { later } = await command.run(context as never);
    await later?.(change);
  }

  test.each<[ProofEnd['outcome'], boolean, number]>([
    ['linked', false, colours.good],
    ['already', false, colours.good],
    ['replaced', false, colours.quiet],
    ['expired', true, colours.quiet],
    ['failed', true, colours.quiet],
    ['refused', true, colours.quiet],
  ])('another one is offered where that may do: %s', async (outcome, another, colour) => {
    let become = '';
    await ends({ outcome }, async (answer) => {
      await Promise.resolve();
      become = read(answer);
    });
    expect(become).toContain(t(`link.proof.${outcome}`, { account: 'maya' }).slice(0, 30));
    expect(become.includes('link:prove')).toBe(another);
    expect(become).toContain(`"accent_color":${colour}`);
  });

  test('an answer that could not be changed is not taken for one that was', async () => {
    const refused = () => Promise.reject(new Error('gone'));
    await expect(ends({ outcome: 'linked' }, refused)).rejects.toThrow('gone');
  });
});

test('who left the server is linked to nothing, nor is a bot', async () => {
  const command = link({} as never);
  const to = command.selects?.to;
  const chosen = async (picked: object[]) =>
    to?.run({ actor: { id: '1', rank: 'admin' }, t, id: 'a', page: 0, picked } as never);
  await expect(chosen([{ ...who, inServer: false }])).rejects.toMatchObject({ code: 'memberUnknown' });
  await expect(chosen([{ ...who, isBot: true }])).rejects.toMatchObject({ code: 'memberIsBot' });
});
