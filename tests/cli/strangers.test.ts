import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { asOwner } from '../../src/as-owner.js';
import { misnamedEnvFiles, mustBeSavable, readEnvFile, saveJellyfinKey } from '../../src/env-file.js';
import { internalAddresses } from '../../src/server/network-xml.js';
import { createWords } from '../../src/words.js';
import { fromLoopback } from '../repair/server-folder.js';
import { shapedServer } from '../server/server-shape.js';
import { openDatabase } from '../../src/db/database.js';
import { migrations } from '../../src/db/migrations/index.js';
import { atEnd, endAll, folder, latchkey, rescue } from './latchkey.js';
import { isRootAmongOthers } from '../support/other-users.js';

afterAll(endAll);

const say = createWords('en').forOperators('en');
const isRoot = isRootAmongOthers;
const asRoot = isRoot ? test : test.skip;
const unlessRoot = isRoot ? '' : ' (skipped: not root)';
/** Owns neither this checkout nor anything that root has to trust. */
const stranger = 65_534;
/** One that this stranger is not in, nor anybody by whom the tests are run. */
const rootsGroup = 4_242;

function strangersFolder(env: Record<string, string>): string {
  const cwd = folder(env);
  for (const file of ['', '.env']) chownSync(join(cwd, file), stranger, stranger);
  return cwd;
}

/** A folder with a database of Latchkey's. */
function aDatabase(): string {
  const where = folder();
  const quiet = { info: () => undefined, warn: () => undefined };
  openDatabase(join(where, 'latchkey.db'), migrations, quiet).close();
  return where;
}

