import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { DiscordAPIError } from 'discord.js';
import { AppError } from '../src/errors.js';
import { describeError, isError, scrub } from '../src/logger/scrub.js';
import { createLogger } from '../src/logger.js';
import { Secret } from '../src/secret.js';

/** What a log writes, as text. */
function written(
  act: (log: ReturnType<typeof createLogger>) => void,
  pretty = false,
  level: 'debug' | 'warn' = 'debug',
): string {
  let text = '';
  act(createLogger({ level, pretty, destination: { write: (chunk: string) => (text += chunk) } }));
  return text;
}

const password = 'kelp-mint-4tqz';

const token = 'aW50ZXJhY3Rpb246MTIzNDU2';

const key = '0123456789abcdef0123456789abcdef';

test('a line is one JSON object with time, level, message and fields', () => {
  const line = written((log) => log.info({ command: 'unlock', ms: 12 }, 'interaction'));
  expect(line.match(/\n/g)).toHaveLength(1);
  const { time, ...rest } = JSON.parse(line);
  expect(rest).toEqual({ level: 'info', command: 'unlock', ms: 12, msg: 'interaction' });
  expect(new Date(time).toISOString()).toBe(time);
});

test('a terminal gets readable lines', () => {
  const line = written((log) => log.warn({ command: 'unlock' }, 'slow'), true);
  expect(line).toMatch(/WARN.*slow/);
  expect(line).not.toMatch(/^\{/);
});

test('lines below the level are not written', () => {
  expect(written((log) => log.info({}, 'quiet'), false, 'warn')).toBe('');
});

test.each([
  'token',
  'apiKey',
  'api_key',
  'password',
  'newPassword',
  'NewPw',
  'CurrentPw',
  'Pw',
  'Pin',
  'Authorization',
  'AccessToken',
  'X-Emby-Token',
])('a field called %s is hidden at any depth, in a list and in a map, too', (name) => {
  const fields = { [name]: password, a: { b: [{ c: { [name]: password } }] }, map: new Map([[name, password]]) };
  for (const pretty of [false, true]) {
    const line = written((log) => log.error(fields, 'failed'), pretty);
    expect(line).not.toContain(password);
    expect(line).toContain('[redacted]');
  }
});

test('a Secret is hidden wherever it stands', () => {
  expect(written((log) => log.info({ what: { ever: [new Secret(password)] } }, 'x'))).not.toContain(password);
});

test.each([
  `POST https://discord.com/api/v10/webhooks/100000000000000001/${token}/messages/@original?wait=true`,
  `https://discord.com/api/v10/interactions/100000000000000001/${token}/callback`,
  `GET http://jellyfin/Users?api_key=${token}&x=1`,
  `http://jellyfin/QuickConnect/Connect?Secret=${token}`,
  `Authorization: MediaBrowser Token="${token}", Client="x"`,
  `Authorization: Bot ${token}`,
  `{"NewPw":"${token}","x":1}`,
  JSON.stringify({ body: JSON.stringify({ Pw: token }) }),
])('the secret is cut out of the text %s', (text) => {
  const failure = new Error(text, { cause: new Error(text) });
  const line = written((log) => log.error({ err: failure, text, list: [text] }, text));
  expect(line).not.toContain(token);
  expect(JSON.parse(line).err.cause.message).toContain('[redacted]');
});

test('an error of axios is told without its headers, body and query', () => {
  const config = {
    method: 'post',
    url: `http://jellyfin:8096/Users/Password?userId=1&key=${key}`,
    headers: { Authorization: `MediaBrowser Token="${key}"` },
    data: JSON.stringify({ NewPw: password }),
  } as unknown as InternalAxiosRequestConfig;
  const response: AxiosResponse = {
    status: 500,
    statusText: '',
    headers: { 'set-cookie': [key] },
    config,
    data: password,
  };
  const line = written((log) =>
    log.error({ err: new AxiosError('Request failed', 'ERR_BAD_RESPONSE', config, {}, response) }, 'x'),
  );
  expect(line).not.toContain(password);
  expect(line).not.toContain(key);
  expect(JSON.parse(line).err).toMatchObject({
    type: 'AxiosError',
    message: 'Request failed',
    code: 'ERR_BAD_RESPONSE',
    status: 500,
    method: 'post',
    path: '/Users/Password',
    stack: expect.stringContaining('logger.test'),
  });
});

test('an error of Discord is told without the message it was about', () => {
  const url = `https://discord.com/api/v10/webhooks/100000000000000001/${token}`;
  const error = new DiscordAPIError(
    { code: 50007, message: 'Cannot send messages to this user' },
    50007,
    403,
    'POST',
    url,
    {
      files: undefined,
      body: { content: `||\`${password}\`||` },
    },
  );
  const line = written((log) => log.error({ err: error }, 'x'));
  expect(line).not.toContain(password);
  expect(line).not.toContain(token);
  expect(JSON.parse(line).err).toMatchObject({
    code: 50007,
    status: 403,
    method: 'POST',
    path: expect.stringContaining('[redacted]'),
  });
});

test('a thing that contains itself does not stop the log', () => {
  const loop: Record<string, unknown> = { name: 'loop' };
  loop.self = loop;
  expect(written((log) => log.info({ loop }, 'round'))).toContain('"msg":"round"');
});

test('a secret shows itself to nobody who does not ask for it by name', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    ''.concat(secret as unknown as string),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ];
  expect(shown.join(' ')).not.toContain('hunter2');
  expect(Object.values(secret)).toEqual([]);
  expect(secret.reveal()).toBe('hunter2');
});

