import { expect, test } from 'vitest';
import help from '../../src/commands/help.js';
import jellyfinAccount from '../../src/commands/jellyfin-account.js';
import link from '../../src/commands/link.js';
import { loginPageLine } from '../../src/commands/login-page/login-page-handlers.js';
import { mendHandlers } from '../../src/commands/causes/mend-handlers.js';
import { passHandlers } from '../../src/commands/passes/pass-handlers.js';
import { resetReply } from '../../src/commands/passwords/reset-reply.js';
import requests from '../../src/commands/requests.js';
import rescue from '../../src/commands/rescue.js';
import { householdParts } from '../../src/commands/status-card/household-overview.js';
import { answer } from '../../src/discord/parts.js';
import { AppError } from '../../src/errors.js';
import type { Rank } from '../../src/services/members/actor.js';
import { all, done, given, presses, types, when } from '../support/answers.js';
import { anAccount } from '../support/an-account.js';
import { inKeys, shown } from '../support/shown.js';

/** What people read, to be looked through at once where it changes. */
const read = './answers-of-commands';
const t = inKeys.in('xx');
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const request = (but: object = {}) => ({
  ...{ id: 5, kind: 'pass', state: 'done', memberId: maya, accountId: 'a', accountName: 'maya', createdAt: 60_000 },
  ...{ linksOnApproval: false, adminAccount: false, decidedBy: dad, pass: { restriction: 'remote', lasts: 'hour' } },
  ...but,
});
const asked = (but: object = {}) => ({
  ...{ request: request({ state: 'pending', ...but }), isNew: true, isReaching: true, endsAt: 9000 },
});
const admin = { actor: { id: dad, rank: 'admin' } };

test('a pass: what can be opened, for how long, and how it went', async () => {
  const parts = (services: object) => passHandlers(services as never) as never;
  const looks = (canOpen: string[], isAtOnce: boolean) =>
    presses(
      parts({ passes: { look: () => done({ account: anAccount({ id: 'a' }), canOpen, isAtOnce }) } }),
      'buttons',
      'pass',
    );
  const picks = (outcome: object, value = 'remote.hour') =>
    presses(parts({ passes: { ask: () => done(outcome) } }), 'selects', 'pass', { values: [value] });
  const opened = (but: object, pass?: object) => picks({ way: 'at once', result: request(but), pass });
  const ends = (ended: object) =>
    presses(parts({ passEnds: { endNow: () => done(ended) } }), 'buttons', 'end-pass', { id: '4' });
  await expect(
    await all({
      'nothing can be opened': looks([], false),
      'one can be asked for': looks(['remote'], false),
      'two can be opened at once': looks(['remote', 'hours'], true),
      'asked for': picks({ way: 'asked', asked: asked() }),
      'of no such thing': picks({}, 'remote.year'),
      'of no such restriction': picks({}, 'all.hour'),
      'of nothing': picks({}, ''),
      'opened for a while': opened({}, { id: 4, restriction: 'remote', endsAt: 9000 }),
      'opened for good': opened({}, { id: 4, restriction: 'remote' }),
      'not opened': opened({ state: 'failed', failure: 'jellyfinTimeout' }, { id: 4 }),
      'being opened': opened({ state: 'approved' }),
      'opened, and no pass': opened({}),
      ended: ends({ end: 'putBack' }),
      'not ended': ends({ failure: 'jellyfinTimeout' }),
      'not ended, for no known reason': ends({}),
    }),
  ).toMatchFileSnapshot(`${read}/passes.txt`);
});