/** Somebody who waits for keys. */
async function listener(): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(JSON.stringify(request.headers));
    response.end('{}');
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  atEnd(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

describe('root does not do what a stranger has written into .env', () => {
  asRoot(`neither to run it, nor to show it as advice${unlessRoot}`, async () => {
    const there = await fromLoopback(folder());
    const server = await shapedServer(there.dir, 0, { database: 'idle', log: true, port: false });
    atEnd(() => server.end());
    const proof = join(there.dir, 'proof');
    const cwd = strangersFolder({
      JELLYFIN_STOP_COMMAND: `touch ${proof}`,
      JELLYFIN_START_COMMAND: `touch ${proof}`,
      JELLYFIN_API_KEY: 'a-key',
    });
    const args = ['alice', '--rung', 'db', '--yes', '--server-dir', there.dir, '--log-dir', there.logDir];
    const said = await rescue(args, cwd);
    expect(existsSync(proof)).toBe(false);
    expect(said.stderr).toMatch(
      /\.env can be written by the user nobody, and this runs as root: not used are JELLYFIN_STOP_COMMAND, JELLYFIN_START_COMMAND\. Say them on the command line: --stop-command, --start-command\. Or read it, /,
    );
    expect(said.stdout).toContain('I was not told how to stop and start it');
    expect(said.stdout).not.toContain(proof);
  });

  asRoot(`nor to send a file of root's, or a key, to an address of theirs${unlessRoot}`, async () => {
    const { url, heard } = await listener();
    const secret = join(folder(), 'secret');
    writeFileSync(secret, 'of root alone', { mode: 0o600 });
    const network = folder();
    mkdirSync(join(network, 'config'));
    const port = new URL(url).port;
    const xml = `<NetworkConfiguration><InternalHttpPort>${port}</InternalHttpPort></NetworkConfiguration>`;
    writeFileSync(join(network, 'config', 'network.xml'), xml);
    const cwd = strangersFolder({ JELLYFIN_URL: url, JELLYFIN_API_KEY_FILE: secret, JELLYFIN_SERVER_DIR: network });
    const own = { JELLYFIN_API_KEY: 'of root alone' };
    for (const env of [{}, own]) expect((await rescue(['alice', '--dry-run'], cwd, env)).stdout).not.toContain(url);
    expect(heard).toEqual([]);
  });

  asRoot(`also where it is root's, and others may write to it${unlessRoot}`, () => {
    const file = join(folder({ JELLYFIN_START_COMMAND: 'theirs', JELLYFIN_API_KEY: 'k' }), '.env');
    expect(readEnvFile(file, {}, say).env).toMatchObject({ JELLYFIN_START_COMMAND: 'theirs' });
    chmodSync(file, 0o666);
    const { env, warnings } = readEnvFile(file, {}, say);
    expect(env).toEqual({ JELLYFIN_API_KEY: 'k' });
    expect(warnings.join()).toContain('can be written by others');
  });

  asRoot(`nor where a link of root's leads to one of theirs${unlessRoot}`, () => {
    const roots = folder({ JELLYFIN_START_COMMAND: 'chosen', JELLYFIN_API_KEY: 'k' });
    const theirs = strangersFolder({});
    renameSync(join(theirs, '.env'), join(theirs, 'own'));
    symlinkSync(join(roots, '.env'), join(theirs, '.env'));
    lchownSync(join(theirs, '.env'), stranger, stranger);
    symlinkSync(join(theirs, '.env'), join(roots, 'link'));
    const { env, warnings } = readEnvFile(join(roots, 'link'), {}, say);
    expect({ env, said: warnings.join() }).toEqual({
      env: {},
      said: expect.stringContaining(
        'can be written by the user nobody, and this runs as root: not used are its settings',
      ),
    });
    const before = readFileSync(join(roots, '.env'), 'utf8');
    const place = { own: {}, all: {}, envPath: join(roots, 'link') };
    for (const keep of [() => mustBeSavable(place), () => saveJellyfinKey(place, 'ab')])
      expect(keep).toThrow(
        expect.objectContaining({ code: 'keyNotSaved', params: expect.objectContaining({ why: 'EACCES' }) }),
      );
    expect(readFileSync(join(roots, '.env'), 'utf8')).toBe(before);
  });

  asRoot(
    `nor where they have only chosen the file: by a link, as the folder's owner, or where everybody could${unlessRoot}`,
    () => {
      const chosen = (prepare: (cwd: string) => void) => {
        const cwd = folder({ JELLYFIN_START_COMMAND: 'theirs', JELLYFIN_API_KEY: 'k' });
        // They could read it themselves.
        chmodSync(cwd, 0o755);
        chmodSync(join(cwd, '.env'), 0o644);
        prepare(cwd);
        return readEnvFile(join(cwd, '.env'), {}, say).env;
      };
      const byLink = (cwd: string) => {
        renameSync(join(cwd, '.env'), join(cwd, 'environ'));
        symlinkSync('environ', join(cwd, '.env'));
        lchownSync(join(cwd, '.env'), stranger, stranger);
      };
      expect(chosen(byLink)).toEqual({ JELLYFIN_API_KEY: 'k' });
      expect(chosen((cwd) => chownSync(cwd, stranger, stranger))).toEqual({ JELLYFIN_API_KEY: 'k' });
      // Where anybody could have laid a link, nothing is read.
      for (const mode of [0o777, 0o1777]) expect(chosen((cwd) => chmodSync(cwd, mode))).toEqual({});
      const ofGroup = (cwd: string, gid: number) => {
        chownSync(cwd, 0, gid);
        chmodSync(cwd, 0o775);
      };
      expect(chosen((cwd) => ofGroup(cwd, stranger))).toEqual({});
      expect(chosen((cwd) => ofGroup(cwd, 0))).toEqual({});
    },
  );

  asRoot(`nor to send a key that a link of theirs leads to where they listen${unlessRoot}`, async () => {
    const { url, heard } = await listener();
    const xml = `<NetworkConfiguration><InternalHttpPort>${new URL(url).port}</InternalHttpPort></NetworkConfiguration>`;
    const server = folder();
    writeFileSync(join(server, 'network.xml'), xml);
    const cwd = folder();
    symlinkSync(join(folder({ JELLYFIN_API_KEY: 'of root alone' }), '.env'), join(cwd, '.env'));
    lchownSync(join(cwd, '.env'), stranger, stranger);
    for (const each of [server, cwd]) chownSync(each, stranger, stranger);
    // Nor one that root's own settings or flags name there.
    const secret = join(folder(), 'key');
    writeFileSync(secret, 'of root alone', { mode: 0o600 });
    symlinkSync(secret, join(cwd, 'key'));
    lchownSync(join(cwd, 'key'), stranger, stranger);
    const args = ['alice', '--dry-run', '--server-dir', server];
    const { code, stderr: refused } = await rescue([...args, '--api-key-file', join(cwd, 'key')], cwd);
    expect({ code, refused }).toEqual({ code: 2, refused: expect.stringContaining('EACCES') });
    expect((await rescue(args, cwd, { JELLYFIN_API_KEY_FILE: join(cwd, 'key') })).stdout).toContain('no API key');
    const { stdout, stderr } = await rescue(args, cwd);
    expect(stdout).toContain('API key: closed, as I was given no API key');
    expect(stderr).toContain('Read it, write what you want of it into an .env of your own, in a folder that is yours');
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.join()).not.toContain('of root alone');
  });

  asRoot(`nor to look at an address that such a link leads to${unlessRoot}`, () => {
    const theirs = folder();
    const roots = folder();
    const port = '<InternalHttpPort>4000</InternalHttpPort>';
    writeFileSync(join(roots, 'network.xml'), `<NetworkConfiguration>${port}</NetworkConfiguration>`);
    symlinkSync(roots, join(theirs, 'config'));
    expect(internalAddresses(theirs)).toEqual(['http://127.0.0.1:4000']);
    chownSync(theirs, stranger, stranger);
    expect(internalAddresses(theirs)).toEqual(['http://127.0.0.1:8096']);
  });

  asRoot(`but what is said by the person's own flags and environment${unlessRoot}`, async () => {
    const cwd = strangersFolder({ JELLYFIN_URL: 'http://127.0.0.1:9' });
    const said = await rescue(['alice', '--dry-run', '--url', 'http://127.0.0.1:1'], cwd);
    expect(said.stdout).toContain("Jellyfin's address: http://127.0.0.1:1\n");
  });
});

