import { mayasPassword } from '../../sandbox/household.js';
import type { Restriction } from '../../src/services/accounts/account.js';
import { type BotHousehold, type BotOptions, startBot } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';

interface Restricted {
  /** What an administrator writes. */
  readonly policy: () => object;
  /** The fields that a pass opens. */
  readonly opened: readonly string[];
  /** What a choice of it begins with, and how sentences say it. */
  readonly title: string;
  readonly opens: string;
  /** Where somebody signs in from who is refused by it. */
  readonly from?: string;
}

const yesterday = () => new Date(Date.now() - 86_400_000).toLocaleDateString('en', { weekday: 'long' });

export const restricted: Readonly<Record<Restriction, Restricted>> = {
  hours: {
    policy: () => ({ AccessSchedules: [{ DayOfWeek: yesterday(), StartHour: 7.5, EndHour: 20 }] }),
    opened: ['AccessSchedules'],
    title: 'Outside its hours',
    opens: 'outside its hours',
  },
  remote: {
    policy: () => ({ EnableRemoteAccess: false }),
    opened: ['EnableRemoteAccess'],
    title: 'From outside',
    opens: 'from outside',
    from: '203.0.113.7',
  },
  devices: {
    policy: () => ({ EnableAllDevices: false, EnabledDevices: ['sofa-tablet'] }),
    opened: ['EnableAllDevices'],
    title: 'On any device',
    opens: 'on any device',
  },
  sessions: {
    policy: () => ({ MaxActiveSessions: 1 }),
    opened: ['MaxActiveSessions'],
    title: 'On more devices at once',
    opens: 'on more devices at once',
  },
};

export const everyRestriction = Object.keys(restricted) as Restriction[];

/** A household in which Maya's account has one restriction, which refuses her. */
export async function houseWith(restriction: Restriction, options: BotOptions = {}): Promise<BotHousehold> {
  const bot = await startBot({ oneClock: true, ...options });
  await bot.links(bot.maya, 'maya');
  if (restriction === 'sessions') await bot.jellyfin.signIn('maya', mayasPassword, { device: 'phone' });
  await changesPolicy(bot.jellyfin, 'maya', restricted[restriction].policy());
  return bot;
}

/** What a sign-in is answered that the restriction refuses. */
export async function signsIn(bot: BotHousehold, restriction: Restriction, device = 'television'): Promise<number> {
  const { from } = restricted[restriction];
  return (await bot.jellyfin.signIn('maya', mayasPassword, { device, ...(from && { from }) })).status;
}

/** An account's policy without what every write makes anew. */
export function policyOf({ jellyfin }: BotHousehold, name = 'maya') {
  const { AccessSchedules: schedules, ...policy } = jellyfin.user(name).Policy;
  return { ...policy, AccessSchedules: schedules.map(({ Id: _row, ...schedule }) => schedule) };
}

/** Maya asks on her card; returns what she is answered. */
export async function asks(bot: BotHousehold, restriction: Restriction, length = '15 minutes') {
  await (await bot.maya.types('/status')).answer();
  await (
    await bot.maya.presses(restriction === 'remote' ? 'Let me in from outside' : 'Let me in for a while')
  ).answer();
  return (await bot.maya.selects('How, and for how long?', `${restricted[restriction].title}: ${length}`)).answer();
}

/** Maya asks and Dad approves; returns when she has been told. */
export async function getsPass(bot: BotHousehold, restriction: Restriction, length?: string): Promise<void> {
  await asks(bot, restriction, length);
  await bot.dad.presses('Approve', { on: await bot.dad.sees(/asks to let maya in/) });
  await bot.maya.sees(/Your Jellyfin account maya is let in/, { in: 'dm' });
  await bot.dad.sees(/Done: maya is let in/);
}

/** Dad lets them in on the card of the account. */
export async function letsIn(bot: BotHousehold, restriction: Restriction, length = '15 minutes', user = 'maya') {
  await (await bot.dad.types('/status', { user })).answer();
  await (await bot.dad.presses('Let them in for a while')).answer();
  return (await bot.dad.selects('How, and for how long?', `${restricted[restriction].title}: ${length}`)).answer();
}

/** Time passes, and the minute's job runs. */
export async function later(bot: BotHousehold, minutes: number): Promise<void> {
  bot.passes(minutes * 60_000);
  await bot.app.runJob('upkeep');
}

/** The names of the fields that differ. */
export function changedFields(before: object, after: object): string[] {
  const [one, other] = [before, after].map((each) => new Map<string, unknown>(Object.entries(each)));
  return [...(one?.keys() ?? [])].filter((key) => JSON.stringify(one?.get(key)) !== JSON.stringify(other?.get(key)));
}
