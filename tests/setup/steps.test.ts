import { afterEach, describe, expect, test } from 'vitest';
import { putUp } from '../../src/cli/setup-extras.js';
import { AppError } from '../../src/errors.js';
import { NoAnswer } from '../../src/setup/discord-side.js';
import type { Draft } from '../../src/setup/draft.js';
import { finish, type Finishing } from '../../src/setup/finish.js';
import type { JellyfinSide } from '../../src/setup/jellyfin-side.js';
import { askKey, askOwner } from '../../src/setup/steps/key.js';
import { askCardChannel } from '../../src/setup/steps/last.js';
import { Leaving } from '../../src/setup/ui.js';
import { createWords } from '../../src/words.js';
import { rootPassword } from '../../sandbox/jellyfin/index.js';
import { type Answers, around, draftOf, somebody } from './somebody.js';
import { NewHousehold } from './wizard.js';

let home: NewHousehold;
afterEach(() => home.close());

const byPassword = () => ({ text: ['root'], secret: [rootPassword] });

test('the key from before is looked at where it was used, and sent to no other address', async () => {
  home = await NewHousehold.start();
  const { url, apiKey, calls } = home.jellyfin;
  const wanted = await draftOf(home);
  const before = (address: string | undefined) => ({ JELLYFIN_URL: address, JELLYFIN_API_KEY: apiKey });
  for (const elsewhere of ['http://jellyfin:8096', `${url}/jellyfin`, undefined]) {
    const { ui, said } = somebody({ pick: [new Leaving('stop')] });
    await expect(askKey(wanted, around(ui, before(elsewhere)))).rejects.toThrow('stop');
    expect(said.join(' ')).not.toContain('Keep it?');
  }
  expect(calls.filter(({ by }) => by !== 'none')).toEqual([]);
  await askKey(wanted, around(somebody({ confirm: [true] }).ui, before(`${url}/`)));
  expect(wanted.key).toBe(apiKey);
  expect(calls.filter(({ by }) => by !== 'none')).not.toEqual([]);
});

describe('an administrator’s session', () => {
  test('that is opened while somebody presses Ctrl-C is signed out again', async () => {
    home = await NewHousehold.start();
    const { ui } = somebody({ ...byPassword(), pick: ['password'], busy: [1, new Leaving('stop')] });
    await expect(askKey(await draftOf(home), around(ui))).rejects.toThrow('stop');
    expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
  });

  test('is signed out where its key is not wanted after all, and the key that was pasted is the one', async () => {
    home = await NewHousehold.start();
    const wanted = await draftOf(home);
    await askKey(wanted, around(somebody({ ...byPassword(), pick: ['password'] }).ui));
    expect(home.leftovers().devices).toEqual(['root']);
    const { jellyfin } = home;
    await askKey(wanted, around(somebody({ pick: ['key'], secret: [jellyfin.apiKey] }).ui));
    expect(home.leftovers().devices).toEqual([]);
    expect((await finish(wanted, finishing())).values).toMatchObject({ JELLYFIN_API_KEY: jellyfin.apiKey });
    expect(home.leftovers().keys).toBe(0);
  });
});

const finishing = (given: Partial<Finishing> = {}): Finishing => ({
  ...{ before: {}, file: {}, read: () => '', locale: 'en', write: () => undefined },
  ...{ deleteKey: () => Promise.resolve(), link: () => Promise.resolve(), ...given },
});

describe('what is not done at the end is said, and the settings are good', () => {
  test.each([
    ['link', { link: async () => Promise.reject(await later(new Error('no database'))) }, {}],
    ['signOut', {}, { signOut: async () => Promise.reject(await later(new Error('away'))) }],
  ])('%s', async (what, given, session) => {
    home = await NewHousehold.start();
    const owner = { id: '8', name: 'Dad', accountId: 'x' };
    const signedIn = { makeKey: () => Promise.resolve('new'), signOut: () => Promise.resolve(), ...session };
    const wanted = { ...(await draftOf(home)), owner, session: signedIn as unknown as Draft['session'] };
    expect(await finish(wanted, finishing(given))).toMatchObject({ key: 'new', failed: [{ what }] });
    expect(wanted.session).toBeUndefined();
  });
});

async function later<T>(value: T, turns = 1): Promise<T> {
  for (let left = turns; left > 0; left -= 1) await new Promise((done) => setImmediate(done));
  return value;
}

test('a session from before is signed out before another is begun', async () => {
  home = await NewHousehold.start();
  const order: string[] = [];
  const signOut = async () => void order.push(await later('signed out'));
  const begin = () => {
    order.push('begun');
    return Promise.reject(new Leaving('stop'));
  };
  const wanted = { ...(await draftOf(home)), key: 'old', session: { signOut } as unknown as Draft['session'] };
  const more = { jellyfinSide: () => ({ begin }) as unknown as JellyfinSide };
  await expect(askKey(wanted, around(somebody({}).ui, {}, more))).rejects.toThrow('stop');
  expect(order).toEqual(['signed out', 'begun']);
  expect(wanted.key).toBeUndefined();
});

