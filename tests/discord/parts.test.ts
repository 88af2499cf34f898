import { describe, expect, test } from 'vitest';
import { asAnswer, bothNotices, notice, who } from '../../src/discord/parts.js';
import { createWords } from '../../src/words.js';
import { firstOf, inFives, linesWithin, listOf, turning } from '../../src/commands/shared/lists.js';

const t = createWords('en').in('en');
const button = (id: string) => ({ id, label: id });
const idsOf = (rows: unknown) =>
  (rows as { components: { custom_id?: string; url?: string }[] }[]).map(({ components }) =>
    components.map((each) => each.custom_id ?? each.url),
  );

interface Container {
  readonly accent_color?: number;
  readonly components: readonly { readonly content?: string }[];
}

describe('two notices about one account in one message', () => {
  const link = { url: 'http://nas', label: 'open' };
  const first = notice('locked', { colour: 1, title: 'T', text: 'one' }, [[button('status:check:1'), link]]);

  test('say the first one’s sentence, both texts, and offer each act once', () => {
    const second = notice('a PIN', { colour: 2, text: 'two' }, [
      [button('status:check:2'), button('status:not-me:7'), link],
      [button('status:not-me:8')],
    ]);
    const both = bothNotices(first, second);
    expect([both.content, both.embeds]).toEqual([
      'locked',
      [expect.objectContaining({ title: 'T', color: 1, description: 'one\n\na PIN\n\ntwo' })],
    ]);
    // A link does nothing that is done twice; a row of which nothing is left goes.
    expect(idsOf(both.components)).toEqual([
      ['status:check:1', 'http://nas'],
      ['status:not-me:7', 'http://nas'],
    ]);
  });

  test('have details where only one of them, or none, has any', () => {
    const [bare, other] = [notice('one', undefined, []), notice('two', undefined, [])];
    expect(bothNotices(bare, other).embeds).toEqual([expect.objectContaining({ description: 'two' })]);
    expect(bothNotices(first, other).embeds).toEqual([expect.objectContaining({ description: 'one\n\ntwo' })]);
    expect(bothNotices({ content: 'x' }, { content: 'y' }).components).toEqual([]);
  });
});

test('a notice that is shown as an answer has its sentence, its details, and its buttons where they are wanted', () => {
  const told = notice('locked', { colour: 7, text: 'details' }, [[button('a:b:1')]]);
  const shown = (hasButtons: boolean, body = told) => {
    const [container] = (asAnswer(body, hasButtons).components ?? []) as unknown as Container[];
    return [container?.accent_color, container?.components[0]?.content, container?.components.length];
  };
  expect([shown(true), shown(false)]).toEqual([
    [7, 'locked\ndetails', 2],
    [7, 'locked\ndetails', 1],
  ]);
  expect(shown(true, notice('locked', undefined, []))).toEqual([undefined, 'locked\n', 1]);
  expect(notice('locked', undefined, [[], [button('a:b:1')]]).components).toHaveLength(1);
});

test('a list that is too long says how many more there are, and one that fits says nothing', () => {
  const names = ['ann', 'bob', 'cid'];
  expect([firstOf(t, names, 2), firstOf(t, names, 3)]).toEqual([['ann', 'bob', t('status.more', { count: 1 })], names]);
  expect([linesWithin(t, names, 100), linesWithin(t, names, 100, 9).at(-1)]).toEqual([
    names,
    t('status.more', { count: 6 }),
  ]);
  expect(linesWithin(t, names, t('status.more', { count: 3 }).length + 10)).toEqual([
    'ann',
    'bob',
    t('status.more', { count: 1 }),
  ]);
  expect([listOf(t, names, 3), listOf(t, names, 4)]).toEqual(['ann, bob, and cid', 'ann, bob, cid, and 1 more']);
});

test('pages are turned where there is another, and buttons stand in rows of five', () => {
  const turns = (page: number) => turning(t, 'link:page:list', page, 3).map(({ id }) => id);
  expect([turns(0), turns(1), turns(2)]).toEqual([
    ['link:page:list:1'],
    ['link:page:list:0', 'link:page:list:2'],
    ['link:page:list:1'],
  ]);
  expect(inFives(Array.from({ length: 11 }, () => button('a'))).map((row) => row.length)).toEqual([5, 5, 1]);
  expect(inFives([])).toEqual([]);
});

test('who did something is named: a member, the bot, the command line, or somebody who was forgotten', () => {
  const named = ['100000000000000001', 'latchkey', 'command line', 'forgotten-7'].map((id) => who(t, id));
  const rest = [t('history.latchkey'), t('history.commandLine'), t('history.forgotten', { number: '7' })];
  expect(named).toEqual(['<@100000000000000001>', ...rest]);
});
