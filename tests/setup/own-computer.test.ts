import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packages } from '../../src/server/packages.js';
import { browse, findOwnServer, usualWhereabouts } from '../../src/setup/own-computer.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-own-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onPosix = process.platform === 'win32' ? test.skip : test;

/** A program that answers as the real one does, and notes what it was asked. */
function program(name: string, body: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "$@" >> ${join(folder, 'asked')}\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

function serverIn(...parts: string[]): string {
  const serverDir = join(folder, ...parts);
  mkdirSync(join(serverDir, 'data'), { recursive: true });
  writeFileSync(join(serverDir, 'data', 'jellyfin.db'), '');
  return serverDir;
}

/** As `docker inspect` lists them; fields that nobody reads are left out. */
const container = (name: string, image: string, source: string) => ({
  ...{ Id: name, Name: `/${name}`, State: { Running: true }, Config: { Image: image } },
  Mounts: [
    { Type: 'bind', Source: '/srv/media', Destination: '/media', RW: false },
    { Type: 'bind', Source: source, Destination: '/config', RW: true },
    { Type: 'tmpfs', Destination: '/cache' },
  ],
});

const docker = (...all: object[]) =>
  program('docker', `case $1 in ps) echo aaa; echo bbb;; inspect) echo '${JSON.stringify(all)}';; *) exit 1;; esac`);

onPosix.each([
  ['Jellyfin’s own image', 'jellyfin/jellyfin:10.11.11', ['films']],
  ['linuxserver’s', 'lscr.io/linuxserver/jellyfin:latest', ['films', 'data']],
])('a container of %s is stopped and started by its name', async (_, image, parts) => {
  const serverDir = serverIn(...parts);
  const source = join(folder, 'films');
  // What else has its folder, such as what makes copies of it, is not stopped.
  const gone = container('old-films', image, '/not/there');
  const asked = docker(container('copies', 'restic:1', source), gone, container('our-films', image, source));
  expect(await findOwnServer({ usual: [], docker: asked, systemctl: undefined, sc: undefined })).toEqual({
    folder: serverDir,
    isReadable: true,
    settings: {
      JELLYFIN_SERVER_DIR: serverDir,
      JELLYFIN_STOP_COMMAND: 'docker stop our-films',
      JELLYFIN_START_COMMAND: 'docker start our-films',
    },
  });
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/^ps [^\n]*\ninspect [^\n]*\n$/);
});

onPosix('no Docker, one that answers nothing, names that are none: nobody is offered anything', async () => {
  const serverDir = serverIn('films');
  const no = (asked: string) => findOwnServer({ usual: [], docker: asked, systemctl: undefined, sc: undefined });
  expect(await no(join(folder, 'not-there'))).toBeUndefined();
  expect(await no(program('closed', 'echo "permission denied" >&2; exit 1'))).toBeUndefined();
  expect(await no(docker())).toBeUndefined();
  expect(await no(docker(container('x; reboot', 'jellyfin/jellyfin', dirname(serverDir))))).toBeUndefined();
});

const path = process.env.PATH ?? '';
afterEach(() => void (process.env.PATH = path));

