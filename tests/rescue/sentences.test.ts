import { describe, expect, test } from 'vitest';
import type { Params } from '../../src/errors.js';
import { RescueSentences } from '../../src/commands/rescue/rescue-sentences.js';
import { Facts } from '../../src/services/rescue/ladder/attempt.js';
import type { Plan, RungPlan } from '../../src/services/rescue/ladder/plan.js';
import type { LocationFinding, Question, Step, WhyNot } from '../../src/services/rescue/ladder/ports.js';
import type { UnfinishedRepair } from '../../src/services/rescue/ladder/repair-port.js';
import type { RescueEnd } from '../../src/services/rescue/ladder/rescue.js';
import { createWords } from '../../src/words.js';
import { anAccount } from '../support/an-account.js';
import { location } from './ladder-ports.js';

const sentences = new RescueSentences(createWords('en').in('en'), (text) => `<${text}>`);

describe('the plan', () => {
  const server = { name: 'home', version: '10.11.8' };
  const open: RungPlan = { rung: 'db', open: true, note: 'dbStopsItself' };
  const basis: Plan = {
    ...{ target: { name: 'alice' }, hasKey: false, keyTrouble: undefined, account: undefined },
    ...{ providerIsThere: undefined, administrators: undefined, server, serverTrouble: undefined, location },
    ...{ unfinished: undefined, rungs: [open] },
  };
  const leftStopped: UnfinishedRepair = {
    ...{ db: '/srv/data/jellyfin.db', account: undefined, startedAt: 0 },
    ...{ stoppedByUs: true, mayBeChanged: true, atWork: false },
  };
  const planned = (but: Partial<Plan>, serverIsStopped = false) =>
    sentences.plan({ ...basis, ...but }, { serverIsStopped }).join('\n');
  const at = (but: Partial<LocationFinding>) => planned({ location: { ...location, ...but } });

  test('of an account that nobody can see, on a server that answers: what was found, and no more', () => {
    expect(planned({}).split('\n')).toEqual([
      '**<alice>**: I cannot see from here whether it is locked',
      'Jellyfin <10.11.8> answers',
      'Its folder: </srv>',
      'Its database: </srv/data/jellyfin.db>, which I may change',
      'I stop it with: <stop it> and start it with: <start it>',
      '',
      '4. **jellyfin.db**: I stop Jellyfin, make a copy, change what is needed, and start it again. Password and devices stay until a new password is set',
    ]);
  });

  const elsewhere = anAccount({ authenticationProviderId: 'Ldap', isAdministrator: true });
  const ordinary = anAccount({ name: 'alice' });
  const away = { server: undefined, serverTrouble: 'jellyfinUnreachable' } as const;

  test.each<[says: string, but: Partial<Plan>, sentence: string]>([
    [
      'what checks the password',
      { account: elsewhere, providerIsThere: true },
      'is checked by <Ldap>, not by Jellyfin',
    ],
    ['that it is gone', { account: elsewhere, providerIsThere: false }, 'which Jellyfin does not have any more'],
    ['who is an administrator', { account: ordinary, administrators: ['dad'] }, 'Administrators: <dad>'],
    ['that nobody is', { account: ordinary, administrators: [] }, 'no other that could sign in is one'],
    ['that the clocks differ', { server: { ...server, clockAheadMs: -180_000 } }, 'are 3 minutes apart'],
    ['why no server answers', away, 'Jellyfin: I cannot reach the Jellyfin server right now.'],
    [
      'what an earlier one left stopped',
      { ...away, unfinished: leftStopped },
      'still stopped, start it with: <start it>',
    ],
    [
      'that it is locked',
      { account: anAccount({ failedSignIns: 3, isDisabled: true }) },
      'locked after 3 wrong passwords',
    ],
  ])('says %s', (_says, but, sentence) => {
    expect(planned(but)).toContain(sentence);
  });

  test('speaks of no administrators where the account is one, or where they are not known', () => {
    const administrator = anAccount({ isAdministrator: true });
    expect(planned({ account: administrator, administrators: ['dad'] })).not.toContain("administrator's");
    expect(planned({ account: ordinary })).not.toContain("administrator's");
    expect(planned({ administrators: ['dad'] })).not.toContain("administrator's");
  });

  test('nobody is told to start a server that answers, that they stopped themselves, or that another rescue starts', () => {
    expect(planned({ unfinished: leftStopped })).not.toContain('An earlier rescue');
    expect(planned({ ...away, unfinished: leftStopped }, true)).not.toContain('An earlier rescue');
    expect(planned({ ...away, unfinished: { ...leftStopped, atWork: true } })).not.toContain('An earlier rescue');
    expect(planned({ ...away, unfinished: { ...leftStopped, stoppedByUs: false } })).not.toContain('An earlier rescue');
    const trouble = { serverTrouble: 'jellyfinUnreachable' } as const;
    expect(planned(trouble)).not.toContain('Jellyfin: ');
    expect(planned({ server: undefined })).not.toContain('Jellyfin: ');
    const byHand = planned({ ...away, unfinished: leftStopped, location: { ...location, commands: undefined } });
    expect(byHand).toContain('If it is still stopped, start it the way you always do.');
  });

  const conf = { file: '/srv/database.xml', path: '/big/jellyfin.db', version: '10.11.8' };

  test('a file that says something else of the database than what is settled is not spoken of', () => {
    expect(at({ place: { found: 'others', ...conf } })).not.toContain('database.xml');
  });

  test('says where the folder and the database are, as far as that is settled', () => {
    expect(at({ serverDir: undefined })).toContain('Its folder: not found on this machine');
    expect(at({ serverDir: undefined, lookedIn: ['/a', '/b'] })).toContain('in none of the usual places: </a and /b>');
    expect(at({ guessed: true })).toContain('Its folder, as I found it (not told): </srv>');
    expect(at({ others: ['/old'] })).toContain('There is another one, too: </old>');
    expect(at({ dbOurs: false })).toContain('which only <jellyfin> or root may change');
    expect(at({ dbWritable: false })).toContain('which is read-only');
    expect(at({ place: { found: 'moved', ...conf } })).toContain(
      '</srv/database.xml> says so\nIts database: </srv/data',
    );
    const unsettled: Partial<LocationFinding>[] = [{ dbFound: false }, { db: undefined }];
    for (const each of [...unsettled, { place: { found: 'notThere', ...conf } } as const]) {
      const said = at(each);
      expect(said).toContain('Its folder: </srv>');
      expect(said).not.toMatch(/Its database|database\.xml/);
    }
  });

  test('says how the server is stopped only where it is going to be', () => {
    const closed = { rung: 'db', open: false, note: 'dbMissing', params: { file: '/srv/jellyfin.db' } } as const;
    const byHand = { rung: 'db', open: false, note: 'dbStopByHand' } as const;
    expect(planned({ rungs: [closed] })).toContain('4. jellyfin.db: closed, as there is no </srv/jellyfin.db>');
    expect(planned({ rungs: [closed] })).not.toContain('I stop it with');
    expect(planned({ rungs: [{ rung: 'api', open: true, note: 'keyWorks' }] })).not.toContain('I stop it with');
    expect(planned({}, true)).not.toContain('I stop it with');
    expect(planned({ rungs: [byHand] })).toContain('I stop it with');
    const cannot = { rungs: [byHand], location: { ...location, commands: undefined } };
    expect(planned(cannot)).toContain('I was not told how to stop and start it');
    const why = { rung: 'api', open: false, why: 'jellyfinUnreachable' } as const;
    // An open way needs no remark.
    expect(planned({ rungs: [{ rung: 'api', open: true }] })).not.toContain('closed');
    expect(planned({ rungs: [why] })).toContain('1. API key: closed. I cannot reach the Jellyfin server right now.');
  });
});

