import { afterEach, describe, expect, test } from 'vitest';
import { AxiosError } from 'axios';
import { AppError } from '../../src/errors.js';
import { readUser } from '../../src/jellyfin/account-from-user.js';
import { CallFailure, callFailure, readAnswer, type RestAnswer } from '../../src/jellyfin/calls.js';
import { createJellyfin } from '../../src/jellyfin/create-jellyfin.js';
import { readPublicInfo } from '../../src/jellyfin/jellyfin-server.js';
import { differingFields, openAgain, ownButShut } from '../../src/jellyfin/policy.js';
import { RefusalLines } from '../../src/jellyfin/refusal-lines.js';
import { Secret } from '../../src/secret.js';
import { adapter, codeOf, Notes } from './house.js';
import { closeRawServers, json, rawServer } from './raw-server.js';

afterEach(closeRawServers);

const id = 'a'.repeat(32);

describe('an account', () => {
  const read = (policy: object, user: object = {}) =>
    readUser({ Id: id, Name: 'maya', Policy: { IsDisabled: false, InvalidLoginAttemptCount: 0, ...policy }, ...user });

  test('of which only the least is said is restricted in nothing, was never seen, and is guarded as an administrator’s', () => {
    expect(read({})?.account).toEqual({
      ...{ id, name: 'maya', isAdministrator: true, isDisabled: false, failedSignIns: 0, signInLimit: -1 },
      ...{ accessSchedules: [], remoteAccess: true, allDevices: true, listedDevices: [], maxActiveSessions: 0 },
      ...{ authenticationProviderId: '', lastSignIn: undefined, lastSeen: undefined },
    });
  });

  test('has the hours, devices and moments that can be understood', () => {
    const AccessSchedules = [null, { DayOfWeek: 1 }, { DayOfWeek: 'Monday' }];
    const policy = { AccessSchedules, EnabledDevices: ['tv', 7], AuthenticationProviderId: 7, MaxActiveSessions: '2' };
    // .NET's "never", and what is no moment.
    const { account } = read(policy, { LastLoginDate: '0001-01-01T00:00:00Z', LastActivityDate: 'soon' }) ?? {};
    expect(account).toMatchObject({
      ...{ accessSchedules: [{ day: 'Monday', startHour: 0, endHour: 24 }], listedDevices: ['tv', ''] },
      ...{ authenticationProviderId: '', maxActiveSessions: 0, lastSignIn: undefined, lastSeen: undefined },
    });
    const seen = read({}, { LastLoginDate: 12, LastActivityDate: '2026-11-30T12:00:00Z' })?.account;
    expect([seen?.lastSignIn, seen?.lastSeen?.getTime()]).toEqual([undefined, Date.UTC(2026, 10, 30, 12)]);
  });
});

test.each([
  ['that nothing answers behind it', 'unreachable', [502, 520, 521, 523, 525, 526, 527, 530]],
  ['that an answer took too long', 'timeout', [504, 522, 524]],
])('a proxy that says %s is no Jellyfin', (_what, kind, statuses) => {
  const of = (status: number) => {
    try {
      return readAnswer('GET /Users', { status, headers: {}, data: '' } as never, 0).status;
    } catch (error) {
      return (error as CallFailure).facts.kind;
    }
  };
  expect(statuses.map(of)).toEqual(statuses.map(() => kind));
  expect([500, 503].map(of)).toEqual([500, 503]);
});

test('of a call without an answer it is known whether it may have arrived', () => {
  const connecting = Object.assign(new Error('no'), { syscall: 'connect' });
  const facts = (code: string | undefined, cause: Error = new Error('no'), message = '', timedOut = false) => {
    const error = Object.assign(new AxiosError(message, code), { cause });
    const failure = callFailure('GET /Users', error, timedOut);
    if (!(failure instanceof CallFailure)) throw new Error('no failure of a call');
    return `${failure.facts.kind} ${failure.facts.reason} ${failure.facts.mayHaveArrived ? 'maybe' : 'never'}`;
  };
  expect([
    ...[facts('ECONNRESET'), facts('ECONNRESET', connecting), facts('ECONNREFUSED'), facts(undefined)],
    ...[facts('ETIMEDOUT'), facts('ETIMEDOUT', connecting), facts('ECONNREFUSED', connecting, '', true)],
    ...[facts('ERR_BAD_RESPONSE', connecting, 'maxContentLength size of 5 exceeded')],
    facts('ECONNRESET', Object.assign(new Error('no'), { syscall: 'read' })),
  ]).toEqual([
    ...['unreachable ECONNRESET maybe', 'unreachable ECONNRESET never', 'unreachable ECONNREFUSED never'],
    ...['unreachable unknown maybe', 'timeout ETIMEDOUT maybe', 'timeout ETIMEDOUT never', 'timeout timeout maybe'],
    ...['tooLarge answer too large maybe', 'unreachable ECONNRESET maybe'],
  ]);
  const fault = new TypeError('ours');
  expect(callFailure('GET /Users', fault, false)).toBe(fault);
});

