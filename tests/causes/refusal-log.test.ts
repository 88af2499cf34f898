import { afterEach, expect, test } from 'vitest';
import { createJellyfin } from '../../src/jellyfin/create-jellyfin.js';
import { RefusalLines } from '../../src/jellyfin/refusal-lines.js';
import { Secret } from '../../src/secret.js';
import { Causes } from '../../src/services/causes/causes.js';
import { provenCause } from '../../src/services/causes/refusal.js';
import { minuteMs } from '../../src/time.js';
import { Notes } from '../jellyfin/house.js';
import { anAccount } from '../support/an-account.js';
import { closeRawServers, json, rawServer } from '../jellyfin/raw-server.js';

afterEach(closeRawServers);

const megabyte = 1024 * 1024;
const line = (text: string) =>
  `[2026-11-30 04:28:49.910 +09:00] [INF] [3] Jellyfin.Server.Implementations.Users.UserManager: ${text}\n`;
const disabled = line('Authentication request for "leo" has been denied because this account is currently disabled.');
const wrong = line('Authentication request for "leo" has been denied (IP: "127.0.0.1").');
const filler = (bytes: number) => line('nothing').repeat(Math.ceil(bytes / line('nothing').length));

/** What is found in a server's logs: each with its text, and the size that the server says. */
async function found(logs: Record<string, { readonly text: string; readonly says?: number; readonly at?: number }>) {
  const { url } = await rawServer(({ path }, response) => {
    const name = new URL(path, 'http://server').searchParams.get('name');
    if (name !== null) return void response.writeHead(200, { 'content-type': 'text/plain' }).end(logs[name]?.text);
    const files = Object.entries(logs).map(([Name, { text, says = text.length, at }], index) => ({
      ...{ Name, Size: says, DateModified: new Date(at ?? Date.UTC(2026, 10, 1 + index)).toISOString() },
    }));
    json(response, files);
  });
  const { refusalLog } = createJellyfin({ url, keys: { current: new Secret('key') }, log: new Notes() });
  return (await refusalLog.look('leo'))?.refusal?.why;
}

test('the newest of the server’s own logs is looked at, whatever else it writes later', async () => {
  const logs = { 'log_20261129.log': { text: wrong }, 'log_20261130.log': { text: disabled } };
  expect(await found({ ...logs, 'FFmpeg.Transcode-2026-11-30_x.log': { text: wrong } })).toBe('disabled');
  // One that would take minutes to send is left alone.
  expect(await found({ ...logs, 'log_20261130_001.log': { text: wrong, says: 300 * megabyte } })).toBe('disabled');
});

test('right after midnight the log of the day before is looked at, where the new one says nothing yet', async () => {
  const midnight = Date.UTC(2026, 10, 30);
  const two = (older: number, newer: string) => ({
    'log_20261129.log': { text: disabled, at: midnight - older * minuteMs },
    'log_20261130.log': { text: newer, at: midnight },
  });
  expect(await found(two(59, line('nothing')))).toBe('disabled');
  expect(await found(two(61, line('nothing')))).toBeUndefined();
  expect(await found(two(59, wrong))).toBe('password');
});

test('of a long log the end is looked at, and of one that is longer than any other answer, too', async () => {
  expect(await found({ 'log_20261130.log': { text: disabled + filler(5 * megabyte) } })).toBeUndefined();
  expect(await found({ 'log_20261130.log': { text: filler(33 * megabyte) + disabled } })).toBe('disabled');
});

test('a log that is cut short each time is asked for four times, and one that is not there is no fault', async () => {
  const { url, requests } = await rawServer(({ path }, response) => {
    if (!path.includes('name=')) return json(response, [{ Name: 'log_20261130.log', Size: 9 }]);
    response.writeHead(200, { 'content-length': 9 }).write('[', () => response.destroy());
  });
  const open = (address: string) =>
    createJellyfin({ url: address, keys: { current: new Secret('key') }, log: new Notes() }).refusalLog;
  expect(await open(url).look('leo')).toBeUndefined();
  expect(requests.filter(({ path }) => path.includes('name='))).toHaveLength(4);
  const empty = await rawServer((_request, response) => json(response, []));
  expect(await open(empty.url).utcOffsetMinutes()).toBeUndefined();
  expect(await open(empty.url).look('leo')).toBeUndefined();
});

