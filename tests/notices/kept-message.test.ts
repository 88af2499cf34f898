import { expect, test } from 'vitest';
import { AdminChannel } from '../../src/services/notices/admin-channel.js';
import { KeptMessages } from '../../src/services/notices/kept-message.js';
import type { Edited } from '../../src/services/notices/messenger-port.js';
import { fakeMessenger } from './fake-messenger.js';

function kept() {
  const { messenger, answers, since, troubles, log } = fakeMessenger();
  const adminChannel = new AdminChannel('admins', { adminRoleIds: ['1'], helperRoleIds: [] });
  const keeper = new KeptMessages(messenger, adminChannel, log);
  const about = { policy: 'requestCard', at: undefined, channelId: 'admins', key: 'k', findBy: ['b'] } as const;
  const put = (but: Partial<Parameters<KeptMessages['put']>[0]>) => keeper.put({ ...about, message: {}, ...but });
  return { put, answers, since, troubles, adminChannel };
}

const at = { channelId: 'admins', messageId: '7' };

test.each<[Edited, 'requestCard' | 'lockoutCard' | 'endedLockoutCard', 'shown' | 'later', boolean]>([
  ['edited', 'lockoutCard', 'shown', false],
  ['gone', 'lockoutCard', 'shown', true],
  ['gone', 'endedLockoutCard', 'shown', false],
  ['editLimitReached', 'requestCard', 'shown', true],
  ['editLimitReached', 'lockoutCard', 'later', false],
  ['refused', 'requestCard', 'later', false],
])('where Discord answers %s, a %s is %s, and a new message is sent: %s', async (edited, policy, state, isSent) => {
  const { put, answers, since } = kept();
  answers.edited = edited;
  expect((await put({ policy, at })).state).toBe(state);
  expect(since().some((each) => each.startsWith('sent'))).toBe(isSent);
});

test('that another channel is closed says nothing of the admins’; that theirs is closed is said once', async () => {
  const { put, answers, troubles, adminChannel } = kept();
  const reaches = () => adminChannel.reaches({ helpersToo: true });
  answers.closed = ['lounge', 'admins'];
  expect([await put({ channelId: 'lounge' }), reaches(), troubles]).toEqual([{ state: 'closed' }, true, []]);
  await put({});
  expect([await put({}), reaches(), troubles.length]).toEqual([{ state: 'closed' }, false, 1]);
  answers.closed = ['admins'];
  expect([(await put({ channelId: 'lounge' })).state, reaches()]).toEqual(['shown', false]);
  answers.closed = [];
  expect([(await put({})).state, reaches(), troubles.length]).toEqual(['shown', true, 1]);
});

test.each([
  ['both roles', [], [true, true]],
  ['the helpers’ alone', ['1'], [false, true]],
  ['the admins’ alone', ['2'], [true, true]],
  ['no role', ['1', '2'], [false, false]],
])('where %s can decide, the channel reaches who may decide what is asked', (_who, goneRoleIds, reaches) => {
  const channel = new AdminChannel('admins', { adminRoleIds: ['1'], helperRoleIds: ['2'] });
  const reached = () => [false, true].map((helpersToo) => channel.reaches({ helpersToo }));
  channel.onRead({ isClosed: false, goneRoleIds });
  expect(reached()).toEqual(reaches);
  channel.onRead({ isClosed: true, goneRoleIds });
  expect(reached()).toEqual([false, false]);
});