describe('a server’s introduction', () => {
  const info = { Version: '10.11.8', ServerName: 'house', Id: 'x', StartupWizardCompleted: true };
  const code = (answer: Partial<RestAnswer>, address = 'http://nas:8096') => {
    const plain = { call: 'GET /System/Info/Public', status: 200, isJson: true, isDocument: false } as const;
    const now = { date: undefined, askedAt: 0, answeredAt: 0, saysRetryAfter: false, location: undefined, data: info };
    try {
      return readPublicInfo({ ...plain, ...now, ...answer }, address);
    } catch (error) {
      const { code, params } = error as AppError;
      return [code, params.kind];
    }
  };

  test('has its name, version and id', () => {
    expect(code({})).toEqual({ name: 'house', version: '10.11.8', id: 'x' });
    expect(code({ data: { ...info, Id: 7, ServerName: null } })).toEqual({ name: '', version: '10.11.8' });
  });

  test.each<[string, Partial<RestAnswer>, string]>([
    ['of another status', { status: 201 }, 'jellyfinNotJellyfin'],
    ['that is a list', { data: [info] }, 'jellyfinNotJellyfin'],
    ['of its own trouble', { status: 500 }, 'jellyfinBroken'],
    ['of a proxy’s trouble', { status: 500, isDocument: true }, 'jellyfinNotJellyfin'],
    ['of version 9.99', { data: { ...info, Version: '9.99.0' } }, 'jellyfinTooOld'],
    ['of version 10.9', { data: { ...info, Version: '10.9.11' } }, 'jellyfinTooOld'],
    ['in another way of writing', { data: { ...info, startupWizardCompleted: true } }, 'jellyfinStarting'],
    ['before it was set up', { data: { ...info, StartupWizardCompleted: 'no' } }, 'jellyfinNotSetUp'],
    ['elsewhere, which is not said', { status: 302 }, 'jellyfinNotJellyfin'],
    ['elsewhere, which is no address', { status: 302, location: 'http://[' }, 'jellyfinNotJellyfin'],
  ])('%s', (_, answer, expected) => {
    expect(code(answer)).toEqual([expected, undefined]);
  });

  test('of versions to come is read', () => {
    for (const version of ['11.0', '12.1.0'])
      expect(code({ data: { ...info, Version: version } })).toMatchObject({ version });
  });

  test('that is sent on by https to https is another path, not http where https is wanted', () => {
    const location = 'https://nas:8096/tv/System/Info/Public';
    expect(code({ status: 302, location }, 'https://nas:8096')).toEqual(['jellyfinWrongPath', undefined]);
    expect(code({ status: 302, location })).toEqual(['jellyfinWrongPath', 'sentToHttps']);
  });
});

