import { describe, expect, test } from 'vitest';
import { accountCard, accountCards } from '../../src/commands/accounts/account-card.js';
import { AppError } from '../../src/errors.js';
import { type Account, isRestricted } from '../../src/services/accounts/account.js';
import { causesOf } from '../../src/services/causes/cause.js';
import type { Rank } from '../../src/services/members/actor.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';

const t = createWords('en').in('en');
const { id } = anAccount();
const [me, other] = ['100000000000000001', '100000000000000002'];

interface Seen {
  readonly rank: Rank;
  readonly isOwn?: boolean;
  readonly mayChange?: boolean;
  readonly account?: Partial<Account>;
  /** What they have asked for, and what others wait for. */
  readonly open?: readonly object[];
  readonly pending?: readonly object[];
  readonly takesOldApps?: boolean;
  readonly providers?: readonly string[];
  readonly why?: boolean;
  readonly lockouts?: readonly object[];
  readonly gone?: readonly string[];
  readonly unused?: object;
}

function services({ isOwn = false, mayChange = false, open = [], pending = [], lockouts = [], ...seen }: Seen) {
  const causes = (account: Account) => {
    const { takesOldApps, providers: passwordProviders } = seen;
    return causesOf({ account, now: new Date(), utcOffsetMinutes: 0, takesOldApps, passwordProviders });
  };
  const accounts = [seen.account ?? {}].map((but) => anAccount(but));
  return {
    picker: { accountsOf: () => (isOwn ? [{ id, name: 'maya' }] : []) },
    requests: { openOf: () => open, pending: () => pending },
    causes: {
      of: (account: Account) => Promise.resolve(causes(account)),
      ofAll: (all: Account[]) => Promise.resolve(all.map(causes)),
    },
    permissions: { mayChange: () => Promise.resolve(mayChange) },
    ownership: { has: () => isOwn },
    passes: {
      ofAccount: () => [],
      canOpen: (account: Account) =>
        (['hours', 'remote', 'devices', 'sessions'] as const).filter(
          (each) => !account.isDisabled && isRestricted(account, each),
        ),
    },
    lockouts: { locked: () => lockouts },
    passwordHandover: { unused: () => seen.unused },
    unlocks: { mayOwnerUnlock: () => false },
    jellyfin: {
      getAccount: (which: string) =>
        seen.gone?.includes(which) ? Promise.reject(new AppError('accountGone')) : Promise.resolve(accounts[0]),
      listAccounts: () => Promise.resolve([...accounts, anAccount({ id: 'f'.repeat(32), name: 'other' })]),
    },
    now: () => 1_800_000_000_000,
  } as never;
}

const context = (rank: Rank) => ({ actor: { id: me, rank }, t }) as never;

async function card(seen: Seen) {
  const account = anAccount(seen.account);
  const why = seen.why ? { causes: causesOf({ account, now: new Date() }), proof: undefined } : undefined;
  const parts = await accountCard(services(seen), context(seen.rank), account, { why });
  const buttons = parts.flatMap((part) => (typeof part === 'string' ? [] : part));
  return {
    text: parts.filter((part) => typeof part === 'string').join('\n'),
    buttons: buttons.map((button) => button.id.replace(`:${id}`, '')).join(' '),
    labels: buttons.map(({ label }) => label),
  };
}

const lock = { isDisabled: true, failedSignIns: 3 };
const off = { isDisabled: true };
const gone = { account: { authenticationProviderId: 'Ldap' }, providers: [anAccount().authenticationProviderId] };
const asked = (kind: string, state = 'pending', but: object = {}) => ({
  ...{ id: 5, kind, state, memberId: me, accountId: id, accountName: 'maya', createdAt: 0 },
  ...but,
});