test('only whoever is in the server is asked whose account it is', async () => {
  home = await NewHousehold.start();
  const wanted = await draftOf(home);
  const stranger = { id: '100000000000000099', name: 'Once' };
  const session = { name: 'root' } as Draft['session'];
  const asked = async (owners: Draft['application']['owners'], answers: Answers) => {
    const { ui, said } = somebody(answers);
    // From before somebody went back.
    const given = {
      ...wanted,
      session,
      owner: { ...stranger, accountId: 'x' },
      application: { ...wanted.application, owners },
    };
    await askOwner(given, around(ui));
    return { owner: given.owner?.name, said: said.join(' ') };
  };
  const dad = { id: home.owner.id, name: 'Dad' };
  expect(await asked([stranger], {})).toMatchObject({
    owner: undefined,
    said: expect.stringMatching(/nobody is linked to root yet/),
  });
  const one = await asked([stranger, dad], { confirm: [true] });
  expect(one).toMatchObject({ owner: 'Dad', said: expect.not.stringContaining('Once') });
  expect(await asked([dad], { confirm: [false] })).toMatchObject({ owner: undefined });
  const mum = { id: home.discord.addPerson('Mum').id, name: 'Mum' };
  const two = await asked([dad, stranger, mum], { pick: [mum] });
  expect(two).toMatchObject({ owner: 'Mum', said: expect.stringContaining('Dad, Mum, Nobody of these') });
});

test('a key from before is never deleted, whatever comes of the settings', async () => {
  home = await NewHousehold.start();
  const deleted: string[] = [];
  const write = () => {
    throw new Error('no room');
  };
  const deleteKey = (key: string) => Promise.resolve(void deleted.push(key));
  await expect(finish({ ...(await draftOf(home)), key: 'theirs' }, finishing({ write, deleteKey }))).rejects.toThrow(
    'no room',
  );
  expect(deleted).toEqual([]);
});

test('a secret that a file held, and is another now, is no longer read from there', async () => {
  home = await NewHousehold.start();
  const before = { JELLYFIN_API_KEY: 'old', JELLYFIN_API_KEY_FILE: 'key', DISCORD_TOKEN: home.discord.token };
  const text = 'JELLYFIN_API_KEY_FILE=key\nLATCHKEY_LOCALE=de\n';
  const written: string[] = [];
  const given = {
    before,
    read: () => text,
    file: { LATCHKEY_LOCALE: 'de' },
    locale: 'fr',
    write: (now: string) => written.push(now),
  };
  await finish({ ...(await draftOf(home)), key: 'new' }, finishing(given));
  expect(written.join('')).toMatch(/^#JELLYFIN_API_KEY_FILE=key$/m);
  expect(written.join('')).toMatch(/^JELLYFIN_API_KEY=new$/m);
  // What somebody has set stays; what the environment alone said is read from there by no start of a service.
  expect(written.join('')).toMatch(/^LATCHKEY_LOCALE=de$/m);
  expect(written.join('')).toContain(`\nDISCORD_TOKEN=${home.discord.token}\n`);
});

test('the card is put up only where the bot may write, and best where everybody reads it', async () => {
  home = await NewHousehold.start();
  const { discord } = home;
  const wanted = await draftOf(home);
  const asked = async (extras: Draft['extras'], answers: Answers) => {
    const { ui, said } = somebody(answers);
    const given = { ...wanted, extras };
    return { isAsked: await askCardChannel(given, around(ui)), channel: given.cardChannel, said: said.join(' ') };
  };
  const general = { id: discord.generalChannelId, name: 'general' };
  wanted.cardChannel = { id: '7', name: 'from before somebody went back' };
  expect(await asked(['card'], { pick: [general] })).toMatchObject({
    isAsked: true,
    channel: general,
    said: expect.stringContaining('#general, #admins'),
  });
  discord.setBotOverwrite(discord.adminChannelId, {});
  const open = await asked(['card'], { pick: [general] });
  expect(open.said).not.toContain('#admins');
  expect(await asked(['loginLine'], {})).toMatchObject({ isAsked: false, channel: undefined });
});

test('what is wished besides and cannot be done is said, each by itself, and the rest is done all the same', async () => {
  home = await NewHousehold.start();
  const wanted = await draftOf(home);
  // Each takes less time than the one before it, and waits for it all the same.
  let turns = 6;
  const refused = async () => Promise.reject(await later(new NoAnswer('notKept'), turns--));
  const done: string[] = [];
  const discord = {
    setProfile: refused,
    setPicture: refused,
    post: async (_channel: string, text: string) => void done.push(await later(text)),
  } as unknown as Draft['discord'];
  const extras = ['picture', 'loginLine'] as const;
  const { ui, said } = somebody({});
  const cardChannel = { id: '2', name: 'general' };
  await putUp({ ...wanted, discord, extras, cardChannel }, around(ui), {
    key: home.jellyfin.apiKey,
    withStores: async () => Promise.reject(await later(new AppError('jellyfinUnreachable'), turns--)),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    household: createWords('en').in('en'),
  });
  expect(said).toEqual([
    expect.stringMatching(/description and install settings could not be set in Discord \(notKept\)/),
    expect.stringMatching(/picture could not be set in Discord \(notKept\)/),
    expect.stringMatching(/card.*could not be put up|card.*No answer/),
    expect.stringMatching(/Nothing was put on Jellyfin's login page \(No answer came from there/),
  ]);
  expect(done).toEqual([expect.stringContaining('Latchkey is set up')]);
});
