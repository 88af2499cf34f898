import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { createRescueKeys, KeyHolder } from '../../src/jellyfin/key-holder.js';
import { createKeylessJellyfin } from '../../src/jellyfin/keyless-jellyfin.js';
import { countOtherKeys, deleteKey } from '../../src/jellyfin/session.js';
import { Secret } from '../../src/secret.js';
import { codeOf, Notes } from './house.js';
import { closeRawServers, json, type RawRequest, rawServer } from './raw-server.js';

afterEach(closeRawServers);

const info = { Version: '10.11.8', ServerName: 'house', StartupWizardCompleted: true };

/** A server that is well, and answers all other calls so. */
async function house(answer: (request: RawRequest, response: ServerResponse) => void) {
  const { url, requests, stopListening } = await rawServer((request, response) => {
    if (request.path.startsWith('/System/Info/Public')) return json(response, info);
    answer(request, response);
  });
  const options = { url, timeoutMs: 20_000, log: new Notes() };
  return { options, keyless: createKeylessJellyfin(options), requests, stopListening };
}

const keys = (...items: object[]) => ({ Items: items });
const own = { AccessToken: 'own', AppName: 'Latchkey' };

describe('keys', () => {
  test('that are called Latchkey’s beside this one are counted, and no other program’s', async () => {
    const others = [
      { AccessToken: 'old', AppName: 'Latchkey' },
      { AccessToken: 'arr', AppName: 'Sonarr' },
    ];
    const { options } = await house((_, response) => json(response, keys(own, ...others)));
    expect(await countOtherKeys(options, 'own')).toBe(1);
  });

  test('one that was made in vain is gone where it is refused from then on, and nowhere else', async () => {
    const deleting = async (status: number, deleted = 204) => {
      const { options, requests } = await house(({ method }, response) => {
        if (method === 'DELETE') response.writeHead(deleted).end();
        else json(response, status === 200 ? keys(own) : {}, status);
      });
      const outcome = await deleteKey(options, 'own').then(
        () => 'gone',
        (error: { code: string }) => error.code,
      );
      expect(requests[0]).toMatchObject({ method: 'DELETE', path: '/Auth/Keys/own' });
      return outcome;
    };
    expect([await deleting(401), await deleting(200), await deleting(500), await deleting(200, 403)]).toEqual([
      ...['gone', 'jellyfinNotApplied', 'jellyfinBroken', 'jellyfinKeyNotAdmin'],
    ]);
  });

  test('the new one is the one that was not there before, whatever else is called so', async () => {
    let made = false;
    const signedIn = { AccessToken: 't', User: { Id: 'a'.repeat(32), Name: 'root' } };
    const { keyless } = await house(({ method, path }, response) => {
      if (path.includes('AuthenticateByName')) return json(response, signedIn);
      if (method === 'POST') made = true;
      json(response, keys(own, ...(made ? [{ ...own, AccessToken: 'new' }] : [])));
    });
    expect(await (await keyless.signIn('root', 'x')).makeKey()).toBe('new');
  });

  test.each([
    ['whose making is answered by an error', 500, 200, true, 'new'],
    ['that was not made', 500, 200, false, 'jellyfinBroken'],
    ['that was refused', 403, 200, false, 'jellyfinKeyNotAdmin'],
    ['that was refused, while another program’s was made', 403, 200, true, 'jellyfinKeyNotAdmin'],
    ['that may be there, and cannot be read', 204, 500, true, 'keyUnread'],
  ])('one %s: the list says, and where it does not, that is said', async (_, made, listed, isThere, wanted) => {
    let isAsked = false;
    const signedIn = { AccessToken: 't', User: { Id: 'a'.repeat(32), Name: 'root' } };
    const { keyless } = await house(({ method, path }, response) => {
      if (path.includes('AuthenticateByName')) return json(response, signedIn);
      if (method === 'POST') {
        isAsked = true;
        return void response.writeHead(made).end();
      }
      const found = isThere && isAsked ? [{ ...own, AccessToken: 'new' }] : [];
      json(response, keys(own, ...found), isAsked ? listed : 200);
    });
    const making = (await keyless.signIn('root', 'x')).makeKey();
    expect(await making.catch((error: { code: string }) => error.code)).toBe(wanted);
  });
});

