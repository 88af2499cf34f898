import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft, Step } from '../../src/setup/draft.js';
import { findByTyped, jellyfinSide, type FoundServer } from '../../src/setup/jellyfin-side.js';
import { askJellyfin, askPublicUrl } from '../../src/setup/steps/jellyfin.js';
import { askKey } from '../../src/setup/steps/key.js';
import { askCardChannel, askExtras, askToWrite } from '../../src/setup/steps/last.js';
import { Leaving } from '../../src/setup/ui.js';
import { rootPassword } from '../../sandbox/jellyfin/index.js';
import { confirms } from '../support/quick-connect.js';
import { around, type Answers, askedAt, type At, draftOf, somebody } from './somebody.js';
import { NewHousehold } from './wizard.js';

let home: NewHousehold;
let draft: Draft;
beforeEach(async () => {
  home = await NewHousehold.start();
  draft = await draftOf(home);
});
afterEach(() => home.close());

const asked = (step: Step, answers: Answers, at?: At) => askedAt(step, draft, answers, at);

describe('where Jellyfin is', () => {
  const found = (given: Partial<FoundServer>): FoundServer => ({
    url: 'http://x',
    name: 'X',
    version: '12.0.0',
    ...given,
  });
  const discover = (...all: readonly Partial<FoundServer>[]) => ({ discover: () => Promise.resolve(all.map(found)) });

  test('is offered once, by the address from before, beside others', async () => {
    const { url } = home.jellyfin;
    const { id } = (await findByTyped(url)) ?? {};
    const more = discover(
      { url },
      { url: 'http://again', id },
      { url: 'http://other', id: 'y' },
      { url: 'http://unnamed' },
    );
    const { said } = await asked(askJellyfin, { pick: [found({})] }, { before: { JELLYFIN_URL: url }, more });
    const [, listed = ''] = /Which Jellyfin\? (.*)/.exec(said) ?? [];
    expect(listed.match(/http:\/\/[^ ]+/g)).toEqual([url, 'http://other', 'http://unnamed']);
  });

  test('that is not there any more is not offered, and one that does not say which it is stands beside another such', async () => {
    const { url, faults } = home.jellyfin;
    const gone = await asked(
      askJellyfin,
      { pick: [found({})] },
      { before: { JELLYFIN_URL: 'http://127.0.0.1:1' }, more: discover({}) },
    );
    expect(gone.said).toContain('Which Jellyfin? X, http://x (Jellyfin 12.0.0), Another');
    const body = JSON.stringify({ ServerName: 'Home', Version: '12.0.0', StartupWizardCompleted: true });
    faults.on({ path: /\/System\/Info\/Public$/i, status: 200, body, contentType: 'application/json' });
    const both = await asked(askJellyfin, { pick: [found({})] }, { before: { JELLYFIN_URL: url }, more: discover({}) });
    expect(both.said).toContain(`Which Jellyfin? Home, ${url} (Jellyfin 12.0.0), X, http://x`);
    expect(both.said).toContain('X, Jellyfin 12.0.0, at http://x');
  });

  test('is offered first where the settings have it', async () => {
    const more = discover({ id: 'x' }, { url: home.jellyfin.url, name: 'Ours', id: 'y' });
    const at = async (before: Record<string, string>) =>
      (await asked(askJellyfin, { pick: [found({})] }, { before, more })).said;
    home.jellyfin.faults.on({ path: /\/System\/Info\/Public$/i, status: 500 });
    expect(await at({ JELLYFIN_URL: home.jellyfin.url })).toContain('offered: Ours, ');
    expect(await at({})).toContain('offered: X, ');
  });

  test('is asked for until it is an address, where none is found', async () => {
    const { said, given } = await asked(askJellyfin, { text: ['ftp://nas', home.jellyfin.url] }, { more: discover() });
    expect(said).toContain('That is no address.');
    expect(said).not.toContain('Which Jellyfin?');
    expect(given.jellyfin.url).toBe(home.jellyfin.url);
  });

  test.each([
    [150_000, true],
    [-150_000, true],
    [59_000, false],
    [undefined, false],
  ])('and that its clock is %s ms ahead is said where it matters', async (clockAheadMs, isSaid) => {
    const server = found({ clockAheadMs });
    const { said } = await asked(askJellyfin, { pick: [server] }, { more: discover(server) });
    expect(said.includes('are 3 min apart') && said.includes('Its clock')).toBe(isSaid);
  });

  test('is no address that leads to none', async () => {
    let asked = 0;
    const http = createServer((_, response) => {
      asked += 1;
      response.writeHead(302, { location: asked === 1 ? '/' : 'http://' }).end();
    });
    await new Promise<void>((up) => http.listen(0, '127.0.0.1', up));
    home.atEnd(() => http.close());
    const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    await expect(findByTyped(address)).rejects.toMatchObject({ code: 'jellyfinWrongPath' });
    expect(await findByTyped('ftp://nas')).toBeUndefined();
  });
});