asRoot(`nothing is advised that changes what a link of theirs leads to${unlessRoot}`, async () => {
  const theirs = strangersFolder({});
  renameSync(join(theirs, '.env'), join(theirs, 'own'));
  symlinkSync('/etc/passwd', join(theirs, '.env'));
  const roots = folder();
  mkdirSync(join(roots, 'x\nRun now: sudo sh'));
  for (const each of [roots, join(roots, 'x\nRun now: sudo sh')]) chmodSync(each, 0o755);
  symlinkSync(join(roots, 'x\nRun now: sudo sh'), join(theirs, 'data'));
  for (const name of ['.env', 'data']) lchownSync(join(theirs, name), stranger, stranger);
  copyFileSync(join(aDatabase(), 'latchkey.db'), join(theirs, 'copy.db'));
  chmodSync(join(theirs, 'copy.db'), 0o644);
  const { code, stderr } = await latchkey(['restore', join(theirs, 'copy.db')], theirs);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('latchkey.db.lock cannot be opened') });
  expect(stderr).toContain('.env can be written by the user nobody');
  expect(stderr).not.toMatch(/sudo [a-rt-z]|chown|chmod|^Run now/m);
  rmSync(join(theirs, '.env'));
  writeFileSync(join(theirs, '.env.txt'), 'DISCORD_TOKEN=x\n');
  const misnamed = await latchkey(['link', '123456789012345678', 'dad'], theirs);
  expect(misnamed.stderr).toMatch(/There is no \.env in .* setup, which asks for them/);
  expect(misnamed.stderr).not.toMatch(/cp |chmod/);
});

test('a name that a shell would read as a command of its own is in no command', () => {
  const own = folder();
  for (const name of ['.env.x;sh', '.env.$(sh)', '.env x', '.env.old-2'])
    writeFileSync(join(own, name), 'DISCORD_TOKEN=x\n');
  expect(misnamedEnvFiles(own)).toEqual(['.env.old-2']);
});

