import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { adapter, closeHouses, codeOf, openHouse } from './house.js';
import { closeRawServers, rawServer } from './raw-server.js';

afterEach(async () => {
  await closeHouses();
  await closeRawServers();
});

const list = /^\/Users$/;

test('a list that takes longer than any other answer may is waited for, once for all who want it', async () => {
  // Long enough for a busy machine to introduce itself in.
  const { server, jellyfin, asked } = await openHouse({ timeoutMs: 400 });
  const held = server.faults.hold({ path: list });
  const both = [jellyfin.listAccounts(), jellyfin.listAccounts()];
  for (let times = 0; times < 2; times += 1) {
    const introduced = server.faults.hold({ path: /^\/System\/Info\/Public/ });
    await introduced.arrived;
    introduced.release();
  }
  held.release();
  const [one, other] = await Promise.all(both);
  expect(one?.map(({ name }) => name)).toContain('maya');
  expect(other).toBe(one);
  expect(asked().filter((call) => call === 'GET /Users')).toHaveLength(1);
});

test('a server that says nothing at all any more is given up, and not asked again', async () => {
  const { server, jellyfin, notes } = await openHouse({ timeoutMs: 50 });
  const held = server.faults.hold({});
  expect(await codeOf(jellyfin.listAccounts())).toBe('jellyfinTimeout');
  held.release();
  const failed = notes.lines.map(({ fields }) => fields).filter(({ call }) => call === 'GET /Users');
  expect(failed.filter(({ again }) => again)).toEqual([]);
});

test('one that is given up is not written on for a server that has enough to do', async () => {
  let cutOff: (() => void) | undefined;
  const over = new Promise<void>((resolve) => (cutOff = resolve));
  const { url } = await rawServer(({ path }, response) => {
    if (path.startsWith('/Users')) response.on('close', () => cutOff?.());
    else response.destroy();
  });
  await expect(adapter(url, 'key', 50).listAccounts()).rejects.toThrow(AppError);
  await over;
});

test('the next list is asked for anew', async () => {
  const { server, jellyfin } = await openHouse();
  await jellyfin.listAccounts();
  server.addUser('leo');
  expect((await jellyfin.listAccounts()).map(({ name }) => name)).toContain('leo');
});
