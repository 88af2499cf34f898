import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import Database from 'better-sqlite3';
import { loadCommands } from '../../src/discord/load-commands.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { connect } from '../support/connect.js';
import { forges, type Part } from '../support/forged.js';
import { callsDuring, changes, passwordIn } from '../support/traces.js';

/** Nobody of them owns an account of these: a member who owns another, one who owns none, a helper, and an admin. */
type Who = 'stranger' | 'newcomer' | 'helper' | 'admin';
const everybody: readonly Who[] = ['stranger', 'newcomer', 'helper', 'admin'];

/** How an account is that the act would do something to. */
type State = 'restricted' | 'off' | 'stranded';

interface Act {
  readonly part: Part;
  readonly id: (house: House, account: string) => string;
  readonly values?: (house: House) => readonly string[];
  readonly on?: State;
  /** Who may do so to an ordinary account of somebody else's. */
  readonly may?: readonly Who[];
  /** Who may do so to an administrator's account, none of which they own. */
  readonly mayAdministrators?: readonly Who[];
}

const device = 'a television';
const key = createHash('sha256').update(device).digest('hex').slice(0, 16);
const helpersMay = ['helper', 'admin'] as const;
const adminsMay = ['admin'] as const;
const button = (action: string, more: Omit<Act, 'part' | 'id'> = {}): Act => ({
  part: 'buttons',
  id: ({ accountId }, account) => `status:${action}:${accountId(account)}`,
  ...more,
});

/** Every button, choice and form that mends what keeps an account out, or shows where it is signed in. */
const acts: Readonly<Record<string, Act>> = {
  'status ask-enable': button('ask-enable', { on: 'off' }),
  'status enable': button('enable', { on: 'off', may: adminsMay }),
  'status enable-go': button('enable-go', { on: 'off', may: adminsMay }),
  'status ask-provider': button('ask-provider', { on: 'stranded' }),
  'status provider': button('provider', { on: 'stranded', may: adminsMay }),
  'status provider-go': button('provider-go', { on: 'stranded', may: adminsMay }),
  'status provider-owner': {
    ...button('provider-owner', { on: 'stranded', may: adminsMay }),
    part: 'selects',
    values: ({ bot }) => [bot.maya.id],
  },
  // The log says why a sign-in failed; of an administrator's account a helper reads the name.
  'status why': button('why', { may: helpersMay, mayAdministrators: helpersMay }),
  'status details': button('details', { may: helpersMay, mayAdministrators: adminsMay }),
  'status denial': button('denial', { may: helpersMay, mayAdministrators: adminsMay }),
  'status pass': button('pass', { may: adminsMay }),
  'status pass (choice)': { ...button('pass', { may: adminsMay }), part: 'selects', values: () => ['devices.hour'] },
  'status end-pass': {
    part: 'buttons',
    id: ({ passOf }, account) => `status:end-pass:${passOf(account)}`,
    may: adminsMay,
  },
  'status devices': button('devices', { may: helpersMay }),
  'status devices-page': button('devices-page', { may: helpersMay }),
  'status device': { ...button('device', { may: helpersMay }), part: 'selects', values: () => [key] },
  'status device-out': {
    part: 'buttons',
    id: ({ accountId }, account) => `status:device-out:${accountId(account)}-${key}`,
    may: helpersMay,
  },
  'status sign-out': button('sign-out', { may: helpersMay }),
  'status sign-out-yes': button('sign-out-yes', { may: helpersMay }),
  'requests approve': {
    part: 'buttons',
    id: ({ requestOf }, account) => `requests:approve:${requestOf(account)}`,
    may: adminsMay,
  },
  'requests deny': {
    part: 'modals',
    id: ({ requestOf }, account) => `requests:deny:${requestOf(account)}`,
    may: adminsMay,
  },
  'requests cancel': { part: 'buttons', id: ({ requestOf }, account) => `requests:cancel:${requestOf(account)}` },
  'resetpw here': { part: 'buttons', id: ({ passwordOf }, account) => `resetpw:here:${passwordOf(account)}` },
};

/** Those of the same commands that are about no account, with the guard that `tests/discord/every-handler.test.ts` names. */
const aboutNone = [
  ...['check', 'look', 'old-apps', 'keep', 'unkeep', 'not-me', 'mend-no', 'pick'].map((each) => `status ${each}`),
];

interface House {
  readonly bot: BotHousehold;
  accountId(name: string): string;
  passOf(name: string): number;
  requestOf(name: string): number;
  passwordOf(name: string): number;
}

const ldap = 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin';
const restricted = {
  ...{ EnableRemoteAccess: false, EnableAllDevices: false, EnabledDevices: [device], MaxActiveSessions: 5 },
  AccessSchedules: [{ Id: 1, UserId: '', DayOfWeek: 'Everyday', StartHour: 0, EndHour: 24 }],
};
const policies = { restricted, off: { IsDisabled: true }, stranded: { AuthenticationProviderId: ldap } } as const;
const states = Object.keys(policies) as State[];

let house: House;
let people: Readonly<Record<Who, BotHousehold['maya']>>;

function rows<T>(sql: string, ...values: unknown[]): T[] {
  const db = new Database(house.bot.database, { readonly: true });
  try {
    return db.prepare<unknown[], T>(sql).all(...values);
  } finally {
    db.close();
  }
}
const one = (sql: string, name: string) => rows<{ id: number }>(sql, name)[0]?.id ?? 0;

