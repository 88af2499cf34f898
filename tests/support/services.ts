import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import type { Device } from '../../src/services/accounts/device.js';
import type { KeptLink } from '../../src/services/accounts/link.js';
import { createServices, type ServicePorts } from '../../src/services/create-services.js';
import { Events } from '../../src/services/events.js';
import type { Actor, Rank } from '../../src/services/members/actor.js';
import type { MessageRef } from '../../src/services/notices/messenger-port.js';
import type { NewRequest, Request } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from '../notices/fake-messenger.js';
import { anAccount } from './an-account.js';

export const [maya, uncle, dad] = ['100000000000000001', '100000000000000002', '100000000000000003'];
export const minute = 60_000;
export const hour = 60 * minute;
export const locked = { isDisabled: true, failedSignIns: 3 };

const called = new Map([
  [maya, 'maya'],
  [uncle, 'uncle'],
  [dad, 'dad'],
]);

/** A message that says which it is, and nothing more; what it was drawn from is kept. */
type Drawn = Record<string, unknown[]>;

/**
 * All services on a database of their own, with a Jellyfin and a Discord of a few lines: for what comes between two steps,
 * which no person could time. A household of Maya, whose account is `account`, her uncle, and Dad, an admin.
 */
export function servicesHouse() {
  const stores = opened();
  const house = {} as ReturnType<typeof make> & {
    /** As a bot that was stopped and started again. */
    startsAnew: () => void;
  };
  beforeEach(() => {
    const made = make(stores);
    Object.assign(house, made, { startsAnew: () => Object.assign(house, made.start()) });
  });
  return house;
}

