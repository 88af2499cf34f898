import { expect, test } from 'vitest';
import help from '../../src/commands/help.js';
import type { Rank } from '../../src/services/members/actor.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');

test('*Cannot sign in?* is put up by admins, from a channel: in direct messages there is none to choose', async () => {
  const command = help({ picker: { accountsOf: () => [] }, signInHelp: {}, loginPage: {} } as never);
  const offers = async (rank: Rank, channelId?: string) =>
    JSON.stringify((await command.run({ actor: { id: '1', rank }, t, channelId } as never)).answer).includes(
      'help:post',
    );
  expect(await offers('admin', '5')).toBe(true);
  expect(await offers('admin')).toBe(false);
  expect(await offers('helper', '5')).toBe(false);
});

test('it is said to be posted once it is', async () => {
  const refused = () => Promise.reject(new Error('no permission'));
  const { selects } = help({ picker: {}, signInHelp: { post: refused }, loginPage: {} } as never);
  const post = async () => selects?.post?.run({ actor: { id: '1', rank: 'admin' }, t, values: ['5'] } as never);
  await expect(post()).rejects.toThrow('no permission');
});
