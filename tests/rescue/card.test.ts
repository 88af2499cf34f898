import { expect, test } from 'vitest';
import rescue from '../../src/commands/rescue.js';
import { DiscordRescueMessages } from '../../src/commands/rescue/rescue-messages.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import { colours } from '../../src/discord/parts.js';
import { AppError } from '../../src/errors.js';
import { Facts } from '../../src/services/rescue/ladder/attempt.js';
import type { Plan, RungPlan } from '../../src/services/rescue/ladder/plan.js';
import type { Question } from '../../src/services/rescue/ladder/ports.js';
import type { RescueEnd } from '../../src/services/rescue/ladder/rescue.js';
import type { RescueView } from '../../src/services/rescue/rescue-port.js';
import { createWords } from '../../src/words.js';
import { RescueCard } from '../../src/services/rescue/rescue-card.js';
import { fakeMessenger } from '../notices/fake-messenger.js';
import { location } from './ladder-ports.js';

const t = createWords('en').in('en');
const messages = (latchkey = 'latchkey') => new DiscordRescueMessages(() => t, latchkey, undefined);
const byHand: RungPlan = { rung: 'db', open: false, note: 'dbStopByHand' };
const plan = (...rungs: RungPlan[]) =>
  ({ target: { name: 'alice' }, account: undefined, location, rungs }) as unknown as Plan;
const view = (but: Partial<RescueView> = {}): RescueView => ({
  ...{ id: 1, actorId: '2', accountName: 'alice', plan: undefined, steps: [], stage: 'working' },
  ...{ question: undefined, unanswered: undefined, ...but },
});
const asks = (name: Question) => ({ number: 1, name, params: undefined });
const text = (message: unknown) => (message as { embeds: { description: string; color: number }[] }).embeds[0];
const card = (but: Partial<RescueView>, latchkey?: string) =>
  text(messages(latchkey).card(view(but)))?.description ?? '';

test('the plan stands on the card until the first step, and the line for the server’s shell where nothing else opens the file', () => {
  expect(card({ plan: plan(byHand) })).toContain('latchkey rescue alice --server-is-stopped');
  const open = { ...byHand, open: true };
  expect(card({ plan: plan(open) })).not.toContain('--server-is-stopped');
  expect(card({ plan: plan({ rung: 'db', open: false, note: 'dbMissing' }) })).not.toContain('--server-is-stopped');
  const begun = card({ plan: plan(byHand), steps: [{ rung: 'api', name: 'find', outcome: 'begun' }] });
  expect(begun).toMatch(/^⏳ Looking for the account/);
  expect(begun).not.toMatch(/server-is-stopped|jellyfin\.db/);
});

test.each([
  ['alice', 'rescue alice --'],
  ["al'ice b", `rescue 'al'\\''ice b' --`],
  // Would end the block that it stands in, or the line.
  ['al`ice', 'rescue NAME --'],
  ['al\nice', 'rescue NAME --'],
])('in that line %j is one word', (accountName, line) => {
  expect(card({ plan: plan(byHand), accountName })).toContain(line);
});

test('what is asked stands below, once', () => {
  expect(card({ question: asks('knowsPassword') })).toBe(`\n${t('rescueCard.startHow')}`);
  expect(card({ question: asks('plan') })).toContain(t('rescue.question.plan'));
  expect(card({})).not.toContain('**');
});

test.each<[Partial<RescueEnd>, number]>([
  [{}, colours.good],
  [{ outcome: 'backIn' }, colours.good],
  [{ leftStopped: true }, colours.bad],
  [{ pinIsPassword: true }, colours.bad],
  [{ pinOfOther: 'bob' }, colours.bad],
  [{ outcome: 'notYet' }, colours.bad],
  [{ outcome: 'cancelled' }, colours.quiet],
])('all is well only where nothing is left that may go wrong: %j', (but, colour) => {
  const end: RescueEnd = { ...new Facts(), outcome: 'changed', copy: '/srv/copy', ...but };
  expect(text(messages().last(view(), end, false))?.color).toBe(colour);
});

test('of several accounts one is chosen, and nothing begins before', async () => {
  const begun: string[] = [];
  const rescued = async (found: object[]) => {
    const start = async (_actor: object, id: string) => {
      await Promise.resolve();
      begun.push(id);
    };
    const command = rescue({ rescues: { start }, rescueRights: { find: () => Promise.resolve(found) } } as never);
    const context = { actor: { id: '1', rank: 'admin' }, t, text: () => undefined };
    return JSON.stringify((await command.run(context as never)).answer);
  };
  const [alice, bob] = [
    { id: 'a', name: 'alice' },
    { id: 'b', name: 'bob' },
  ];
  expect(await rescued([alice, bob])).toMatch(/rescue:pick:account.*alice.*bob/);
  expect(begun).toEqual([]);
  expect(await rescued([alice])).toContain(t('rescueCard.started'));
  expect(begun).toEqual(['a']);
});

test('one that is refused is not said to have begun, nor an answer to have been taken', async () => {
  const refused = () => Promise.reject(new AppError('notAllowed'));
  const rescues = { start: refused, answer: refused };
  const rescueRights = { find: () => Promise.resolve([{ id: 'a', name: 'alice' }]) };
  const command = rescue({ rescues, rescueRights } as never);
  const context = { actor: { id: '1', rank: 'admin' }, t, text: () => undefined, id: '1', page: 1 };
  await expect(Promise.resolve(command.run(context as never))).rejects.toMatchObject({ code: 'notAllowed' });
  const yes = command.buttons?.yes as ComponentHandler;
  await expect(Promise.resolve(yes.run(context as never))).rejects.toMatchObject({ code: 'notAllowed' });
});

test('what changes quickly is one edit, which shows the last: Discord takes no more', async () => {
  const { kept, since, log } = fakeMessenger();
  const row = { id: 1, startedAt: 1, channelId: 'dm' };
  const shown = new RescueCard(
    {
      ...{ kept, log, now: () => 1, stores: { rescues: { setCard: () => undefined } } },
      rescue: { editEveryMs: 200, messages: { card: ({ stage }: RescueView) => ({ stage }) } },
    } as never,
    row as never,
  );
  await shown.open();
  shown.change({ stage: 'one' } as never);
  await shown.settled();
  // From here to the next edit nothing is waited for but that.
  for (const stage of ['two', 'three']) shown.change({ stage } as never);
  await shown.settled();
  expect(since().slice(1)).toEqual([expect.stringContaining('one'), expect.stringContaining('three')]);
});
