import { spawn } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ProcessHouse } from '../process/process-house.js';
import { isRootAmongOthers } from '../support/other-users.js';
import { endAll, latchkey, latchkeyProcess, program } from './latchkey.js';

afterAll(endAll);

let house: ProcessHouse;
beforeAll(async () => {
  house = await ProcessHouse.start();
});
afterEach(() => house.tidy());
afterAll(() => house.close());

test("an admin linked to an administrator's account is a server admin in the bot that runs", async () => {
  const { jellyfin, dad } = house.home;
  jellyfin.addUser('mum', { password: 'mums-own', administrator: true, limit: 3 });
  await jellyfin.lock('mum');
  const folder = house.folder(house.env());
  await house.bot(folder, {});
  const tries = async () => (await (await dad.types('/unlock', { user: 'mum' })).answer()).text;
  expect(await tries()).toContain("That account is a Jellyfin administrator's");
  expect((await jellyfin.signIn('mum', 'mums-own')).status).toBe(403);

  const said = await latchkeyProcess(['link', dad.id, 'ROOT'], folder);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toContain(`Linked: Dad (${dad.id}) owns the administrator's account root now`);

  expect(await tries()).toContain('**mum** is unlocked');
  expect((await jellyfin.signIn('mum', 'mums-own')).status).toBe(200);

  const again = await latchkey(['link', dad.id, 'root'], folder);
  expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('are linked already') });
});

test.each<[string, string[], Record<string, string>, string]>([
  ['an id that is none', ['link', 'dad', 'maya'], {}, 'dad is not a Discord user id, which has 17 to 20 digits'],
  ['nobody in the server', ['link', '100000000000000009', 'maya'], {}, 'Nobody with the id 100000000000000009'],
  ['an unknown account', ['link', 'DAD', 'nemo'], {}, 'There is no Jellyfin account called `nemo`'],
  ['a Jellyfin that is down', ['link', 'DAD', 'maya'], { JELLYFIN_URL: 'http://127.0.0.1:1' }, 'JELLYFIN_URL'],
  ['a setting that is wrong', ['link', 'DAD', 'maya'], { DISCORD_GUILD_ID: 'home' }, 'DISCORD_GUILD_ID'],
  ['a word that is missing', ['link', 'DAD'], {}, "missing required argument 'account'"],
])('%s is said in a sentence, links nothing and ends non-zero', async (what, args, env, sentence) => {
  const folder = house.folder(house.env());
  const given = args.map((arg) => (arg === 'DAD' ? house.home.dad.id : arg));
  const said = await latchkey(given, folder, env);
  expect(said).toMatchObject({ code: what === 'a word that is missing' ? 2 : 1, stdout: '' });
  expect(said.stderr).toContain(sentence);
  expect(said.stderr).not.toMatch(/\{\{|undefined|^\s+at /m);
});

test('a Discord that is down does not keep the administrator from linking, and is mentioned', async () => {
  const { dad } = house.home;
  const said = await latchkey(['link', dad.id, 'maya'], house.folder(house.env()), {
    DISCORD_API_URL: 'http://127.0.0.1:1/api',
  });
  expect(said.code).toBe(0);
  expect(said.stdout).toContain(`Linked: ${dad.id} owns the account maya now.`);
  expect(said.stderr).toContain('Discord does not answer (ECONNREFUSED)');
});

const stranger = 65_534;
const here = { LATCHKEY_DB: 'data/latchkey.db' };
const asRoot = isRootAmongOthers ? test : test.skip;

/** A folder that everybody may look into, with these of its own in a stranger's hands. */
function strangersFolder(...theirs: readonly string[]): string {
  const folder = house.folder(house.env());
  mkdirSync(join(folder, 'data'), { recursive: true });
  chmodSync(folder, 0o755);
  for (const each of theirs) chownSync(join(folder, each), stranger, stranger);
  return folder;
}

asRoot('root links with the rights of whose the .env is, and leaves the database to them', async () => {
  const folder = strangersFolder('.', '.env', 'data');
  const { code, stderr } = await latchkey(['link', house.home.dad.id, 'maya'], folder, here);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const data = join(folder, 'data');
  const owners = readdirSync(data).map((name) => statSync(join(data, name)).uid);
  expect(new Set(owners)).toEqual(new Set([stranger]));
});

asRoot(
  'root links nobody by an .env that anybody could have laid there: a key of its own would go where that says',
  async () => {
    const { dad } = house.home;
    const folder = house.folder({ ...house.env(), JELLYFIN_URL: 'http://127.0.0.1:9' });
    chownSync(join(folder, '.env'), 65_534, 65_534);
    chmodSync(folder, 0o1777);
    const { code, stderr } = await latchkey(['link', dad.id, 'maya'], folder, { JELLYFIN_API_KEY: 'of root' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`may write in ${folder}, so that any`),
    });
  },
);

asRoot('root follows no link of theirs to a database of its own', async () => {
  const [roots, folder] = [strangersFolder(), strangersFolder('data')];
  const own = join(roots, 'data', 'latchkey.db');
  expect(await latchkey(['link', house.home.dad.id, 'maya'], roots, here)).toMatchObject({ code: 0 });
  const before = statSync(own).mtimeMs;
  symlinkSync(own, join(folder, 'data', 'latchkey.db'));
  lchownSync(join(folder, 'data', 'latchkey.db'), stranger, stranger);
  expect(await latchkey(['link', house.home.dad.id, 'root'], folder, here)).toMatchObject({ code: 1, stdout: '' });
  expect(statSync(own).mtimeMs).toBe(before);
});

test('--help says what there is and gives an example', async () => {
  const { code, stdout } = await latchkey(['link', '--help'], house.folder());
  expect(code).toBe(0);
  expect(stdout).toContain('npm run latchkey -- link 123456789012345678 dad');
});

test('that nobody reads to the end, as before `| head`, is no fault', async () => {
  const child = spawn(process.execPath, [program, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  child.stdout.destroy();
  const code = await new Promise((done) => child.once('close', done));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
