import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { firstPidNamespace, outOfSight } from '../../src/server/out-of-sight.js';
import { isSeenHere, lookForServer } from '../../src/server/signs.js';
import { temporaryFolders } from '../support/temporary-folder.js';
import { freePort } from '../../sandbox/free-port.js';
import { serverFolder, shapedServer } from './server-shape.js';

const newFolder = temporaryFolders();
const db = '/srv/jelly fin/data/jellyfin.db';

/** The lists of a machine with this file system under the server's folder. */
const machine = (type: string) => ({
  pidNamespace: firstPidNamespace,
  mounts: [
    '22 1 254:0 / / rw shared:1 - ext4 /dev/sda1 rw',
    `31 22 0:30 / /srv/jelly\\040fin rw shared:2 - ${type} somewhere rw`,
    '32 22 0:31 / /srv/jelly\\040fin\\040too rw shared:3 - nfs4 elsewhere:/ rw',
  ].join('\n'),
});
const container = { ...machine('ext4'), pidNamespace: 'pid:[4026532999]' };

describe('the lists of processes and locks hold every server', () => {
  test.each(['ext4', 'btrfs', 'zfs', 'overlay', 'fuseblk', 'fuse.mergerfs', 'fuse.shfs'])(
    'on this machine, with its files on %s',
    (type) => expect(outOfSight(db, machine(type))).toBeUndefined(),
  );
});

describe('a server may be in none of these lists', () => {
  test.each(['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'virtiofs', 'fuse.sshfs', 'fuse.rclone', 'ceph'])(
    'where its files are on %s, which another machine may have open',
    (type) => expect(outOfSight(db, machine(type))).toBe(type),
  );

  test('seen from within a container, or where nobody can tell', () => {
    expect(outOfSight(db, container)).toBe('container');
    expect(outOfSight(db, { ...container, pidNamespace: undefined })).toBe('container');
  });
});

describe('from within a container', () => {
  const look = (port: number) => {
    // But for programs called jellyfin: there may be one on this machine, too.
    const folder = { ...serverFolder(newFolder(), port), programs: [] };
    writeFileSync(folder.db, '');
    return { folder, signs: () => lookForServer({ ...folder, surroundings: container }) };
  };
  const names = (signs: readonly { sign: string }[]) => [...new Set(signs.map(({ sign }) => sign))].sort();

  test('what ends there is not seen: it proves nothing that no server is in it', async () => {
    const { signs } = look(await freePort());
    const { unseen } = await signs();
    expect(names(unseen)).toEqual(['fileLock', 'openFile', 'process']);
  });

  test('a server that is in there with us is seen, and it is seen that it goes', async () => {
    const port = await freePort();
    const { folder, signs } = look(port);
    const server = await shapedServer(folder.serverDir, port, { database: 'idle', log: true, port: false });
    const found = await signs();
    await server.end();
    expect(isSeenHere(found)).toBe(true);
    expect(names(found.unseen)).not.toContain('fileLock');
    const { unseen } = await lookForServer({ ...folder, isInSight: true, surroundings: container });
    expect(names(unseen)).not.toContain('fileLock');
  });

  test('somebody who only reads its files is not the server', async () => {
    const port = await freePort();
    const { folder, signs } = look(port);
    const reader = await shapedServer(folder.serverDir, port, { database: 'migrated', log: false, port: false });
    const { running, unseen } = await signs();
    await reader.end();
    expect(names(running)).toContain('openFile');
    expect(names(unseen)).toContain('fileLock');
  });
});