test.each<[Question, Params | undefined, string]>([
  ['nextRung', { rung: 'restart' }, 'Shall I try the next way: Restart?'],
  ['nextRung', { rung: 'restart', pinIsPassword: 1 }, "The account's password is now a PIN that nobody was shown"],
  ['stopByHand', { signs: 'http', where: 'here' }, 'I see signs of Jellyfin: Jellyfin answers at its address (<here>)'],
  ['stopByHand', { signs: 'http', command: 'stop it' }, 'stop it there (<stop it>)'],
  [
    'unseen',
    { signs: 'http' },
    'I cannot see from here whether Jellyfin answers at its address. Are you sure that Jell',
  ],
  ['unseen', { signs: 'http', notJellyfin: 'a proxy' }, 'behind what answers in its place (<a proxy>)'],
  ['unseen', { signs: 'process', notJellyfin: 'a proxy' }, 'I cannot see from here which programs run. Are'],
  ['unseen', { signs: 'process', stops: 1 }, 'Are you sure that it will be?'],
  ['unseen', { signs: 'process', command: 'stop it' }, 'Are you sure that Jellyfin is stopped?'],
  ['unseen', { signs: 'process', unclear: '12' }, 'which folder process 12 serves cannot be seen from here'],
  ['ownProvider', { name: 'alice', provider: 'Ldap' }, 'If <Ldap> still works, say no'],
  ['ownProvider', { name: 'alice', provider: 'Ldap', isThere: 1 }, 'which Jellyfin still has'],
  ['ownProvider', { name: 'alice', provider: 'Ldap', isGone: 1 }, 'which Jellyfin does not have any more'],
  ['keepKey', undefined, 'Otherwise I delete it.'],
  ['keepKey', { isNotMade: 1 }, 'Shall I make a new API key and keep it'],
  ['keepKey', { isUntried: 1 }, 'There is a new API key in jellyfin.db that I could not try yet.'],
  [
    'keepKey',
    { isUntried: 1, stopped: 1, command: 'start it' },
    'Jellyfin is stopped. Start it with: <start it>\nThere',
  ],
  // What one question goes by is nothing to another.
  [
    'plan',
    { command: 'c', stops: 1, isThere: 1, isGone: 1, isNotMade: 1, isUntried: 1 },
    'Shall I go ahead, in this or',
  ],
  ['stopByHand', { signs: 'http', where: 'here', stop: 'stop it', start: 'start it' }, 'I stop it with: <stop it> and'],
])('asked: %s with %j', (question, params, sentence) => {
  const asked = sentences.question(question, params);
  expect(asked).toContain(sentence);
  expect(asked.includes('Another Jellyfin may run')).toBe(params?.unclear !== undefined);
  expect(asked.includes('I stop it with')).toBe(params?.stop !== undefined);
});

