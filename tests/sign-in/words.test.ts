import { expect, test } from 'vitest';
import signin from '../../src/commands/signin.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');

test('it wasn’t me: on an answer, which may hold other messages besides, that is said beside it; a notice becomes it', async () => {
  const denied = { accountName: 'maya', devices: ['TV'], areAdminsTold: true };
  const command = signin({ signIns: { deny: () => Promise.resolve(denied) } } as never);
  const notMe = command.buttons?.['not-me'] as ComponentHandler;
  const press = async (onAnswer: boolean) =>
    notMe.run({ actor: { id: '1', rank: 'member' }, t, id: '5', onAnswer } as never);
  const said = t('signin.notMe', { name: 'maya', devices: 'TV' });
  const [beside, instead] = [await press(true), await press(false)];
  expect(beside.update).toBeUndefined();
  expect(JSON.stringify(beside.answer)).toContain(said);
  expect(instead.answer).toBeUndefined();
  expect(JSON.stringify(instead.update)).toContain(said);
});
