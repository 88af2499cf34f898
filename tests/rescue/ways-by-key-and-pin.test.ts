import { describe, test } from 'vitest';
import { anAccount } from '../support/an-account.js';
import { alice, type Climb, climbsSo, id, locked, repaired } from './climbing.js';

const byPin = { version: '10.11.11', options: { rung: 'pin' } } as const;
const byRestart = { version: '10.11.8', options: { rung: 'restart' } } as const;
const ldap = { authenticationProviderId: 'Ldap' };
const dad = anAccount({ id: 'c'.repeat(32), name: 'dad', isAdministrator: true });

describe('with a key that works', () => {
  test.each<[string, Climb, string, object]>([
    [
      'an account that is open gets a new password, which is tried before it is read',
      { accounts: [alice()], yes: ['plan'] },
      'plan? yes | unlock: nothing | password set | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'what it was before, and is now, is told; a limit of -1 is none',
      { accounts: [alice({ ...locked, signInLimit: -1 })], yes: ['plan'] },
      'knowsPassword? no | plan? yes | enableDisabled? {"name":"alice"} no | unlock: failed disabledByAdmin',
      {
        outcome: 'notYet',
        rung: 'api',
        code: 'disabledByAdmin',
        before: { isDisabled: true, failedSignIns: 3, signInLimit: undefined },
      },
    ],
    [
      'whoever was noted to have a PIN for a password has one no more',
      { accounts: [alice(locked)], pinFromBefore: true, yes: ['plan'] },
      'knowsPassword? no | plan? yes | unlocked | unlock: done | password set | tried, and read | readBack: done',
      {
        outcome: 'backIn',
        rung: 'api',
        before: { isDisabled: true, failedSignIns: 3, signInLimit: 3 },
        after: { isDisabled: false, failedSignIns: 0, signInLimit: 3 },
      },
    ],
    [
      'and has one still where the password stays',
      { accounts: [alice(locked)], pinFromBefore: true, yes: ['plan', 'knowsPassword'] },
      'knowsPassword? yes | plan? yes | unlocked | unlock: done | readBack: done',
      { pinFromBefore: 'alice', keptPassword: true, outcome: 'changed', rung: 'api' },
    ],
    [
      'whoever knows their password keeps it, and is only unlocked',
      { accounts: [alice(locked)], yes: ['plan', 'knowsPassword'] },
      'knowsPassword? yes | plan? yes | unlocked | unlock: done | readBack: done',
      { keptPassword: true, outcome: 'changed', rung: 'api' },
    ],
    [
      'whoever does not is unlocked, and gets one',
      { accounts: [alice(locked)], yes: ['plan'] },
      'knowsPassword? no | plan? yes | unlocked | unlock: done | password set | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'an account that was switched off stays so, and no other way goes round that',
      { accounts: [alice({ isDisabled: true })], yes: ['plan'] },
      'knowsPassword? no | plan? yes | enableDisabled? {"name":"alice"} no | unlock: failed disabledByAdmin',
      { outcome: 'notYet', rung: 'api', code: 'disabledByAdmin' },
    ],
    [
      'it is switched on where somebody says so',
      { accounts: [alice({ isDisabled: true })], yes: ['plan', 'enableDisabled'] },
      'knowsPassword? no | plan? yes | enableDisabled? {"name":"alice"} yes | switched on | unlock: done | password set | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'a password that is checked elsewhere stays with what checks it',
      { accounts: [alice(ldap)], yes: ['plan'], providers: ['Ldap'] },
      'plan? yes | unlock: nothing | ownProvider? {"name":"alice","provider":"Ldap","isThere":1} no | ownProvider: failed needsProvider',
      {
        provider: 'Ldap',
        outcome: 'notYet',
        rung: 'api',
        code: 'needsProvider',
        params: { name: 'alice', provider: 'Ldap' },
      },
    ],
    [
      'whether that is there is not said where the server does not tell',
      { accounts: [alice(ldap)], yes: ['plan'], providers: 'not told' },
      'plan? yes | unlock: nothing | ownProvider? {"name":"alice","provider":"Ldap"} no | ownProvider: failed needsProvider',
      {
        provider: 'Ldap',
        outcome: 'notYet',
        rung: 'api',
        code: 'needsProvider',
        params: { name: 'alice', provider: 'Ldap' },
      },
    ],
    [
      'where that is gone, Jellyfin checks it itself once somebody says so',
      { accounts: [alice(ldap)], yes: ['plan', 'ownProvider'], providers: [] },
      'plan? yes | unlock: nothing | ownProvider? {"name":"alice","provider":"Ldap","isGone":1} yes | own password set | ownProvider: done | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'a known password stays there without a question',
      { accounts: [alice({ ...ldap, ...locked })], yes: ['plan', 'knowsPassword'] },
      'knowsPassword? yes | plan? yes | unlocked | unlock: done | readBack: done',
      { keptPassword: true, outcome: 'changed', rung: 'api' },
    ],
    [
      'an account that an earlier run left halfway is finished without a question',
      { accounts: [alice({ accessSchedules: [{ day: 'Everyday', startHour: 100, endHour: 100 }] })], yes: ['plan'] },
      'plan? yes | unlock: nothing | own password set | ownProvider: done at once | tried, and read | readBack: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'an ordinary one where nobody is an administrator is not made one',
      { accounts: [alice({ isAdministrator: false })], yes: ['plan'] },
      'plan? yes | unlock: nothing | password set | tried, and read | readBack: done | giveRight? {"name":"alice"} no',
      { ordinary: 'nobody', outcome: 'backIn', rung: 'api' },
    ],
    [
      'it is made one where somebody says so, with its new password set and tried',
      { accounts: [alice({ isAdministrator: false })], yes: ['plan', 'giveRight'] },
      'plan? yes | unlock: nothing | password set | tried, and read | readBack: done | giveRight? {"name":"alice"} yes | made an administrator | giveRight: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'where others are, nobody is asked',
      { accounts: [alice({ isAdministrator: false }), dad], yes: ['plan', 'giveRight'] },
      'plan? yes | unlock: nothing | password set | tried, and read | readBack: done',
      { ordinary: 'maybeOthers', outcome: 'backIn', rung: 'api' },
    ],
    [
      'unless it was said beforehand',
      { accounts: [alice({ isAdministrator: false }), dad], yes: ['plan'], options: { giveRight: true } },
      'plan? yes | unlock: nothing | password set | tried, and read | readBack: done | made an administrator | giveRight: done',
      { outcome: 'backIn', rung: 'api' },
    ],
    [
      'a password that Jellyfin does not take is read by nobody',
      { accounts: [alice()], yes: ['plan'], signIns: ['signInRefused'] },
      'plan? yes | unlock: nothing | password set | password: failed passwordNotTaken | nextRung? {"rung":"db","stop":"stop it","start":"start it"} no',
      { outcome: 'notYet', rung: 'api', code: 'passwordNotTaken' },
    ],
    [
      'one that lets nobody in now is read, and nothing more is tried',
      { accounts: [alice()], yes: ['plan', 'nextRung'], signIns: ['signInForbidden'] },
      'plan? yes | unlock: nothing | password set | read | signIn: failed signInNotNow',
      { outcome: 'notYet', rung: 'api', code: 'signInNotNow' },
    ],
    [
      'one that could not be tried is read',
      { accounts: [alice()], yes: ['plan'], signIns: ['jellyfinTimeout'] },
      'plan? yes | unlock: nothing | password set | read | signIn: failed jellyfinTimeout | nextRung? {"rung":"db","stop":"stop it","start":"start it"} no',
      { outcome: 'notYet', rung: 'api', code: 'jellyfinTimeout' },
    ],
    [
      'what nobody expected is logged',
      { accounts: [alice()], yes: ['plan'], signIns: [new Error('odd')] },
      'plan? yes | unlock: nothing | password set | password: failed unexpected | logged: a rung of the rescue broke | nextRung? {"rung":"db","stop":"stop it","start":"start it"} no',
      { outcome: 'notYet', rung: 'api', code: 'unexpected' },
    ],
    [
      'what is not theirs to change is changed in no other way',
      { accounts: [alice(locked)], yes: ['plan', 'nextRung'], ends: [repaired()], writes: 'notAllowed' },
      'knowsPassword? no | plan? yes | unlock: failed notAllowed',
      { outcome: 'notYet', rung: 'api', code: 'notAllowed' },
    ],
    [
      'a way that fails is followed by the next, and the key made for it is deleted where it fails, too',
      {
        accounts: [alice(locked)],
        yes: ['plan', 'nextRung', 'keepKey'],
        ends: [repaired()],
        writes: 'jellyfinTimeout',
      },
      'knowsPassword? no | plan? yes | unlock: failed jellyfinTimeout | nextRung? {"rung":"db","stop":"stop it","start":"start it"} yes | repair of alice, a key | done | the server is back | key ab used | unlock: failed jellyfinTimeout | deleted, and the former one used',
      { key: 'deleted', outcome: 'notYet', rung: 'db', code: 'jellyfinTimeout' },
    ],
  ])('%s', async (_says, ...climb) => {
    await climbsSo(...climb);
  });
});

