import { expect, test } from 'vitest';
import type { LogEntry } from '../../src/services/accounts/activity-log.js';
import type { Device } from '../../src/services/accounts/device.js';
import { devicesSince } from '../../src/services/passes/signed-in-devices.js';
import { minuteMs } from '../../src/time.js';

const device = (id: string, name: string) => ({ id, name, accountId: 'maya' }) as Device;

/** Which of the devices that were signed in before have signed in anew, by what the log says of the account. */
async function anew(devices: readonly Device[], said: readonly Pick<LogEntry, 'kind' | 'text' | 'at'>[]) {
  const fresh = said.map((each, id) => ({ id, accountId: 'maya', ...each }) as LogEntry);
  const deps = {
    watch: { devices: { list: () => Promise.resolve([...devices]) } },
    logReader: { newest: () => Promise.resolve(undefined), read: () => Promise.resolve({ fresh }) },
  } as unknown as Parameters<typeof devicesSince>[0];
  const known = devices.map(({ id }) => id);
  return (await devicesSince(deps, 'maya', { known, log: undefined })).map(({ id }) => id);
}

test('a device that only came online, and one without a name, are not taken for the one that signed in', async () => {
  const devices = [device('k', 'kitchen'), device('a', 'attic'), device('n', '')];
  const at = 60 * minuteMs;
  const said = [
    { kind: 'other', text: 'maya is online from attic', at: at - minuteMs },
    { kind: 'other', text: 'maya is online from kitchen', at },
    { kind: 'failed', text: 'Failed login attempt from attic', at },
    { kind: 'signedIn', text: 'maya successfully authenticated', at: at + 10 },
  ] as const;
  expect(await anew(devices, said)).toEqual(['k']);
});