describe('where Jellyfin introduces itself, and answers otherwise than it was asked for', () => {
  /** A server that is well but for what it answers to all other calls. */
  const house = async (status: number, body: string, headers: Record<string, string> = {}) => {
    const { url, requests } = await rawServer(({ path }, response) => {
      const info = { Version: '10.11.8', ServerName: 'house', StartupWizardCompleted: true };
      if (path.includes('Info/Public')) return json(response, info);
      response.writeHead(status, headers).end(body);
    });
    return { jellyfin: adapter(url, 'key'), url, requests };
  };

  test.each<[number, string, Record<string, string>, string]>([
    [200, '<html>log in', { 'content-type': 'text/html' }, 'jellyfinNotJellyfin'],
    [302, '', { location: '/login' }, 'jellyfinNotJellyfin'],
    [400, '{}', { 'content-type': 'application/json' }, 'jellyfinRefused'],
    [404, '{}', { 'content-type': 'application/json' }, 'accountGone'],
    [404, '', {}, 'jellyfinRefused'],
    [503, '', {}, 'jellyfinStarting'],
    [401, '', {}, 'jellyfinKeyRefused'],
    [403, '<html>', {}, 'jellyfinNotJellyfin'],
    [404, 'The plain HTTP request was sent to HTTPS port', {}, 'jellyfinRefused'],
    [503, 'Unhealthy', {}, 'jellyfinStartFailed'],
  ])('a %i with "%s" %j is %s', async (status, body, headers, code) => {
    const { jellyfin, requests } = await house(status, body, headers);
    expect(await codeOf(jellyfin.getAccount(id))).toBe(code);
    // How it is, is asked only where it may have failed to start.
    expect(requests.some(({ path }) => path === '/health')).toBe(status === 503);
  });

  test('a page of a proxy’s is neither a refusal of Jellyfin’s nor a done deed', async () => {
    const signsIn = async (...answer: Parameters<typeof house>) => {
      const { url } = await house(...answer);
      const options = { url, keys: { current: new Secret('key') }, log: new Notes() };
      return codeOf(createJellyfin(options).quickConnect.authorise('123456', id));
    };
    const own = 'Error processing request.';
    expect([await signsIn(403, '<html>'), await signsIn(403, 'no'), await signsIn(403, own)]).toEqual([
      ...['jellyfinNotJellyfin', 'jellyfinKeyNotAdmin', 'codeNotLetIn'],
    ]);
    // A code that nobody has is told so, too, which has nothing to do with Quick Connect being off.
    expect(await signsIn(404, own)).toBe('codeWrong');
    expect([await signsIn(200, '<html>'), await signsIn(302, '')]).toEqual([
      ...['jellyfinNotJellyfin', 'jellyfinNotJellyfin'],
    ]);
  });

  test('Quick Connect is off where a 401 says so in a sentence; any other 401 is about the key', async () => {
    const off = { 'content-type': 'application/json' };
    const code = async (...answer: Parameters<typeof house>) => {
      const { url } = await house(...answer);
      const { quickConnect } = createJellyfin({ url, keys: { current: new Secret('key') }, log: new Notes() });
      return codeOf(quickConnect.begin('tv'));
    };
    expect(await code(401, '"Quick connect is not active"', off)).toBe('quickConnectOff');
    for (const [body, headers] of [
      ['""', off],
      ['{}', off],
      ['no', {}],
    ] as const)
      expect(await code(401, body, headers)).toBe('jellyfinKeyRefused');
  });

  test('an account that is far too large is asked for once', async () => {
    const { jellyfin, requests } = await house(200, ' '.repeat(33 * 1024 * 1024));
    expect(await codeOf(jellyfin.getAccount(id))).toBe('jellyfinNotJellyfin');
    expect(requests).toHaveLength(1);
  });

  test('a key that was replaced is the one that is used from then on', async () => {
    const { url, requests } = await house(404, '{}', { 'content-type': 'application/json' });
    const keys = { current: new Secret('old') };
    const { jellyfin } = createJellyfin({ url, keys, log: new Notes() });
    await codeOf(jellyfin.getAccount(id));
    keys.current = new Secret('new');
    await codeOf(jellyfin.getAccount(id));
    expect(requests.map(({ authorization }) => /Token="(\w+)"/.exec(authorization)?.[1])).toEqual(['old', 'new']);
  });
});

test('hours are put off while a password is set, and are as before after it; none stay none', () => {
  const hours = [
    { DayOfWeek: 'Monday', StartHour: 7.5, EndHour: 20 },
    { DayOfWeek: 'Sunday', StartHour: 0, EndHour: 24 },
  ];
  const read = (policy: object) => {
    const found = readUser({
      Id: id,
      Name: 'maya',
      Policy: { IsDisabled: true, InvalidLoginAttemptCount: 3, ...policy },
    });
    if (!found) throw new Error('no user');
    return found;
  };
  for (const list of [hours, [], undefined]) {
    const shut = ownButShut(read({ AccessSchedules: list }));
    const off = shut.AccessSchedules as { StartHour: number }[];
    expect([off.length, off.every(({ StartHour }) => StartHour >= 24)]).toEqual([list?.length || 1, true]);
    // A second run, after one that was cut off, finds them put off already.
    expect(ownButShut(read(shut)).AccessSchedules).toEqual(off);
    expect(openAgain(read(shut))).toMatchObject({ AccessSchedules: list ?? [], IsDisabled: false });
  }
});

test('a policy differs in what its fields allow, whatever rows the hours are kept in', () => {
  const hours = (Id: number, StartHour: number) => [{ Id, UserId: `${Id}`, StartHour }, 'odd'];
  const written = { AccessSchedules: hours(1, 7), EnableLyricManagement: true, A: 1 };
  expect(differingFields(written, { AccessSchedules: hours(2, 7), EnableLyricManagement: false, A: 1 })).toEqual([]);
  expect(differingFields(written, { AccessSchedules: hours(1, 8), B: 2 })).toEqual(['AccessSchedules', 'A', 'B']);
});

