import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { root } from './root.mjs';

/** A sentence with the command for an error of writing in the project's folder; undefined for any other error. */
export function folderProblem(error) {
  if (!/^E(ACCES|PERM|ROFS)$/.test(error.code ?? '')) return undefined;
  if (error.code === 'EROFS') return `${root} is read-only: use a copy that can be written.`;
  const { uid } = statSync(root);
  if (uid === process.getuid?.()) return `A file in ${root} cannot be written (${error.path}).`;
  const me = userInfo().username;
  return `${root} is another user's (number ${uid}), and this runs as ${me}. Run it as that user, or: sudo chown -R ${me} ${root}`;
}
