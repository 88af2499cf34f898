import { afterEach, expect, test } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KillableHousehold } from './kill/killable-household.js';
import { scenes, theEnd } from './kill/scenes.js';
import { closeAll, startBot } from './support/bot.js';
import { forges } from './support/forged.js';
import { codeIn, newDevice } from './support/quick-connect.js';
import { auditLines } from './support/traces.js';

const open: KillableHousehold[] = [];
afterEach(async () => {
  for (const household of open.splice(0)) await household.close();
  await closeAll();
});

/** Every file under a folder with its bytes, as text in which each byte is a sign. */
function filesIn(folder: string): { name: string; bytes: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((name) => ({ name, bytes: readFileSync(name, 'latin1') }));
}

/** A password, and its halves: what was cut off or wrapped still gives it away. */
const tracesOf = (password: string) => [password, password.slice(0, 9), password.slice(-9)];

/** Whether a message is made of a password, and of no word beside it. */
const isPasswordAlone = (body: string) => /"content":"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}"/.test(body);

/** Something refused by Discord once: the library puts the body of such a call into its error. */
const refused = { status: 400, body: { code: 50035, message: 'Invalid Form Body', errors: {} } } as const;

test('after a day of new passwords, each of them stands in its one message and nowhere else, and no key anywhere', async () => {
  const household = await KillableHousehold.start({ LOG_LEVEL: 'debug' });
  open.push(household);
  const { home } = household;
  const { discord, jellyfin, dad, gran } = home;
  const answer = { method: 'PATCH', path: /^\/webhooks\/.*@original$|%40original$/ };
  const setting = { method: 'POST', path: /^\/Users\/Password/ };

  // By direct message; another one; and the message is scrubbed.
  const first = await household.subject();
  await scenes.renew.prepare(household, first);
  await scenes.renew.act(household, first);
  await theEnd(household, first, scenes.renew);
  await (await first.person.presses('Show it alone, to copy')).answer();
  await first.person.presses('I have set my own');
  await first.person.sees(/set your own/);

  // Behind a button; the first answer is refused by Discord, the second comes.
  const second = await household.subject('closed');
  await scenes.show.prepare(household, second);
  const refusedAnswer = discord.faults.on({ ...answer, ...refused });
  await second.person.presses('Show my password');
  await discord.until(() => refusedAnswer.met || undefined, 'an answer is refused');
  await household.settled(second.account);
  await second.person.presses('Show my password');
  await theEnd(household, second, scenes.show);

  // To the helper who runs it; once lost, once seen.
  const third = await household.subject('nobody');
  const lost = discord.faults.on({ ...answer, ...refused });
  await gran.types('/resetpw', { user: third.account });
  await discord.until(() => lost.met || undefined, 'an answer is refused');
  await gran.sees(/run .* again/);
  await (await gran.types('/resetpw', { user: third.account })).answer();

  // Jellyfin fails in the middle, in three ways; each time an admin tries again.
  const fourth = await household.subject();
  await scenes.approveReset.prepare(household, fourth);
  const troubles = [{ status: 500 }, { cut: 'after' }, { cut: 'mid' }] as const;
  jellyfin.faults.on({ ...setting, ...troubles[0], times: 2 });
  await scenes.approveReset.act(household, fourth);
  await dad.sees(/did not work/);
  for (const trouble of troubles.slice(1)) {
    jellyfin.faults.on({ ...setting, ...trouble, times: 2 });
    const before = household.request(fourth.account)?.version ?? 0;
    await dad.presses('Try again');
    await discord.until(
      () => (household.request(fourth.account)?.version ?? 0) > before || undefined,
      'it was tried again',
    );
    await household.settled(fourth.account);
  }
  // Discord refuses the message itself.
  const elsewhere = new RegExp(`^/channels/(?!${discord.adminChannelId})\\d+/messages/`);
  const refusedMessage = discord.faults.on({ method: 'PATCH', path: elsewhere, ...refused });
  await dad.presses('Try again');
  await discord.until(() => refusedMessage.met || undefined, 'the message is refused');

  // People look around meanwhile.
  await (await dad.types('/status')).answer();
  await (await first.person.types('/status')).answer();
  await dad.typesInto('/resetpw', 'user', 'child');
  await (await dad.types('/requests')).answer();
  await household.stopsBot();

  const passwords = household.gate.passed
    .filter(({ end, what }) => end === 'jellyfin' && what === '/Users/Password')
    .map(({ body }) => (JSON.parse(body) as { NewPw: string }).NewPw);
  expect(new Set(passwords).size).toBe(10);
  const written = [...filesIn(household.dir), { name: 'output', bytes: household.outputs() }];
  expect(written.length).toBeGreaterThan(2);
  // What its owner asked to see alone stands in a private answer besides, and in nothing else.
  const [alone, ...others] = household.gate.passed.filter(({ body }) => isPasswordAlone(body));
  expect([alone?.method, others]).toEqual(['PATCH', []]);
  const said = household.gate.passed.filter((each) => each.end === 'discord' && each !== alone);
  for (const password of new Set(passwords)) {
    for (const trace of tracesOf(password)) {
      expect(written.filter(({ bytes }) => bytes.includes(trace)).map(({ name }) => name)).toEqual([]);
      const places = said.filter(({ body }) => body.includes(trace)).map(({ method, path }) => `${method} ${path}`);
      expect(new Set(places).size).toBeLessThanOrEqual(1);
      expect(places.filter((place) => place.includes(discord.adminChannelId))).toEqual([]);
    }
  }
  for (const secret of [jellyfin.apiKey, discord.token]) {
    expect(written.filter(({ bytes }) => bytes.includes(secret)).map(({ name }) => name)).toEqual([]);
    expect(said.filter(({ body }) => body.includes(secret))).toEqual([]);
  }
});

