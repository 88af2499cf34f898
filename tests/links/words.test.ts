import { describe, expect, test } from 'vitest';
import jellyfinAccount from '../../src/commands/jellyfin-account.js';
import link from '../../src/commands/link.js';
import unlink from '../../src/commands/unlink.js';
import { DiscordLinkMessages } from '../../src/commands/links/link-messages.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import { colours } from '../../src/discord/parts.js';
import { AppError } from '../../src/errors.js';
import type { LinkNews, ProofEnd } from '../../src/services/links/link-ports.js';
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
      links: { free: () => Promise.resolve(accounts), nameFacts: () => undefined },
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
  const named = { actor: { id: '1', rank: 'admin' }, t, member: () => ({ ...who, isBot: true }), text: () => 'maya' };
  await expect(Promise.resolve(command.run(named as never))).rejects.toMatchObject({ code: 'memberIsBot' });
});

describe('the list of free accounts', () => {
  const actor = { id: '1', rank: 'admin' };

  /** *Link as shown*, of these selects with who stands in them. */
  async function asShown(
    presets: [string, string][],
    linkFree: (actor: object, member: string, id: string) => unknown,
  ) {
    const links = { linkFree, free: () => Promise.resolve([]) };
    const handler = link({ links } as never).buttons?.['as-shown'] as ComponentHandler;
    return read(await handler.run({ actor, t, page: 0, presets: () => new Map(presets) } as never));
  }
  const to = (letter: string) => `link:to:${letter.repeat(32)}:0`;
  const linked = (_actor: object, memberId: string, accountId: string) =>
    Promise.resolve({ memberId, accountId, accountName: accountId.slice(0, 2) });

  test('links whoever stands there, says of each how it went, and undoes one or several', async () => {
    const one = await asShown(
      [
        ['link:of-a-later:version', who.id],
        [to('a'), who.id],
      ],
      linked,
    );
    expect(one).toContain(t('link.done', { member: `<@${who.id}>`, account: 'aa' }));
    expect(one).toContain(`link:undo:${'a'.repeat(32)}.${who.id}`);
    const two = await asShown(
      [
        [to('a'), who.id],
        [to('b'), who.id],
      ],
      linked,
    );
    expect(two).toContain(t('link.done', { member: `<@${who.id}>`, account: 'bb' }));
    expect(two).toContain('link:undo:one');
    expect(await asShown([], linked)).toContain(t('link.free.nothingShown'));
  });

  test('one that cannot be linked keeps no other from it; what nobody expected is not taken for that', async () => {
    const taken = (given: object, memberId: string, id: string) =>
      id.startsWith('a') ? Promise.reject(new AppError('accountGone')) : linked(given, memberId, id);
    const some = await asShown(
      [
        [to('a'), who.id],
        [to('b'), who.id],
      ],
      taken,
    );
    expect(some).toContain(t('errors.accountGone'));
    expect(some).toContain(t('link.done', { member: `<@${who.id}>`, account: 'bb' }));
    const bug = () => Promise.reject(new Error('a bug'));
    await expect(asShown([[to('a'), who.id]], bug)).rejects.toThrow('a bug');
  });
});

test('news of one link is one line; of many the first are read, and how many more there are', () => {
  const messages = new DiscordLinkMessages(
    () => t,
    () => ({}) as never,
    [],
  );
  const gone = (at: number): LinkNews => ({ kind: 'deleted', memberId: who.id, accountName: `account ${at}` });
  const news = (count: number) =>
    read(
      messages.news(
        1,
        Array.from({ length: count }, (_, at) => gone(at)),
      ),
    );
  const more = (count: number) => t('link.news.more', { count });
  expect(news(1)).toMatch(/account 0[^]*"embeds":\[\]/);
  expect(news(1)).not.toContain(more(0));
  expect(news(15)).toMatch(new RegExp(`account 0[^]*${more(14)}[^]*account 14`));
  expect(news(17)).toContain(more(16));
  expect(news(17)).toContain(more(2));
  expect(news(15)).not.toContain(more(0));
});
