import { expect, test } from 'vitest';
import { accountCard, accountCards, colourOf, jellyfinLink } from '../../src/commands/accounts/account-card.js';
import { causeLines, proofLine } from '../../src/commands/causes/cause-lines.js';
import { deviceHandlers } from '../../src/commands/devices/device-handlers.js';
import help from '../../src/commands/help.js';
import history from '../../src/commands/history.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import { answer } from '../../src/discord/parts.js';
import { AppError } from '../../src/errors.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { Cause } from '../../src/services/causes/cause.js';
import type { Rank } from '../../src/services/members/actor.js';
import { anAccount } from '../support/an-account.js';
import { all, given } from '../support/answers.js';
import { each, inKeys, shown } from '../support/shown.js';

/** What people read, to be looked through at once where it changes. */
const read = './card-in-every-state';
const t = inKeys.in('xx');
const [me, other] = ['100000000000000001', '100000000000000002'];
const account = (but: Partial<Account> = {}) => anAccount({ id: 'a', ...but });
const device = { id: 'tv', name: 'TV', app: 'Android TV', accountId: 'a', lastSeen: 9000 };
const day = { day: 'Monday', startHour: 7.5, endHour: 20 };
const causes: Record<string, Cause> = {
  locked: { kind: 'locked', certain: true, failed: 3, limit: 3 },
  'switched off': { kind: 'disabled', certain: true },
  halfway: { kind: 'halfway', certain: true },
  'a provider that is gone': { kind: 'providerGone', certain: true, provider: 'Ldap' },
  hours: { kind: 'schedule', certain: true, schedules: [day, { ...day, day: 'Odd_day' }] },
  'hours that may be': { kind: 'schedule', certain: false, schedules: [day] },
  'too many sessions': { kind: 'sessions', certain: true, limit: 1, sessions: [device] },
  'sessions that may be': { kind: 'sessions', certain: false, limit: 1, sessions: [] },
  'over the limit': { kind: 'overLimit', certain: false, failed: 4, limit: 3 },
  'another provider': { kind: 'provider', certain: false, provider: 'Ldap' },
  'listed devices': { kind: 'devices', certain: false, count: 2 },
  'from outside': { kind: 'remote', certain: false },
  'an old app': { kind: 'oldApp', certain: false },
  'the password': { kind: 'password', certain: false },
};
const password: Cause = { kind: 'password', certain: false };

test('why somebody cannot sign in: each cause in its sentence, for an administrator what helps there', async () => {
  const lines = (of: Partial<Account>, ...all: Cause[]) => causeLines(t, account(of), all);
  const administrators = Object.fromEntries(
    ['halfway', 'a provider that is gone', 'locked'].map((name) => [name, causes[name] ?? password]),
  );
  await expect(
    [
      each(causes, (cause) => lines({}, cause)),
      each(administrators, (cause) => lines({ isAdministrator: true }, cause)),
      ...[lines({ signInLimit: -1, lastSeen: new Date(9000) }, password), lines({})],
      lines({}, causes['from outside'] ?? password, password),
      each(causes, ({ kind }) => proofLine(t, { at: 5000, kind })),
      proofLine(t, undefined),
    ].join('\n\n'),
  ).toMatchFileSnapshot(`${read}/causes.txt`);
});

