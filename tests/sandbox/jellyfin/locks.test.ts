import { afterEach, describe, expect, test } from '@jest/globals';
import { startJellyfin, type Jellyfin } from '../../../sandbox/jellyfin/index.js';

let jellyfin: Jellyfin;
afterEach(() => jellyfin.close());

async function withLockedMaya(version: string): Promise<void> {
  jellyfin = await startJellyfin({ version });
  jellyfin.addUser('maya', { password: 'right', limit: 3 });
  await jellyfin.lock('maya');
}

function maya(): [disabled: boolean, count: number] {
  const { IsDisabled, InvalidLoginAttemptCount } = jellyfin.user('maya').Policy;
  return [IsDisabled, InvalidLoginAttemptCount];
}

describe('three failed sign-ins at a limit of three', () => {
  test.each([
    { version: '10.10.7', locked: [true, 3], right: 403, restarted: [true, 3], thenRight: 403 },
    { version: '10.11.8', locked: [true, 3], right: 403, restarted: [false, 3], thenRight: 200 },
    { version: '10.11.11', locked: [false, 3], right: 200, restarted: [false, 3], thenRight: 200 },
    { version: '12.0', locked: [true, 4], right: 403, restarted: [true, 4], thenRight: 403 },
  ])('lock $version in its own way, and a restart leaves of it what it leaves there', async (expected) => {
    await withLockedMaya(expected.version);
    expect(maya()).toEqual(expected.locked);
    expect((await jellyfin.signIn('maya', 'right')).status).toBe(expected.right);
    await jellyfin.restart();
    expect(maya()).toEqual(expected.restarted);
    expect((await jellyfin.signIn('maya', 'right')).status).toBe(expected.thenRight);
  });
});