describe('by a PIN', () => {
  test.each<[string, Climb, string, object]>([
    [
      'a key is made and kept',
      { ...byPin, yes: ['plan', 'keepKey'] },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} yes | makeKey: done | key saved | saveKey: done | key cd used | signed out',
      { key: 'saved', outcome: 'backIn', rung: 'pin' },
    ],
    [
      'or not',
      { ...byPin, yes: ['plan'] },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'at the server’s keyboard none that cannot be kept',
      { ...byPin, options: { rung: 'pin', byHand: true }, yes: ['plan', 'keepKey'], keyTrouble: 'not savable' },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'from afar it is used until the next start',
      { ...byPin, yes: ['plan', 'keepKey'], keyTrouble: 'not savable' },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | makeKey: done | key cd used | signed out',
      { key: 'unsaved', outcome: 'backIn', rung: 'pin' },
    ],
    [
      'one that could not be written down is deleted',
      { ...byPin, yes: ['plan', 'keepKey'], keyTrouble: 'not saved' },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} yes | makeKey: done | saveKey: failed keyNotSaved | deleted, and the former one used | signed out',
      { key: 'deleted', outcome: 'backIn', rung: 'pin' },
    ],
    [
      'none is made where the one from before works',
      { ...byPin, accounts: [alice()], yes: ['plan', 'keepKey'] },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'one is made where that is refused',
      { ...byPin, accounts: [alice()], yes: ['plan', 'keepKey'], keyIsRefused: true },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} yes | makeKey: done | key saved | saveKey: done | key cd used | signed out',
      { key: 'saved', outcome: 'backIn', rung: 'pin' },
    ],
    [
      'nor by an ordinary account, which is said to be one',
      { ...byPin, yes: ['plan', 'keepKey'], session: { isAdministrator: false } },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | signed out',
      { ordinary: 'maybeOthers', outcome: 'backIn', rung: 'pin' },
    ],
    [
      'a PIN that is said to be refused, and works, is redeemed',
      { ...byPin, yes: ['plan'], redeem: 'pinRefused' },
      'plan? yes | a PIN is made and redeemed | signed in as alice | redeem: done | signIn: done at once | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'one that is refused and does not work was not redeemed',
      { ...byPin, yes: ['plan'], redeem: 'pinRefused', signIns: ['signInRefused'] },
      'plan? yes | a PIN is made and redeemed | it is not | redeem: failed pinRefused',
      { outcome: 'notYet', rung: 'pin', code: 'pinRefused' },
    ],
    [
      'one that was redeemed and does not work is not the password',
      { ...byPin, yes: ['plan'], signIns: ['signInRefused'] },
      'plan? yes | a PIN is made and redeemed | redeem: done | it is not | signIn: failed pinNotPassword',
      { outcome: 'notYet', rung: 'pin', code: 'pinNotPassword' },
    ],
    [
      'without an answer it is the password once its file is gone',
      { ...byPin, yes: ['plan'], redeem: 'jellyfinTimeout', signIns: ['jellyfinTimeout'], fileGoes: true },
      'plan? yes | a PIN is made and redeemed | redeem: failed jellyfinTimeout',
      { pinIsPassword: true, outcome: 'notYet', rung: 'pin', code: 'jellyfinTimeout' },
    ],
    [
      'and is not while its file is there',
      { ...byPin, yes: ['plan'], redeem: 'jellyfinTimeout', signIns: ['jellyfinTimeout'] },
      'plan? yes | a PIN is made and redeemed | it is not | redeem: failed jellyfinTimeout',
      { outcome: 'notYet', rung: 'pin', code: 'jellyfinTimeout' },
    ],
    [
      'redeemed, and let in by nobody now, it is the password',
      { ...byPin, yes: ['plan'], signIns: ['signInForbidden'], fileGoes: true },
      'plan? yes | a PIN is made and redeemed | redeem: done | signIn: failed signInForbidden',
      { pinIsPassword: true, outcome: 'notYet', rung: 'pin', code: 'signInForbidden' },
    ],
    [
      'nor where that file is still to be seen',
      { ...byPin, yes: ['plan'], signIns: ['signInForbidden'] },
      'plan? yes | a PIN is made and redeemed | redeem: done | signIn: failed signInForbidden',
      { pinIsPassword: true, outcome: 'notYet', rung: 'pin', code: 'signInForbidden' },
    ],
    [
      'what keeps them out is said rather than that there was no answer',
      { ...byPin, yes: ['plan'], redeem: 'jellyfinTimeout', signIns: ['signInForbidden'], fileGoes: true },
      'plan? yes | a PIN is made and redeemed | redeem: failed signInForbidden',
      { pinIsPassword: true, outcome: 'notYet', rung: 'pin', code: 'signInForbidden' },
    ],
    [
      'which is written while it is looked at is waited for',
      { ...byPin, yes: ['plan'], pinAfter: 3 },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'the account whose PIN it is by now is named',
      { ...byPin, accounts: [alice()], yes: ['plan'], session: { accountId: 'f'.repeat(32) } },
      'plan? yes | a PIN is made and redeemed | let in by it | it is not | signed out | askPin: failed pinOfOther',
      { pinOfOther: 'alice', outcome: 'notYet', rung: 'pin', code: 'pinOfOther', params: { name: 'alice' } },
    ],
    [
      'an ordinary account’s PIN is its password, which is said',
      {
        ...byPin,
        options: { rung: 'pin', administratorOnly: true },
        yes: ['plan'],
        session: { isAdministrator: false },
      },
      'plan? yes | a PIN is made and redeemed | let in by it | signed out | askPin: failed rescueOrdinary | it is not',
      { pinOfOther: 'alice', outcome: 'notYet', rung: 'pin', code: 'rescueOrdinary' },
    ],
    [
      'on 10.10 the file’s name says whose it is',
      { version: '10.10.7', options: { rung: 'pin' }, accounts: [alice()], yes: ['plan'] },
      'plan? yes | a PIN is expected | asked for a PIN | askPin: done | findPin: done | no PIN is expected | askPin: failed pinNotYours',
      { outcome: 'notYet', rung: 'pin', code: 'pinNotYours' },
    ],
    [
      'where nobody knows whose id that is, the session tells',
      { version: '10.10.7', options: { rung: 'pin' }, yes: ['plan'] },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'and so it does of one’s own',
      {
        version: '10.10.7',
        options: { rung: 'pin' },
        accounts: [alice()],
        yes: ['plan'],
        pin: { file: `passwordreset${id.toUpperCase()}.json` },
      },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'behind which an older one’s end stands is asked for anew',
      { ...byPin, yes: ['plan', 'moveBadPin'], pin: { hasStray: true } },
      'plan? yes | a PIN is expected | asked for a PIN | askPin: done | findPin: done | moveBadPin? {"files":"passwordreset1.json"} yes | moved passwordreset1.json aside | moveBadPin: done | asked for a PIN | askPin: done | findPin: done | no PIN is expected | the PIN may be the password | redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'with which the password could not be changed is the password, which the next question says',
      { ...byPin, options: {}, yes: ['plan'], changePassword: 'jellyfinTimeout' },
      'knowsPassword? no | plan? yes | a PIN is made and redeemed | let in by it | signed out | password: failed jellyfinTimeout | nextRung? {"rung":"db","stop":"stop it","start":"start it","pinIsPassword":1} no',
      { pinIsPassword: true, outcome: 'notYet', rung: 'pin', code: 'jellyfinTimeout' },
    ],
    [
      'a session that could not be signed out is logged',
      { ...byPin, yes: ['plan'], signOut: new Error('odd') },
      'plan? yes | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out | warned: the session of a rescue stays signed in',
      { outcome: 'backIn', rung: 'pin' },
    ],
    [
      'a new password that lets nobody in now is said to',
      { ...byPin, yes: ['plan'], signIns: ['in', 'signInForbidden'] },
      'plan? yes | a PIN is made and redeemed | let in by it | password changed | read | signed out | signIn: failed signInNotNow',
      { outcome: 'notYet', rung: 'pin', code: 'signInNotNow' },
    ],
  ])('%s', async (_says, ...climb) => {
    await climbsSo(...climb);
  });
});