interface Seen {
  readonly rank?: Rank;
  readonly isOwn?: boolean;
  readonly mayChange?: boolean;
  readonly of?: Partial<Account>;
  readonly causes?: readonly Cause[];
  readonly proof?: { at: number; kind: Cause['kind'] };
  readonly open?: readonly object[];
  readonly pending?: readonly object[];
  readonly unused?: object;
  readonly passes?: readonly object[];
  readonly canOpen?: readonly string[];
  readonly mayUnlock?: boolean;
  readonly lockouts?: readonly object[];
}
const services = ({ isOwn = false, mayChange = false, ...seen }: Seen) =>
  ({
    picker: { accountsOf: () => (isOwn ? [{ id: 'a', name: 'maya' }] : []) },
    requests: { openOf: () => seen.open ?? [], pending: () => seen.pending ?? [] },
    causes: {
      of: () => Promise.resolve(seen.causes ?? [password]),
      ofAll: (all: Account[]) => Promise.resolve(all.map(() => [password])),
    },
    permissions: { mayChange: () => Promise.resolve(mayChange) },
    ownership: { has: (_: string, id: string) => isOwn && id === 'a' },
    passes: { ofAccount: () => seen.passes ?? [], canOpen: () => seen.canOpen ?? [] },
    lockouts: { locked: () => seen.lockouts ?? [] },
    passwordHandover: { unused: () => seen.unused },
    unlocks: { mayOwnerUnlock: () => seen.mayUnlock ?? false },
    jellyfin: {
      getAccount: (id: string) =>
        id === 'gone' ? Promise.reject(new AppError('accountGone')) : Promise.resolve(account({ id })),
      listAccounts: () => Promise.resolve(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => account({ id, name: id }))),
    },
    now: () => 1_800_000_000_000,
  }) as never;
const context = (rank: Rank = 'member') => ({ actor: { id: me, rank }, t }) as never;

test('the card of an account: what its owner, a helper, and an admin read and may do', async () => {
  const asked = (kind: string, id: number, memberId = me, state = 'pending') => ({
    ...{ id, kind, state, memberId, accountId: 'a', accountName: 'maya', createdAt: 60_000 },
  });
  const locked = { of: { isDisabled: true, failedSignIns: 3 }, causes: [causes.locked ?? password] };
  const lockout = { accountId: 'a', accountName: 'maya', state: 'locked', lockedAt: 5000, address: '192.168.1.9' };
  const off = { of: { isDisabled: true }, causes: [causes['switched off'] ?? password] };
  const gone = { of: { authenticationProviderId: 'Ldap' }, causes: [causes['a provider that is gone'] ?? password] };
  const remote = { canOpen: ['remote'], causes: [causes['from outside'] ?? password, password] };
  const pass = (id: number, restriction: string) => ({ id, restriction, endsAt: 9000 });
  const oldApp = { causes: [causes['an old app'] ?? password, password] };
  const unused = { requestId: 5, expiresAt: 9000 };
  const own = { isOwn: true };
  const helper = { rank: 'helper', mayChange: true } as const;
  const admin = { rank: 'admin', mayChange: true } as const;
  const cases: Record<string, Seen> = {
    'its owner': own,
    'a stranger': {},
    'a helper': helper,
    'a helper, of an administrator’s': { ...helper, of: { isAdministrator: true } },
    'a helper, of their own administrator’s': { ...helper, ...own, of: { isAdministrator: true } },
    'an admin, of an administrator’s whose provider is gone': {
      ...admin,
      ...gone,
      of: { ...gone.of, isAdministrator: true },
    },
    'its owner, locked': { ...own, ...locked, lockouts: [lockout] },
    'its owner, locked, who may open it': { ...own, ...locked, mayUnlock: true },
    'a helper, locked': { ...helper, ...locked, lockouts: [{ ...lockout, accountId: 'b' }] },
    'a helper, no longer locked': { ...helper, lockouts: [lockout] },
    'its owner, switched off': { ...own, ...off },
    'an admin, switched off': { ...admin, ...off },
    'a helper, switched off': { ...helper, ...off },
    'its owner, without a provider': { ...own, ...gone },
    'an admin, without a provider': { ...admin, ...gone },
    'its owner, in too many sessions': { ...own, causes: [causes['too many sessions'] ?? password] },
    'its owner, from outside': { ...own, ...remote },
    'its owner, who may open more': { ...own, ...remote, canOpen: ['remote', 'hours'] },
    'an admin, from outside': { ...admin, ...remote },
    'a helper, from outside': { ...helper, ...remote },
    'its owner, with a pass': { ...own, ...remote, passes: [pass(4, 'remote')] },
    'its owner, with two': { ...own, ...remote, passes: [pass(4, 'remote'), pass(6, 'hours')] },
    'an admin, of an old app': { ...admin, ...oldApp },
    'its owner, of an old app': { ...own, ...oldApp },
    'its owner, who asked': { ...own, open: [asked('reset', 5), asked('unlock', 6, me, 'approved')] },
    'its owner, who asked for all': {
      ...own,
      ...gone,
      open: ['reset', 'unlock', 'enable', 'provider'].map((kind, at) => asked(kind, at)),
    },
    'a helper, who asked and others did': {
      ...helper,
      ...own,
      open: [asked('reset', 5)],
      pending: [asked('reset', 5), asked('unlock', 7, other)],
    },
    'a stranger, while others wait': { pending: [asked('unlock', 7, other)] },
    'its owner, with a password that was sent': { ...own, unused: { ...unused, message: { channelId: '1' } } },
    'its owner, with one that was shown': { ...own, unused },
    'a helper, of such a one': { ...helper, unused },
    'its owner, who asked why': { ...own, proof: { at: 5000, kind: 'password' } },
    'a helper, unsure': {
      ...helper,
      causes: [causes['from outside'] ?? password, causes['listed devices'] ?? password],
    },
  };
  const card = async ({ proof, ...seen }: Seen) => {
    const why = proof && { causes: seen.causes ?? [password], proof };
    const parts = await accountCard(services(seen), context(seen.rank), account(seen.of), { why });
    return shown(answer(parts, colourOf(parts)));
  };
  const cards = Object.fromEntries(Object.entries(cases).map(([name, of]) => [name, card(of)]));
  await expect(await all(cards)).toMatchFileSnapshot(`${read}/card.txt`);
});

