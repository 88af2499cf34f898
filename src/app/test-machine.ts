import * as v from 'valibot';
import type { Env } from '../settings-text.js';

const testMachine = v.object({
  /** What Jellyfin's program is called, and where a server answers whose `network.xml` is not found. */
  machine: v.optional(v.object({ programs: v.optional(v.array(v.string())), address: v.optional(v.string()) })),
  /** Server folders in the place of the usual ones. */
  folders: v.optional(v.array(v.string())),
  /** Beside those folders: what is asked for containers, and for services; nobody is unless it is named. */
  docker: v.optional(v.string()),
  systemctl: v.optional(v.string()),
  sc: v.optional(v.string()),
  /** Addresses of Jellyfin in the place of those that are found on the network. */
  servers: v.optional(v.array(v.string())),
  /** Between the two looks whether Jellyfin is stopped. */
  lookAgainAfterMs: v.optional(v.number()),
  /** By how much the other waits of a rescue are shortened. */
  waitFactor: v.optional(v.number(), 1),
});
export type TestMachine = v.InferOutput<typeof testMachine>;

/**
 * What tests and the demo put in the place of this machine and its time: a real Jellyfin beside them changes nothing, and
 * nothing waits. For the bot and the command line as processes, to which only the environment reaches; no setting of
 * anybody's. Throws where it is not of this form.
 */
export function readTestMachine(env: Env): TestMachine {
  return v.parse(testMachine, JSON.parse(env['LATCHKEY_TEST_MACHINE'] ?? '{}'));
}
