import { afterEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { ask } from '../../../sandbox/jellyfin/ask.js';
import { startJellyfin, type Jellyfin, type UserAnswer } from '../../../sandbox/jellyfin/index.js';
import { fixAsTheGuideSays } from './guide-fix.js';

let jellyfin: Jellyfin;
afterEach(() => jellyfin.close());

async function start(version: string): Promise<void> {
  jellyfin = await startJellyfin({ version, users: [{ name: 'maya', password: 'right', limit: 3 }] });
}

function storedLock(): [disabled: number, count: number] {
  const db = new Database(jellyfin.dbPath, { readonly: true });
  const row = db
    .prepare<[], { value: number; count: number }>(
      `SELECT p.Value AS value, u.InvalidLoginAttemptCount AS count FROM Users u
       JOIN Permissions p ON p.UserId = u.Id AND p.Kind = 2 WHERE u.Username = 'maya'`,
    )
    .get();
  db.close();
  return [row?.value ?? -1, row?.count ?? -1];
}

function writePolicy(user: UserAnswer): Promise<{ status: number; body: string }> {
  return ask(`${jellyfin.url}/Users/${user.Id}/Policy`, {
    method: 'POST',
    headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
    body: JSON.stringify({ ...user.Policy, IsDisabled: false, InvalidLoginAttemptCount: 0 }),
  });
}

describe('the database of a locked account', () => {
  test.each([
    ['10.10.7', [1, 3]],
    ['10.11.8', [0, 3]],
    ['10.11.11', [0, 3]],
    ['12.0', [1, 4]],
  ])('says in %s what that version writes', async (version, stored) => {
    await start(version);
    await jellyfin.lock('maya');
    expect(storedLock()).toEqual(stored);
  });

  test.each([
    ['10.10.7', [1, 3]],
    ['10.11.8', [0, 3]],
  ])('can be changed under a running %s without any effect, and is written over', async (version, writtenOver) => {
    await start(version);
    await jellyfin.lock('maya');
    fixAsTheGuideSays(jellyfin.dbPath, 'maya');
    expect(storedLock()).toEqual([0, 0]);
    expect((await jellyfin.signIn('maya', 'right')).status).toBe(403);
    await ask(`${jellyfin.url}/Users/Password?userId=${jellyfin.user('maya').Id}`, {
      method: 'POST',
      headers: { authorization: `MediaBrowser Token="${jellyfin.apiKey}"` },
      body: JSON.stringify({ NewPw: 'new' }),
    });
    expect(storedLock()).toEqual(writtenOver);
    await writePolicy(jellyfin.user('maya'));
    expect((await jellyfin.signIn('maya', 'new')).status).toBe(200);
  });

  test('can be changed under a running 12.0, which believes it at once', async () => {
    await start('12.0');
    await jellyfin.lock('maya');
    expect(fixAsTheGuideSays(jellyfin.dbPath, 'maya')).toBe(2);
    expect((await jellyfin.signIn('maya', 'right')).status).toBe(200);
  });
});

describe('two policy writes at once for one account', () => {
  test.each([
    ['10.10.7', [204, 204]],
    ['10.11.8', [204, 500]],
    ['10.11.11', [204, 204]],
    ['12.0', [204, 204]],
  ])('end in %s as they do on that version', async (version, statuses) => {
    await start(version);
    const maya = jellyfin.user('maya');
    const answers = await Promise.all([writePolicy(maya), writePolicy(maya)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(statuses);
    expect((await writePolicy(maya)).status).toBe(204);
  });
});
