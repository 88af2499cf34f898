import type { Writable } from 'node:stream';
import type { Env } from '../settings-text.js';

/** What people read, or another program. */
export type Out = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Where `latchkey` was typed: what is a process's own, and a test's. */
export interface Shell {
  /** As node has them: itself, the program, and the words behind it. */
  readonly argv: readonly string[];
  readonly env: Env;
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: Out;
  readonly stderr: Out;
}