test('several accounts stand one below the other, as many as fit; of one that is gone, or not proved, that alone', async () => {
  const cards = async (ids: string[], seen: Seen) =>
    (
      await accountCards(
        services(seen),
        context(seen.rank),
        ids.map((id) => ({ id, name: id })),
      )
    )
      .map((part) => (typeof part === 'string' ? part.split('\n')[0] : part.map(({ id }) => id).join(' ')))
      .join('\n');
  const helper = { rank: 'helper', mayChange: true } as const;
  expect(await cards(['gone'], {})).toMatchInlineSnapshot(`"account.heading gone"`);
  expect(await cards(['a', 'b', 'gone'], { isOwn: true })).toMatchInlineSnapshot(`
    "account.headingWith a account.short.password
    resetpw:ask:a signin:open:a status:devices:a
    errors.linkUnproved {{link}} latchkey
    account.heading gone"
  `);
  expect(await cards(['a', 'b', 'c', 'd', 'e'], helper)).toMatchInlineSnapshot(`
    "account.headingWith a account.short.password
    resetpw:now:a status:devices:a
    account.headingWith b account.short.password
    resetpw:now:b status:devices:b
    account.headingWith c account.short.password
    resetpw:now:c status:devices:c
    account.headingWith d account.short.password
    resetpw:now:d status:devices:d
    pick.more"
  `);
  const urls = ['https://watch.example', 'http://192.168.1.2', 'http://nas', undefined];
  expect(urls.map((url) => jellyfinLink(t, url).length)).toEqual([1, 1, 0, 0]);
});

