import type { Account } from '../../src/services/accounts/account.js';
import type { RescueUi, Question, LocationFinding, LadderPorts } from '../../src/services/rescue/ladder/ports.js';
import type { Jellyfin } from '../../src/services/accounts/jellyfin-port.js';
import type { RepairEnd, RepairJob, UnfinishedRepair } from '../../src/services/rescue/ladder/repair-port.js';
import { AppError } from '../../src/errors.js';
import type { PinFile } from '../../src/services/pins/pin-port.js';

/** A machine that can stop the server and may change its file. */
export const location: LocationFinding = {
  serverDir: '/srv',
  logDir: '/srv/log',
  db: '/srv/data/jellyfin.db',
  guessed: false,
  others: [],
  folderReadable: true,
  closed: undefined,
  dbFound: true,
  dbOurs: true,
  dbWritable: true,
  dbOwner: 'jellyfin',
  commands: { stop: 'stop it', start: 'start it' },
};

export const done: RepairEnd = { outcome: 'done', changed: true, leftStopped: false, started: false, unseen: [] };

export const refused = (code: RepairEnd['code'], params: RepairEnd['params'] = {}): RepairEnd => ({
  ...{ outcome: 'refused', code, params, step: code === 'fileAccountUnknown' ? 'find' : 'record' },
  ...{ changed: false, leftStopped: false, started: false, unseen: [] },
});

/** A PIN of alice's. */
export const aPinFile = (but: Partial<PinFile> = {}): PinFile => ({
  ...{ file: 'passwordreset1.json', userName: 'alice', pin: '11-22-33-44' },
  ...{ expiresAt: 2, writtenAt: 1, hasStray: false },
  ...but,
});

export interface Given {
  readonly accounts?: readonly Account[];
  /** Whether there is an API key from the beginning. */
  readonly hasKey?: boolean;
  readonly location?: Partial<LocationFinding>;
  readonly unfinished?: UnfinishedRepair;
  /** How the repairs end, one after another; the last one for all that come after it. */
  readonly ends?: readonly RepairEnd[];
}

/** What a rescue stands on, without a server, a file or a process. */
export function rescuePorts({ accounts = [], hasKey = false, unfinished, ends = [done], ...given }: Given = {}) {
  const jobs: RepairJob[] = [];
  const did: string[] = [];
  const accountOf = (id: string): Promise<Account> => {
    const found = accounts.find((each) => each.id === id);
    return found ? Promise.resolve(found) : Promise.reject(new AppError('accountGone'));
  };
  const jellyfin: Partial<Jellyfin> = {
    listAccounts: () => Promise.resolve([...accounts]),
    getAccount: accountOf,
    listProviders: () => Promise.resolve([]),
    setPassword: async (id) => {
      const account = await accountOf(id);
      did.push(`password of ${account.name}`);
      return { before: account, after: account };
    },
  };
  const ports: LadderPorts = {
    jellyfin: jellyfin as Jellyfin,
    keylessJellyfin: {
      introduction: () => Promise.reject(new AppError('jellyfinUnreachable')),
      back: () => Promise.resolve(),
      signIn: () => Promise.resolve({ signOut: () => Promise.resolve() }),
    } as unknown as LadderPorts['keylessJellyfin'],
    keys: {
      isThere: hasKey,
      use: () => undefined,
      restore: () => void did.push('former key again'),
      mustBeSavable: () => undefined,
      save: () => undefined,
      delete: () => Promise.resolve(void did.push('key deleted')),
    },
    location: { look: () => Promise.resolve({ ...location, ...given.location }) },
    pins: () => {
      throw new Error('no PINs here');
    },
    pinNotes: { has: () => false, add: () => undefined, remove: () => undefined },
    pinsExpected: { expect: () => undefined, over: () => undefined },
    repair: {
      run: (job, onLine) => {
        jobs.push(job);
        const end = ends[Math.min(jobs.length, ends.length) - 1] ?? done;
        if (end.step === undefined || end.step === 'find') {
          for (const outcome of ['begun', 'done'] as const) onLine({ kind: 'step', step: 'stopped', outcome });
        }
        return Promise.resolve(end);
      },
      unfinished: () => Promise.resolve(unfinished),
      look: () => Promise.resolve({ running: [], unseen: [] }),
      addedOtherKey: () => Promise.resolve(false),
    },
    settings: { url: 'http://127.0.0.1:1', stopCommand: ['stop'], startCommand: ['start', 'it'] },
    newKey: () => 'ab'.repeat(16),
    wait: () => Promise.resolve(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  return { ports, jobs, did };
}

/** A person who says yes to these questions and no to all others. */
export function yesTo(...questions: readonly Question[]) {
  const asked: Question[] = [];
  const ui: RescueUi = {
    show: () => undefined,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(questions.includes(question));
    },
    handOver: (_account, set) => set('a temporary one'),
  };
  return { ui, asked };
}