test('a password that Jellyfin was too slow to confirm is in no log, in no file and in no message', async () => {
  const passwords: string[] = [];
  const newPassword = () => {
    passwords.push(`abcd-${String(passwords.length).padStart(4, 'e')}-wxyz`);
    return passwords.at(-1) ?? '';
  };
  const bot = await startBot({ overrides: { newPassword, jellyfinTimeoutMs: 200 } });
  await bot.links(bot.maya, 'maya');
  await bot.maya.types('/resetpw');
  await bot.dad.sees(/asks for a new password/);
  bot.jellyfin.faults.on({ method: 'POST', path: /^\/Users\/Password/, delayMs: 1000, times: 2 });
  await bot.dad.presses('Approve');
  await bot.maya.sees(/after the new password was sent to Jellyfin/);
  expect(passwords.length).toBe(1);
  const said = JSON.stringify(bot.discord.requests.map(({ body }) => body));
  const written = [...filesIn(dirname(bot.database)).map(({ bytes }) => bytes), bot.logged.join(''), said];
  for (const trace of passwords.flatMap(tracesOf)) expect(written.some((each) => each.includes(trace))).toBe(false);
});

test('a code is in no log and in no file, whether it signs somebody in or is refused', async () => {
  const bot = await startBot();
  await bot.links(bot.maya, 'maya');
  const zoe = bot.discord.addPerson('Zoe');
  const account = bot.jellyfin.user('maya').Id;
  const wrong = '004711';
  const { code, letInAs } = await newDevice(bot.jellyfin);
  const step = Math.floor(Date.now() / 10_000);
  const presses = async (typed: string) => {
    await (await bot.maya.types('/signin', { code: typed })).answer();
    return (await (await bot.maya.presses('It is in front of me: sign it in')).answer()).text;
  };
  // Nobody's; somebody else's account, by a button, a select and one of another build; and a server in trouble.
  expect(await presses(wrong)).toMatch(/does not know this code/);
  for (const each of [wrong, code]) {
    await (await zoe.types('/signin', { code: each })).answer();
    for (const id of [`signin:go:${account}.${each}:${step}`, `signin:was:${each}:${step}`])
      await forges(bot, zoe, 'buttons', id).answer();
    await forges(bot, zoe, 'selects', `signin:pick:${each}:${step}`, { values: [account] }).answer();
  }
  const trouble = bot.jellyfin.faults.on({ path: /^\/QuickConnect/, status: 500, times: 9 });
  await presses(code);
  expect(await letInAs()).toBeUndefined();
  trouble();
  await presses(code);
  expect(await letInAs()).toBe('maya');
  const proof = codeIn((await (await zoe.types('/link')).answer()).text);
  expect(auditLines(bot, zoe).filter((line) => /^Zoe (signin|outdated)/.test(line))).toHaveLength(8);
  const written = [...filesIn(dirname(bot.database)), { name: 'log', bytes: bot.logged.join('') }];
  for (const each of [wrong, code, proof]) {
    // Six digits in the middle of a long number are none.
    const alone = new RegExp(`(?<!\\d)${each}(?!\\d)`);
    expect(written.filter(({ bytes }) => alone.test(bytes)).map(({ name }) => name)).toEqual([]);
  }
});