asRoot(`root has the groups of the user whose folder it is, and not the folder’s${unlessRoot}`, async () => {
  const theirs = strangersFolder({});
  const secret = join(folder(), 'secret');
  writeFileSync(secret, 'of root and its group');
  chownSync(secret, 0, rootsGroup);
  for (const path of [secret, dirname(secret)]) chmodSync(path, path === secret ? 0o640 : 0o755);
  copyFileSync(join(aDatabase(), 'latchkey.db'), join(theirs, 'latchkey.db'));
  chownSync(join(theirs, 'latchkey.db'), stranger, stranger);
  symlinkSync(secret, join(theirs, 'copy.db'));
  // As `install -d -o` and a folder that hands its group on leave it.
  chownSync(theirs, stranger, rootsGroup);
  const env = { LATCHKEY_DB: 'latchkey.db' };
  const { code, stderr } = await latchkey(['restore', join(theirs, 'copy.db')], theirs, env);
  expect({ code, stderr }).toEqual({
    code: 1,
    // It is told to nobody but root, who is not told to be root.
    stderr: expect.stringMatching(
      /EACCES: permission denied, open .*copy\.db.* See what lies there, .*\(ls.*way\)\.$/m,
    ),
  });
  expect(existsSync(join(theirs, 'backups')) ? readdirSync(join(theirs, 'backups')) : []).toEqual([]);
});

asRoot(`what of a stranger’s file is not used is named, but for what the environment says anyway${unlessRoot}`, () => {
  const warned = (env: Record<string, string>, own = {}) =>
    readEnvFile(join(strangersFolder(env), '.env'), own, say).warnings.join();
  const said = { JELLYFIN_URL: 'http://own', DISCORD_TOKEN: 'x' };
  expect(warned({ JELLYFIN_URL: 'x', JELLYFIN_LOG_DIR: 'y' }, said)).toMatch(
    /not used are JELLYFIN_LOG_DIR\. Say them on the command line: --log-dir\. Or /,
  );
  const withoutFlags = warned({ DISCORD_TOKEN: 'x', LATCHKEY_DB: 'y' });
  expect(withoutFlags).toMatch(
    /not used are DISCORD_TOKEN, LATCHKEY_DB\. Read it, .*yours alone, and run this there\.$/,
  );
  expect(warned({ JELLYFIN_API_KEY: 'k' })).toMatch(/not used are its settings\. /);
});

describe('who is not root uses', () => {
  /** What a stranger reads of a folder's `.env` that was prepared so. */
  const read = (prepare: (cwd: string, file: string) => void) => {
    const cwd = strangersFolder({ JELLYFIN_START_COMMAND: 'start' });
    prepare(cwd, join(cwd, '.env'));
    const { env, warnings } = asOwner({ uid: stranger }, () => readEnvFile(join(cwd, '.env'), {}, say));
    return [env.JELLYFIN_START_COMMAND, warnings.join()];
  };

  asRoot(`their own .env, which their group may write, and says that it is open${unlessRoot}`, () => {
    expect(read((_, file) => chmodSync(file, 0o660))).toEqual([
      'start',
      expect.stringMatching(/can be read by others/),
    ]);
    expect(read((cwd) => chmodSync(cwd, 0o770))).toEqual(['start', '']);
  });

  asRoot(`one of root's that their group reads, in a folder that they share with a group${unlessRoot}`, () => {
    const ofRoot = (mode: number) => (cwd: string, file: string) => {
      for (const each of [cwd, file]) chownSync(each, 0, stranger);
      chmodSync(cwd, 0o775);
      chmodSync(file, mode);
    };
    expect(read(ofRoot(0o640))).toEqual(['start', '']);
    expect(read(ofRoot(0o644))).toEqual(['start', expect.stringMatching(/can be read by others/)]);
    // Another than themselves of that group may have written it.
    expect(read(ofRoot(0o660))).toEqual([undefined, expect.stringMatching(/can be written by others/)]);
  });
});