describe('by a restart', () => {
  test.each<[string, Climb, string, object]>([
    [
      'nothing is restarted without a yes',
      { accounts: [alice(locked)], ...byRestart, yes: ['plan'] },
      'knowsPassword? no | plan? yes | restart? no | restart: failed restartNotWanted',
      { outcome: 'notYet', rung: 'restart', code: 'restartNotWanted' },
    ],
    [
      'without a key a PIN gives the password',
      { ...byRestart, yes: ['plan', 'restart'] },
      'knowsPassword? no | plan? yes | restart? yes | restarted | restart: done | the server is back | a PIN is made and redeemed | let in by it | changed, tried, and read | keepKey? {"isNotMade":1} no | signed out',
      { outcome: 'backIn', rung: 'restart' },
    ],
    [
      'one that is refused has not been',
      { ...byRestart, yes: ['plan', 'restart'], restart: 'restartRefused' },
      'knowsPassword? no | plan? yes | restart? yes | restart: failed restartRefused',
      { outcome: 'notYet', rung: 'restart', code: 'restartRefused' },
    ],
    [
      'the server from before is not taken for the new one while it still answers',
      { ...byRestart, yes: ['plan', 'restart', 'knowsPassword'], goesAfter: 3 },
      'knowsPassword? yes | plan? yes | restart? yes | restarted | restart: done | the server is back',
      { keptPassword: true, outcome: 'changed', rung: 'restart' },
    ],
    [
      'a password that is known stays',
      { ...byRestart, yes: ['plan', 'restart', 'knowsPassword'] },
      'knowsPassword? yes | plan? yes | restart? yes | restarted | restart: done | the server is back',
      { keptPassword: true, outcome: 'changed', rung: 'restart' },
    ],
  ])('%s', async (_says, ...climb) => {
    await climbsSo(...climb);
  });
});
