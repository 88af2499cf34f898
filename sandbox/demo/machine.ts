/** What the demo's Jellyfin is called: one that a killed demo left running is not taken for it. */
export const demoServer = `demo-${process.pid}`;

/**
 * The environment of Latchkey in the demo: any other Jellyfin on this computer is none of its business, and a repair looks
 * twice within half a second.
 */
export const demoMachine = {
  LATCHKEY_TEST_MACHINE: JSON.stringify({
    machine: { programs: [demoServer], address: 'http://127.0.0.1:1' },
    lookAgainAfterMs: 500,
  }),
};