test('says nothing of what is not so', () => {
  expect(sentences.question('nextRung', { rung: 'restart' })).toBe('Shall I try the next way: Restart?');
  const find = { rung: 'db', name: 'find', outcome: 'done', params: { name: 'alice', failed: 3 } } as const;
  expect(sentences.step(find)).toBe('Found <alice>: 3 wrong passwords');
  const compare = { rung: 'db', name: 'compare', outcome: 'done', params: { signs: 'process' } } as const;
  expect(sentences.step(compare)).toBe('Read back: it is as it should be');
});

test('a refusal of the repair says what it saw, or could not see', () => {
  const why = (code: WhyNot | undefined) => sentences.why(code, { signs: 'http', where: 'here' });
  expect(why('cannotSee')).toContain('whether Jellyfin answers at its address');
  expect(why('stillRunning')).toContain('Jellyfin answers at its address');
  expect(why('stillRunning')).not.toContain('whether');
  expect(why('unexpected')).toBe(why(undefined));
});

test('a server that stands still is said before anything else is asked, and only then', () => {
  expect(sentences.question('keepKey', { isUntried: 1, command: 'start it' })).not.toContain('Jellyfin is stopped');
});

test.each<[Partial<Step>, string]>([
  [{ name: 'find', outcome: 'done', params: { name: 'alice', failed: 3 } }, 'Found <alice>: 3 wrong passwords'],
  [{ name: 'find', outcome: 'begun' }, 'Looking for the account'],
  [
    { name: 'find', outcome: 'done', params: { name: 'alice', isOff: 1 } },
    'Found <alice>: not locked, but switched off',
  ],
  [
    { name: 'find', outcome: 'done', params: { name: 'a', failed: 3, provider: 'Ldap' } },
    '. Its password is checked by',
  ],
  [{ name: 'find', outcome: 'done', params: { name: 'a', failed: 3, needsRight: 1 } }, '. Neither this account nor'],
  [{ name: 'stopped', outcome: 'done' }, 'Jellyfin is stopped'],
  [
    { name: 'stopped', outcome: 'done', params: { signs: 'process,http' } },
    'which programs run and whether Jellyfin answers',
  ],
  [{ name: 'start', outcome: 'nothing' }, 'Starting Jellyfin is left to you'],
  [{ name: 'start', outcome: 'begun' }, 'Starting Jellyfin'],
  [
    { name: 'start', outcome: 'failed', code: 'jellyfinUnreachable' },
    'Starting Jellyfin: I cannot reach the Jellyfin server right now.',
  ],
  [{ name: 'copy', outcome: 'failed' }, 'Copying jellyfin.db: something went wrong that I did not expect'],
])('shown: %j', (step, sentence) => {
  expect(sentences.step({ rung: 'db', ...step } as Step)).toContain(sentence);
});

