import { DiscordAPIError, HTTPError, MessageFlags } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { acknowledge, Answers } from '../../src/discord/answers.js';
import type { Reply } from '../../src/discord/command.js';
import { together } from '../../src/discord/parts.js';
import type { Answerable } from '../../src/discord/plan.js';

const refusal = () => new DiscordAPIError({ code: 50_035, message: 'no' }, 50_035, 400, 'PATCH', 'url', {});
const failure = () => new HTTPError(500, 'Internal Server Error', 'POST', 'url', {});
const cut = () => new Error('socket hang up');

const turn = () => new Promise(setImmediate);

/** What Discord was asked for, and what it answers, one error after the other. */
function discord(...errors: (Error | undefined)[]) {
  const asked: { method: string; route: string; body?: unknown; files?: unknown }[] = [];
  const over: string[] = [];
  const warned: string[] = [];
  const timers: (readonly [() => void, number])[] = [];
  const call =
    (method: string) =>
    (route: string, options: { body?: unknown; files?: unknown } = {}) => {
      asked.push({ method, route, ...(options.body !== undefined && { body: options.body }), files: options.files });
      const error = errors.shift();
      // An answer takes a moment, in which whoever does not wait goes on.
      return turn().then(() => {
        over.push(method);
        if (error) throw error;
        return {};
      });
    };
  const rest = { patch: call('PATCH'), post: call('POST'), delete: call('DELETE') };
  const note = (_fields: object, text: string) => void warned.push(text);
  const answers = new Answers({
    ...{ rest: rest as never, applicationId: '1', retryPausesMs: [0, 0] },
    log: { info: note, warn: note, error: note },
    schedule: (act, afterMs) => void timers.push([act, afterMs]),
  });
  const message = { channelId: '5', id: '6', client: { rest } };
  const pressed = { token: 'token', message, isMessageComponent: () => true } as unknown as Answerable;
  const typed = { token: 'token', isMessageComponent: () => false } as unknown as Answerable;
  const give = (kind: 'private' | 'update', replies: readonly Reply[], by = pressed) =>
    answers.give(by, kind, replies, (reference) => ({ content: `sorry ${reference.length}` }));
  const told = () =>
    asked.map(({ method, body }) => `${method} ${(body as { content?: string })?.content ?? ''}`.trim());
  return { give, typed, told, asked, over, warned, timers };
}