describe('where people open it', () => {
  test.each([
    ['http://nas:8096', {}, 'http://nas:8096'],
    ['http://127.0.0.1:8096', {}, ''],
    ['http://nas:8096', { JELLYFIN_PUBLIC_URL: 'https://films.example' }, 'https://films.example'],
  ])('is offered as %s with %j', async (url, before, offered) => {
    Object.assign(draft, { jellyfin: { ...draft.jellyfin, url }, publicUrl: 'http://from-before-somebody-went-back' });
    const { said, given } = await asked(askPublicUrl, { text: ['-'] }, { before });
    expect(said).toContain(`(- for none) [${offered}]`);
    expect(given.publicUrl).toBeUndefined();
  });

  test('is asked for until it is an address', async () => {
    draft.jellyfin = { ...draft.jellyfin, id: (await findByTyped(home.jellyfin.url))?.id };
    const { said, given } = await asked(askPublicUrl, { text: ['ftp://nas', home.jellyfin.url] });
    expect(said).toContain('That is no address.');
    expect(given.publicUrl).toBe(home.jellyfin.url);
  });
});

describe('the key', () => {
  const byPassword = () => ({ text: ['root'], secret: [rootPassword] });

  test('from before is not offered where the server does not take it', async () => {
    const before = { JELLYFIN_URL: home.jellyfin.url, JELLYFIN_API_KEY: 'ab'.repeat(16) };
    const { said, given } = await asked(askKey, { ...byPassword(), pick: ['password'] }, { before });
    expect(said).not.toContain('Keep it?');
    expect(given.session?.name).toBe('root');
  });

  test('from before is not kept by whoever wants another', async () => {
    const { url, apiKey } = home.jellyfin;
    const before = { JELLYFIN_URL: url, JELLYFIN_API_KEY: apiKey };
    const { given } = await asked(askKey, { ...byPassword(), confirm: [false], pick: ['password'] }, { before });
    expect(given).toMatchObject({ key: undefined, session: { name: 'root' } });
  });

  test('comes by a new code where the first is over', async () => {
    const { faults } = home.jellyfin;
    faults.on({ path: /\/QuickConnect\/Connect/i, status: 404, times: 1 });
    const { token = '' } = await home.jellyfin.signIn('root', rootPassword, { device: 'browser' });
    const { ui, said } = somebody({}, [
      async () => {
        const codes = said.join('\n').match(/(?<=Code: )\d+/g) ?? [];
        expect(codes).toHaveLength(2);
        await confirms(home.jellyfin, token, codes[1] ?? '');
      },
    ]);
    const given = { ...draft };
    expect(await askKey(given, around(ui))).toBe(true);
    expect(given.session?.name).toBe('root');
    expect(said.join('\n')).toContain(`Or open ${home.jellyfin.url}/web/#/quickconnect`);
    expect(said.join('\n')).not.toContain('How does Latchkey come by');
  });

  test('is asked for at the address that people open, and a code confirmed while somebody leaves leaves nobody signed in', async () => {
    const { token = '' } = await home.jellyfin.signIn('root', rootPassword, { device: 'browser' });
    draft.publicUrl = 'https://films.example';
    const { ui, said } = somebody({}, [
      async () => {
        await confirms(home.jellyfin, token, /(?<=Code: )\d+/.exec(said.join('\n'))?.[0] ?? '');
        throw new Leaving('stop');
      },
    ]);
    await expect(askKey({ ...draft }, around(ui))).rejects.toThrow('stop');
    expect(said.join('\n')).toContain('Or open https://films.example/web/#/quickconnect');
    expect(home.leftovers().devices).toEqual([]);
  });

  test('comes by another way where codes do not work', async () => {
    home.jellyfin.faults.on({ path: /\/QuickConnect\/Connect/i, status: 500 });
    const { said } = await asked(askKey, { ...byPassword(), pick: ['password'] });
    expect(said.match(/Code: /g)).toHaveLength(1);
  });

  test('that is pasted is one word', async () => {
    const { said } = await asked(askKey, { pick: ['key'], secret: ['my kéy', home.jellyfin.apiKey] });
    expect(said).toMatch(/That is no API key[^]*The API key works/);
    expect(home.jellyfin.calls.filter(({ path }) => path.startsWith('/System/ActivityLog'))).toHaveLength(1);
  });

  test('is not asked for over and over where something is wrong with the set-up itself', async () => {
    await expect(asked(askKey, { pick: ['password', new Leaving('stop')] })).rejects.toThrow('to answer to text');
  });

  test('by codes is none where the server does not say whether it takes them', async () => {
    const off = home.jellyfin.faults.on({
      path: /\/QuickConnect\/Enabled$/i,
      status: 200,
      body: '"maybe"',
      contentType: 'application/json',
    });
    expect(await jellyfinSide(home.jellyfin.url).takesCodes()).toBeUndefined();
    off();
    expect(await jellyfinSide(home.jellyfin.url).takesCodes()).toBe(true);
  });
});