describe('a new key is kept', () => {
  asRoot(`with the rights of the folder's owner: a link of theirs leads no further${unlessRoot}`, () => {
    const theirs = strangersFolder({ A: 'b' });
    const secret = join(folder(), 'of-root');
    writeFileSync(secret, 'as it was', { mode: 0o600 });
    const place = (envPath: string) => ({ own: {}, all: {}, envPath });
    saveJellyfinKey(place(join(theirs, '.env')), 'ab');
    expect(readFileSync(join(theirs, '.env'), 'utf8')).toBe('A=b\nJELLYFIN_API_KEY=ab\n');
    expect(statSync(join(theirs, '.env'))).toMatchObject({ uid: stranger });

    symlinkSync(secret, join(theirs, 'link'));
    expect(() => saveJellyfinKey(place(join(theirs, 'link')), 'ab')).toThrow(
      expect.objectContaining({ code: 'keyNotSaved' }),
    );
    expect(readFileSync(secret, 'utf8')).toBe('as it was');
    expect(statSync(secret).uid).toBe(0);
  });

  asRoot(`not where others could have exchanged its file${unlessRoot}`, () => {
    const cwd = folder({ A: 'b' });
    const theirs = join(strangersFolder({ A: 'b' }), '.env');
    symlinkSync(theirs, join(cwd, 'link'));
    lchownSync(join(cwd, 'link'), stranger, stranger);
    for (const mode of [0o777, 0o1777, 0o2775]) {
      chmodSync(cwd, mode);
      for (const envPath of [join(cwd, '.env'), join(cwd, 'link')]) {
        const place = { own: {}, all: {}, envPath };
        for (const keep of [() => mustBeSavable(place), () => saveJellyfinKey(place, 'ab')])
          expect(keep).toThrow(expect.objectContaining({ params: expect.objectContaining({ why: 'OPEN_TO_OTHERS' }) }));
      }
    }
    for (const file of [theirs, join(cwd, '.env')]) expect(readFileSync(file, 'utf8')).toBe('A=b\n');
  });

  asRoot(`which is told beforehand, in a sentence${unlessRoot}`, async () => {
    const cwd = folder({});
    chmodSync(cwd, 0o777);
    const { code, stderr } = await rescue(['alice', '--give-key', '--dry-run'], cwd, { LANG: 'de_DE.UTF-8' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`In ${cwd} dürfen auch andere als root schreiben`),
    });
  });

  asRoot(`in root’s own folder as the file of whose it was, who is to read it${unlessRoot}`, () => {
    const cwd = folder({ A: 'b' });
    chownSync(join(cwd, '.env'), stranger, rootsGroup);
    saveJellyfinKey({ own: {}, all: {}, envPath: join(cwd, '.env') }, 'ab');
    expect(statSync(join(cwd, '.env'))).toMatchObject({ uid: stranger, gid: rootsGroup });
  });

  test('whatever an earlier one that was cut short has left; but in no key file that is not there', () => {
    const cwd = folder({ A: 'b' });
    const [envPath, missing] = [join(cwd, '.env'), join(cwd, 'key')];
    writeFileSync(`${envPath}.part`, 'half');
    const place = { own: {}, all: {}, envPath };
    mustBeSavable(place);
    expect(readdirSync(cwd)).toEqual(['.env']);
    const named = { ...place, all: { JELLYFIN_API_KEY_FILE: missing } };
    for (const keep of [() => mustBeSavable(named), () => saveJellyfinKey(named, 'ab')])
      expect(keep).toThrow(expect.objectContaining({ params: { file: missing, why: 'ENOENT' } }));
    expect(readdirSync(cwd)).toEqual(['.env']);
  });

  test('not beside a key file that the settings name, which would be one too many', () => {
    const file = join(folder({ JELLYFIN_API_KEY_FILE: '/run/key' }), '.env');
    expect(() => saveJellyfinKey({ own: {}, all: {}, envPath: file }, 'ab')).toThrow(
      expect.objectContaining({ params: { file, why: 'JELLYFIN_API_KEY_FILE' } }),
    );
  });
});

