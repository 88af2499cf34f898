import { describe, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { alice, type Climb, climbsSo, id, locked, repaired } from './climbing.js';
import { refused } from './ladder-ports.js';

const halfway = [{ day: 'Everyday', startHour: 100, endHour: 100 }];
const inFile = { target: { id, name: 'alice' }, options: { rung: 'db' } } as const;
const withKey: Climb = {
  ...inFile,
  options: { rung: 'db', serverIsStopped: true, giveKey: true },
  ends: [repaired({ started: false })],
  yes: ['plan'],
};
const halfDone = {
  ...{ db: '/d', account: { id, name: 'alice' }, startedAt: 0 },
  ...{ stoppedByUs: true, mayBeChanged: true, atWork: false },
};
const ldap = { authenticationProviderId: 'Ldap' };

describe('in jellyfin.db', () => {
  test.each<[string, Climb, string, object]>([
    [
      'the server goes on with the key that the file has now, which is kept',
      {
        ...inFile,
        ends: [repaired({ account: { id, name: 'alice' } })],
        yes: ['plan', 'keepKey'],
        accountsLater: [alice(locked)],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | the server is back | key ab used | unlocked | unlock: done | password set | tried, and read | readBack: done | keepKey? yes | key saved | saveKey: done | key ab used',
      { key: 'saved', outcome: 'backIn', rung: 'db' },
    ],
    [
      'or deleted',
      {
        ...inFile,
        ends: [repaired({ account: { id, name: 'alice' } })],
        yes: ['plan'],
        accountsLater: [alice(locked)],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | the server is back | key ab used | unlocked | unlock: done | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', outcome: 'backIn', rung: 'db' },
    ],
    [
      'or left, where it could not be deleted',
      { ...inFile, ends: [repaired()], yes: ['plan'], accountsLater: [alice()], keyTrouble: 'not deleted' },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | logged: an API key of a rescue could not be deleted | deleteKey: failed unexpected | former key again',
      { key: 'left', outcome: 'backIn', rung: 'db' },
    ],
    [
      'or used until the next start, where it cannot be kept',
      { ...inFile, ends: [repaired()], yes: ['plan', 'keepKey'], accountsLater: [alice()], keyTrouble: 'not savable' },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | key ab used',
      { key: 'unsaved', outcome: 'backIn', rung: 'db' },
    ],
    [
      'no key is made where the password stays',
      { ...inFile, options: { rung: 'db', keepPassword: true }, ends: [repaired({ key: undefined })], yes: ['plan'] },
      'plan? yes | repair of alice, ownProvider false | done | the server is back',
      { keptPassword: true, outcome: 'changed', rung: 'db' },
    ],
    [
      'unless it was asked for',
      {
        ...inFile,
        options: { rung: 'db', keepPassword: true, giveKey: true },
        ends: [repaired()],
        yes: ['plan'],
        accountsLater: [alice()],
      },
      'plan? yes | repair of alice, a key, ownProvider false | done | the server is back | key ab used | unlock: nothing | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', keptPassword: true, outcome: 'changed', rung: 'db' },
    ],
    [
      'a server that dies at its start is said to be stopped before anything is asked',
      { ...inFile, ends: [repaired()], yes: ['plan'], diesAtStart: true },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | waited for | serverBack: failed jellyfinUnreachable | keepKey? {"isUntried":1,"stopped":1,"command":"start it"} no',
      { leftStopped: true, diedAtStart: true, key: 'left', outcome: 'notYet', rung: 'db', code: 'jellyfinUnreachable' },
    ],
    [
      'and the key goes on with the next run',
      { ...inFile, ends: [repaired()], yes: ['plan', 'keepKey'], diesAtStart: true },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | waited for | serverBack: failed jellyfinUnreachable | keepKey? {"isUntried":1,"stopped":1,"command":"start it"} yes | key saved | saveKey: done | key ab used',
      {
        leftStopped: true,
        diedAtStart: true,
        key: 'saved',
        outcome: 'notYet',
        rung: 'db',
        code: 'jellyfinUnreachable',
      },
    ],
    [
      'one that shows signs of life is not',
      { ...inFile, ends: [repaired()], yes: ['plan'], diesAtStart: true, signs: { running: ['http'], unseen: [] } },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | waited for | serverBack: failed jellyfinUnreachable | keepKey? {"isUntried":1} no',
      { key: 'left', outcome: 'notYet', rung: 'db', code: 'jellyfinUnreachable' },
    ],
    [
      'one that is away, while nobody sees whether its log is held, is waited for',
      {
        ...inFile,
        ...{ ends: [repaired()], yes: ['plan'], accountsLater: [alice()] },
        answersAfter: 2,
        signs: { running: [], unseen: ['logLock'] },
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | waited for | waited for | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', outcome: 'backIn', rung: 'db' },
    ],
    [
      'so is one that shows a sign of life, though it does not answer yet',
      {
        ...inFile,
        ...{ ends: [repaired()], yes: ['plan'], accountsLater: [alice()] },
        answersAfter: 2,
        signs: { running: ['process'], unseen: [] },
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | waited for | waited for | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', outcome: 'backIn', rung: 'db' },
    ],
    [
      'one that shows none is not, however long it took to see that',
      { ...inFile, ends: [repaired()], yes: ['plan'], answersAfter: 2, signs: { running: [], unseen: [] } },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | waited for | serverBack: failed jellyfinUnreachable | keepKey? {"isUntried":1,"stopped":1,"command":"start it"} no',
      { leftStopped: true, diedAtStart: true, key: 'left', outcome: 'notYet', rung: 'db', code: 'jellyfinUnreachable' },
    ],
    [
      'a look at a copy hands no password over, nor a key',
      {
        ...inFile,
        options: { rung: 'db', serverIsStopped: true, setPassword: true, giveKey: true, dryRun: true },
        ends: [repaired({ changed: false, started: false, key: undefined })],
      },
      'repair of alice, serverIsStopped true, dryRun true | done',
      { outcome: 'planned', rung: 'db', stillStopped: 'seen' },
    ],
    [
      'none is taken of a server that runs',
      { ...inFile, options: { rung: 'db', dryRun: true } },
      '',
      { outcome: 'planned' },
    ],
    [
      'a yes to signs that cannot be seen is none to others',
      {
        ...inFile,
        ends: [refused('cannotSee', { signs: 'http' }), refused('cannotSee', { signs: 'process' }), repaired()],
        yes: ['plan', 'unseen'],
        accountsLater: [alice()],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | unseen? {"signs":"http","stops":1} yes | repair of alice, a key, http | unseen? {"signs":"process","stops":1} yes | repair of alice, a key, http, process | stopped: done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', outcome: 'backIn', rung: 'db' },
    ],
    [
      'and is not asked for twice',
      {
        ...inFile,
        ends: [{ ...refused('cannotSee', { signs: 'http' }), copy: '/copy' }, refused('cannotSee', { signs: 'http' })],
        yes: ['plan', 'unseen'],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | unseen? {"signs":"http","stops":1} yes | repair of alice, a key, http | record: failed cannotSee',
      { copy: '/copy', outcome: 'notYet', rung: 'db', code: 'cannotSee', params: { signs: 'http' } },
    ],
    [
      'a no ends it',
      { ...inFile, ends: [refused('cannotSee', { signs: 'http' })], yes: ['plan'] },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | unseen? {"signs":"http","stops":1} no | record: failed cannotSee',
      { outcome: 'notYet', rung: 'db', code: 'cannotSee', params: { signs: 'http' } },
    ],
    [
      'whoever stopped the server is not told that it is going to be',
      {
        ...inFile,
        options: { rung: 'db', serverIsStopped: true },
        ends: [refused('cannotSee', { signs: 'http' })],
        yes: ['plan'],
      },
      'knowsPassword? no | plan? yes | repair of alice, serverIsStopped true | who: done | unseen? {"signs":"http"} no | record: failed cannotSee',
      { outcome: 'notYet', rung: 'db', code: 'cannotSee', params: { signs: 'http' }, stillStopped: 'said' },
    ],
    [
      'an account that was switched off stays so',
      { ...inFile, ends: [refused('needsEnable', { name: 'alice' })], yes: ['plan'] },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | enableDisabled? {"name":"alice","stops":1} no | record: failed needsEnable',
      { outcome: 'notYet', rung: 'db', code: 'needsEnable', params: { name: 'alice' } },
    ],
    [
      'or is switched on',
      {
        ...inFile,
        ends: [refused('needsEnable', { name: 'alice' }), repaired()],
        yes: ['plan', 'enableDisabled'],
        accountsLater: [alice()],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | enableDisabled? {"name":"alice","stops":1} yes | repair of alice, a key, enableDisabled true | stopped: done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', outcome: 'backIn', rung: 'db' },
    ],
    [
      'somebody at the keyboard stops the server, and starts it',
      {
        ...inFile,
        location: { commands: undefined },
        options: { rung: 'db', byHand: true },
        ends: [refused('needsStop', { signs: 'http' }), repaired({ started: false, key: undefined })],
        yes: ['plan', 'stopByHand'],
      },
      'knowsPassword? no | plan? yes | repair of alice | who: done | stopByHand? {"signs":"http","stops":1} yes | repair of alice, serverIsStopped true | stopped: done',
      { isForPersonToStart: true, outcome: 'changed', rung: 'db' },
    ],
    [
      'nobody else is asked to',
      { ...inFile, ends: [refused('needsStop', { signs: 'http' })], yes: ['plan', 'stopByHand'] },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | record: failed needsStop',
      { outcome: 'notYet', rung: 'db', code: 'needsStop', params: { signs: 'http' } },
    ],
    [
      'a password that is checked elsewhere is set in the file once somebody says so',
      {
        ...inFile,
        ends: [refused('needsProvider', { name: 'alice', provider: 'Ldap' }), repaired({ key: undefined })],
        yes: ['plan', 'ownProvider'],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | ownProvider? {"name":"alice","provider":"Ldap"} yes | repair of alice, a password, ownProvider true | stopped: done | read | the server is back | signed in as alice | signed out',
      { passwordIsInFile: true, outcome: 'backIn', rung: 'db' },
    ],
    [
      'and otherwise the account is only unlocked',
      {
        ...inFile,
        ends: [refused('needsProvider', { name: 'alice', provider: 'Ldap' }), repaired()],
        yes: ['plan'],
        accountsLater: [alice()],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | ownProvider? {"name":"alice","provider":"Ldap"} no | repair of alice, a key, ownProvider false | stopped: done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', provider: 'Ldap', outcome: 'backIn', rung: 'db' },
    ],
    [
      'one that was to be set is not then',
      {
        ...inFile,
        options: { rung: 'db', setPassword: true },
        ends: [refused('needsProvider', { name: 'alice', provider: 'Ldap' })],
        yes: ['plan'],
      },
      'plan? yes | repair of alice, a password | who: done | ownProvider? {"name":"alice","provider":"Ldap"} no | who: failed needsProvider',
      {
        provider: 'Ldap',
        outcome: 'notYet',
        rung: 'db',
        code: 'needsProvider',
        params: { name: 'alice', provider: 'Ldap' },
      },
    ],
    [
      'where it is known beforehand, it is asked beforehand',
      {
        accounts: [alice(ldap)],
        providers: ['Ldap'],
        options: { rung: 'db' },
        ends: [repaired({ key: undefined })],
        yes: ['plan'],
      },
      'plan? yes | ownProvider? {"name":"alice","provider":"Ldap","isThere":1} no | repair of alice, a key, ownProvider false | done | the server is back',
      { provider: 'Ldap', outcome: 'changed', rung: 'db' },
    ],
    [
      'and not at all where nothing is going to be done',
      {
        accounts: [alice(ldap)],
        options: { rung: 'db', dryRun: true, serverIsStopped: true },
        ends: [repaired({ changed: false, started: false, key: undefined })],
      },
      'repair of alice, serverIsStopped true, dryRun true | done',
      { outcome: 'planned', rung: 'db', stillStopped: 'seen' },
    ],
    [
      'the administrator’s right is given where somebody says so',
      {
        ...inFile,
        ends: [refused('needsRight', { name: 'alice' }), repaired()],
        yes: ['plan', 'giveRight'],
        accountsLater: [alice()],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | giveRight? {"name":"alice"} yes | repair of alice, a key, giveRight true | stopped: done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', outcome: 'backIn', rung: 'db' },
    ],
    [
      'and not otherwise',
      {
        ...inFile,
        ends: [refused('needsRight', { name: 'alice' }), repaired()],
        yes: ['plan'],
        accountsLater: [alice({ isAdministrator: false })],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | giveRight? {"name":"alice"} no | repair of alice, a key, giveRight false | stopped: done | the server is back | key ab used | unlock: nothing | password set | tried, and read | readBack: done | keepKey? no | deleted, and the former one used',
      { key: 'deleted', ordinary: 'nobody', outcome: 'backIn', rung: 'db' },
    ],
    [
      'a password in the file is tried once the server is back',
      { ...inFile, options: { rung: 'db', setPassword: true }, ends: [repaired({ key: undefined })], yes: ['plan'] },
      'plan? yes | repair of alice, a password | done | read | the server is back | signed in as alice | signed out',
      { passwordIsInFile: true, outcome: 'backIn', rung: 'db' },
    ],
    [
      'and a key is kept that was asked for',
      { ...inFile, options: { rung: 'db', setPassword: true, giveKey: true }, ends: [repaired()], yes: ['plan'] },
      'plan? yes | repair of alice, a key, a password | done | read | the server is back | key saved | saveKey: done | key ab used | signed in as alice | signed out',
      { key: 'saved', passwordIsInFile: true, outcome: 'backIn', rung: 'db' },
    ],
    [
      'one that lets nobody in now is said to',
      {
        ...inFile,
        options: { rung: 'db', setPassword: true },
        ends: [repaired({ key: undefined })],
        yes: ['plan'],
        signIns: ['signInForbidden'],
      },
      'plan? yes | repair of alice, a password | done | read | the server is back | signIn: failed signInNotNow',
      { passwordIsInFile: true, outcome: 'notYet', rung: 'db', code: 'signInNotNow' },
    ],
    [
      'somebody who stopped the server starts it',
      {
        ...inFile,
        options: { rung: 'db', serverIsStopped: true },
        ends: [
          repaired({
            started: false,
            key: undefined,
            copy: '/copy',
            unseen: ['process'],
            after: alice({ isAdministrator: false }),
            before: alice({ isDisabled: true, signInLimit: -1 }),
          }),
        ],
        yes: ['plan'],
      },
      'knowsPassword? no | plan? yes | repair of alice, serverIsStopped true | done',
      {
        ...{ copy: '/copy', isForPersonToStart: true, ordinary: 'maybeOthers', outcome: 'changed', rung: 'db' },
        unseen: ['process'],
        before: { isDisabled: true, failedSignIns: 0, signInLimit: undefined },
        after: { isDisabled: false, failedSignIns: 0, signInLimit: 3 },
      },
    ],
    [
      'with the key that they asked for',
      withKey,
      'knowsPassword? no | plan? yes | repair of alice, a key, serverIsStopped true | done | key saved | saveKey: done | key ab used',
      { key: 'saved', isForPersonToStart: true, outcome: 'changed', rung: 'db' },
    ],
    [
      'which is left where it could not be written down',
      { ...withKey, keyTrouble: 'not saved' },
      'knowsPassword? no | plan? yes | repair of alice, a key, serverIsStopped true | done | saveKey: failed keyNotSaved',
      { key: 'left', isForPersonToStart: true, outcome: 'changed', rung: 'db' },
    ],
    [
      'or used until the next start',
      { ...withKey, keyTrouble: 'not savable' },
      'knowsPassword? no | plan? yes | repair of alice, a key, serverIsStopped true | done | key ab used',
      { key: 'unsaved', isForPersonToStart: true, outcome: 'changed', rung: 'db' },
    ],
    [
      'a server that the repair left stopped is not waited for',
      { ...inFile, ends: [repaired({ started: true, leftStopped: true })], yes: ['plan'] },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | keepKey? {"isUntried":1,"stopped":1,"command":"start it"} no',
      { leftStopped: true, key: 'left', outcome: 'changed', rung: 'db' },
    ],
    [
      'without a database nothing is begun',
      { ...inFile, location: { db: undefined }, ends: [repaired()], yes: ['plan'] },
      'knowsPassword? no | plan? yes | who: failed noDatabase',
      { outcome: 'notYet', rung: 'db', code: 'noDatabase', params: { file: 'jellyfin.db' } },
    ],
    [
      'a repair that was refused has started the server, which is waited for',
      { ...inFile, ends: [{ ...refused('corrupt', { why: 'x' }), started: true }], yes: ['plan'] },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | record: failed corrupt | the server is back',
      { outcome: 'notYet', rung: 'db', code: 'corrupt', params: { why: 'x' } },
    ],
    [
      'and said to be stopped where it does not come',
      { ...inFile, ends: [{ ...refused('corrupt', { why: 'x' }), started: true }], yes: ['plan'], diesAtStart: true },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | record: failed corrupt | waited for | serverBack: failed jellyfinUnreachable',
      { leftStopped: true, diedAtStart: true, outcome: 'notYet', rung: 'db', code: 'corrupt', params: { why: 'x' } },
    ],
    [
      'without a key there is nothing more to do',
      { ...inFile, ends: [repaired({ key: undefined })], yes: ['plan'] },
      'knowsPassword? no | plan? yes | repair of alice, a key | done | the server is back',
      { outcome: 'changed', rung: 'db' },
    ],
  ])('%s', async (_says, ...climb) => {
    await climbsSo(...climb);
  });
});

describe('from way to way', () => {
  test.each<[string, Climb, string, object]>([
    [
      'what was begun in jellyfin.db, and cannot be gone on with, is not tried twice',
      {
        accounts: [alice(locked)],
        unfinished: halfDone,
        ends: [refused('corrupt', { why: 'x' })],
        writes: 'jellyfinTimeout',
        yes: ['plan', 'nextRung'],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | record: failed corrupt | nextRung? {"rung":"api"} yes | unlock: failed jellyfinTimeout',
      { outcome: 'notYet', rung: 'api', code: 'jellyfinTimeout' },
    ],
    ['nothing without a yes', { accounts: [alice()], yes: [] }, 'plan? no', { outcome: 'cancelled' }],
    [
      'a way that is closed is not gone',
      { accounts: [alice()], options: { rung: 'pin' }, yes: ['plan'] },
      '',
      { outcome: 'notYet', rung: 'pin' },
    ],
    [
      'nothing is done where only the plan was asked for',
      { accounts: [alice()], options: { dryRun: true } },
      '',
      { outcome: 'planned' },
    ],
    [
      'a password that stays is replaced by no PIN',
      {
        accounts: [alice({ ...locked })],
        version: '10.11.11',
        options: { rung: 'pin', keepPassword: true },
        yes: ['plan'],
      },
      '',
      { outcome: 'notYet', rung: 'pin' },
    ],
    [
      'nor by one that could be made',
      {
        accounts: [alice()],
        version: '10.11.11',
        options: { rung: 'pin', keepPassword: true },
        yes: ['plan'],
      },
      '',
      { keptPassword: true, outcome: 'notYet', rung: 'pin' },
    ],
    [
      'an account that is found to be ordinary is not said to have a PIN for its password, where none was made',
      {
        accounts: [alice()],
        yes: ['plan'],
        permit: () => {
          throw new AppError('rescueOrdinary');
        },
      },
      'plan? yes | unlock: nothing | password: failed rescueOrdinary',
      { outcome: 'notYet', rung: 'api', code: 'rescueOrdinary' },
    ],
    [
      'what was begun in jellyfin.db is not gone on with where that cannot be written to',
      {
        accounts: [alice()],
        location: { dbWritable: false },
        unfinished: halfDone,
        yes: ['plan'],
      },
      'plan? yes | unlock: nothing | password set | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'another rescue that is at work starts itself what it has stopped',
      {
        ...inFile,
        options: { rung: 'db', serverIsStopped: true },
        unfinished: { ...halfDone, atWork: true },
        yes: ['plan'],
      },
      '',
      { outcome: 'notYet', rung: 'db' },
    ],
    [
      'what was begun in jellyfin.db is gone on with before all else',
      {
        accounts: [alice()],
        unfinished: halfDone,
        ends: [refused('corrupt', {})],
        yes: ['plan', 'nextRung'],
      },
      'plan? yes | repair of alice, a key | who: done | record: failed corrupt | nextRung? {"rung":"api"} yes | unlock: nothing | password set | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'the next one is asked for by its name',
      { accounts: [alice()], version: '10.11.11', yes: ['plan'], signIns: ['jellyfinTimeout'] },
      'plan? yes | unlock: nothing | password set | read | signIn: failed jellyfinTimeout | nextRung? {"rung":"pin"} no',
      { outcome: 'notYet', rung: 'api', code: 'jellyfinTimeout' },
    ],
    [
      'that a password stays is not asked where a PIN is the only way, which replaces it',
      { version: '10.11.11', location: { dbFound: false }, yes: [] },
      'plan? no',
      { outcome: 'cancelled' },
    ],
    [
      'nor of an account that an earlier run left halfway, which has none',
      { accounts: [alice({ ...locked, accessSchedules: halfway })], yes: [] },
      'plan? no',
      { outcome: 'cancelled' },
    ],
    [
      'nothing more is asked of a server that was left stopped',
      {
        ...inFile,
        options: {},
        unfinished: halfDone,
        version: '10.11.11',
        ends: [{ ...refused('corrupt', {}), leftStopped: true }],
        yes: ['plan', 'nextRung'],
      },
      'knowsPassword? no | plan? yes | repair of alice, a key | who: done | record: failed corrupt',
      { leftStopped: true, outcome: 'notYet', rung: 'db', code: 'corrupt' },
    ],
    [
      'a PIN that an earlier rescue made the password is spoken of',
      { accounts: [alice()], yes: [], pinFromBefore: true },
      'plan? no',
      { pinFromBefore: 'alice', outcome: 'cancelled' },
    ],
  ])('%s', async (_says, ...climb) => {
    await climbsSo(...climb);
  });
});
