import { afterEach, expect, test } from 'vitest';
import { closeHouses, codeOf, openHouse } from './house.js';

afterEach(closeHouses);

const list = /^\/Users$/;

test('a list that takes longer than any other answer may is waited for, once for all who want it', async () => {
  const { server, jellyfin, asked } = await openHouse({ timeoutMs: 50 });
  const held = server.faults.hold({ path: list });
  const both = [jellyfin.listAccounts(), jellyfin.listAccounts()];
  const introductions = () => server.calls.filter(({ path }) => path === '/System/Info/Public').length;
  while (introductions() < 3) await new Promise(setImmediate);
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

test('the next list is asked for anew', async () => {
  const { server, jellyfin } = await openHouse();
  await jellyfin.listAccounts();
  server.addUser('leo');
  expect((await jellyfin.listAccounts()).map(({ name }) => name)).toContain('leo');
});
