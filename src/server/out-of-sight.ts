import { readFileSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { tried } from '../tried.js';

/** What decides how far this process sees: by default its own. */
export interface Surroundings {
  /** The namespace of its process ids, as `/proc/self/ns/pid` has it; undefined where that cannot be read. */
  readonly pidNamespace: string | undefined;
  /** `/proc/self/mountinfo`. */
  readonly mounts: string;
}

/** The machine's own, not a container's; the number is fixed in the kernel (PROC_PID_INIT_INO). */
export const firstPidNamespace = 'pid:[4026531836]';

/** File systems that other machines, or the one that this one runs on, may have open just as well. */
const shared = /^(nfs\d?|cifs|smb\d?|ncpfs|afs|9p|virtiofs|vboxsf|vmhgfs|prl_fs|ceph|glusterfs|lustre|gfs2|ocfs2)$/;
/** FUSE programs that show this machine's own disks: this kernel lists locks on their files. Of others (sshfs, rclone, …) nobody knows. */
const local = /^fuse\.(mergerfs|unionfs|unionfs-fuse|shfs|bindfs|gocryptfs|encfs|securefs|lxcfs|ntfs-3g|exfat)$/;

/** Why a server with this file may be in no list of this machine's processes and locks; undefined where they are complete. */
export function outOfSight(db: string, { pidNamespace, mounts } = ownSurroundings()): string | undefined {
  if (pidNamespace !== firstPidNamespace) return 'container';
  const type = fileSystemOf(db, mounts);
  return shared.test(type) || (type.startsWith('fuse.') && !local.test(type)) ? type : undefined;
}

function ownSurroundings(): Surroundings {
  return { pidNamespace: tried(() => readlinkSync('/proc/self/ns/pid')), mounts: ownMounts() };
}

/** Linux only; empty elsewhere. */
export const ownMounts = (): string => tried(() => readFileSync('/proc/self/mountinfo', 'utf8')) ?? '';

/** The places where something is mounted, in order: a later one hides an earlier one. */
export function mountPoints(mounts: string): { readonly path: string; readonly type: string }[] {
  return mounts.split('\n').map((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const path = (before.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_all, octal: string) => byte(octal));
    return { path, type: after.split(' ')[0] ?? '' };
  });
}

function fileSystemOf(file: string, mounts: string): string {
  const holds = (path: string) => path === '/' || file === path || file.startsWith(path + sep);
  const found = mountPoints(mounts).filter(({ path }) => holds(path));
  return found.reduce((best, each) => (each.path.length >= best.path.length ? each : best), { path: '', type: '' })
    .type;
}

const byte = (octal: string) => String.fromCharCode(Number.parseInt(octal, 8));
