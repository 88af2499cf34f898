import { setTimeout as pause } from 'node:timers/promises';
import { Contestant } from './contestant.js';

const limits = { unlock: 3, reset: 5 };

/** How many calls to Jellyfin one unlock and one reset cost, counted at the Jellyfin end: done by a helper, and asked for and approved. */
export async function jellyfinCalls(say: (line: string) => void): Promise<void> {
  const contestant = await Contestant.enter('bot');
  const { household } = contestant;
  const { dad, maya, jellyfin } = household;
  const line = (what: string, calls: number, limit: number) =>
    say(`jellyfin calls, ${what}: ${calls} (limit ${limit}${calls > limit ? ' OVER' : ''})`);
  const count = async (act: () => Promise<unknown>) => {
    const before = await quiet(jellyfin);
    await act();
    return (await quiet(jellyfin)) - before;
  };
  try {
    await contestant.start();
    await contestant.links(maya, 'maya');
    await jellyfin.lock('maya');
    const { Id: id } = jellyfin.user('maya');
    line(
      'unlock by a helper',
      await count(async () => (await dad.types('/unlock', { user: id })).answer()),
      limits.unlock,
    );
    await jellyfin.lock('maya');
    const asking = await count(async () => (await maya.types('/unlock')).answer());
    const unlocking = await count(async () => (await dad.presses('Approve')).settled());
    line(`unlock by a request (asking ${asking}, approving ${unlocking})`, unlocking, limits.unlock);
    await jellyfin.lock('maya');
    const askingReset = await count(async () => (await maya.types('/resetpw')).answer());
    const resetting = await count(async () => (await dad.presses('Approve')).settled());
    line(`reset by a request (asking ${askingReset}, approving ${resetting})`, resetting, limits.reset);
    // Last: who has a new password that waits is shown it instead of asking.
    line(
      'reset by a helper',
      await count(async () => (await dad.types('/resetpw', { user: id })).answer()),
      limits.reset,
    );
  } finally {
    await contestant.leave();
  }
}

/** The number of calls once none has come for half a second: what an act costs may come after its answer. */
async function quiet(jellyfin: Contestant['household']['jellyfin']): Promise<number> {
  for (;;) {
    const before = jellyfin.calls.length;
    await pause(500);
    if (jellyfin.calls.length === before) return before;
  }
}
