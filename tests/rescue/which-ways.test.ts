import { describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../src/errors.js';
import type { BadPinFile, PinFile, PinFolder } from '../../src/services/pins/pin-port.js';
import type { UnfinishedRepair } from '../../src/services/rescue/ladder/repair-port.js';
import { Rescue } from '../../src/services/rescue/ladder/rescue.js';
import { goesOn, type RescueOptions } from '../../src/services/rescue/ladder/plan.js';
import type { LocationFinding, Question, LadderPorts } from '../../src/services/rescue/ladder/ports.js';
import { anAccount } from '../support/an-account.js';
import { aPinFile, type Given, rescuePorts, yesTo } from './ladder-ports.js';

const id = 'a1'.repeat(16);

const alice = anAccount({ id, name: 'alice', isAdministrator: true });

const unfinished: UnfinishedRepair = {
  ...{ db: '/srv/data/jellyfin.db', account: { id, name: 'alice' }, startedAt: 0 },
  ...{ stoppedByUs: true, mayBeChanged: true, atWork: false },
};

/** A server of this version that answers; without one, nobody does. */
function keyless(ports: LadderPorts, version: string | undefined, more: Partial<LadderPorts['keylessJellyfin']> = {}) {
  const introduction = () =>
    version === undefined
      ? Promise.reject(new AppError('jellyfinUnreachable'))
      : Promise.resolve({ name: 'home', version });
  return { ...ports, keylessJellyfin: { ...ports.keylessJellyfin, introduction, ...more } };
}

/** Each way, whether it can be gone, and why not. */
async function ways(given: Given, version: string | undefined, options: RescueOptions = {}) {
  const { ports } = rescuePorts(given);
  const { rungs } = await new Rescue(keyless(ports, version)).look({ name: 'alice' }, options);
  return Object.fromEntries(rungs.map(({ rung, open, note }) => [rung, `${open ? 'open' : 'closed'}: ${note}`]));
}

describe('a way that cannot be gone from here is said to be closed, and why', () => {
  test.each<[string, Partial<LocationFinding>, string]>([
    ['there is no jellyfin.db', { dbFound: false }, 'closed: dbMissing'],
    ['nobody knows where it is', { dbFound: false, serverDir: undefined }, 'closed: noFolder'],
    ['its folder is closed to us', { dbFound: false, closed: { folder: '/srv', owner: 'j' } }, 'closed: folderClosed'],
    ['it is somebody else’s', { dbOurs: false }, 'closed: dbNotOurs'],
    // A folder that shows nobody what is in it may let us through to a file whose name is known.
    ['nothing, only its folder is closed', { closed: { folder: '/srv', owner: 'j' } }, 'open: dbStopsItself'],
    ['it may not be written', { dbWritable: false }, 'closed: dbNotWritable'],
  ])('jellyfin.db, as %s', async (_, location, note) => {
    expect(await ways({ location }, undefined)).toMatchObject({ db: note });
  });

  test('all, while another rescue is at work on it', async () => {
    expect(
      await ways({ unfinished: { ...unfinished, atWork: true }, accounts: [alice], hasKey: true }, '10.11.8'),
    ).toEqual({
      ...{ api: 'closed: rescueAtWork', pin: 'closed: rescueAtWork' },
      ...{ restart: 'closed: rescueAtWork', db: 'closed: rescueAtWork' },
    });
  });

  test('all but jellyfin.db, while the server does not answer, or is stopped', async () => {
    expect(await ways({}, undefined)).toMatchObject({
      pin: 'closed: noServer',
      restart: 'closed: noServer',
    });
    const isStopped = { serverIsStopped: true };
    expect(await ways({ accounts: [alice], hasKey: true }, '10.11.8', isStopped)).toMatchObject({
      ...{ api: 'closed: serverIsStopped', pin: 'closed: serverIsStopped', restart: 'closed: serverIsStopped' },
      db: 'open: dbStopped',
    });
    // Whatever answers in its place, nothing is said of that.
    const { ports } = rescuePorts();
    expect((await new Rescue(keyless(ports, '10.11.8')).look({ name: 'alice' }, isStopped)).server).toBeUndefined();
  });

  test('nothing was begun where there is no file', async () => {
    const { ports } = rescuePorts({ unfinished, location: { db: undefined } });
    expect((await new Rescue(keyless(ports, undefined)).look({ name: 'alice' })).unfinished).toBeUndefined();
  });

  test('a restart, where the account is not locked, or the version keeps the lock', async () => {
    expect(await ways({ accounts: [alice], hasKey: true }, '10.11.8')).toMatchObject({
      ...{ api: 'open: keyWorks', pin: 'open: pinReady', restart: 'closed: restartNotLocked' },
    });
    const locked = { ...alice, isDisabled: true, failedSignIns: 3 };
    const of = { accounts: [locked], hasKey: true };
    expect(await ways(of, '10.11.8')).toMatchObject({ pin: 'closed: pinNotOpen', restart: 'open: restartReady' });
    expect(await ways(of, '10.11.9')).toMatchObject({ restart: 'closed: restartOtherVersion' });
  });

  test.each([
    ['otherType', 'closed: dbOtherType'],
    ['notThere', 'closed: dbNotThere'],
    ['relative', 'closed: dbRelative'],
    ['others', 'closed: dbOfOthers'],
    ['unreadable', 'closed: dbUnsaid'],
    ['moved', 'open: dbStopsItself'],
    ['ignored', 'open: dbStopsItself'],
  ] as const)('jellyfin.db, by what database.xml says: %s', async (found, db) => {
    const location = { place: { found, file: '/etc/jellyfin/database.xml' } };
    expect(await ways({ location }, '10.11.8')).toMatchObject({ db });
  });

  test('a PIN, where another program checks the password; the key can put that right', async () => {
    const elsewhere = {
      ...alice,
      authenticationProviderId: 'Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin',
    };
    expect(await ways({ accounts: [elsewhere], hasKey: true }, '10.11.8')).toMatchObject({
      ...{ api: 'open: keyWorksElsewhere', pin: 'closed: passwordElsewhere' },
    });
  });

  test('the key, where it is refused, where nobody answers, and where it is another trouble', async () => {
    const tried = async (code: ErrorCode, version?: string) => {
      const { ports } = rescuePorts({ hasKey: true });
      const jellyfin = { ...ports.jellyfin, listAccounts: () => Promise.reject(new AppError(code)) };
      return (await new Rescue({ ...keyless(ports, version), jellyfin }).look({ name: 'alice' })).rungs[0];
    };
    expect(await tried('jellyfinKeyRefused', '10.11.8')).toMatchObject({ open: false, note: 'keyRefused' });
    expect(await tried('jellyfinUnreachable')).toMatchObject({ open: false, note: 'noServer' });
    expect(await tried('jellyfinTimeout', '10.11.8')).toEqual({ rung: 'api', open: false, why: 'jellyfinTimeout' });
    expect(await ways({}, '10.11.8')).toMatchObject({ api: 'closed: noKey' });
  });

  const notOurs = { folder: '/srv', owner: 'j' };

  test.each<[string, Partial<LocationFinding>, string, string]>([
    ['can be read', {}, 'open: pinMayBeLocked', 'open: restartReady'],
    ['nobody knows of', { serverDir: undefined }, 'closed: noFolder', 'closed: noFolder'],
    ['cannot be read', { folderReadable: false }, 'closed: folderNotReadable', 'closed: folderNotReadable'],
    ['is closed', { folderReadable: false, closed: notOurs }, 'closed: folderClosed', 'closed: folderClosed'],
  ])('a PIN, and a restart without a key, by a folder that %s', async (_, location, pin, restart) => {
    expect(await ways({ location }, '10.11.8')).toMatchObject({ pin, restart, db: 'open: dbStopsItself' });
    // With a key no PIN is needed after a restart.
    const locked = [{ ...alice, isDisabled: true, failedSignIns: 3 }];
    const withKey = await ways({ location, accounts: locked, hasKey: true }, '10.11.8');
    expect(withKey).toMatchObject({ restart: 'open: restartReady' });
  });

  test('a PIN, where nothing is known of the account but its id', async () => {
    const { ports } = rescuePorts();
    const { rungs } = await new Rescue(keyless(ports, '10.11.8')).look({ name: id });
    expect(rungs[1]).toMatchObject({ open: false, note: 'pinNeedsName' });
    const asJellyfinShowsIt = id.toUpperCase().replace(/^(.{8})(.{4})/, '$1-$2-');
    const spelled = await new Rescue(keyless(ports, '10.11.8')).look({ name: asJellyfinShowsIt });
    expect(spelled.rungs[1]).toMatchObject({ open: false, note: 'pinNeedsName' });
  });

  test('jellyfin.db, by what an earlier rescue has left, and by who stops the server', async () => {
    const after = async (but: Partial<UnfinishedRepair>, options: RescueOptions = {}, given: Given = {}) =>
      (await ways({ unfinished: { ...unfinished, ...but }, ...given }, '10.11.8', options))['db'];
    const bobs = { account: { id: 'b2'.repeat(16), name: 'bob' } };
    expect(await after({ account: { name: 'alice' } })).toBe('open: dbCarryOn');
    expect(await after(bobs)).toBe('closed: dbOther');
    expect(await after({ account: { name: 'Alice', alone: true } })).toBe('open: dbCarryOn');
    expect(await after({ account: { name: 'ALICE', alone: true } })).toBe('open: dbCarryOn');
    const known = { accounts: [alice], hasKey: true };
    expect(await after({ account: { name: 'alice' } }, {}, known)).toBe('open: dbCarryOn');
    expect(await after({ account: { id: 'b2'.repeat(16), name: 'alice' } }, {}, known)).toBe('closed: dbOther');
    const one = { ...unfinished, account: { name: 'alice', alone: true } };
    expect(goesOn({ unfinished: one, target: { name: 'ALICE' } })).toBe(true);
    expect(await after({ account: { name: 'bob', alone: true } })).toBe('closed: dbOther');
    // One that has changed nothing yet is given up.
    expect(await after({ ...bobs, mayBeChanged: false })).toBe('open: dbStopsItself');
    expect(await after({ ...bobs, mayBeChanged: false }, { serverIsStopped: true })).toBe('open: dbStopped');
    expect(await after({ ...bobs, unreadable: { file: '/srv/record' } })).toBe('closed: undefined');
    const byHand = { location: { commands: undefined } };
    expect(await after({ ...bobs, mayBeChanged: false }, { byHand: true }, byHand)).toBe('open: dbStopByHand');
    expect(await after({ ...bobs, mayBeChanged: false }, {}, byHand)).toBe('closed: dbStopByHand');
    expect(await ways({ location: { serverDir: undefined } }, '10.11.8')).toMatchObject({ db: 'open: dbStopsItself' });
  });

  test('who is an administrator is who could sign in as one', async () => {
    const dad = anAccount({ id: 'd'.repeat(32), name: 'dad', isAdministrator: true });
    const off = { ...dad, id: 'e'.repeat(32), name: 'off', isDisabled: true };
    const gran = anAccount({ id: 'f'.repeat(32), name: 'gran' });
    const { ports } = rescuePorts({ accounts: [alice, dad, off, gran], hasKey: true });
    const rescue = new Rescue(keyless(ports, '10.11.8'));
    const administrators = ['alice', 'dad'];
    // What checks a password is asked for only where that is not Jellyfin.
    expect(await rescue.look({ name: 'alice' })).toMatchObject({ administrators, providerIsThere: undefined });
    await expect(rescue.look({ name: 'nobody' })).rejects.toMatchObject({ code: 'accountUnknown' });
    await expect(rescue.look({ id: 'ab'.repeat(16), name: 'alice' })).rejects.toMatchObject({ code: 'accountGone' });
    expect(await rescue.look({ id: gran.id, name: 'of old' })).toMatchObject({ target: { name: 'gran' } });
  });
});

describe('a PIN that is not the one that was asked for is not redeemed', () => {
  interface Case {
    readonly action?: string;
    readonly pinFile?: string | undefined;
    /** What lies in the folder before, and after it was asked for. */
    readonly before?: readonly (PinFile | BadPinFile)[];
    readonly after?: PinFile | BadPinFile | undefined;
    readonly yes?: readonly Question[];
  }

  async function tries({
    action = 'PinCode',
    pinFile = '/srv/passwordreset1.json',
    before = [],
    after,
    yes = [],
  }: Case) {
    const { ports } = rescuePorts();
    const did: string[] = [];
    const folder: PinFolder = {
      list: () =>
        Promise.resolve({
          good: before.filter((each) => 'pin' in each),
          bad: before.filter((each) => 'why' in each),
        }),
      read: () => Promise.resolve(after),
      moveAside: (file) => Promise.resolve(`${did.push('moved aside')} ${file}`),
      watch: () => Promise.reject(new Error('not here')),
    };
    const rescue = new Rescue({
      ...keyless(ports, '10.11.11', {
        forgotPassword: () => {
          did.push('asked');
          return Promise.resolve({ action, pinFile });
        },
        redeemPin: () => {
          did.push('redeemed');
          return Promise.reject(new AppError('pinRefused'));
        },
        signIn: () => Promise.reject(new AppError('signInRefused')),
      }),
      pins: () => folder,
    });
    const options: RescueOptions = { rung: 'pin' };
    const { code } = await rescue.run(await rescue.look({ name: 'alice' }, options), yesTo('plan', ...yes).ui, options);
    return [code, ...did];
  }

  const broken: BadPinFile = { file: 'passwordreset2.json', why: 'corrupt' };

  test.each<[string, Case, readonly string[]]>([
    ['the server makes none', { action: 'ContactAdmin' }, ['pinNotMade', 'asked']],
    ['it does not say where', { pinFile: '' }, ['pinNotMade', 'asked']],
    ['its file does not come', {}, ['pinNotWritten', 'asked']],
    ['its file is the one from before', { before: [aPinFile()], after: aPinFile() }, ['pinOld', 'asked']],
    ['it is somebody else’s', { after: aPinFile({ userName: 'bob' }) }, ['pinNotYours', 'asked']],
    ['its file is broken', { after: { ...broken, file: 'passwordreset1.json' } }, ['pinFilesBroken', 'asked']],
    ['another file is broken, which is to stay', { before: [broken], after: aPinFile() }, ['pinFilesBroken']],
  ])('as %s', async (_, given, ended) => {
    expect(await tries(given)).toEqual(ended);
  });

  test.each<[string, PinFile | BadPinFile, number]>([
    ['broken', broken, 1],
    ['with the end of an older one', aPinFile({ file: 'passwordreset2.json', hasStray: true }), 1],
    ['that cannot be read from here', { ...broken, why: 'unreadable' }, 0],
    ['of another person', aPinFile({ file: 'passwordreset2.json', userName: 'bob' }), 0],
  ])('a file %s is moved aside only where it keeps PINs from working', async (_, file, moved) => {
    const did = await tries({ before: [file], after: aPinFile(), yes: ['moveBadPin'] });
    expect(did.filter((each) => each === 'moved aside')).toHaveLength(moved);
    expect(did).toContain('redeemed');
  });
});