test('links: what is written about, whose account it is, and names that are typed', async () => {
  const own = [{ id: 'a', name: 'maya' }];
  const wishes: [string, boolean][] = [];
  const command = (but: object = {}) =>
    link({
      picker: { accountsOf: () => own, mayAskByName: () => true, ...but },
      memberPreferences: { setLockouts: (...wish: [string, boolean]) => wishes.push(wish) },
      writtenAbout: () => ({ pins: true, lockouts: 'unwanted' }),
      requests: {
        askByName: (kind: string, _: object, accountName: string) =>
          asked({ kind, accountName, linksOnApproval: true }),
      },
      links: { free: () => done([]), unlink: () => done({ memberId: maya, accountId: 'a', accountName: 'maya' }) },
      linkProofs: { begin: () => done({ code: '123456', expiresAt: 9000, ended: done({ outcome: 'linked' }) }) },
      memberSearch: { likely: () => done() },
    } as never);
  const free = (id: string, guess?: object) =>
    link({ links: { free: () => done([{ id, name: 'm_b' }]) }, memberSearch: { likely: () => done(guess) } } as never);
  const off = (name: string, onAnswer: boolean) => presses(command(), 'buttons', name, { id: 'a', onAnswer });
  const named = (need: string, but: object = {}) =>
    presses(command(but), 'modals', 'name', { field: () => ' maya ', choice: () => need });
  const menu = (free: number, target: object = { id: maya, name: 'Maya', isBot: false, inServer: true }) => {
    const accounts = Array.from({ length: free }, (_, at) => ({ id: `${at}`, name: `n${at}` }));
    const facts = { username: 'maya_s', joinedAt: 9000, alike: [], isDisguised: false };
    const links = { free: () => done(accounts), nameFacts: () => facts };
    const services = { picker: { accountsOf: () => [] }, links };
    return types(jellyfinAccount(services as never), { ...admin, target }).then((text) =>
      text.replace(/n2=.*n23/, '…'),
    );
  };
  await expect(
    await all({
      'not about lockouts': off('not-these', false),
      'not about lockouts, on an answer': off('not-these', true),
      'about lockouts again': off('these', false),
      'about lockouts again, on an answer': off('these', true),
      'of an account that is no longer one’s own': presses(command(), 'buttons', 'these', { id: 'b' }),
      'a name, and a password': named('reset'),
      'a name, and an unlock': named('unlock'),
      'a name, and linked meanwhile': named('unlock', { mayAskByName: () => false }),
      'nobody was picked': presses(command(), 'selects', 'to', { ...admin, picked: [] }),
      undone: presses(command(), 'buttons', 'undo', { ...admin, id: 'a.1' }),
      'typed by a member': types(command()),
      'typed by an admin, and nothing is free': types(command(), admin),
      'typed by an admin': types(free('b'.repeat(32), { id: maya, username: 'm_b', joinedAt: 5000 }), admin),
      'typed by an admin, of somebody who joined nobody knows when': types(
        free('b'.repeat(32), { id: maya, username: 'mb' }),
        admin,
      ),
      'typed by an admin, and nobody is called so': types(free('b'.repeat(32)), admin),
      'others cannot be linked by members': types(command(), { text: () => 'maya' }),
      'the menu: one is free': menu(1),
      'the menu: twenty-six are': menu(26),
    }),
  ).toMatchFileSnapshot(`${read}/links.txt`);
  expect(wishes).toEqual([false, false, true, true].map((wanted) => [maya, wanted]));
});

test('the line on the login page, a provider that is gone, and a rescue', async () => {
  const page = (but: object) => help({ loginPage: but } as never);
  const line = {
    current: () => done('ask *us*'),
    preview: () => 'ask us',
    put: () => done('ask us'),
    remove: () => done(),
  };
  const lost = { ...line, remove: () => Promise.reject(new AppError('jellyfinTimeout')) };
  const mends = (resets: object) => mendHandlers({ resets } as never) as never;
  const gone = (but: object) =>
    presses(mends({ toTakeOver: () => done(anAccount({ id: 'a', ...but })) }), 'buttons', 'provider', admin);
  const rescues = (found: object[]) =>
    types(rescue({ rescueRights: { find: () => done(found) }, rescues: { start: () => done() } } as never), admin);
  await expect(
    await all({
      'no line yet': presses(page({ ...line, current: () => done() }), 'buttons', 'login-page', admin),
      'a line': presses(page(line), 'buttons', 'login-page', admin),
      'put there': presses(page(line), 'modals', 'login-put', { ...admin, field: () => '' }),
      'taken away': presses(page(line), 'buttons', 'login-remove', admin),
      'not taken away': presses(page(lost), 'buttons', 'login-remove', admin),
      'a provider that is gone': gone({ authenticationProviderId: 'Ldap' }),
      'its own provider, left half way': gone({}),
      'a rescue of one': rescues([{ id: 'a', name: 'root' }]),
      'a rescue of two': rescues([
        { id: 'a', name: 'root' },
        { id: 'b', name: 'boss' },
      ]),
    }),
  ).toMatchFileSnapshot(`${read}/others.txt`);
  const says = loginPageLine(() => t);
  expect([says(undefined), says('https://x')]).toEqual(['loginPage.line', 'loginPage.lineLink https://x']);
});