describe('a line of the server’s log', () => {
  const line = (text: string, thread = 3, offset = '+00:00') =>
    `[2026-11-30 04:28:49.910 ${offset}] [INF] [${thread}] Jellyfin.Server.Users.UserManager: ${text}\n`;
  const asked = (name: string, outcome: string, thread?: number) =>
    line(`Authentication request for "${name}" ${outcome}`, thread);
  const why = (...lines: string[]) => {
    const all = new RefusalLines('leo');
    all.add(lines.join(''));
    return all.end().refusal?.why;
  };
  const missing = line('User "leo" was found with invalid/missing Authentication Provider X.');
  const denied = asked('leo', 'has been denied (IP: "::1").');

  test('about a device or too many sessions counts after the right password of the account, in the same thread', () => {
    const device = line('User is not allowed access from this device');
    expect(why(asked('leo', 'has succeeded.'), device)).toBe('devices');
    expect(why(asked('leo', 'has succeeded.', 4), device)).toBeUndefined();
    expect(why(asked('maya', 'has succeeded.'), device)).toBeUndefined();
    expect(why(asked('leo', 'has succeeded.'), asked('maya', 'has succeeded.'), device)).toBeUndefined();
    expect(why(denied, device)).toBe('password');
    expect(why(asked('maya', 'has been denied (IP: "::1").'))).toBeUndefined();
    expect(why(denied, asked('maya', 'has been denied because this account is currently disabled.'))).toBe('password');
    expect(why(asked('leo', 'has succeeded.'), line('User is at their maximum number of sessions'))).toBe('sessions');
  });

  test('about a provider that is missing explains the wrong password after it, once, and nothing else', () => {
    expect(why(missing, denied)).toBe('providerGone');
    expect(why(missing, denied, denied)).toBe('password');
    expect(why(missing, asked('leo', 'has been denied because this account is currently disabled.'))).toBe('disabled');
    expect(why(missing.replace('leo', 'maya'), denied)).toBe('password');
  });

  test('tells how far the server’s clock is from UTC, and of a day that there is not nothing', () => {
    const offset = (...lines: string[]) => {
      const all = new RefusalLines('leo');
      all.add(lines.join(''));
      return all.end().utcOffsetMinutes;
    };
    expect([offset(line('x', 3, '-05:30')), offset(line('x', 3, '+09:00'))]).toEqual([-330, 540]);
    expect(offset(line('x').replace('11-30', '13-99'), 'no line of a log\n')).toBeUndefined();
  });
});

test('entries of the activity log: what happened, to whom, from where; and what cannot be told is left open', async () => {
  const entry = (more: object) => ({ Id: 1, Date: '2026-11-30T12:00:00Z', UserId: id, Name: 'x', ...more });
  const items = [
    entry({ Type: 'UserLockedOut', ShortOverview: 'IP address: ::ffff:192.168.1.20' }),
    entry({ Type: 'SessionStarted', UserId: '00000000-0000-0000-0000-000000000000', ShortOverview: 'nowhere' }),
    entry({ Type: 7, UserId: 7, Name: null, ShortOverview: null }),
    entry({ Type: 'AuthenticationFailed', ShortOverview: 'Adresse IP : fe80::1%eth0' }),
  ];
  const { url, requests } = await rawServer((_request, response) => json(response, { Items: items }));
  const { log } = createJellyfin({ url, keys: { current: new Secret('key') }, log: new Notes() });
  const common = { id: 1, at: Date.UTC(2026, 10, 30, 12), text: 'x' };
  expect(await log.page({ since: 0, startIndex: 0, limit: 10 })).toEqual([
    { ...common, kind: 'locked', accountId: id, address: '192.168.1.20' },
    { ...common, kind: 'other', accountId: undefined, address: undefined },
    { ...common, kind: 'other', accountId: undefined, address: undefined, text: '' },
    { ...common, kind: 'failed', accountId: id, address: 'fe80::1' },
  ]);
  await log.page({ startIndex: 0, limit: 10 });
  expect(requests.map(({ path }) => path.includes('1970-01-01'))).toEqual([true, false]);
});

test('devices that are connected: one without an owner, as an API key has, is nobody’s', async () => {
  let sessions: unknown = [{ DeviceId: 'tv', DeviceName: 'TV', Client: 'Kodi', UserId: id }, { DeviceId: 7 }];
  const { url } = await rawServer((_request, response) => json(response, sessions));
  const { devices } = createJellyfin({ url, keys: { current: new Secret('key') }, log: new Notes() });
  expect(await devices.connected()).toEqual([
    { id: 'tv', name: 'TV', app: 'Kodi', accountId: id, lastSeen: undefined },
    { id: '', name: '', app: '', accountId: '', lastSeen: undefined },
  ]);
  sessions = [null];
  await expect(devices.connected()).rejects.toBeInstanceOf(AppError);
});
