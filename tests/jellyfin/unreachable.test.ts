import { createServer as createHttp } from 'node:http';
import { createServer as createHttps, globalAgent } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../sandbox/free-port.js';
import { whyUnreachable } from '../../src/jellyfin/unreachable.js';
import { createWords } from '../../src/words.js';
import { authority, certificates, key } from './certificates.js';
import { adapter, errorOf } from './house.js';
import { closeRawServers, rawServer } from './raw-server.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await closeRawServers();
  delete globalAgent.options.ca;
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return (server.address() as AddressInfo).port;
}

/** A server with this certificate. */
async function overTls(which: keyof typeof certificates): Promise<string> {
  const server = createHttps({ key, cert: certificates[which] }, (_, response) => response.end('{}'));
  return `https://127.0.0.1:${await listening(server)}`;
}

/** Code and kind of the failure at an address, with the two sentences that an admin reads. */
async function seenAt(url: string, timeoutMs?: number) {
  const { code, params } = await errorOf(adapter(url, 'key', timeoutMs).serverInfo());
  return { code, kind: params.kind, said: createWords('en').in('en').withFix(code, params).join(' ') };
}

const unreachable = (kind: string, said: RegExp) => ({
  code: 'jellyfinUnreachable',
  kind,
  said: expect.stringMatching(said),
});

describe('why Jellyfin cannot be reached', () => {
  test('a name that nobody knows', async () => {
    expect(await seenAt('http://jellyfin.invalid:8096')).toEqual(
      unreachable('nameUnknown', /the name jellyfin.invalid/),
    );
  });

  test('nobody listens; in a container, localhost is the container', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect((await seenAt(url)).said).toMatch(/listens/);
    const inContainer = { inContainer: true };
    expect(await whyUnreachable('ECONNREFUSED', url, { inContainer: false })).toBe('refused');
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(await whyUnreachable('ECONNREFUSED', `http://${host}:8096`, inContainer)).toBe('ownContainer');
    expect(await whyUnreachable('ECONNREFUSED', 'http://192.168.1.10:8096', inContainer)).toBe('refused');
  });

  test.each([
    ['signed by itself', 'selfSigned', 'certSelfSigned'],
    ['of an authority that nobody knows', 'good', 'certUntrusted'],
  ] as const)('a certificate %s', async (_, which, kind) => {
    expect(await seenAt(await overTls(which))).toEqual(unreachable(kind, /NODE_EXTRA_CA_CERTS/));
  });

  test.each([
    ['that has run out', 'expired', 'certExpired', /not valid today/],
    ['that does not count yet', 'notYet', 'certExpired', /not valid today/],
    ['for another name', 'otherName', 'certOtherName', /for another name than 127.0.0.1/],
  ] as const)('a certificate %s', async (_, which, kind, said) => {
    // As NODE_EXTRA_CA_CERTS does, which is read once, when a process starts.
    globalAgent.options.ca = authority;
    expect(await seenAt(await overTls(which))).toEqual(unreachable(kind, said));
    expect(await seenAt(await overTls('good'))).toMatchObject({ code: 'jellyfinNotJellyfin' });
  });

  test('https spoken to an http port', async () => {
    const port = await listening(createHttp((_, response) => response.end('{}')));
    expect(await seenAt(`https://127.0.0.1:${port}`)).toEqual(unreachable('httpsToHttp', /JELLYFIN_URL with http:/));
  });

  test('http spoken to an https port, which cuts it off, or says so as nginx does', async () => {
    const url = (await overTls('selfSigned')).replace('https:', 'http:');
    expect(await seenAt(url)).toEqual(unreachable('httpToHttps', /JELLYFIN_URL with https:/));
    // Whatever it then answers in https.
    const picky = createHttps({ key, cert: certificates.good }, (_, response) => response.writeHead(400).end());
    expect(await whyUnreachable('ECONNRESET', `http://127.0.0.1:${await listening(picky)}`)).toBe('httpToHttps');
    const page = '<html><center>The plain HTTP request was sent to HTTPS port</center></html>';
    const nginx = await rawServer((_, response) => response.writeHead(400).end(page));
    expect(await seenAt(nginx.url)).toEqual(unreachable('httpToHttps', /JELLYFIN_URL with https:/));
  });

  test('http that is sent on to https on the same host', async () => {
    const { url } = await rawServer((_, response) =>
      response.writeHead(301, { location: 'https://127.0.0.1:8920/System/Info/Public' }).end(),
    );
    expect(await seenAt(`${url}/tv`)).toEqual({
      code: 'jellyfinWrongPath',
      kind: 'sentToHttps',
      said: expect.stringContaining('with https://: https://127.0.0.1:8920/tv'),
    });
  });

  test('the address of the web page, as it is copied from a browser', async () => {
    const { url } = await rawServer((_, response) => response.writeHead(404).end());
    for (const pasted of ['/web', '/web/index.html'])
      expect((await seenAt(`${url}/tv${pasted}`)).said).toContain(`Leave out /web and what follows: ${url}/tv`);
    expect(await seenAt(`${url}/webcam`)).toMatchObject({ code: 'jellyfinWrongPath', kind: undefined });
  });

  test.each([502, 521, 525, 530])('a proxy that says %i', async (status) => {
    const { url } = await rawServer((_, response) => response.writeHead(status).end('<html>'));
    expect(await seenAt(url)).toEqual(unreachable('gateway', new RegExp(`in Jellyfin's place \\(${status}\\)`)));
  });

  test('a server that takes the connection and says nothing, and a connection that is cut', async () => {
    const silent = `http://127.0.0.1:${await listening(createServer(() => undefined))}`;
    expect(await seenAt(silent, 100)).toMatchObject({ code: 'jellyfinTimeout', kind: 'silent' });
    const cut = `http://127.0.0.1:${await listening(createServer((socket) => socket.destroy()))}`;
    expect(await seenAt(cut)).toEqual(unreachable('broken', /broke off \(ECONNRESET\)/));
    // Neither of the two speaks http there: one ends everything, the other asks for https in a way of its own.
    const refusing = await rawServer((_, response) => response.writeHead(400).end());
    for (const url of [cut, refusing.url])
      expect(await seenAt(url.replace('http:', 'https:'))).toMatchObject({ kind: 'broken' });
  });

  test('an address at which nothing takes the connection any more', async () => {
    expect(await whyUnreachable('timeout', `http://127.0.0.1:${await freePort()}`)).toBe('noConnection');
  });
});