test('the devices of an account, page by page, and what signing out means', async () => {
  const devices = (count: number, but: object = {}) =>
    Array.from({ length: count }, (_, at) => ({
      ...{ ...device, name: at === 0 ? '' : `TV ${at}`, key: `k${at}`, isConnected: at === 1, isShared: at === 2 },
      ...but,
    }));
  const found = (count: number, of: Partial<Account> = {}) => ({ account: account(of), devices: devices(count) });
  const one = (but: object | undefined) => ({ ...found(2), device: but && { ...devices(1)[0], ...but } });
  const does = async (name: string, answers: object, but: object = {}) => {
    const { buttons, selects } = deviceHandlers({ devices: answers } as never);
    const handlers: Record<string, ComponentHandler> = {
      ...buttons,
      ...selects,
    };
    const { answer: said, update } = (await handlers[name]?.run(given({ values: ['k1'], ...but }) as never)) ?? {};
    return shown(said ?? update);
  };
  const of = (count: number, but?: Partial<Account>) => ({ of: () => Promise.resolve(found(count, but)) });
  const answers = (name: string, what: unknown) => ({ [name]: () => Promise.resolve(what) });
  const helper = { actor: { id: me, rank: 'helper' } };
  const cases = {
    none: does('devices', of(0)),
    three: does('devices', of(3, { maxActiveSessions: 2 })),
    'the second page': does('devices-page', of(10), { page: 7 }),
    'one is asked about': does('device', answers('one', one({}))),
    'one that others use as well': does('device', answers('one', one({ isShared: true }))),
    'one that is gone': does('device', answers('one', one(undefined))),
    'signed out': does('device-out', answers('signOut', one({})), { id: 'a-k1' }),
    'signed out already': does('device-out', answers('signOut', one(undefined)), { id: 'a-k1' }),
    'everywhere: none': does('sign-out', of(0)),
    'everywhere: two': does('sign-out', of(2)),
    'everywhere: shared ones': does('sign-out', of(3)),
    'everywhere, done: none': does('sign-out-yes', answers('signOutEverywhere', found(0))),
    'everywhere, done': does('sign-out-yes', answers('signOutEverywhere', found(2))),
    'everywhere, done by a helper': does('sign-out-yes', answers('signOutEverywhere', found(2)), helper),
  };
  await expect(await all(cases)).toMatchFileSnapshot(`${read}/devices.txt`);
});

test('/help says what somebody can do, and /history what happened, page by page', async () => {
  const helped = async (rank: Rank, ownsAny: boolean, channelId?: string) => {
    const command = help({ picker: { accountsOf: () => (ownsAny ? [{ id: 'a', name: 'maya' }] : []) } } as never);
    return shown((await command.run({ actor: { id: me, rank }, t, channelId } as never)).answer);
  };
  const pages = async (page: number, of: number, view: object = {}, hasPicture = true, channelId?: string) => {
    const entry = { id: 1, at: 5000, actorId: me, act: 'unlock', outcome: 'done', accountName: 'maya', accountId: 'a' };
    const entries = of === 0 ? [] : [entry];
    const found = { view: { id: 1, ...view }, page, pages: Math.max(1, of), count: of, entries };
    const days = [{ day: '2026-11-30', failed: 2, locked: 1 }];
    const stub = { open: () => found, lastDays: () => days };
    const command = history({
      history: stub,
      picture: { draw: () => Promise.resolve(hasPicture ? Buffer.from('x') : undefined) },
    } as never);
    const said = await command.run({ actor: { id: me, rank: 'admin' }, t, channelId, text: () => undefined } as never);
    return `${shown(said.answer)}\n(${said.files?.length} files)`;
  };
  const cases = {
    'a member': helped('member', true),
    'a member without an account': helped('member', false),
    'a helper': helped('helper', true),
    'an admin': helped('admin', true, '5'),
    'an admin in a direct message': helped('admin', false),
    'nothing happened': pages(0, 0),
    'one page': pages(0, 1),
    'the first of three': pages(0, 3),
    'the second': pages(1, 3),
    'the last': pages(2, 3),
    'of one account': pages(0, 1, { accountId: 'a', accountName: 'may_a' }),
    'of one without a name': pages(0, 1, { accountId: 'a' }),
    'of a member': pages(0, 1, { memberId: other }),
    'of both': pages(0, 1, { accountId: 'a', accountName: 'maya', memberId: other }),
    'without a picture': pages(0, 1, {}, false),
    'in a channel, whose members can be chosen': pages(0, 1, {}, true, '5'),
  };
  await expect(await all(cases)).toMatchFileSnapshot(`${read}/help-and-history.txt`);
});
