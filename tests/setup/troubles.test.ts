import { expect, test } from 'vitest';
import english from '../../src/locales/en.json' with { type: 'json' };
import { AppError, type ErrorCode } from '../../src/errors.js';
import { whyNot } from '../../src/setup/steps/jellyfin.js';
import { createWords } from '../../src/words.js';

const words = createWords('en');
/** A page's address is cut off before anybody is asked there. */
const kinds = Object.keys(english.unreachable).filter((kind) => kind !== 'webPage');
const params = {
  address: 'http://jelly.lan',
  host: 'jelly.lan',
  reason: 'E',
  to: 'https://jelly.lan',
  version: '10.9.11',
};

/** What signing in, a code, a key and an address may end with. */
const codes = [
  ...(['jellyfinUnreachable', 'jellyfinTimeout', 'jellyfinStarting', 'jellyfinStartFailed'] as const),
  ...(['jellyfinKeyRefused', 'jellyfinKeyNotAdmin', 'jellyfinNotJellyfin', 'jellyfinWrongPath'] as const),
  ...(['jellyfinTooOld', 'jellyfinNotSetUp', 'jellyfinRefused', 'jellyfinBroken', 'jellyfinNotApplied'] as const),
  ...(['signInRefused', 'signInForbidden', 'quickConnectOff', 'codeExpired'] as const),
] satisfies readonly ErrorCode[];

test('what is not known better is said with what to do, and where it is known why, that alone', () => {
  const t = words.forOperators('en');
  const [sentence, fix] = t.withFix('jellyfinBroken', params);
  expect(whyNot(t, new AppError('jellyfinBroken', params))).toBe(`${sentence} ${fix}`);
  const silent = new AppError('jellyfinUnreachable', { ...params, kind: 'silent' });
  expect(whyNot(t, silent)).toBe(t('unreachable.silent', params));
  expect(whyNot(t, new AppError('jellyfinUnreachable', { ...params, kind: 'refused' }))).toContain('port right');
});

test.each(['en', 'de'])('what a set-up says of an answer names no setting, and leaves nothing open: %s', (locale) => {
  const t = words.forOperators(locale);
  const errors = [
    ...kinds.map((kind) => new AppError('jellyfinUnreachable', { ...params, kind })),
    ...codes.map((code) => new AppError(code, params)),
  ];
  for (const error of errors) expect(whyNot(t, error)).not.toMatch(/JELLYFIN_|\{\{/);
});
