import { afterEach, describe, expect, test } from 'vitest';
import { clockAheadMs } from '../../src/jellyfin/clock.js';
import { adapter } from './house.js';
import { closeRawServers, json, rawServer } from './raw-server.js';

afterEach(closeRawServers);

const noon = Date.UTC(2026, 10, 30, 12);
const at = (ms: number) => new Date(noon + ms).toUTCString();

test.each([
  ['the same', at(0), 0],
  ['the same, as the header has whole seconds and the answer takes its time', at(-1000), 0],
  ['45 minutes ahead', at(45 * 60_000), 45 * 60_000 - 400],
  ['45 minutes behind', at(-45 * 60_000), 1000 - 45 * 60_000],
  ['unknown', undefined, undefined],
  ['unknown', 'yesterday', undefined],
])('the server’s clock is %s', (_, date, expected) => {
  expect(clockAheadMs(date, noon, noon + 400)).toBe(expected);
});

describe('what a server says of itself', () => {
  const introduced = async (aheadMs: number) => {
    const { url } = await rawServer((request, response) => {
      response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
      const info = { Version: '12.0.0', ServerName: 'house', StartupWizardCompleted: true };
      json(response, request.path.startsWith('/System/Info/Public') ? info : {});
    });
    return adapter(url, 'key').serverInfo();
  };

  test('has its clock where that is off by more than a minute', async () => {
    expect(await introduced(30_000)).toEqual({ name: 'house', version: '12.0.0' });
    const { clockAheadMs: ahead = 0 } = await introduced(-20 * 60_000);
    expect(Math.round(ahead / 60_000)).toBe(-20);
  });
});
