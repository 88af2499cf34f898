import { spawnSync } from 'node:child_process';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { lookAtHttp, takesKey, whyNoAnswer, internalAddresses } from '../../src/server/http-sign.js';
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

function withNetwork(port: string, baseUrl = '', folder = 'config'): string {
  const dir = join(newFolder(), 'data');
  mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(
    join(dir, folder, 'network.xml'),
    `<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <BaseUrl>${baseUrl}</BaseUrl><InternalHttpPort>${port}</InternalHttpPort>
</NetworkConfiguration>`,
  );
  return dir;
}

test.each([200, 301, 401, 404, 500, 503])('%i is an answer', async (status) => {
  expect(await seenAt(await withStatus(status))).toBe('running');
});

test.each([502, 504])('%i is a proxy that does not know', async (status) => {
  expect(await seenAt(await withStatus(status))).toBe('unseen');
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
}, 10_000);

test('an answer without an end is one', async () => {
  const url = await answering((request, response) => {
    const more = setInterval(() => response.write('.'), 5);
    request.on('close', () => clearInterval(more));
  });
  expect(await seenAt(url)).toBe('running');
});

test("the server's own port is tried, wherever its public address leads", async () => {
  const asked: (string | undefined)[] = [];
  const own = await answering((request, response) => {
    asked.push(request.url);
    response.end();
  });
  const serverDir = withNetwork(new URL(own).port, '/jellyfin/');
  const signs = await lookAtHttp({ url: `http://127.0.0.1:${await freePort()}`, serverDir, db: '' });
  expect(signs).toEqual([{ sign: 'http', seen: 'running', params: { url: `${own}/jellyfin`, why: '200' } }]);
  expect(asked).toEqual(['/jellyfin/System/Info/Public']);
});

test('its configuration is found beside the server folder, within and around it', () => {
  for (const folder of ['config', '.', '..'])
    expect(internalAddresses(withNetwork('8920', 'x', folder))).toEqual(['http://127.0.0.1:8920/x']);
});

test('the usual port stands in for one that cannot be read, and where there is no configuration, what is given', () => {
  for (const port of ['', '0', '70000', 'eighty'])
    expect(internalAddresses(withNetwork(port))).toEqual(['http://127.0.0.1:8096']);
  expect(internalAddresses(newFolder(), { address: nowhere })).toEqual([nowhere]);
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
    response.end();
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