test('requests that are cancelled or tried again, and how a wish for a password was met', async () => {
  const command = (but: object) => requests({ requests: { pending: () => [], ...but } } as never);
  const cancels = (onAnswer: boolean, cancel: () => Promise<unknown> = () => done()) =>
    presses(command({ cancel }), 'buttons', 'cancel', { id: '5', onAnswer });
  const retries = (state: string) =>
    presses(
      command({
        retry: () => done(request({ kind: 'unlock', state, failure: 'jellyfinTimeout', card: { messageId: '77' } })),
      }),
      'buttons',
      'retry',
      {
        ...admin,
        id: '5',
        messageId: '66',
        onAnswer: false,
      },
    );
  const members = { find: (id: string) => done(id === maya ? { name: 'Maya', username: 'maya_s' } : undefined) };
  const reply = resetReply({ members, now: () => 1000 } as never, 'resetpw:owner');
  const met = (outcome: object) => when(() => reply(given() as never, outcome as never));
  const handed = (delivery: string) =>
    met({ way: 'handed', handed: { result: { password: 'fox', request: request({ delivery }) } } });
  await expect(
    await all({
      cancelled: cancels(true),
      'cancelled on a notice': cancels(false),
      'not cancelled': cancels(true, () => Promise.reject(new AppError('requestGone'))),
      'tried again': retries('done'),
      'tried again in vain': retries('failed'),
      asked: met({ way: 'asked', asked: asked({ kind: 'reset' }) }),
      'one waits': met({ way: 'waits', password: { requestId: 5, expiresAt: 9000, message: { channelId: '1' } } }),
      sent: met({ way: 'sent', request: request({ kind: 'reset' }) }),
      'handed over': handed('answer'),
      'one’s own': handed('button'),
      'of two owners': met({
        way: 'which owner',
        account: anAccount({ id: 'a' }),
        owners: [{ memberId: maya }, { memberId: dad }],
      }),
    }),
  ).toMatchFileSnapshot(`${read}/requests.txt`);
});

test('the household: what helpers see of it, and what of administrators’ accounts only admins do', async () => {
  const accounts = [
    anAccount({ id: 'a', name: 'maya', isDisabled: true, failedSignIns: 3 }),
    anAccount({ id: 'r', name: 'root', isAdministrator: true, isDisabled: true, failedSignIns: 3 }),
    anAccount({ id: 'o', name: 'over', failedSignIns: 4 }),
    anAccount({ id: 'e', name: 'erin', isDisabled: true }),
  ];
  const known = new Map([
    [5, request()],
    [6, request({ id: 6, adminAccount: true, accountName: 'root' })],
  ]);
  const password = (requestId: number, but: object = {}) => ({
    requestId,
    memberId: maya,
    expiresAt: 9000,
    begunAt: 1000,
    ...but,
  });
  const services = (but: object) => ({
    jellyfin: { serverInfo: () => done({ name: 'ho_use', version: '10.11.8' }) },
    accounts: { latest: () => done({ accounts, keptSince: undefined }) },
    links: { factsAbout: () => ({ asker: undefined, owners: [] }) },
    requests: { pending: () => [request({ kind: 'reset', state: 'pending' })], byId: (id: number) => known.get(id) },
    passes: { open: () => [5, 6, 7].map((requestId) => ({ requestId, restriction: 'remote', endsAt: 9000 })) },
    tempPasswords: { outstanding: () => [password(5), password(6), password(5, { usedAt: 2000 })] },
    ...but,
  });
  const quiet = {
    accounts: { latest: () => done({ accounts: [], keptSince: 5000 }) },
    requests: { pending: () => [], byId: () => undefined },
    ...{ passes: { open: () => [] }, tempPasswords: { outstanding: () => [] } },
  };
  const away = { jellyfin: { serverInfo: () => Promise.reject(new AppError('jellyfinTimeout')) }, ...quiet };
  const sees = async (rank: Rank, but: object = {}) =>
    shown(answer(await householdParts(services(but) as never, { actor: { id: dad, rank }, t } as never)));
  await expect(
    await all({
      'a helper': sees('helper'),
      'an admin': sees('admin'),
      'nothing is the matter': sees('helper', quiet),
      'Jellyfin is away': sees('admin', away),
    }),
  ).toMatchFileSnapshot(`${read}/household.txt`);
  await expect(sees('admin', { jellyfin: { serverInfo: () => Promise.reject(new Error('a bug')) } })).rejects.toThrow(
    'a bug',
  );
});