describe('what is offered on a card', () => {
  test.each<[string, Seen, string]>([
    ['an owner', { rank: 'member', isOwn: true }, 'resetpw:ask signin:open status:devices'],
    ['a locked owner', { rank: 'member', isOwn: true, account: lock }, 'unlock:ask resetpw:ask status:devices'],
    ['one who was switched off', { rank: 'member', isOwn: true, account: off }, 'status:ask-enable'],
    [
      'one whose provider is gone',
      { rank: 'member', isOwn: true, ...gone },
      'signin:open status:ask-provider status:devices',
    ],
    ['whoever owns none', { rank: 'member' }, ''],
    ['a helper', { rank: 'helper', mayChange: true }, 'resetpw:now status:devices'],
    [
      'a helper, of a lock',
      { rank: 'helper', mayChange: true, account: lock },
      'unlock:now resetpw:now status:devices',
    ],
    ['a helper, of what an admin switched off', { rank: 'helper', mayChange: true, account: off }, ''],
    ['an admin, of the same', { rank: 'admin', mayChange: true, account: off }, 'status:enable'],
    [
      'an admin, of a provider that is gone',
      { rank: 'admin', mayChange: true, ...gone },
      'status:provider status:devices',
    ],
    ['a helper, of the same', { rank: 'helper', mayChange: true, ...gone }, 'status:devices'],
    ['an admin who may not change it', { rank: 'admin' }, ''],
    [
      'an admin who is no administrator, of an administrator’s account that is off',
      { rank: 'admin', account: { isAdministrator: true, ...off } },
      '',
    ],
    [
      'an admin, of an administrator’s account whose provider is gone',
      { rank: 'admin', mayChange: true, ...gone, account: { isAdministrator: true, ...gone.account } },
      'status:devices',
    ],
    [
      'an owner, of the same',
      { rank: 'member', isOwn: true, ...gone, account: { isAdministrator: true, ...gone.account } },
      'signin:open status:devices',
    ],
    [
      'an owner who is a helper',
      { rank: 'helper', isOwn: true, mayChange: true },
      'resetpw:now signin:open status:devices',
    ],
  ])('%s', async (_who, seen, offered) => {
    expect((await card(seen)).buttons).toBe(offered);
  });

  const outside = { account: { remoteAccess: false } };

  test('a pass is asked for by an owner, and given by an admin who may change the account', async () => {
    const pass = async (seen: Seen) => / ?status:pass/.test((await card(seen)).buttons);
    expect(await pass({ rank: 'member', isOwn: true, ...outside })).toBe(true);
    expect(await pass({ rank: 'member', isOwn: true })).toBe(false);
    expect(await pass({ rank: 'admin', mayChange: true, ...outside })).toBe(true);
    expect(await pass({ rank: 'admin', ...outside })).toBe(false);
    expect(await pass({ rank: 'helper', mayChange: true, ...outside })).toBe(false);
  });

  test('a pass for outside is called so only where nothing else keeps the owner out', async () => {
    const own = { rank: 'member', isOwn: true } as const;
    expect((await card({ ...own, ...outside })).labels).toContain(t('buttons.passOutside'));
    const both = (await card({ ...own, account: { remoteAccess: false, allDevices: false } })).labels;
    expect(both).toContain(t('buttons.pass'));
    expect(both).not.toContain(t('buttons.passOutside'));
  });

  test('why it was is asked where the account leaves it open, by who may see it, and once', async () => {
    const why = async (seen: Seen) => (await card(seen)).buttons.includes('status:why');
    expect(await why({ rank: 'member', isOwn: true, ...outside })).toBe(true);
    expect(await why({ rank: 'helper', mayChange: true, ...outside })).toBe(true);
    expect(await why({ rank: 'admin', ...outside })).toBe(false);
    expect(await why({ rank: 'member', isOwn: true })).toBe(false);
    expect(await why({ rank: 'member', isOwn: true, ...outside, why: true })).toBe(false);
  });

  test('what was asked for already is not offered again, and may be taken back while it waits', async () => {
    const own = { rank: 'member', isOwn: true } as const;
    const buttons = async (seen: Partial<Seen>) => (await card({ ...own, ...seen })).buttons;
    expect(await buttons({ open: [asked('reset')] })).toMatch(/^(?!.*resetpw:ask).*requests:cancel:5/);
    expect(await buttons({ open: [asked('reset', 'approved')] })).not.toMatch(/resetpw:ask|requests:cancel/);
    expect(await buttons({ account: lock, open: [asked('unlock')] })).toMatch(/^resetpw:ask requests:cancel:5/);
    expect(await buttons({ account: off, open: [asked('enable')] })).toBe('requests:cancel:5');
    expect(await buttons({ ...gone, open: [asked('provider')] })).not.toContain('ask-provider');
    // What is about another account is not this card's.
    expect(await buttons({ open: [asked('reset', 'pending', { accountId: 'f'.repeat(32) })] })).toContain(
      'resetpw:ask',
    );
    // Who may do it at once takes nothing back.
    expect(await buttons({ mayChange: true, rank: 'helper', open: [asked('reset')] })).not.toContain('cancel');
  });
});

