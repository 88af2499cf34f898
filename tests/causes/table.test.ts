import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { changesPolicy, deletesAccount } from '../support/in-jellyfin.js';

afterEach(closeAll);

/** How each row of docs/causes.md is brought about for Leo's account, which Maya owns, and what is read and offered then. */
interface Row {
  provoke(bot: BotHousehold): unknown;
  /** What all three read; of a server that is down, what its admin reads beside. */
  readonly reads: RegExp;
  /** The first button of the owner, a helper and an admin. */
  readonly first: readonly [owner: string | undefined, helper: string | undefined, admin: string | undefined];
  /** What a right password, from this machine, is answered with. */
  readonly status?: number;
}

const ldap = 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin';
const policy = (change: object) => (bot: BotHousehold) => changesPolicy(bot.jellyfin, 'leo', change);
const never = (startHour: number) => [
  { Id: 1, UserId: '', DayOfWeek: 'Everyday', StartHour: startHour, EndHour: startHour },
];
/** An hour that is not now. */
const otherHour = (new Date().getHours() + 12) % 24;

const rows: Readonly<Record<string, Row>> = {
  'server down, starting, upgrading, failed': {
    provoke: ({ jellyfin }) => jellyfin.starting('503'),
    reads: /The Jellyfin server is just starting/,
    first: [undefined, undefined, undefined],
  },
  'deleted, or not linked': {
    provoke: ({ jellyfin }) => deletesAccount(jellyfin, 'leo'),
    reads: /deleted|no Jellyfin account called|does not exist any more/i,
    first: [undefined, undefined, undefined],
  },
  locked: {
    provoke: ({ jellyfin }) => jellyfin.lock('leo'),
    reads: /### leo: locked\n.*\*\*Locked\*\* after too many wrong passwords \(3 of 3\)/,
    first: ['Ask for unlock', 'Unlock', 'Unlock'],
    status: 403,
  },
  'switched off by an administrator': {
    provoke: policy({ IsDisabled: true }),
    reads: /### leo: switched off\n.*\*\*Switched off\*\*/,
    first: ['Ask to be switched on', undefined, 'Switch on'],
    status: 403,
  },
  'password provider gone': {
    provoke: policy({ AuthenticationProviderId: ldap }),
    reads: /\*\*Its password cannot be checked:\*\* LdapAuthenticationProviderPlugin/,
    first: ['Sign in with a code', 'Devices', 'Let Jellyfin check the password itself'],
    status: 401,
  },
  'kept closed, without a password': {
    provoke: policy({ AccessSchedules: never(100) }),
    reads: /\*\*Kept closed:\*\*/,
    first: ['Ask an admin to mend it', 'Devices', 'Let Jellyfin check the password itself'],
    status: 403,
  },
  'outside its hours': {
    provoke: policy({ AccessSchedules: never(otherHour) }),
    reads: /\*\*Not now:\*\* this account may sign in only at certain hours: every day/,
    first: ['Let me in for a while', 'Devices', 'Let them in for a while'],
    status: 403,
  },
  'too many sessions': {
    provoke: async ({ jellyfin }) => {
      await changesPolicy(jellyfin, 'leo', { MaxActiveSessions: 1 });
      await jellyfin.signIn('leo', 'popcorn', { device: 'TV' });
    },
    reads: /\*\*Too many devices:\*\* signed in on TV \(.*, and 1 is allowed/,
    first: ['My devices', 'Devices', 'Devices'],
    status: 403,
  },
  'over the limit, but open': {
    provoke: policy({ InvalidLoginAttemptCount: 5 }),
    reads: /There were 5 wrong passwords, and 3 are allowed; the account is open/,
    first: ['Ask for unlock', 'Unlock', 'Unlock'],
    status: 200,
  },
  'password checked elsewhere': {
    provoke: async (bot) => {
      bot.jellyfin.addPlugin(ldap);
      await policy({ AuthenticationProviderId: ldap })(bot);
    },
    reads: /checked by LdapAuthenticationProviderPlugin, not by Jellyfin: it has to be changed there/,
    first: ['Sign in with a code', 'Devices', 'Devices'],
  },
  'device not on its list': {
    provoke: policy({ EnableAllDevices: false, EnabledDevices: ['another'] }),
    reads: /on one listed device only/,
    first: ['Let me in for a while', 'Reset password', 'Let them in for a while'],
    status: 403,
  },
  'at home only': {
    provoke: policy({ EnableRemoteAccess: false }),
    reads: /\*\*at home only\*\*/,
    first: ['Let me in from outside', 'Reset password', 'Let them in for a while'],
    status: 200,
  },
  'the app is too old': {
    provoke: ({ jellyfin }) => jellyfin.takesOldApps(false),
    reads: /Did \*\*one app\*\* stop since Jellyfin's update\?/,
    first: ['Sign in with a code', 'Reset password', 'Reset password'],
    status: 200,
  },
  'wrong password': {
    provoke: ({ jellyfin }) => jellyfin.signIn('leo', 'wrong'),
    reads: /Nothing stands in the way of signing in\. If it fails, it is the password/,
    first: ['Reset my password', 'Reset password', 'Reset password'],
    status: 200,
  },
};

test.each(['10.11.11', '12.0'])(
  'a start of %s that failed is told from one that goes on, to whoever can look at it',
  async (version) => {
    const bot = await startBot({ version });
    await bot.links(bot.maya, 'maya');
    await bot.jellyfin.starting('failed');
    const said = (await (await bot.maya.types('/status')).answer()).text;
    expect(said).toMatch(/could not start, perhaps after an update[^]*nothing to do with your password/);
    expect((await (await bot.dad.types('/status')).answer()).text).toMatch(/The end of Jellyfin's log says why/);
  },
);

test('docs/causes.md has these rows, in this order', () => {
  const table = readFileSync('docs/causes.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const causes = table.map((line) => line.split('|')[1]?.trim()).slice(2);
  // The last one signs in as anybody does: `tests/cli/rescue-provider.test.ts` takes the right away, and has it given back.
  expect(causes).toEqual([...Object.keys(rows), 'administrator lost the right']);
});

test.each(Object.entries(rows))('%s', async (cause, { provoke, reads, first, status }) => {
  const bot = await startBot({
    before: ({ jellyfin }) => void jellyfin.addUser('leo', { password: 'popcorn', limit: 3 }),
  });
  await bot.links(bot.maya, 'leo');
  await provoke(bot);
  const id = async (person: BotHousehold['maya']) =>
    (await person.types('/status', person === bot.maya ? {} : { user: 'leo' })).answer();
  const said = [await id(bot.maya), await id(bot.gran), await id(bot.dad)];
  for (const { text } of said) expect(text).toMatch(reads);
  if (cause.startsWith('server')) {
    expect(said[0]?.text).toMatch(/nothing to do with your password|not your password/i);
    expect(said[2]?.text).toMatch(/look at Jellyfin's log/);
  }
  const readsOfSwitch = said.map(({ text }) => text.includes('EnableLegacyAuthorization'));
  expect(readsOfSwitch).toEqual([false, false, cause === 'the app is too old']);
  expect(said.map(({ labels }) => labels[0])).toEqual(first);
  if (status !== undefined) expect((await bot.jellyfin.signIn('leo', 'popcorn')).status).toBe(status);
});
