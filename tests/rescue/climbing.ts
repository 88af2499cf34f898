import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import { AppError, type ErrorCode } from '../../src/errors.js';
import type { Account } from '../../src/services/accounts/account.js';
import type { Jellyfin, PreWriteCheck } from '../../src/services/accounts/jellyfin-port.js';
import type { BadPinFile, PinFile } from '../../src/services/pins/pin-port.js';
import type { RescueOptions } from '../../src/services/rescue/ladder/plan.js';
import type { Question, LadderPorts, RescueUi, SignedIn } from '../../src/services/rescue/ladder/ports.js';
import type { RepairEnd, RepairJob, SignName } from '../../src/services/rescue/ladder/repair-port.js';
import { Rescue, type RescueEnd } from '../../src/services/rescue/ladder/rescue.js';
import { anAccount } from '../support/an-account.js';
import { aPinFile, type Given, rescuePorts } from './ladder-ports.js';

export const id = 'a1'.repeat(16);

/** The account of these rescues, as an administrator left it. */
export const alice = (but: Partial<Account> = {}) => anAccount({ id, name: 'alice', isAdministrator: true, ...but });
export const locked = { isDisabled: true, failedSignIns: 3 } as const;

export interface Climb extends Given {
  readonly target?: { readonly id?: string; readonly name: string };
  readonly options?: RescueOptions;
  /** What the key of a repair sees at the server, which nobody could ask before. */
  readonly accountsLater?: readonly Account[];
  readonly permit?: PreWriteCheck;
  /** What is said yes to; anything else is a no. */
  readonly yes?: readonly Question[];
  /** The version of the server that answers; nobody answers without one. */
  readonly version?: string;
  /** The server answers no more, once it was told to start. */
  readonly diesAtStart?: boolean;
  /** The server answers so many looks for it later, once it was told to start; nobody waits between two. */
  readonly answersAfter?: number;
  readonly signs?: { readonly running: readonly SignName[]; readonly unseen: readonly SignName[] };
  /** Whether the key from before works. */
  readonly keyIsRefused?: boolean;
  readonly keyTrouble?: 'not savable' | 'not saved' | 'not deleted';
  readonly providers?: readonly string[] | 'not told';
  /** What is answered to sign-ins, one after another; then they are let in. */
  readonly signIns?: readonly (ErrorCode | 'in' | Error)[];
  /** Whose the session of a PIN is. */
  readonly session?: Partial<Pick<SignedIn, 'accountId' | 'isAdministrator'>>;
  readonly pin?: Partial<PinFile>;
  /** So often somebody waits before the PIN's file is whole; until then it cannot be read. */
  readonly pinAfter?: number;
  readonly redeem?: ErrorCode;
  /** The PIN's file is gone once it was redeemed. */
  readonly fileGoes?: boolean;
  readonly changePassword?: ErrorCode;
  readonly signOut?: Error;
  readonly writes?: ErrorCode;
  readonly restart?: ErrorCode;
  /** So often somebody waits before a server that is to restart is seen to be away. */
  readonly goesAfter?: number;
  /** An earlier rescue has noted that a PIN became the password. */
  readonly pinFromBefore?: boolean;
}

/** Every call takes a turn of the event loop: whoever does not wait for one is ahead of it. */
function inTurns<T extends object>(port: T): T {
  const late = Object.entries(port).map(([name, call]) => [
    name,
    typeof call === 'function'
      ? async (...args: unknown[]) => {
          await turn();
          return (call as (...args: unknown[]) => unknown)(...args);
        }
      : (call as unknown),
  ]);
  return Object.fromEntries(late) as T;
}

