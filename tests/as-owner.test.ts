import { afterEach, expect, test } from 'vitest';
import { asOneself, asOwner, becomeOwner, stepDown, stepUp, userName } from '../src/as-owner.js';
import { ChildProgram } from './support/child-program.js';
import { isRootAmongOthers } from './support/other-users.js';

afterEach(stepUp);

const nobody = { uid: 65_534, gid: 65_534 };
const rights = () => [process.geteuid?.(), process.getegid?.(), process.getgroups?.()];
const own = rights();
const theirs = [65_534, 65_534, [65_534]];

const asRoot = isRootAmongOthers ? test : test.skip;
asRoot(
  'root does with the owner’s rights what is done in their folder, and has its own again, whatever comes of it',
  async () => {
    expect(asOwner(nobody, rights)).toEqual(theirs);
    const fails = () => {
      throw new Error('it fails');
    };
    expect(() => asOwner(nobody, fails)).toThrow('it fails');
    expect(rights()).toEqual(own);
    stepDown(nobody);
    // Who is somebody already becomes nobody else, and no error comes of it.
    stepDown({ uid: 1000 });
    becomeOwner({ uid: 1000 });
    expect(rights()).toEqual(theirs);
    expect(asOwner({ uid: 1000 }, rights)).toEqual(theirs);
    expect(rights()).toEqual(theirs);
    expect(await asOneself(nobody, () => Promise.resolve(rights()))).toEqual(own);
    expect(rights()).toEqual(theirs);
    await expect(asOneself(nobody, () => Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
    expect(rights()).toEqual(theirs);
  },
);

asRoot('who was root opens no inspector for whoever may signal it now', async () => {
  const program = ChildProgram.start(
    ['as-owner.ts'],
    (url) => `
    const inspector = await import('node:inspector');
    const { becomeOwner } = await import('${url('as-owner.ts')}');
    becomeOwner({ uid: 65534 });
    // A listener keeps no process alive.
    setInterval(() => undefined, 1000);
    // Where nobody listens for it, this one would keep Node from opening it.
    const isHeard = process.listenerCount('SIGUSR1') > 0;
    const heard = isHeard && new Promise((done) => process.once('SIGUSR1', done));
    process.kill(process.pid, 'SIGUSR1');
    await heard;
    console.log(JSON.stringify({ uid: process.getuid(), isHeard, inspector: inspector.url() ?? 'shut' }));
    process.exit();`,
  );
  const [line = ''] = await program.lines(1);
  await program.exited;
  expect(JSON.parse(line)).toEqual({ uid: 65_534, isHeard: true, inspector: 'shut' });
});

asRoot('a file’s group is not taken for its owner’s, and of a user whom nobody knows no group is', () => {
  const given = { uid: 65_534, gid: 0 };
  expect(asOwner(given, rights)).toEqual(theirs);
  const unknown = { uid: 4_000_000, gid: 0 };
  expect(asOwner(unknown, rights)).toEqual([4_000_000, 65_534, [65_534]]);
});

test('nothing changes where the folder is root’s, or this process is not', () => {
  expect(asOwner({ uid: 0 }, rights)).toEqual(own);
  becomeOwner({ uid: 0 });
  if (!isRootAmongOthers) stepDown(nobody);
  expect(rights()).toEqual(own);
});

test('a user has the name of this machine’s list, or else their number', () => {
  if (process.platform === 'win32') return;
  expect([userName(0), userName(4_000_000)]).toEqual(['root', '4000000']);
});
