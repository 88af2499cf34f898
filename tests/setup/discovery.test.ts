import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { startJellyfin, type Jellyfin } from '../../sandbox/jellyfin/index.js';
import { addressesIn, broadcasts, discover, findByTyped } from '../../src/setup/jellyfin-side.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function server(name: string): Promise<Jellyfin> {
  const jellyfin = await startJellyfin({ version: name === 'old' ? '10.10.7' : '12.0' });
  ends.push(() => jellyfin.close());
  return jellyfin;
}

/** Something that answers the question of Jellyfin's discovery with these words, one message each. */
async function network(answers: readonly string[]): Promise<number> {
  const socket: Socket = createSocket('udp4');
  ends.push(() => socket.close());
  socket.on('message', (question, { port, address }) => {
    if (question.toString() !== 'Who is JellyfinServer?') return;
    for (const answer of answers) socket.send(answer, port, address);
  });
  await new Promise<void>((bound) => socket.bind(0, bound));
  return socket.address().port;
}

/** Who answers in this process does so at once. */
const patienceMs = 300;

const announced = (url: string) => JSON.stringify({ Address: url, Id: 'x', Name: 'y', EndpointAddress: null });

test('every server that says it is there is found, each once, whatever else answers', async () => {
  const [one, two] = [await server('old'), await server('new')];
  const port = await network([announced(one.url), announced(two.url), 'hello', announced('http://127.0.0.1:1')]);
  const found = await discover({ port, more: [one.url.replace('127.0.0.1', 'localhost'), 'http://127.0.0.1:1'] });
  expect(found.map(({ url, version }) => `${url} ${version}`).sort()).toEqual(
    [`${one.url} 10.10.7`, `${two.url} 12.0.0`].sort(),
  );
});

/** Somebody who answers whatever is asked like this, and counts. */
async function impostor(answer: object): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  ends.push(() => http.close());
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return { url: `http://localhost:${(http.address() as AddressInfo).port}`, asked };
}

const introduction = { ServerName: 'Home', Version: '12.0.0', StartupWizardCompleted: true };

test('somebody on the network who says they are the server of this machine does not take its place', async () => {
  const real = await server('new');
  const { Id } = (await (await fetch(`${real.url}/System/Info/Public`)).json()) as { Id: string };
  const other = await impostor({ ...introduction, Id });
  const port = await network([announced(other.url)]);
  expect((await discover({ port, more: [real.url], patienceMs })).map(({ url }) => url)).toEqual([real.url]);
  // Which of two elsewhere is the one is for the person to say.
  const third = await impostor({ ...introduction, Id });
  const both = await discover({
    port: await network([announced(other.url), announced(third.url)]),
    more: [],
    patienceMs,
  });
  expect(both.map(({ url }) => url).sort()).toEqual([other.url, third.url].sort());
});

test('a few of those who answer are asked, once each', async () => {
  const { url, asked } = await impostor(introduction);
  const all = Array.from({ length: 50 }, (_, index) => announced(`${url}/${index}`));
  expect(await discover({ port: await network(all), more: [], patienceMs })).toHaveLength(20);
  expect(asked).toHaveLength(20);
});

test('two servers that do not say which they are are two', async () => {
  const [one, two] = [await impostor(introduction), await impostor(introduction)];
  const found = await discover({ port: await network([]), more: [one.url, two.url], patienceMs });
  expect(found.map(({ url }) => url)).toEqual([one.url, two.url]);
});

test('a network in which nobody answers', async () => {
  expect(await discover({ port: await network([]), more: [], patienceMs })).toEqual([]);
});

test('the question goes to this machine and to every network that it is in', () => {
  const card = (family: 'IPv4' | 'IPv6', address: string, netmask: string, internal = false) =>
    ({ family, address, netmask, internal }) as NetworkInterfaceInfo;
  const cards = {
    lo: [card('IPv4', '127.0.0.1', '255.0.0.0', true), card('IPv6', '::1', 'ffff::', true)],
    eth0: [card('IPv4', '192.168.5.10', '255.255.255.0'), card('IPv6', 'fe80::1', 'ffff::')],
    wlan0: [card('IPv4', '10.1.2.3', '255.255.0.0'), card('IPv4', '192.168.5.11', '255.255.255.0')],
  };
  expect(broadcasts(cards)).toEqual(['255.255.255.255', '127.0.0.1', '192.168.5.255', '10.1.255.255']);
});

test.each([
  ['192.168.1.10', ['http://192.168.1.10', 'http://192.168.1.10:8096', 'https://192.168.1.10']],
  ['nas:8097/jf/web/#/home', ['http://nas:8097/jf', 'https://nas:8097/jf']],
  ['https://films.example.org/web/index.html#!/home', ['https://films.example.org']],
  ['http://nas/jf', ['http://nas/jf', 'http://nas:8096/jf']],
  ['ftp://nas', []],
  ['', []],
])('%s is looked for at %j', (typed, addresses) => {
  expect(addressesIn(typed)).toEqual(addresses);
});

test('what is found by http is found, and that nobody answers by https is no trouble to anybody', async () => {
  const { url } = await server('new');
  expect(await findByTyped(url.replace('http://', ''))).toMatchObject({ url });
});

// Wherever it leads is asked once more, and nothing that nobody has named.
test.each<[string, number, Record<string, string>, string, number]>([
  ['a page that is not there', 404, {}, 'jellyfinWrongPath', 2],
  ['itself', 302, { location: '/' }, 'jellyfinWrongPath', 3],
  ['something else', 200, {}, 'jellyfinNotJellyfin', 1],
])('an address that leads to %s is said to be the wrong one', async (_, status, headers, code, times) => {
  const asked: unknown[] = [];
  const http = createServer(({ url }, response) => void (asked.push(url), response.writeHead(status, headers).end()));
  ends.push(() => http.close());
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  await expect(findByTyped(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code });
  expect(asked).toEqual(Array.from({ length: times }, () => '/System/Info/Public'));
});