describe('the end', () => {
  const ends = (but: Partial<RescueEnd>, command?: string) =>
    sentences.end({ ...new Facts(), outcome: 'changed', rung: 'db', ...but }, command);

  test('of a rescue that worked, and nothing besides', () => {
    expect(ends({ outcome: 'backIn' })).toEqual(['You are back in: sign in with the temporary password.']);
    expect(ends({})).toEqual(['The account is open: sign in. If you do not know the password, run this again.']);
    const known = ['The account is open: sign in with the password that you know.'];
    expect(ends({ keptPassword: true })).toEqual(known);
  });

  test('says in their order the two things that are left to a person', () => {
    const open = 'The account is open in jellyfin.db.';
    const start = '1. Start Jellyfin now with: <start it>';
    expect(ends({ isForPersonToStart: true }, 'start it')).toEqual([
      open,
      start,
      '2. Sign in. If you do not know the password, run this again.',
    ]);
    const signIn = (but: Partial<RescueEnd>) => ends({ isForPersonToStart: true, ...but }, 'start it').slice(1);
    expect(signIn({ keptPassword: true })).toEqual([start, '2. Sign in with the password that you know.']);
    expect(signIn({ passwordIsInFile: true })).toEqual([start, '2. Sign in with the temporary password.']);
    expect(signIn({ pinIsPassword: true })).toEqual([start, expect.stringContaining('2. Beware: a PIN that nobody')]);
    expect(signIn({ pinFromBefore: 'bob' })).toEqual([start, expect.stringContaining('the password of <bob>')]);
    expect(ends({ leftStopped: true })).toEqual([
      open,
      expect.stringContaining('the way you always do.'),
      expect.anything(),
    ]);
    const inFile = 'The account is open in jellyfin.db, with the temporary password.';
    expect(ends({ passwordIsInFile: true, leftStopped: true }, 'start it')[0]).toBe(inFile);
  });

  test('says how the server was left, the worst first', () => {
    const notYet = (but: Partial<RescueEnd>) => ends({ outcome: 'notYet', ...but }, 'start it').slice(1);
    expect(notYet({})).toEqual([]);
    expect(notYet({ stillStopped: 'said' })).toEqual([expect.stringContaining('If Jellyfin is still stopped,')]);
    expect(notYet({ stillStopped: 'seen' })).toEqual([expect.stringContaining('**Jellyfin is still stopped.**')]);
    expect(notYet({ stillStopped: 'seen', leftStopped: true })).toEqual([
      '**Jellyfin is stopped.** Start it with: <start it>',
    ]);
    expect(notYet({ leftStopped: true, diedAtStart: true })).toEqual([expect.stringContaining('I see no sign of it.')]);
    const pin = expect.stringContaining('Beware: a PIN') as string;
    expect(notYet({ pinIsPassword: true, stillStopped: 'seen' })).toEqual([
      pin,
      expect.stringContaining('still stopped'),
    ]);
  });

  const copy = 'A copy of jellyfin.db from before: </srv/copy>';
  const keyGoesOn = expect.stringContaining('with which I go on when you run this again') as string;
  const keyIsLeft = expect.stringContaining('Delete it in the dashboard') as string;
  const still = expect.stringContaining('still checked by <Ldap>') as string;
  const ordinary = expect.stringContaining("This account is not an administrator's") as string;

  test.each<[Partial<RescueEnd>, unknown[]]>([
    [{ copy: '/srv/copy' }, [copy]],
    [{ copy: '/srv/copy', outcome: 'planned' }, []],
    [{ provider: 'Ldap' }, [still]],
    [{ provider: 'Ldap', outcome: 'notYet' }, []],
    [{ ordinary: 'maybeOthers' }, [ordinary]],
    [{ ordinary: 'maybeOthers', outcome: 'backIn' }, [ordinary]],
    [{ ordinary: 'maybeOthers', outcome: 'notYet' }, []],
    [{ pinOfOther: 'bob' }, [expect.stringContaining('is the password of <bob> now')]],
    [{ key: 'left' }, [keyIsLeft]],
    [{ key: 'saved' }, ['I have a new API key, written to my settings.']],
    [{ key: 'left', leftStopped: true, outcome: 'notYet' }, [expect.anything(), keyGoesOn]],
    [{ key: 'left', leftStopped: true, diedAtStart: true, outcome: 'notYet' }, [expect.anything(), keyIsLeft]],
    [
      { key: 'saved', leftStopped: true, outcome: 'notYet' },
      [expect.anything(), 'I have a new API key, written to my settings.'],
    ],
  ])('what is worth knowing after %j', (but, more) => {
    expect(ends(but).slice(1)).toEqual(more);
  });

  test('says why it came to nothing', () => {
    const first = (but: Partial<RescueEnd>) => ends({ outcome: 'notYet', ...but })[0];
    expect(first({ code: 'jellyfinUnreachable' })).toContain(
      'That did not work. I cannot reach the Jellyfin server right now.',
    );
    expect(first({})).toBe('This way is not open from here: the plan says why.');
    expect(first({ rung: undefined })).toBe('None of the ways is open from here: the plan says why.');
    // Where it is known why no answer comes, to try again later is no advice.
    expect(first({ code: 'jellyfinUnreachable', params: { kind: 'refused', url: 'http://h' } })).not.toContain(
      'I cannot reach',
    );
    expect(first({ passwordIsInFile: true })).toBe('This way is not open from here: the plan says why.');
    expect(ends({ outcome: 'cancelled' })).toEqual(['Nothing was done.']);
  });
});