function socketAt(file: string): () => void {
  const server = createSocketServer().listen(file);
  return () => void server.close();
}

test.each([
  ['a pipe', (file: string) => void spawnSync('mkfifo', [file])],
  ['no end', (file: string) => symlinkSync('/dev/zero', file)],
  ['a socket, which cannot even be opened', (file: string) => atEnd(socketAt(file))],
  ['more than anybody writes there', (file: string) => writeFileSync(file, `A=${'}'.repeat(300_000)}`)],
])('an .env, or a key file, that is %s keeps nobody waiting', async (_, put) => {
  const cwd = folder();
  put(join(cwd, '.env'));
  const said = await rescue(['alice', '--dry-run', '--url', 'http://127.0.0.1:1'], cwd);
  expect(said.stderr).toMatch(/\.env is there but cannot be read \((no ordinary file|too large)\)\./);
  const args = ['alice', '--dry-run', '--url', 'http://127.0.0.1:1', '--api-key-file', join(cwd, '.env')];
  const german = { LANG: 'de_DE.UTF-8' };
  expect(await rescue(args, undefined, german)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--api-key-file: .* \((keine gewöhnliche Datei|zu groß)\)/),
  });
});

asRoot(`why nothing is read in a folder that is open to others is said in a sentence${unlessRoot}`, async () => {
  const cwd = folder({});
  writeFileSync(join(cwd, 'key'), 'a key');
  chmodSync(cwd, 0o1777);
  const { code, stderr } = await rescue(['alice', '--dry-run', '--api-key-file', join(cwd, 'key')], folder());
  const why = `(others than root may write in ${cwd}, so that it may be theirs)`;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`cannot be read ${why}`) });
  // What they have called a folder is no line of ours.
  const theirs = join(strangersFolder({}), 'x\nRun now: sudo sh');
  mkdirSync(theirs);
  writeFileSync(join(theirs, 'key'), 'a key');
  chownSync(theirs, stranger - 1, stranger - 1);
  symlinkSync(theirs, join(dirname(theirs), 'link'));
  lchownSync(join(dirname(theirs), 'link'), stranger, stranger);
  const led = await rescue(['alice', '--dry-run', '--api-key-file', join(dirname(theirs), 'link', 'key')], folder());
  expect(led).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('x Run now: sudo sh, so that it may be theirs'),
  });
});

test('what others have written moves no cursor: a base URL, which is none, and a path in database.xml', async () => {
  const there = await fromLoopback(folder());
  mkdirSync(join(there.dir, 'config'));
  const xml = `<NetworkConfiguration><BaseUrl>\u001B]0;base\u0007</BaseUrl></NetworkConfiguration>`;
  writeFileSync(join(there.dir, 'config', 'network.xml'), xml);
  const option =
    '<CustomDatabaseOption><Key>path</Key><Value>/nowhere/\u001B]0;theirs\u0007</Value></CustomDatabaseOption>';
  const options = `<CustomProviderOptions><Options>${option}</Options></CustomProviderOptions>`;
  const database = `<DatabaseConfigurationOptions>${options}</DatabaseConfigurationOptions>`;
  writeFileSync(join(there.dir, 'config', 'database.xml'), database);
  const said = await rescue(['a\u001B[2Jlice\u202E', '--dry-run', '--json', '--server-dir', there.dir]);
  expect(said.stderr).toContain('?]0;theirs?');
  expect(said.stderr).not.toContain(']0;base');
  expect(said.stdout + said.stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
  expect(JSON.parse(said.stdout)).toMatchObject({ account: 'a\u001B[2Jlice\u202E' });
});

test('a key is no word of a command line, and is asked for only where somebody can answer', async () => {
  expect(await rescue(['alice', '--api-key', 'of-mine'])).toMatchObject({ code: 2 });
  expect((await rescue(['alice', '--ask-key'])).stderr).toContain('leave --ask-key out');
});