describe('an answer', () => {
  test('is told to have arrived only once it has', async () => {
    const happened: string[] = [];
    const { give, told } = discord();
    const reply = {
      answer: { content: 'done' },
      delivered: () => void happened.push(told().join()),
      lost: () => void happened.push('lost'),
    };
    await give('private', [reply]);
    expect(happened).toEqual(['PATCH done']);
    const refused = discord(refusal(), undefined);
    await refused.give('private', [reply]);
    expect(happened).toEqual(['PATCH done', 'lost']);
    // Whoever waits for it is told that something went wrong, with where it stands in the log.
    expect(refused.told()).toEqual(['PATCH done', 'PATCH sorry 8']);
    await discord().give('private', []);
  });

  test('that Discord refuses is given in fewer words, and only the last may be lost', async () => {
    const happened: string[] = [];
    const reply = (content: string): Reply => ({ answer: { content }, lost: () => void happened.push(content) });
    const short = discord(refusal());
    await short.give('private', [reply('long'), reply('short')]);
    expect([short.told(), happened]).toEqual([['PATCH long', 'PATCH short'], []]);
    // A connection that is cut says nothing against its words, and may have let it through.
    const away = discord(cut(), cut(), cut());
    await away.give('private', [reply('long'), reply('short')]);
    expect([away.told(), happened]).toEqual([['PATCH long', 'PATCH long', 'PATCH long'], ['long']]);
  });

  test('in the message that was pressed changes that, and what is private beside it is sent once', async () => {
    const { give, asked, told } = discord();
    await give('update', [{ update: { content: 'card' }, answer: { content: 'for you' } }]);
    expect(told()).toEqual(['PATCH card', 'POST for you']);
    expect(asked[1]?.body).toMatchObject({ flags: MessageFlags.Ephemeral });
    const again = discord(undefined, failure());
    await again.give('update', [{ update: { content: 'card' }, answer: { content: 'for you' } }]);
    expect(again.told()).toEqual(['PATCH card', 'POST for you', 'POST for you']);
    // Cut off, it may stand there already.
    const once = discord(undefined, cut());
    await once.give('update', [{ update: { content: 'card' }, answer: { content: 'for you' } }]);
    expect(once.told()).toEqual(['PATCH card', 'POST for you']);
  });

  test('is over, for a bot that stops, only once all that belongs to it is', async () => {
    const happened: string[] = [];
    const after = (text: string) => async () => {
      await turn();
      happened.push(text);
    };
    const { give, over, asked } = discord();
    const pressed = { answer: { content: 'done' }, pressed: { content: 'over' }, delivered: after('delivered') };
    await give('private', [pressed]);
    expect([over, happened.splice(0)]).toEqual([['PATCH', 'PATCH'], ['delivered']]);
    // The card is changed before somebody is told beside it what became of it.
    const both = give('update', [{ update: { content: 'card' }, answer: { content: 'for you' } }]);
    await Promise.resolve();
    expect(asked.length).toBe(3);
    await both;
    await give('update', [{ update: { content: 'card' }, delivered: after('delivered alone') }]);
    expect(happened.splice(0)).toEqual(['delivered alone']);
    const lost = discord(refusal(), refusal());
    const gone = lost.give('private', [{ answer: { content: 'one' }, lost: after('lost') }]);
    await expect(gone).rejects.toThrow('no');
    expect([happened, lost.told()]).toEqual([['lost'], ['PATCH one', 'PATCH sorry 8']]);
    const failing = () => Promise.reject(new Error('disk full'));
    await expect(discord(refusal()).give('private', [{ answer: { content: 'one' }, lost: failing }])).rejects.toThrow();
    await expect(discord().give('private', [{ answer: { content: 'one' }, delivered: failing }])).rejects.toThrow();
  });

  test('has only what belongs to how it was acknowledged', async () => {
    const { give, told } = discord();
    await give('private', [{ update: { content: 'card' } }]);
    await give('update', [{}]);
    expect(told()).toEqual([]);
    await give('update', [{ answer: { content: 'for you' } }]);
    await give('private', [{ answer: { content: 'answer' }, update: { content: 'card' } }]);
    expect(told()).toEqual(['POST for you', 'PATCH answer']);
  });

  test('takes its files along, and those of an earlier page away', async () => {
    const { give, asked } = discord();
    const files = [{ name: 'a.png', data: Buffer.from('x') }];
    await give('private', [{ answer: { content: 'one' }, files }]);
    await give('private', [{ answer: { content: 'two' }, files: [] }]);
    await give('update', [{ update: { content: 'three' }, files }]);
    await give('private', [{ answer: { content: 'four' } }]);
    const bodies = [{ attachments: [{ id: '0', filename: 'a.png' }] }, { attachments: [] }, { attachments: [{}] }];
    expect(asked.slice(0, 3)).toMatchObject(bodies.map((body) => ({ body })));
    expect(asked.map((each) => (each.files as unknown[]).length)).toEqual([1, 0, 1, 0]);
    expect(asked[3]?.body).not.toHaveProperty('attachments');
  });

  test('takes the buttons of what was pressed away, and itself after a time; what fails there is in the log alone', async () => {
    const { give, told, timers, typed } = discord();
    const reply = { answer: { content: 'done' }, pressed: { content: 'over' }, deleteAfterMs: 60 };
    await give('private', [reply]);
    expect([told(), timers.map(([, ms]) => ms)]).toEqual([['PATCH done', 'PATCH over'], [60]]);
    timers[0]?.[0]();
    expect(told().at(-1)).toBe('DELETE');
    await give('private', [{ answer: reply.answer, pressed: reply.pressed }], typed);
    expect([told().at(-1), timers.length]).toEqual(['PATCH done', 1]);
    const failing = discord(undefined, refusal(), refusal());
    await failing.give('private', [reply]);
    failing.timers[0]?.[0]();
    await turn();
    await turn();
    expect(failing.warned).toEqual([
      'a message that is over could not be changed',
      'a private answer could not be taken away again',
    ]);
  });

  test('is changed later where it is private, and a change that fails is in the log alone', async () => {
    const later: Reply['later'] = async (change) => void (await change({ content: 'later' }));
    const { give, told } = discord();
    await give('update', [{ update: { content: 'card' }, later }]);
    expect(told()).toEqual(['PATCH card']);
    await give('private', [{ answer: { content: 'now' }, later }]);
    await turn();
    expect(told()).toEqual(['PATCH card', 'PATCH now', 'PATCH later']);
    const failing = discord(undefined, refusal());
    await failing.give('private', [{ answer: { content: 'now' }, later }]);
    await turn();
    await turn();
    expect(failing.warned).toEqual(['an answer could not be changed later']);
  });
});

test('a press on a message changes it; whatever else is answered in private', async () => {
  const did: string[] = [];
  const quiet = { warn: () => undefined, info: () => undefined, error: () => undefined } as never;
  const press = (
    kind: 'private' | 'update',
    is: { component?: boolean; modal?: boolean; from?: boolean; late?: boolean },
  ) =>
    acknowledge(
      {
        isMessageComponent: () => is.component === true,
        isModalSubmit: () => is.modal === true,
        isFromMessage: () => is.from === true,
        deferUpdate: () => (is.late === true ? Promise.reject(refusal()) : Promise.resolve(did.push('update'))),
        deferReply: ({ flags }: { flags: number }) =>
          is.from === undefined
            ? Promise.resolve(did.push(flags === Number(MessageFlags.Ephemeral) ? 'private' : 'open'))
            : Promise.reject(refusal()),
      } as unknown as Answerable,
      kind,
      quiet,
    );
  expect(await press('update', { component: true })).toBe(true);
  expect(await press('update', { modal: true, from: true })).toBe(true);
  expect(await press('private', { component: true })).toBe(true);
  expect(await press('update', {})).toBe(true);
  expect(did).toEqual(['update', 'update', 'private', 'private']);
  // Too late, or somebody else was first: nothing is done then.
  expect(await press('update', { modal: true, from: false })).toBe(false);
  expect(await press('update', { component: true, late: true })).toBe(false);
});

test('two answers in one message have each button once, as Discord takes none twice, and each text', () => {
  const row = (...ids: string[]) =>
    ({ type: 1, components: ids.map((custom_id) => ({ type: 2, style: 2, custom_id })) }) as never;
  const text = (content: string) => ({ type: 10, content }) as never;
  const first = { components: [text('one'), row('a:b:1', 'a:c:1')], content: 'first' };
  const rows = [text('two'), row('a:b:1'), row('a:b:1', 'a:b:2'), row('a:b:3')];
  expect(together(first, { content: 'second', components: rows })).toEqual({
    content: 'second',
    components: [...first.components, text('two'), row('a:b:1', 'a:b:2'), row('a:b:3')],
  });
  expect(together({}, { content: 'second' })).toEqual({ content: 'second', components: [] });
});
