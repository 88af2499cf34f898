import { createHash } from 'node:crypto';

/** 32 hex digits that stay the same for the same text. */
export function stableId(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