onPosix(
  'an address is opened in the browser of who sits there, and of nobody over ssh or without a screen',
  async () => {
    const url = 'https://discord.com/oauth2/authorize';
    const opened = program('xdg-open', `echo opened > ${join(folder, 'done')}`);
    // No other: it would open a browser here.
    process.env.PATH = folder;
    expect(browse(url, {}, 'linux')).toBe(false);
    expect(browse(url, { DISPLAY: ':0', SSH_CONNECTION: '10.0.0.1 22' }, 'linux')).toBe(false);
    expect(browse(url, { SSH_CONNECTION: '10.0.0.1 22' }, 'darwin')).toBe(false);
    expect(existsSync(join(folder, 'asked'))).toBe(false);
    for (const screen of [{ DISPLAY: ':0' }, { WAYLAND_DISPLAY: 'wayland-0' }]) {
      expect(browse(url, screen, 'linux')).toBe(true);
      while (!existsSync(join(folder, 'done'))) await new Promise(setImmediate);
      expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(`${url}\n`);
      for (const name of ['asked', 'done']) rmSync(join(folder, name));
    }
    // Who has no such program is shown the address all the same.
    rmSync(opened);
    program('open', `echo opened > ${join(folder, 'done')}`);
    expect(browse(url, { DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(browse(url, {}, 'darwin')).toBe(true);
    while (!existsSync(join(folder, 'done'))) await new Promise(setImmediate);
  },
);

onPosix('a service on Windows is stopped by the command that waits for it', async () => {
  const serverDir = serverIn('Jellyfin', 'Server');
  const usual = [{ serverDir, logDir: join(serverDir, 'log'), db: join(serverDir, 'data', 'jellyfin.db') }];
  const there = program('sc', 'echo SERVICE_NAME: JellyfinServer');
  const gone = program('sc-gone', 'echo "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:"; exit 36');
  const found = await findOwnServer({ usual, docker: undefined, systemctl: undefined, sc: there });
  expect(found?.settings).toMatchObject({
    JELLYFIN_STOP_COMMAND: 'net stop JellyfinServer',
    JELLYFIN_START_COMMAND: 'net start JellyfinServer',
  });
  expect((await findOwnServer({ usual, docker: undefined, systemctl: undefined, sc: gone }))?.settings).toEqual({
    JELLYFIN_SERVER_DIR: serverDir,
  });
});

test.each([
  ['linux', { docker: 'docker', systemctl: 'systemctl', sc: undefined }],
  ['darwin', { docker: 'docker', systemctl: undefined, sc: undefined }],
  ['win32', { docker: 'docker', systemctl: undefined, sc: 'sc.exe' }],
] as const)('on %s Docker is asked, and what keeps its services', (platform, programs) => {
  expect(usualWhereabouts({}, platform)).toEqual({ ...programs, usual: packages({}, platform) });
});

onPosix('somebody who is not root stops a unit by sudo', async () => {
  const serverDir = serverIn('films');
  const systemctl = shown('LoadState=loaded', `Environment=JELLYFIN_DATA_DIR=${serverDir}`, started());
  for (const [uid, program] of [
    [0, 'systemctl'],
    [1000, 'sudo systemctl'],
  ] as const) {
    const whoIs = vi.spyOn(process, 'getuid').mockReturnValue(uid);
    expect((await findOwnServer({ usual: [], systemctl }))?.settings).toMatchObject({
      JELLYFIN_STOP_COMMAND: `${program} stop jellyfin`,
    });
    whoIs.mockRestore();
  }
});

/** What `systemctl show` says of a unit. */
const shown = (...lines: readonly string[]) => program('systemctl', `cat <<'END'\n${lines.join('\n')}\nEND`);

const started = (...args: readonly string[]) =>
  `ExecStart={ path=/usr/bin/jellyfin ; argv[]=/usr/bin/jellyfin ${args.join(' ')} ; ignore_errors=no ; pid=7 }`;

function variables(dir: string): string {
  const file = join(folder, 'default');
  writeFileSync(file, `# Program directories\nJELLYFIN_DATA_DIR="${dir}"\nJELLYFIN_LOG_DIR="/var/log/films"\n`);
  return `EnvironmentFiles=${file} (ignore_errors=no)`;
}

const elsewhere = 'Environment=LANG=C "JELLYFIN_DATA_DIR=/not/there"';

onPosix.each<readonly [string, (dir: string) => readonly string[], string]>([
  ['in a variable', (dir) => [`Environment=LANG=C "JELLYFIN_DATA_DIR=${dir}"`, started()], ''],
  ['in a file of variables, which wins', (dir) => [elsewhere, variables(dir), started()], '/var/log/films'],
  ['in an argument, which wins', (dir) => [elsewhere, variables('/gone'), started('--datadir', dir)], '/var/log/films'],
  [
    'in an argument out of a variable',
    (dir) => [`Environment="MORE=-d ${dir} --logdir=/log"`, started('$MORE')],
    '/log',
  ],
])('a systemd unit says where its folder is: %s', async (_, lines, logDir) => {
  const serverDir = serverIn('srv', 'films');
  const systemctl = shown('LoadState=loaded', ...lines(serverDir));
  expect(await findOwnServer({ usual: [], docker: undefined, systemctl, sc: undefined })).toEqual({
    folder: serverDir,
    isReadable: true,
    settings: {
      JELLYFIN_SERVER_DIR: serverDir,
      ...(logDir !== '' && { JELLYFIN_LOG_DIR: logDir }),
      JELLYFIN_STOP_COMMAND: expect.stringMatching(/^(sudo )?systemctl stop jellyfin$/),
      JELLYFIN_START_COMMAND: expect.stringMatching(/^(sudo )?systemctl start jellyfin$/),
    },
  });
});

onPosix('a unit that is none says nothing, and another folder is not stopped by it', async () => {
  const serverDir = serverIn('films');
  const usual = [{ serverDir, logDir: join(serverDir, 'log'), db: join(serverDir, 'data', 'jellyfin.db') }];
  const found = (systemctl: string) => findOwnServer({ usual, docker: undefined, systemctl, sc: undefined });
  const bare = { JELLYFIN_SERVER_DIR: serverDir };
  const ofNone = `Environment=JELLYFIN_DATA_DIR=${serverDir}`;
  expect((await found(shown('LoadState=not-found', ofNone)))?.settings).toEqual(bare);
  expect((await found(shown('LoadState=loaded', 'Environment=', started())))?.settings).toEqual(bare);
  expect((await found(join(folder, 'not-there')))?.settings).toEqual(bare);
});

onPosix('a pipe among the files of a unit’s variables keeps nobody waiting', async () => {
  const serverDir = serverIn('films');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const files = [`EnvironmentFiles=${pipe} (ignore_errors=no)`, variables(serverDir)];
  const systemctl = shown('LoadState=loaded', ...files, started());
  expect((await findOwnServer({ usual: [], docker: undefined, systemctl, sc: undefined }))?.folder).toBe(serverDir);
});

onPosix.each([
  ['DATA', 'films\\nJELLYFIN_STOP_COMMAND=reboot', '/log'],
  ['LOG', 'films', '/log\\nJELLYFIN_STOP_COMMAND=reboot'],
])('a line break in a JELLYFIN_%s_DIR never becomes a line of settings', async (_, dir, logDir) => {
  const broken = (text: string) => text.replace('\\n', '\n');
  serverIn(broken(dir));
  const file = join(folder, 'default');
  writeFileSync(file, `JELLYFIN_DATA_DIR="${join(folder, dir)}"\nJELLYFIN_LOG_DIR="${logDir}"\n`);
  const systemctl = shown('LoadState=loaded', `EnvironmentFiles=${file}`, started());
  expect(await findOwnServer({ usual: [], docker: undefined, systemctl, sc: undefined })).toBeUndefined();
});
