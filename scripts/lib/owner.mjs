import { lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * Gives what root has made here (sudo npm run …) to whoever owns the project's folder: their next build replaces it, and
 * could not take away what is root's. Links are not followed.
 */
export function giveToOwner(folder) {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(root);
  if (uid === 0) return;
  for (const name of readdirSync(folder, { recursive: true })) lchownSync(join(folder, name), uid, gid);
  lchownSync(folder, uid, gid);
}
