import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { createLinks } from '../../src/services/links/create-links.js';
import { LinkProofs } from '../../src/services/links/link-proofs.js';
import { Links } from '../../src/services/links/links.js';
import type { Request } from '../../src/services/requests/request.js';
import { opened } from '../db/opened.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const [maya, dad] = ['100000000000000001', '100000000000000002'];
const account = anAccount();
const actor = { id: maya, rank: 'member' } as never;

let confirmed: boolean;
let isNew: boolean;
let isHere: boolean;
let did: string[];
let signingOut: () => Promise<void>;
let reading: () => Promise<void>;
let finding: () => Promise<void>;
let approving: () => Promise<void>;
let delivering: () => Promise<void>;
let whoIsOn: () => Promise<string | undefined>;
let deps: never;
let proofs: LinkProofs;

beforeEach(() => {
  [confirmed, isNew, isHere, did] = [false, true, true, []];
  delivering = signingOut = reading = finding = approving = () => Promise.resolve();
  whoIsOn = () => Promise.resolve(undefined);
  const signOut = async (deviceId = 'the session') => {
    await signingOut();
    did.push(`signed out ${deviceId}`);
  };
  const records = { audit: { record: ({ act, outcome }: Record<string, string>) => did.push(`${act}: ${outcome}`) } };
  let codes = 0;
  deps = {
    ...{ stores: { ...stores, ...records }, now: () => 10_000, proofPollMs: 100_000 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    rateLimits: { take: (_id: string, _what: string, work: () => unknown) => work() },
    quickConnect: {
      begin: () => Promise.resolve({ code: `${(codes += 1)}`, secret: 'secret' }),
      isConfirmed: () => {
        did.push('looked');
        return Promise.resolve(confirmed);
      },
      open: () => Promise.resolve({ accountId: account.id, signOut }),
      whoIsOn: () => whoIsOn(),
      signOutDevice: signOut,
    },
    members: { find: () => finding().then(() => (isHere ? { id: maya, rank: 'member' } : undefined)) },
    jellyfin: { getAccount: () => Promise.resolve(account) },
    passwordChanges: { read: () => reading().then(() => did.push('read the log')) },
    outbox: {
      owe: ({ kind, recipientId }: Record<string, string>) => did.push(`owed ${kind} to ${recipientId}`),
      deliver: () => delivering().then(() => void did.push('delivered')),
    },
    ownership: { find: () => undefined, has: () => false },
    requests: {
      pending: () => [{ kind: 'link', memberId: maya }] as Request[],
      approveLink: () => approving(),
    },
  } as never;
  const linkProved = (_member: string, _rank: string, _account: unknown, ended: (isNew: boolean) => unknown) => {
    did.push('linked');
    return ended(isNew);
  };
  proofs = new LinkProofs({ ...(deps as object), links: { linkProved } } as never);
});

/** Work that goes on until it is let go. */
function held() {
  let go = () => undefined as void;
  const gone = new Promise<void>((resolve) => (go = resolve));
  return { go, wait: () => gone };
}

const sinceThen = () => did.splice(0);

test('a password that was changed before a proof is read first, so that it does not count against it', async () => {
  confirmed = true;
  const log = held();
  reading = log.wait;
  const { ended } = await proofs.begin(actor);
  await turn();
  expect(sinceThen()).toEqual(['looked']);
  log.go();
  expect(await ended).toMatchObject({ outcome: 'linked', accountName: 'maya' });
  expect(sinceThen().slice(0, 3)).toEqual(['read the log', 'linked', 'prove: linked']);
  await proofs.stop();
});

test('whoever looks on reads how it went where they are, and gets no message besides', async () => {
  [confirmed, isNew] = [true, false];
  expect(await (await proofs.begin(actor)).ended).toMatchObject({ outcome: 'already' });
  await proofs.stop();
  expect(did.filter((each) => each.startsWith('owed'))).toEqual([]);
});

test('a code that nobody has confirmed is not asked for again at once', async () => {
  await proofs.begin(actor);
  for (let i = 0; i < 5; i += 1) await turn();
  expect(sinceThen()).toEqual(['looked']);
  await proofs.stop();
});

test('a bot that stops signs the session out first that a proof has opened', async () => {
  confirmed = true;
  const signOut = held();
  signingOut = signOut.wait;
  await proofs.begin(actor);
  await turn();
  let hasStopped = false;
  const stopped = proofs.stop().then(() => (hasStopped = true));
  await turn();
  expect(hasStopped).toBe(false);
  signOut.go();
  await stopped;
  expect(did).toContain('signed out the session');
  expect(stores.linkProofs.notSignedOut()).toEqual([]);
});

test('a code that a newer one has replaced while Discord was asked ends once', async () => {
  confirmed = true;
  const members = held();
  finding = members.wait;
  await proofs.begin(actor);
  await turn();
  confirmed = false;
  await proofs.begin(actor);
  expect(did).toContain('prove: replaced');
  isHere = false;
  members.go();
  await turn();
  await proofs.stop();
  expect(did.filter((each) => each.startsWith('prove'))).toEqual(['prove: replaced']);
});

test('a code that somebody was given before a start has resumed what was open is watched once', async () => {
  const members = held();
  finding = members.wait;
  whoIsOn = () => Promise.resolve(account.id);
  confirmed = true;
  const { ended } = await proofs.begin(actor);
  await proofs.resume();
  members.go();
  expect(await ended).toMatchObject({ outcome: 'linked' });
  await proofs.stop();
  expect(did.filter((each) => each === 'linked')).toEqual(['linked']);
});

test('two rounds at the same moment sign a device out once', async () => {
  const { id } = stores.linkProofs.begin({ memberId: maya, deviceId: 'latchkey-1', begunAt: 1, expiresAt: 2 });
  stores.linkProofs.end(id, { outcome: 'linked' }, 3);
  await Promise.all([proofs.resume(), proofs.round()]);
  expect(did).toEqual(['signed out latchkey-1']);
});

test('a start waits until what was left signed in is signed out', async () => {
  const { id } = stores.linkProofs.begin({ memberId: maya, deviceId: 'latchkey-1', begunAt: 1, expiresAt: 2 });
  stores.linkProofs.end(id, { outcome: 'linked' }, 3);
  await proofs.resume();
  expect(did).toEqual(['signed out latchkey-1']);
});

test('who links somebody hears that their request could not be approved', async () => {
  approving = () => Promise.reject(new AppError('requestNewer'));
  const links = new Links(deps);
  await expect(links.link({ id: dad, rank: 'admin' } as never, maya, account.id)).rejects.toMatchObject({
    code: 'requestNewer',
  });
});

test('a link that was taken away before its approval is carried on is not given back', async () => {
  const kinds = new Map<string, { execute: (request: object) => Promise<unknown> }>();
  createLinks({
    ...(deps as object),
    executor: { register: (kind: string, actions: never) => kinds.set(kind, actions), finish: () => 'done' },
    outbox: { register: () => undefined },
  } as never);
  const request = { memberId: maya, accountId: account.id };
  await expect(kinds.get('link')?.execute(request)).rejects.toMatchObject({ code: 'linkGone' });
});

test('the session of a code is over before that is said, and a bot that ends has told what it was telling', async () => {
  confirmed = true;
  const later = async () => {
    for (let turns = 0; turns < 9; turns += 1) await turn();
  };
  signingOut = delivering = later;
  const { ended } = await proofs.begin(actor);
  await ended;
  expect(sinceThen()).toContain('signed out the session');
  await proofs.stop();
  expect(sinceThen()).toContain('delivered');
});