test('lines end as on Windows, too', async () => {
  expect(await found({ 'log_20261130.log': { text: (wrong + disabled).replaceAll('\n', '\r\n') } })).toBe('disabled');
});

test('a moment to come proves nothing, but for clocks that are a little apart', () => {
  const causes = [{ kind: 'disabled', certain: true }] as const;
  const now = Date.now();
  const at = (minutes: number) => provenCause(causes, { why: 'disabled', at: now + minutes * minuteMs }, now)?.kind;
  expect([-61, -59, 4, 6].map(at)).toEqual([undefined, 'disabled', 'disabled', undefined]);
});

test('a line without an end keeps nobody waiting', () => {
  const lines = new RefusalLines('leo');
  const began = performance.now();
  for (let sent = 0; sent < 80 * megabyte; sent += 65_536) lines.add('['.repeat(65_536));
  lines.add(`\n${disabled}`);
  expect(lines.end().refusal?.why).toBe('disabled');
  expect(performance.now() - began).toBeLessThan(5000);
});

test('what goes wrong in the bot itself while it asks is no server that says nothing', async () => {
  const broken = () => Promise.reject(new TypeError('a fault of ours'));
  const causes = new Causes({
    signInRules: { takesOldApps: broken },
    watch: { devices: { connected: broken } },
    refusalLog: { look: broken, utcOffsetMinutes: broken },
    jellyfin: { listProviders: broken },
    now: Date.now,
  });
  await expect(causes.why(anAccount({}))).rejects.toThrow('a fault of ours');
});

test('two calls at most answer, of whatever may stop everybody first; what was told minutes ago costs none', async () => {
  let now = Date.now();
  let asked: string[] = [];
  const says =
    <T>(what: string, value: T) =>
    () => {
      asked.push(what);
      return Promise.resolve(value);
    };
  const causes = new Causes({
    signInRules: { takesOldApps: says('rules', true) },
    watch: { devices: { connected: says('sessions', []) } },
    refusalLog: { look: () => Promise.resolve(undefined), utcOffsetMinutes: says('clock', 0) },
    jellyfin: { listProviders: says('providers', []) },
    now: () => now,
  });
  const hours = [{ day: 'Everyday', startHour: 7, endHour: 8 }];
  const calls = async (but: Parameters<typeof anAccount>[0] = {}) => {
    asked = [];
    await causes.of(anAccount(but));
    return asked;
  };
  expect([await calls(), await calls()]).toEqual([['rules'], []]);
  const all = { maxActiveSessions: 1, accessSchedules: hours, authenticationProviderId: 'Ldap' };
  expect(await calls(all)).toEqual(['sessions', 'providers']);
  // The providers are known by now; the clock would be a third call.
  expect(await calls(all)).toEqual(['sessions']);
  expect([await calls({ accessSchedules: hours }), await calls({ accessSchedules: hours })]).toEqual([['clock'], []]);
  now += 4 * minuteMs;
  expect(await calls()).toEqual([]);
  now += 2 * minuteMs;
  expect(await calls()).toEqual(['rules']);
});

test('where the log names another cause, neither a wrong password nor an old app is offered beside it', async () => {
  const now = Date.now();
  const causes = new Causes({
    signInRules: { takesOldApps: () => Promise.resolve(false) },
    watch: { devices: { connected: () => Promise.resolve([]) } },
    refusalLog: {
      look: () => Promise.resolve({ refusal: { at: now, why: 'remote' as const } }),
      utcOffsetMinutes: () => Promise.resolve(0),
    },
    jellyfin: { listProviders: () => Promise.resolve([]) },
    now: () => now,
  } as never);
  const account = anAccount({ remoteAccess: false, allDevices: false });
  expect((await causes.of(account)).map(({ kind }) => kind)).toEqual(['devices', 'remote', 'oldApp', 'password']);
  const { causes: left, proof } = await causes.why(account);
  expect([left.map(({ kind }) => kind), proof?.kind]).toEqual([['remote', 'devices'], 'remote']);
  // Nobody takes an account over whose password is Jellyfin's own.
  const own = anAccount({ authenticationProviderId: '' });
  await expect(causes.assertProviderGone(own)).rejects.toMatchObject({ code: 'providerThere' });
});