test('a name moves no terminal: what a person reads has no control characters of anybody’s, and its lines stay lines', () => {
  const written: string[] = [];
  const log = createLogger({ level: 'info', pretty: true, destination: { write: (text) => written.push(text) } });
  const name = 'Dad\u001b[2J\u009b2J\u202e';
  log.info({ name, err: new Error(`no ${name}`) }, `hello ${name}`);
  const text = written.join('');
  expect(text).toContain('hello Dad?[2J?2J?');
  expect(text.replace(/\u001b\[\d*m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text.split('\n').length).toBeGreaterThan(2);
});

test('what a log may hold of any value: numbers, dates, lists, maps and sets as they are read', () => {
  const fields = {
    ...{ big: 12n, nothing: null, at: new Date(0), list: ['a', { pin: '1' }], toJSON: 1 },
    ...{ map: new Map([['b', [2]]]), set: new Set(['c', 'Bearer 0123456789abcdefgh']) },
  };
  expect(scrub(fields)).toEqual({
    ...{ big: '12', nothing: null, at: '1970-01-01T00:00:00.000Z', list: ['a', { pin: '[redacted]' }], toJSON: 1 },
    ...{ map: { b: [2] }, set: ['c', 'Bearer [redacted]'] },
  });
});

test('an error is told with what it is about, where it was made if nobody understands it, and five causes deep', () => {
  const understood = describeError(new AppError('jellyfinTooOld', {}));
  expect(Object.keys(understood).sort()).toEqual(['message', 'type', ...('code' in understood ? ['code'] : [])].sort());
  expect(describeError(new TypeError('odd'))).toMatchObject({
    type: 'TypeError',
    message: 'odd',
    stack: expect.any(String),
  });
  const bare = Object.assign(new Error('bare'), { stack: undefined });
  expect(describeError(bare)).toStrictEqual({ type: 'Error', message: 'bare' });
  const causes = Array.from({ length: 9 }).reduce<Error>(
    (cause, _, at) => new Error(`${at}`, { cause }),
    new Error('x'),
  );
  expect(JSON.stringify(describeError(causes)).match(/"message"/g)).toHaveLength(5);
  expect(describeError(new Error('a', { cause: 'no error' }))).not.toHaveProperty('cause');
  const of = (url: unknown) => describeError(Object.assign(new Error('a'), { url, code: {}, config: null })).path;
  expect([of('/Users/1?pin=2'), of('http://nas:8096/jf/x?y'), of('http://['), of(12)]).toEqual([
    ...['/Users/1', '/jf/x'],
    ...[undefined, undefined],
  ]);
});

test('an error is one wherever it was made', () => {
  const elsewhere: unknown = runInNewContext("new Error('elsewhere')");
  const timedOut: unknown = AbortSignal.abort().reason;
  expect([elsewhere, timedOut, new Error('here'), { message: 'no' }, null].map(isError)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});