describe('what is read on a card', () => {
  const within = (startHour: number, endHour: number) => ({
    accessSchedules: [{ day: 'Everyday', startHour, endHour }] as Account['accessSchedules'],
  });

  test.each<[Partial<Seen>, string]>([
    [{}, t('account.short.password')],
    [{ account: lock }, t('account.short.locked')],
    [{ account: within(5, 5) }, t('account.short.schedule')],
    // Of a server whose time zone is not known.
    [{ account: within(5, 5), why: true }, t('account.short.hours')],
    [{ account: { maxActiveSessions: 2 } }, t('account.short.sessions')],
  ])('in its heading the first cause: %j', async (seen, short) => {
    const { text } = await card({ rank: 'member', isOwn: true, ...seen });
    expect(text).toContain(t('account.headingWith', { name: 'maya', short }));
  });

  test('that it is an administrator’s, and that a rescue helps where nobody’s button does', async () => {
    const read = async (seen: Partial<Seen>) => {
      const { text } = await card({ rank: 'admin', mayChange: true, ...seen });
      return [text.includes(t('account.administrator')), text.includes(t('account.rescueHelps'))];
    };
    const administrator = { isAdministrator: true };
    expect(await read({})).toEqual([false, false]);
    expect(await read({ account: administrator })).toEqual([true, false]);
    expect(await read(gone)).toEqual([false, false]);
    expect(await read({ ...gone, account: { ...administrator, ...gone.account } })).toEqual([true, true]);
    expect(await read({ account: { ...administrator, ...within(100, 101) } })).toEqual([true, true]);
  });

  test('that a temporary password waits to be used is for its owner to read', async () => {
    const unused = { requestId: 5, message: {}, expiresAt: 5000 };
    expect((await card({ rank: 'member', isOwn: true, unused })).text).toContain('<t:5:');
    expect((await card({ rank: 'helper', mayChange: true, unused })).text).not.toContain('<t:5:');
  });

  test('what its owner has asked for', async () => {
    const { text } = await card({
      rank: 'member',
      isOwn: true,
      open: [asked('reset', 'pending', { createdAt: 5000 })],
    });
    expect(text).toContain('<t:5:R>');
  });

  test('of an administrator’s account a helper reads its name alone, unless it is theirs; an admin all of it', async () => {
    const account = { isAdministrator: true, ...lock };
    expect((await card({ rank: 'helper', account })).text).not.toContain('3 wrong passwords');
    expect((await card({ rank: 'helper', isOwn: true, account })).text).toContain('wrong passwords');
    expect((await card({ rank: 'admin', account })).text).toContain('wrong passwords');
    expect((await card({ rank: 'helper', account: lock })).text).toContain('wrong passwords');
  });

  test('who else waits is for helpers to read, and one’s own stands there once', async () => {
    const theirs = asked('unlock', 'pending', { id: 6, memberId: other });
    const seen = { open: [asked('unlock')], pending: [asked('unlock'), theirs, { ...theirs, id: 7, accountId: 'f' }] };
    const helper = (await card({ rank: 'helper', isOwn: true, ...seen })).text;
    expect(helper.match(/<@\d+>/g)).toEqual([`<@${other}>`]);
    expect((await card({ rank: 'member', isOwn: true, ...seen })).text).not.toContain(other);
  });

  test('that apps are too old is an admin’s to change on the server, and no others’', async () => {
    const says = async (seen: Seen) => (await card(seen)).text.includes(t('account.oldAppSwitch'));
    expect(await says({ rank: 'admin', mayChange: true, takesOldApps: false })).toBe(true);
    expect(await says({ rank: 'admin', mayChange: true })).toBe(false);
    expect(await says({ rank: 'member', isOwn: true, takesOldApps: false })).toBe(false);
  });

  test('since when it is locked, while it is', async () => {
    const lockouts = [{ accountId: id, accountName: 'maya', lockedAt: 5000, address: '192.168.1.20' }];
    expect((await card({ rank: 'member', isOwn: true, account: lock, lockouts })).text).toContain('192.168.1.20');
    expect((await card({ rank: 'member', isOwn: true, lockouts })).text).not.toContain('192.168.1.20');
    const others = [{ ...lockouts[0], accountId: 'f' }];
    expect((await card({ rank: 'member', isOwn: true, account: lock, lockouts: others })).text).not.toContain(
      '192.168',
    );
  });
});

describe('several cards', () => {
  const cards = async (seen: Seen, accounts: { id: string; name: string }[]) =>
    (await accountCards(services(seen), context(seen.rank), accounts))
      .filter((part) => typeof part === 'string')
      .join('\n');
  const own = { id, name: 'maya' };
  const deleted = { id: 'd'.repeat(32), name: 'deleted' };

  test('one that is gone is said to be, alone or among others, and no others are shown', async () => {
    const seen = { rank: 'member', isOwn: true, gone: [deleted.id] } as const;
    expect(await cards(seen, [deleted])).toContain(t('account.gone'));
    const both = await cards(seen, [own, deleted]);
    expect([both.includes('### maya'), both.includes(t('account.gone')), both.includes('other')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('one whose link counts no more says how to prove it; a helper sees it', async () => {
    expect(await cards({ rank: 'member' }, [own])).toBe(t('errors.linkUnproved'));
    expect(await cards({ rank: 'helper' }, [own])).toContain('### maya');
  });

  test('a single one is asked for alone: the list of a large household takes long', async () => {
    const alone = services({ rank: 'member', isOwn: true }) as { jellyfin: { listAccounts: () => unknown } };
    alone.jellyfin.listAccounts = () => Promise.reject(new AppError('jellyfinTimeout'));
    const [said] = await accountCards(alone as never, context('member'), [own]);
    expect(said).toContain('### maya');
  });

  test('more than fit are said to be more', async () => {
    const many = Array.from({ length: 5 }, () => own);
    expect(await cards({ rank: 'member', isOwn: true }, many)).toContain(t('pick.more'));
    expect(await cards({ rank: 'member', isOwn: true }, many.slice(1))).not.toContain(t('pick.more'));
  });
});