/** Runs a rescue; `did`: everything that was shown, asked and done, in its order. */
async function climbs(given: Climb): Promise<{ readonly end: RescueEnd; readonly did: readonly string[] }> {
  const { options = {}, yes = [], providers = [], version } = given;
  const accounts = new Map([...(given.accounts ?? []), ...(given.accountsLater ?? [])].map((each) => [each.id, each]));
  const { ports } = rescuePorts({ hasKey: (given.accounts ?? []).length > 0, ...given });
  const did: string[] = [];
  const note = (what: string) => void did.push(what);
  const fails = (code: ErrorCode | undefined) =>
    code === undefined ? Promise.resolve() : Promise.reject(new AppError(code));

  const of = (which: string): Promise<Account> => {
    const found = accounts.get(which);
    return found ? Promise.resolve(found) : Promise.reject(new AppError('accountGone'));
  };
  const write =
    (what: string, but: Partial<Account>) =>
    async (which: string, ...args: readonly unknown[]) => {
      const before = await of(which);
      const check = args.at(-1) as PreWriteCheck;
      await check(before);
      await fails(given.writes);
      note(what);
      const after = { ...before, ...but };
      accounts.set(which, after);
      return { before, after };
    };
  const away = () => Promise.reject(new AppError('jellyfinUnreachable'));
  const jellyfin: Partial<Jellyfin> = inTurns({
    listAccounts: () => Promise.resolve([...accounts.values()]),
    getAccount: of,
    listProviders: () => (providers === 'not told' ? away() : Promise.resolve([...providers])),
    setPassword: write('password set', {}),
    useOwnPassword: write('own password set', { ...own(), accessSchedules: [] }),
    unlock: write('unlocked', { isDisabled: false, failedSignIns: 0 }),
    enable: write('switched on', { isDisabled: false }),
    makeAdministrator: write('made an administrator', { isAdministrator: true }),
    serverInfo: () =>
      given.keyIsRefused
        ? Promise.reject(new AppError('jellyfinKeyRefused'))
        : Promise.resolve({ name: '', version: '' }),
  });
  const signIns = [...(given.signIns ?? [])];
  const session: SignedIn = inTurns({
    ...{ accountId: id, name: 'alice', isAdministrator: true, ...given.session },
    changePassword: async () => {
      await fails(given.changePassword);
      note('password changed');
    },
    makeKey: () => Promise.resolve('cd'.repeat(16)),
    signOut: () => {
      note('signed out');
      return given.signOut ? Promise.reject(given.signOut) : Promise.resolve();
    },
  });
  let isStarted = false;
  let backs = 0;
  let waits = 0;
  let isRestarting = false;
  const answers = () => version !== undefined && !(isRestarting && waits >= (given.goesAfter ?? 0));
  const pin = aPinFile(given.pin);
  let pinFile: PinFile | BadPinFile | undefined;
  const keylessJellyfin: LadderPorts['keylessJellyfin'] = inTurns({
    introduction: () => (version !== undefined && answers() ? Promise.resolve({ name: 'home', version }) : away()),
    forgotPassword: () => {
      note('asked for a PIN');
      [pinFile, waits] = [pin, 0];
      return Promise.resolve({ action: 'PinCode', pinFile: `/config/${pin.file}` });
    },
    redeemPin: async () => {
      note('redeemed');
      if (given.fileGoes) pinFile = undefined;
      await fails(given.redeem);
    },
    signIn: (name) => {
      const answer = signIns.shift() ?? 'in';
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer !== 'in') return Promise.reject(new AppError(answer));
      note(`signed in as ${name}`);
      return Promise.resolve(session);
    },
    restart: async () => {
      await fails(given.restart);
      note('restarted');
      [isRestarting, waits] = [true, 0];
    },
    back: async () => {
      if (isRestarting && answers()) note('the former server is');
      note('waited for');
      backs += 1;
      return given.diesAtStart || backs <= (given.answersAfter ?? 0) ? away() : { name: 'home', version: '10.11.8' };
    },
  });
  const rescue = new Rescue({
    ...ports,
    settings: { ...ports.settings, ...(given.answersAfter !== undefined && { lookAgainAfterMs: 0 }) },
    jellyfin: jellyfin as Jellyfin,
    keylessJellyfin,
    keys: {
      isThere: ports.keys.isThere,
      use: (key) => note(`key ${key.slice(0, 2)} used`),
      restore: () => note('former key again'),
      mustBeSavable: () => {
        if (given.keyTrouble === 'not savable') throw new AppError('keyFromEnvironment');
      },
      save: () => {
        if (given.keyTrouble === 'not saved') throw new AppError('keyNotSaved');
        note('key saved');
      },
      delete: async () => {
        await turn();
        if (given.keyTrouble === 'not deleted') throw new Error('an odd server');
        note('key deleted');
      },
    },
    pins: () =>
      inTurns({
        list: () => Promise.resolve({ good: [], bad: [] }),
        read: () =>
          Promise.resolve(waits < (given.pinAfter ?? 0) ? { file: pin.file, why: 'corrupt' as const } : pinFile),
        moveAside: (file) => Promise.resolve(void note(`moved ${file} aside`)) as never,
        watch: () => Promise.reject(new Error('not here')),
      }),
    pinsExpected: { expect: () => note('a PIN is expected'), over: () => note('no PIN is expected') },
    pinNotes: {
      has: () => given.pinFromBefore ?? false,
      add: () => note('the PIN may be the password'),
      remove: () => note('it is not'),
    },
    repair: inTurns({
      ...ports.repair,
      run: async (job, onLine) => {
        note(jobLine(job));
        onLine({ kind: 'step', step: 'who', outcome: 'done' });
        const end = await ports.repair.run(job, onLine);
        isStarted = end.started;
        return end;
      },
      look: () =>
        Promise.resolve(given.signs ?? { running: isStarted && given.diesAtStart ? [] : ['http'], unseen: [] }),
    }),
    wait: async () => {
      await turn();
      waits += 1;
    },
    log: {
      info: () => undefined,
      warn: (_fields, message) => note(`warned: ${message}`),
      error: (_fields, message) => note(`logged: ${message}`),
    },
  });
  const begun = new Set<string>();
  let isAsked = false;
  const ui: RescueUi = {
    show: ({ name, outcome, code }) => {
      if (outcome === 'begun') return void begun.add(name);
      note(`${name}: ${outcome}${code ? ` ${code}` : ''}${outcome === 'done' && !begun.has(name) ? ' at once' : ''}`);
    },
    ...inTurns<Pick<RescueUi, 'handOver'>>({
      handOver: async (account, set) => {
        await set('a temporary one');
        note(`${account.name} reads the password`);
      },
    }),
    ask: async (question, params) => {
      if (isAsked) note('while something else is asked:');
      isAsked = true;
      await turn();
      isAsked = false;
      const isYes = yes.includes(question);
      note([`${question}?`, ...(params ? [JSON.stringify(params)] : []), isYes ? 'yes' : 'no'].join(' '));
      return isYes;
    },
  };
  const plan = await rescue.look(given.target ?? { name: 'alice' }, options);
  const end = await rescue.run(plan, ui, options, given.permit);
  return { end, did };
}