describe('what may be had besides', () => {
  const settings = { JELLYFIN_SERVER_DIR: '/srv/films' };
  const own = (isReadable: boolean, more = {}) => ({
    findOwnServer: () => Promise.resolve({ folder: '/srv/films', isReadable, settings: { ...settings, ...more } }),
  });

  test('a rescue by the folder of a Jellyfin on this computer, with what stops and starts it', async () => {
    const commands = { JELLYFIN_STOP_COMMAND: 'stop it', JELLYFIN_START_COMMAND: 'start it' };
    const wished = await asked(askExtras, { pickMany: [['rescue']] }, { more: own(true, commands) });
    expect(wished.said).toContain('use /srv/films, and stop and start Jellyfin then (stop it, start it)');
    expect(wished.said).toMatch(/Latchkey's picture for the bot: a white key\noffered: Help when/);
    expect(wished.said).not.toContain('closed to this user');
    expect(wished.given.rescue).toEqual({ ...settings, ...commands });
    const without = await asked(askExtras, { pickMany: [['card']] }, { more: own(true) });
    expect(without.said).toContain('use /srv/films, A line');
    expect(without.given.rescue).toEqual({});
  });

  test('none by a folder that is closed, which is said; and nobody looks where the settings name one', async () => {
    const closed = await asked(askExtras, { pickMany: [[]] }, { more: own(false) });
    expect(closed.said).toMatch(/closed to this user: \/srv\/films[^]*Anything else\?[^\n]* A line/);
    expect(closed.said).not.toContain('use /srv/films');
    const known = await asked(askExtras, { pickMany: [[]] }, { before: settings, more: own(true) });
    expect(known.said).not.toContain('/srv/films');
  });

  test('no card where the bot may write nowhere, which is said', async () => {
    const { discord } = home;
    for (const id of [discord.adminChannelId, discord.generalChannelId]) discord.deleteChannel(id);
    draft.extras = ['card'];
    const { isAsked, said, given } = await asked(askCardChannel, {});
    expect([isAsked, given.cardChannel]).toEqual([false, undefined]);
    expect(said).toContain('no channel yet in which the bot may write');
  });

  test('the bot is not started by what goes away, and nothing is written against a no', async () => {
    const more = { startsHere: false };
    await expect(asked(askToWrite, { confirm: [false] }, { more })).rejects.toMatchObject({ wish: 'back' });
    expect(await asked(askToWrite, { confirm: [true] }, { more })).toMatchObject({ given: { starts: false } });
    draft.starts = true;
    expect(await asked(askToWrite, { confirm: [true] }, { more })).toMatchObject({ given: { starts: false } });
    const here = await asked(askToWrite, { pick: [true] }, { more: { startsHere: true } });
    expect(here.given.starts).toBe(true);
  });
});
