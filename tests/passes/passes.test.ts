import { afterEach, describe, expect, test } from '@jest/globals';
import { mayasPassword } from '../../sandbox/household.js';
import type { Restriction } from '../../src/services/accounts/restriction.js';
import { type BotHousehold, closeAll, startBot } from '../support/bot.js';
import { changesPolicy } from '../support/in-jellyfin.js';
import { auditLines } from '../support/traces.js';

afterEach(closeAll);

/** Each restriction: how an administrator sets it, what of the policy it is, and how somebody is refused by it. */
const outside = '203.0.113.7';
const yesterday = () => new Date(Date.now() - 86_400_000).toLocaleDateString('en', { weekday: 'long' });
const restricted: Record<
  Restriction,
  { policy: () => object; fields: readonly string[]; title: string; opens: string; from?: string }
> = {
  hours: {
    policy: () => ({ AccessSchedules: [{ DayOfWeek: yesterday(), StartHour: 7.5, EndHour: 20 }] }),
    fields: ['AccessSchedules'],
    title: 'Outside its hours',
    opens: 'outside its hours',
  },
  remote: {
    policy: () => ({ EnableRemoteAccess: false }),
    fields: ['EnableRemoteAccess'],
    title: 'From outside',
    opens: 'from outside',
    from: outside,
  },
  devices: {
    policy: () => ({ EnableAllDevices: false, EnabledDevices: ['the sofa tablet'] }),
    fields: ['EnableAllDevices', 'EnabledDevices'],
    title: 'On any device',
    opens: 'on any device',
  },
  sessions: {
    policy: () => ({ MaxActiveSessions: 1 }),
    fields: ['MaxActiveSessions'],
    title: 'On more devices at once',
    opens: 'on more devices at once',
  },
};
const each = Object.keys(restricted) as Restriction[];

async function houseWith(restriction: Restriction): Promise<BotHousehold> {
  const bot = await startBot({ oneClock: true });
  await bot.links(bot.maya, 'maya');
  if (restriction === 'sessions') await bot.jellyfin.signIn('maya', mayasPassword, { device: 'her phone' });
  await changesPolicy(bot.jellyfin, 'maya', restricted[restriction].policy());
  return bot;
}

const signsIn = async (bot: BotHousehold, restriction: Restriction, device = 'a new television') => {
  const { from } = restricted[restriction];
  return (await bot.jellyfin.signIn('maya', mayasPassword, { device, ...(from && { from }) })).status;
};

/** The policy without what every write makes anew. */
const policyOf = (bot: BotHousehold) => {
  const { AccessSchedules: schedules, ...policy } = bot.jellyfin.user('maya').Policy;
  return { ...policy, AccessSchedules: schedules.map(({ Id: _row, ...schedule }) => schedule) };
};

async function asks(bot: BotHousehold, restriction: Restriction, length: string) {
  await (await bot.maya.types('/status')).answer();
  await (
    await bot.maya.presses(restriction === 'remote' ? 'Let me in from outside' : 'Let me in for a while')
  ).answer();
  return (await bot.maya.selects('How, and for how long?', `${restricted[restriction].title}: ${length}`)).answer();
}

describe.each(each)('a pass on %s', (restriction) => {
  const { title, opens } = restricted[restriction];

  test('is asked for, approved by an admin, opens that alone, and is taken back when its time is over', async () => {
    const bot = await houseWith(restriction);
    const before = policyOf(bot);
    expect(await signsIn(bot, restriction)).toBe(403);

    expect((await asks(bot, restriction, '15 minutes')).text).toContain(
      `I have asked the admins to let **maya** in ${opens}, for 15 minutes`,
    );
    const card = await bot.dad.sees(/asks to let maya in/);
    expect(card.content).toBe(
      `<@&${bot.discord.roles['admin']}> ${bot.maya.mention} asks to let maya in ${opens}, for 15 minutes.`,
    );
    expect(card.text).toMatch(/15 minutes later everything is as it was/);
    const refused = await (await bot.gran.presses('Approve', { on: card })).answer();
    expect(refused.text).toMatch(/That is for admins/);
    expect(policyOf(bot)).toEqual(before);

    await bot.dad.presses('Approve', { on: card });
    const done = await bot.dad.sees(/Done: maya is let in/);
    expect(done.text).toMatch(/How it stands: Open until <t:\d+:f>/);
    expect(done.labels).toEqual(['End now']);
    const told = await bot.maya.sees(/Your Jellyfin account maya is let in/, { in: 'dm' });
    expect(told.text).toMatch(/It ends <t:\d+:R>/);
    const open = policyOf(bot);
    expect(changedFields(before, open)).toEqual(
      restriction === 'devices' ? ['EnableAllDevices'] : restricted[restriction].fields,
    );
    expect(await signsIn(bot, restriction)).toBe(200);

    bot.passes(14 * 60_000);
    await bot.app.runJob('upkeep');
    expect(policyOf(bot)).toEqual(open);
    bot.passes(60_000);
    await bot.app.runJob('upkeep');
    const over = await bot.dad.sees(/Over: maya was let in/);
    expect(over.text).toMatch(/Over since <t:\d+:f>: as it was before/);
    expect(over.labels).toEqual([]);
    const listed = restriction === 'devices' ? ['a new television'] : [];
    const { EnabledDevices: devices } = before;
    expect(policyOf(bot)).toEqual({ ...before, EnabledDevices: [...devices, ...listed.map(deviceId)] });
    expect(await signsIn(bot, restriction, 'another television')).toBe(403);
    expect(auditLines(bot).slice(1)).toEqual([
      'Maya ask pass asked',
      'Gran requests approve adminsOnly',
      'Dad approve done',
      'Dad pass done',
      'latchkey end pass putBack',
    ]);
    expect(title).toBeDefined();
  });
});

/** The names of the fields that differ. */
function changedFields(before: object, after: object): string[] {
  const [one, other] = [before, after].map((each) => new Map<string, unknown>(Object.entries(each)));
  return [...(one?.keys() ?? [])].filter((key) => JSON.stringify(one?.get(key)) !== JSON.stringify(other?.get(key)));
}

const deviceId = (device: string) => device;