function make(stores: ReturnType<typeof opened>) {
  const discord = fakeMessenger();
  const { messenger } = discord;
  const did: string[] = [];
  for (const call of ['openDm', 'send', 'edit', 'read', 'findOwn'] as const) {
    const answer = messenger[call] as (...sent: unknown[]) => Promise<never>;
    messenger[call] = async (...sent: unknown[]) => {
      await asked(`discord ${call}`);
      const answered = await answer(...sent);
      did.push(...discord.since().map(named));
      return answered;
    };
  }
  const warned: string[] = [];
  const log = { ...discord.log, warn: (_: object, text: string) => void warned.push(text) };
  const account = anAccount();
  const state = {
    now: 1_800_000_000_000,
    accounts: new Map([[account.id, account]]),
    ranks: new Map<string, Rank>([
      [maya, 'member'],
      [uncle, 'member'],
      [dad, 'admin'],
    ]),
    log: [] as LogEntry[],
    devices: [] as Device[],
    /** Called before the bot asks Jellyfin or Discord (`discord send`) for something; what it throws is the answer. */
    before: (_call: string): unknown => undefined,
  };
  const drawn: Drawn = {};
  const events = new Events(log);

  // They answer a moment later: what was not waited for is seen not to be done.
  const asked = async (call: string) => {
    await turn();
    await state.before(call);
  };
  const read = async (call: string, id: string) => {
    await asked(call);
    const found = state.accounts.get(id);
    events.emit('accountRead', { id, account: found });
    if (!found) throw new AppError('accountGone');
    return found;
  };
  const write =
    (call: string, change: Partial<Account>) =>
    async (id: string, ...more: unknown[]) => {
      const before = await read(call, id);
      await (more.at(-1) as ((account: Account) => unknown) | undefined)?.(before);
      const after = { ...before, ...change };
      state.accounts.set(id, after);
      did.push(call);
      return { before, after };
    };
  const opens = { isDisabled: false, failedSignIns: 0 };
  const listAccounts = async () => {
    await asked('list');
    const all = [...state.accounts.values()];
    events.emit('accountsListed', all);
    return all;
  };
  const find = async (id: string) => {
    await asked(`find ${id}`);
    const rank = state.ranks.get(id);
    const member = rank && { name: id, username: id, joinedAt: 0, rank };
    if (member) events.emit('memberRead', { id, ...member });
    else events.emit('memberGone', { id });
    return member;
  };
  const messages = new Proxy<Record<string, (...facts: never[]) => unknown>>(
    {},
    {
      get: (own, name: string) =>
        own[name] ??
        ((...facts: unknown[]) => {
          drawn[name] = facts;
          return { [name]: '' };
        }),
    },
  );
  const ports = {
    ...{ stores, events, log, messenger, now: () => state.now },
    jellyfin: {
      ...{ getAccount: (id: string) => read('read', id), listAccounts, listProviders: () => Promise.resolve([]) },
      ...{ unlock: write('unlock', opens), enable: write('enable', opens), setPassword: write('password', opens) },
      replacePassword: write('taken away', {}),
    },
    members: { find },
    watch: {
      log: {
        time: () => asked('time').then(() => state.now),
        page: async ({ since = 0, startIndex, limit }: { since?: number; startIndex: number; limit: number }) => {
          await asked('page');
          const found = state.log.filter(({ at }) => at >= since).toReversed();
          return found.slice(startIndex, startIndex + limit);
        },
      },
      devices: {
        list: () => asked('devices').then(() => [...state.devices]),
        signOut: async (id: string) => {
          await asked(`sign out ${id}`);
          did.push(`signed out ${id}`);
          state.devices = state.devices.filter((each) => each.id !== id);
        },
      },
    },
    quickConnect: { authorise: (code: string) => asked(`authorise ${code}`).then(() => did.push(`let in ${code}`)) },
    ...{ messages, passwordMessages: messages, linkMessages: messages, lockoutMessages: messages },
    ...{ signInMessages: messages, passMessages: messages, outageMessages: messages, pins: undefined },
    statusCards: {
      messages: () => messages,
      channels: {
        isOpenToAll: (id: string) => asked(`look at ${id}`).then(() => id === 'general'),
        pin: ({ messageId }: MessageRef) => asked('pin').then(() => did.push(`pinned ${messageId}`) > 0),
        remove: ({ messageId }: MessageRef) => asked('remove').then(() => did.push(`removed ${messageId}`)),
      },
    },
    rescue: { messages },
    announcementOver: () => ({ announcementOver: '' }),
    asAnswer: (message: object) => message,
    bothNotices: (first: object, second: object) => ({ ...first, ...second }),
    newPassword: () => 'aaaa-bbbb-cccc',
    config: {
      ...{ selfUnlock: 'ask', requestTtlMs: 24 * hour, requestReminderMs: 12 * hour, tempPasswordTtlMs: 24 * hour },
      ...{ historyTtlMs: 1000 * hour, lockoutEndsAfterMs: undefined as number | undefined },
      discord: { adminChannelId: 'admins', adminRoleIds: ['1'], helperRoleIds: ['2'] },
    },
  };
  const start = () => {
    const services = createServices(ports as unknown as ServicePorts);
    return { ...services.forCommands, ...services, past: services.forCommands.history };
  };

  const link = (memberId: string, but: Partial<KeptLink> = {}) => {
    const how = { madeBy: 'admin', onAdministrator: false, provedOnAdministrator: false, ofAdmin: false } as const;
    const { id: accountId, name: accountName } = account;
    const always = { linkedAt: state.now, asleepSince: undefined, suspendedSince: undefined };
    stores.links.put({ memberId, accountId, accountName, ...how, ...always, ...but });
  };
  /** A request of Maya's that Dad has approved, and that nobody has begun to carry out. */
  const approved = (but: Partial<NewRequest> & Pick<NewRequest, 'kind'>): Request => {
    const { id: accountId, name: accountName } = account;
    const about = { memberId: maya, accountId, accountName, adminAccount: false } as const;
    const how = { state: 'approved', origin: 'asked', decidedBy: dad, createdAt: state.now } as const;
    const request = stores.requests.insert({ ...about, ...how, ...but });
    if (!request) throw new Error('no request');
    return request;
  };
  const actor = (id: string) => ({ id, rank: state.ranks.get(id) ?? 'member' }) as Actor;
  return {
    ...{ stores, events, discord, messages, warned, start, account, state, drawn },
    ...{ config: ports.config, link, approved, actor },
    ...start(),
    /** What happens right before the bot asks for what begins so, once. */
    rightBefore: (what: string, happens: () => unknown) => {
      state.before = (call) => {
        if (!call.startsWith(what)) return undefined;
        state.before = () => undefined;
        return happens();
      };
    },
    /** From now on this is the answer where the bot asks for what begins so. */
    fails: (what: string, error: Error) => {
      state.before = (call) => {
        if (call.startsWith(what)) throw error;
      };
    },
    /** Makes the account another than it was. */
    turns: (but: Partial<Account>) =>
      void state.accounts.set(account.id, { ...(state.accounts.get(account.id) ?? account), ...but }),
    /** The history, oldest first: who, what, and how it ended. */
    history: () =>
      stores.db
        .prepare<[], [string, string, string]>('SELECT actor_id, act, outcome FROM audit ORDER BY id')
        .raw()
        .all()
        .map(([who, act, outcome]) => `${called.get(who) ?? who} ${act} ${outcome}`),
    /** What was done at Jellyfin, and said in Discord by its kind, since it was asked last. */
    since: () => did.splice(0),
  };
}

/** Which message was sent or edited, and to whom. */
function named(each: string): string {
  const [, how, to = '', what] = /^(\w+) \w+(?: to (?:dm )?(\w+))?: \{"(\w+)"/.exec(each) ?? [];
  return `${how} ${what}${to && ` to ${called.get(to) ?? to}`}`;
}
