import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from '@jest/globals';
import { startJellyfin, type Jellyfin } from '../../sandbox/jellyfin/index.js';
import { addressesIn, discover } from '../../src/setup/jellyfin-side.js';

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

test('every server that says it is there is found, each once, whatever else answers', async () => {
  const [one, two] = [await server('old'), await server('new')];
  const announced = (url: string) => JSON.stringify({ Address: url, Id: 'x', Name: 'y', EndpointAddress: null });
  const port = await network([announced(one.url), announced(two.url), 'hello', announced('http://127.0.0.1:1')]);
  const found = await discover({ port, more: [one.url.replace('127.0.0.1', 'localhost'), 'http://127.0.0.1:1'] });
  expect(found.map(({ url, version }) => `${url} ${version}`).sort()).toEqual(
    [`${one.url} 10.10.7`, `${two.url} 12.0.0`].sort(),
  );
});

test('a network in which nobody answers', async () => {
  expect(await discover({ port: await network([]), more: [] })).toEqual([]);
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