/** Zoe, an admin, owns an ordinary account and an administrator's in each state, Tom two of them: with a pass, a request, a password. */
beforeAll(async () => {
  const bot = await startBot({
    before: ({ jellyfin }) => {
      for (const state of states) {
        jellyfin.addUser(state, { password: 'popcorn', policy: { ...policies[state] } });
        const policy = { ...policies[state], IsAdministrator: true };
        jellyfin.addUser(`boss ${state}`, { password: 'popcorn', administrator: true, policy });
      }
    },
  });
  house = {
    bot,
    accountId: (name) => bot.jellyfin.user(name).Id,
    passOf: (name) =>
      one('SELECT passes.id FROM passes JOIN requests ON requests.id = request_id WHERE account_name = ?', name),
    requestOf: (name) => one("SELECT id FROM requests WHERE account_name = ? AND state = 'pending'", name),
    passwordOf: (name) => one("SELECT id FROM requests WHERE account_name = ? AND kind = 'reset'", name),
  };
  const zoe = bot.discord.addPerson('Zoe', { roles: [bot.discord.roles['admin'] ?? ''] });
  const tom = bot.discord.addPerson('Tom');
  for (const state of states) for (const name of [state, `boss ${state}`]) connect(bot, zoe, name);
  await bot.links(bot.maya, 'maya');
  for (const name of ['restricted', 'boss restricted']) {
    await (await zoe.types('/resetpw', { user: name })).answer();
    const { text } = await zoe.sees(new RegExp(`password for \\*\\*${name}`), { in: 'dm' });
    await bot.jellyfin.signIn(name, passwordIn(text), { device });
    const chooses = (person: typeof zoe, choice: string) =>
      forges(bot, person, 'selects', `status:pass:${bot.jellyfin.user(name).Id}`, { values: [choice] }).answer();
    expect((await chooses(zoe, 'remote.hour')).text).toMatch(/is let in from outside now/);
    connect(bot, tom, name);
    expect((await chooses(tom, 'hours.hour')).text).toMatch(/I have asked the admins/);
  }
  people = {
    ...{ stranger: bot.maya, newcomer: bot.discord.addPerson('Finn') },
    ...{ helper: bot.gran, admin: bot.dad },
  };
});
afterAll(closeAll);

const refused =
  /not one of your accounts|That is for (helpers and )?admins|Jellyfin administrator's|\/rescue|belongs to somebody else|I do not know that yet/;

/** All that could have changed. */
const everything = () => ({
  policies: states.flatMap((state) => [state, `boss ${state}`]).map((name) => house.bot.jellyfin.user(name).Policy),
  devices: house.bot.jellyfin.signedIn(),
  requests: rows('SELECT id, state, version FROM requests'),
  passes: rows('SELECT * FROM passes'),
});

async function isRefused(who: Who, act: Act, account: string) {
  const before = everything();
  const person = people[who];
  const values = act.values?.(house);
  const calls = await callsDuring(house.bot, async () => {
    const said = await forges(house.bot, person, act.part, act.id(house, account), values ? { values } : {}).answer();
    expect(said.text).toMatch(refused);
    expect(said.private).toBe(true);
    expect(said.text).not.toContain(device);
  });
  expect(changes(calls)).toEqual([]);
  expect(everything()).toEqual(before);
}

const table = Object.entries(acts).flatMap(([name, act]) =>
  everybody.flatMap((who) => [
    ...(act.may?.includes(who) ? [] : [{ name, act, who, account: act.on ?? 'restricted' }]),
    ...(act.mayAdministrators?.includes(who) ? [] : [{ name, act, who, account: `boss ${act.on ?? 'restricted'}` }]),
  ]),
);

test('every button, choice and form of /status is in this table, or about no account', async () => {
  const commands = (await loadCommands<object>(new URL('../../src/commands/', import.meta.url)))({});
  const status = commands.find(({ data }) => data.name === 'status');
  const parts = [status?.buttons, status?.selects, status?.modals].flatMap((each) => Object.keys(each ?? {}));
  const known = [...Object.keys(acts).map((name) => name.replace(/ \(.*/, '')), ...aboutNone];
  expect([...new Set(parts.map((action) => `status ${action}`))].filter((name) => !known.includes(name))).toEqual([]);
  expect(table.length).toBeGreaterThan(100);
});

describe('somebody else’s account', () => {
  test.each(table)('$name by a $who on $account: refused, and nothing is changed', ({ act, who, account }) =>
    isRefused(who, act, account),
  );

  test.each(['stranger', 'newcomer'] as const)('/status user: by a %s tells nothing of it', async (who) => {
    for (const name of ['restricted', 'boss off', house.accountId('stranded')]) {
      const calls = await callsDuring(house.bot, async () => {
        const said = await (await people[who].types('/status', { user: name })).answer();
        expect(said.text).toMatch(/not one of your accounts|I do not know that yet/);
      });
      // Their own may be called otherwise by now.
      expect(calls.filter((call) => !call.endsWith(house.accountId('maya')))).toEqual([]);
    }
  });

  test('of an administrator’s a helper reads no more than the name, also where they ask which cause it was', async () => {
    const said = await forges(
      house.bot,
      people.helper,
      'buttons',
      `status:why:${house.accountId('boss off')}`,
    ).answer();
    expect(said.text).not.toMatch(/switched off|Refused|Switch/i);
  });
});

describe('the line on the login page', () => {
  test.each(['stranger', 'newcomer', 'helper'] as const)('is no %s’s to see, write or take away', async (who) => {
    for (const [part, action] of [
      ['buttons', 'login-page'],
      ['buttons', 'login-remove'],
      ['modals', 'login-put'],
    ] as const) {
      const calls = await callsDuring(house.bot, async () => {
        const field = { id: 'link', value: 'https://example.org' };
        const said = await forges(house.bot, people[who], part, `help:${action}:here`, { field }).answer();
        expect(said.text).toMatch(refused);
      });
      expect(calls).toEqual([]);
    }
  });
});
