import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lookAtFileLocks } from '../../src/server/locks.js';
import { temporaryFolders } from '../support/temporary-folder.js';

const newFolder = temporaryFolders();

const mounts = (folder: string) => spawnSync('mount', ['-t', 'tmpfs', 'none', folder]).status === 0;
const unmounts = (folder: string) => spawnSync('umount', [folder]);

/** Whether a file system may be mounted here, as root may outside of a strict container. */
function mayMount(): boolean {
  const folder = newFolder();
  const may = process.platform === 'linux' && mounts(folder);
  if (may) unmounts(folder);
  return may;
}

(mayMount() ? test : test.skip)(
  'a lock on a file of the same number on another file system is nobody’s here',
  async () => {
    const home = newFolder();
    const [here = '', there = ''] = ['here', 'there'].map((name) => join(home, name));
    for (const folder of [here, there]) {
      mkdirSync(folder);
      mounts(folder);
      writeFileSync(join(folder, 'jellyfin.db'), '');
    }
    const ours = join(here, 'jellyfin.db');
    const theirs = join(there, 'jellyfin.db');
    const holder = spawn('flock', [theirs, 'sh', '-c', 'echo held; read end'], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      expect(statSync(ours).ino).toBe(statSync(theirs).ino);
      expect(await lookAtFileLocks({ db: theirs })).toMatchObject([{ seen: 'running', params: { file: theirs } }]);
      expect(await lookAtFileLocks({ db: ours })).toEqual([]);
    } finally {
      holder.stdin.end('\n');
      await once(holder, 'close');
      for (const folder of [here, there]) unmounts(folder);
    }
  },
);
