/**
 * The environment of Latchkey in the demo: a real Jellyfin on this computer is none of its business, and a repair looks
 * twice within half a second.
 */
export const demoMachine = {
  LATCHKEY_TEST_MACHINE: JSON.stringify({
    machine: { programs: ['demo-server'], address: 'http://127.0.0.1:1' },
    lookAgainAfterMs: 500,
  }),
};
