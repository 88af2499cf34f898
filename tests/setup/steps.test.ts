import { afterEach, describe, expect, test } from 'vitest';
import { DiscordSide } from '../../src/setup/discord-side.js';
import type { Draft, Surroundings } from '../../src/setup/draft.js';
import { finish, type Finishing } from '../../src/setup/finish.js';
import { jellyfinSide } from '../../src/setup/jellyfin-side.js';
import { askKey, askOwner } from '../../src/setup/steps/key.js';
import { askCardChannel } from '../../src/setup/steps/last.js';
import { Leaving, type SetupUi } from '../../src/setup/ui.js';
import { createWords } from '../../src/words.js';
import { rootPassword } from '../../sandbox/jellyfin/index.js';
import { NewHousehold } from './wizard.js';

let home: NewHousehold;
afterEach(() => home.close());

const t = createWords('en').in('en');
/** What somebody answers, one after the other; a question that they leave is a Leaving. */
type Answers = Partial<Record<keyof SetupUi, unknown[]>>;

function somebody(answers: Answers) {
  const said: string[] = [];
  const next = (kind: keyof SetupUi) => {
    const answer = answers[kind]?.shift();
    if (answer === undefined) throw new Error(`nobody knows what to answer to ${kind}`);
    if (answer instanceof Leaving) throw answer;
    return answer;
  };
  const say = (text: string) => void said.push(text);
  const ui = {
    ...{ say, good: say, warn: say, plain: say },
    text: () => Promise.resolve().then(() => next('text')),
    secret: async ({ check }: Parameters<SetupUi['secret']>[0]) => {
      const typed = next('secret') as string;
      const problem = await check?.(typed);
      if (problem !== undefined) throw new Error(problem);
      return typed;
    },
    pick: (message: string, choices: readonly { readonly label: string }[]) => {
      said.push(`${message} ${choices.map(({ label }) => label).join(', ')}`);
      return Promise.resolve().then(() => next('pick'));
    },
    confirm: (message: string) => {
      said.push(message);
      return Promise.resolve().then(() => next('confirm'));
    },
    busy: (work: () => Promise<unknown>) => (answers.busy?.shift() instanceof Leaving ? leaveDuring(work) : work()),
    waitFor: () => Promise.reject(new Leaving('back')),
  } as unknown as SetupUi;
  return { ui, said };
}

/** Ctrl-C while something is done: it goes on, and nobody waits for it. */
async function leaveDuring(work: () => Promise<unknown>): Promise<never> {
  void work();
  return Promise.reject(new Leaving('stop'));
}

async function draft(): Promise<Draft> {
  const { discord, jellyfin } = home;
  const side = new DiscordSide(discord.url, discord.token);
  const application = await side.application();
  return {
    ...{ token: discord.token, application, discord: side, server: { id: discord.guildId, name: 'The Household' } },
    ...{ adminRoleIds: ['1'], helperRoleIds: [], channelId: '2', publicUrl: undefined, key: undefined },
    ...{ session: undefined, owner: undefined, rescue: {}, extras: [], cardChannel: undefined, starts: false },
    jellyfin: { url: jellyfin.url, id: 'x', name: 'Home', version: '12.0.0' },
  };
}

const around = (ui: SetupUi, before: Surroundings['before'] = {}) =>
  ({ ui, t, before, jellyfinSide }) as unknown as Surroundings;

const byPassword = () => ({ text: ['root'], secret: [rootPassword] });

test('the key from before is looked at where it was used, and sent to no other address', async () => {
  home = await NewHousehold.start();
  const { url, apiKey, calls } = home.jellyfin;
  const wanted = await draft();
  const before = (address: string | undefined) => ({ JELLYFIN_URL: address, JELLYFIN_API_KEY: apiKey });
  for (const elsewhere of ['http://jellyfin:8096', `${url}/jellyfin`, undefined]) {
    const { ui, said } = somebody({ pick: [new Leaving('stop')] });
    await expect(askKey(wanted, around(ui, before(elsewhere)))).rejects.toThrow('stop');
    expect(said.join(' ')).not.toContain('Keep it?');
  }
  expect(calls.filter(({ path }) => path === '/System/Info')).toEqual([]);
  await askKey(wanted, around(somebody({ confirm: [true] }).ui, before(`${url}/`)));
  expect(wanted.key).toBe(apiKey);
});

describe('an administrator’s session', () => {
  test('that is opened while somebody presses Ctrl-C is signed out again', async () => {
    home = await NewHousehold.start();
    const { ui } = somebody({ ...byPassword(), pick: ['password'], busy: [1, new Leaving('stop')] });
    await expect(askKey(await draft(), around(ui))).rejects.toThrow('stop');
    expect(home.leftovers()).toEqual({ devices: [], keys: 0 });
  });

  test('is signed out where its key is not wanted after all, and the key that was pasted is the one', async () => {
    home = await NewHousehold.start();
    const wanted = await draft();
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
  ...{ before: {}, file: {}, text: '', locale: 'en', write: () => undefined },
  ...{ deleteKey: () => Promise.resolve(), link: () => Promise.resolve(), ...given },
});

test('only whoever is in the server is asked whose account it is', async () => {
  home = await NewHousehold.start();
  const wanted = await draft();
  const stranger = { id: '100000000000000099', name: 'Once' };
  const session = { name: 'root' } as Draft['session'];
  const asked = async (owners: Draft['application']['owners'], answers: Answers) => {
    const { ui, said } = somebody(answers);
    const given = { ...wanted, session, application: { ...wanted.application, owners } };
    await askOwner(given, around(ui));
    return { owner: given.owner?.name, said: said.join(' ') };
  };
  const dad = { id: home.owner.id, name: 'Dad' };
  expect(await asked([stranger], {})).toMatchObject({ owner: undefined });
  const one = await asked([stranger, dad], { confirm: [true] });
  expect(one).toMatchObject({ owner: 'Dad', said: expect.not.stringContaining('Once') });
  expect(await asked([dad], { confirm: [false] })).toMatchObject({ owner: undefined });
});

test('a secret that a file held, and is another now, is no longer read from there', async () => {
  home = await NewHousehold.start();
  const before = { JELLYFIN_API_KEY: 'old', JELLYFIN_API_KEY_FILE: 'key', DISCORD_TOKEN: home.discord.token };
  const text = 'JELLYFIN_API_KEY_FILE=key\nLATCHKEY_LOCALE=de\n';
  const written: string[] = [];
  const given = {
    before,
    text,
    file: { LATCHKEY_LOCALE: 'de' },
    locale: 'fr',
    write: (now: string) => written.push(now),
  };
  await finish({ ...(await draft()), key: 'new' }, finishing(given));
  expect(written.join('')).toMatch(/^#JELLYFIN_API_KEY_FILE=key$/m);
  expect(written.join('')).toMatch(/^JELLYFIN_API_KEY=new$/m);
  // What somebody has set stays.
  expect(written.join('')).toMatch(/^LATCHKEY_LOCALE=de$/m);
});

test('the card is put up only where the bot may write, and best where everybody reads it', async () => {
  home = await NewHousehold.start();
  const { discord } = home;
  const wanted = await draft();
  const asked = async (extras: Draft['extras'], answers: Answers) => {
    const { ui, said } = somebody(answers);
    const given = { ...wanted, extras };
    return { isAsked: await askCardChannel(given, around(ui)), channel: given.cardChannel, said: said.join(' ') };
  };
  const general = { id: discord.generalChannelId, name: 'general' };
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