test('a rescue’s key is used at once, kept where it was saved, and given back for the one before where it was not', () => {
  const saved: string[] = [];
  const holder = new KeyHolder(new Secret('old'));
  let isFull = false;
  const save = (key: string) => {
    if (isFull) throw new AppError('keyNotSaved');
    saved.push(key);
  };
  const options = { url: 'http://nas', holder, isThere: true, save, mustBeSavable: () => undefined, log: new Notes() };
  const rescue = createRescueKeys(options);
  rescue.use('one');
  expect(holder.current.reveal()).toBe('one');
  rescue.restore();
  expect(holder.current.reveal()).toBe('old');
  rescue.use('two');
  rescue.save('two');
  rescue.restore();
  expect([holder.current.reveal(), saved]).toEqual(['two', ['two']]);
  isFull = true;
  rescue.use('three');
  expect(() => rescue.save('three')).toThrow(AppError);
  rescue.restore();
  expect(holder.current.reveal()).toBe('two');
});

test('who has signed in is an administrator where the server says so, and nowhere else', async () => {
  const signsIn = async (user: object) => {
    const signedIn = { AccessToken: 't', User: { Id: 'a'.repeat(32), Name: 'root', ...user } };
    const { keyless } = await house((_, response) => json(response, signedIn));
    return (await keyless.signIn('root', 'x')).isAdministrator;
  };
  expect(await signsIn({ Policy: { IsAdministrator: true } })).toBe(true);
  expect(await signsIn({ Policy: { IsAdministrator: false } })).toBe(false);
  expect(await signsIn({})).toBe(false);
  const nameless = await house((_, response) => json(response, { AccessToken: 't', User: { Id: 'a'.repeat(32) } }));
  expect(await codeOf(nameless.keyless.signIn('root', 'x'))).toBe('jellyfinBroken');
});

test.each([
  [401, 'signInRefused'],
  [403, 'signInForbidden'],
])('a sign-in that is answered with %i is %s', async (status, code) => {
  const { keyless } = await house((_, response) => response.writeHead(status).end());
  expect(await codeOf(keyless.signIn('root', 'x'))).toBe(code);
});

test('the file of a PIN is known where the server names one', async () => {
  const asked = async (answer: object) => {
    const { keyless } = await house((_, response) => json(response, answer));
    return keyless.forgotPassword('root');
  };
  expect(await asked({ Action: 'PinCode', PinFile: '/a/b.json' })).toEqual({ action: 'PinCode', pinFile: '/a/b.json' });
  for (const PinFile of ['', null, 7])
    expect(await asked({ Action: 'ContactAdmin', PinFile })).toEqual({ action: 'ContactAdmin', pinFile: undefined });
});

describe('a restart', () => {
  test('whose answer is cut off is under way; one that was refused, or never arrived, is not', async () => {
    const cut = await house((_, response) => response.destroy());
    expect(await cut.keyless.restart()).toBeUndefined();
    for (const status of [401, 403]) {
      const { keyless } = await house((_, response) => response.writeHead(status).end());
      expect(await codeOf(keyless.restart())).toBe('restartRefused');
    }
    const gone = await house(() => undefined);
    await closeRawServers();
    expect(await codeOf(gone.keyless.restart())).toBe('jellyfinUnreachable');
  });

  test('is waited for no longer than it may take, and not at all where something else stands there', async () => {
    const starting = await rawServer((_, response) => response.writeHead(503).end());
    const at = (url: string) => createKeylessJellyfin({ url, timeoutMs: 20_000, log: new Notes() });
    expect(await codeOf(at(starting.url).back(-1))).toBe('jellyfinStarting');
    const other = await rawServer((_, response) => response.end('hello'));
    expect(await codeOf(at(other.url).back(60_000))).toBe('jellyfinNotJellyfin');
  });
});