/** What happens together, in as many words as it needs. */
const together: readonly (readonly [string, readonly string[]])[] = [
  ['tried, and read', ['signed in as alice', 'signed out', 'it is not', 'alice reads the password', 'password: done']],
  [
    'a PIN is made and redeemed',
    [
      'a PIN is expected',
      'asked for a PIN',
      'askPin: done',
      'findPin: done',
      'no PIN is expected',
      'the PIN may be the password',
      'redeemed',
    ],
  ],
  ['let in by it', ['redeem: done', 'signed in as alice', 'signIn: done']],
  [
    'changed, tried, and read',
    ['password changed', 'signed in as alice', 'it is not', 'alice reads the password', 'password: done'],
  ],
  ['read', ['it is not', 'alice reads the password', 'password: done']],
  ['the server is back', ['waited for', 'serverBack: done']],
  ['deleted, and the former one used', ['key deleted', 'deleteKey: done', 'former key again']],
  ['done', ['who: done', 'stopped: done']],
];

/** Runs a rescue, and expects what was shown, asked and done, in its order, and how it ended: no more than that; what was found of the account where `ended` says it. */
export async function climbsSo(given: Climb, expected: string, ended: object): Promise<void> {
  const { did, end } = await climbs(given);
  const said = together.reduce((text, [word, lines]) => text.replaceAll(lines.join(' | '), word), did.join(' | '));
  expect(said).toBe(expected);
  const { steps: _steps, before, after, unseen, params = {}, ...how } = end;
  const found = Object.entries({ before, after, unseen }).filter(([name]) => name in ended);
  const facts = Object.entries({
    ...how,
    ...Object.fromEntries(found),
    ...(Object.keys(params).length > 0 && { params }),
  });
  expect(Object.fromEntries(facts.filter(([, value]) => value !== undefined && value !== false))).toEqual(ended);
}

/** A repair, by all that it was told beyond the usual. */
function jobLine({ account, key, setPassword, acceptUnseen, ...job }: RepairJob): string {
  const flags = [
    'administratorOnly',
    'enableDisabled',
    'ownProvider',
    'giveRight',
    'serverIsStopped',
    'dryRun',
  ] as const;
  const told = flags.flatMap((flag) => (job[flag] === undefined ? [] : [`${flag} ${job[flag]}`]));
  const more = [...(key ? ['a key'] : []), ...(setPassword ? ['a password'] : []), ...(acceptUnseen ?? []), ...told];
  return [`repair of ${account.name}`, ...more].join(', ');
}

const own = () => ({ authenticationProviderId: anAccount().authenticationProviderId });

export const repaired = (but: Partial<RepairEnd> = {}): RepairEnd => ({
  ...{ outcome: 'done', changed: true, leftStopped: false, started: true, unseen: [], key: 'ab'.repeat(16) },
  ...but,
});
