import { DiscordAPIError, MessageFlags } from 'discord.js';
import { expect, test } from 'vitest';
import type { Command } from '../../src/discord/command.js';
import { Dispatch, type DispatchPorts } from '../../src/discord/dispatch.js';
import { admins, everyone, helpers } from '../../src/discord/guards.js';
import { answer } from '../../src/discord/parts.js';
import { textOf } from '../../src/discord/read-message.js';
import { CommandRoutes } from '../../src/discord/routes.js';
import { AppError } from '../../src/errors.js';
import type { AuditEntry } from '../../src/services/audit.js';
import type { Rank } from '../../src/services/members/actor.js';
import type { OwedReply } from '../../src/services/notices/outbox.js';
import { createWords } from '../../src/words.js';

/** Dispatch with one command, for somebody of this rank, and with what happened, in its order. */
function dispatching(command: Partial<Command>, rank: Rank | undefined, ports: Partial<DispatchPorts> = {}) {
  const happened: string[] = [];
  const audit: AuditEntry[] = [];
  const refused: Error[] = [];
  const said = ({ body }: { body?: object } = {}) =>
    textOf(body as never)
      .trim()
      .replaceAll('\n', ' | ');
  const call = (method: string) => (_route: string, options: { body?: object }) => {
    happened.push(`${method} ${said(options)}`);
    const error = refused.shift();
    return error ? Promise.reject(error) : Promise.resolve({});
  };
  const log = (level: string) => (fields: object, text: string) => {
    const { outcome } = fields as { outcome?: string };
    happened.push(text === 'interaction' ? `outcome ${outcome}` : `${level} ${text}`);
  };
  const actor = rank && { id: 'maya', rank };
  const dispatch = new Dispatch({
    routes: new CommandRoutes([
      {
        ...{ data: { type: 'slash', name: 'look', where: 'anywhere', description: 'errors.tryAgain' } },
        ...{ guard: everyone, run: () => ({}), ...command },
      },
    ]),
    actors: {
      resolve: () => (actor ? Promise.resolve(actor) : Promise.reject(new AppError('notAllowed'))),
      resolveForChoices: () => Promise.resolve(actor),
      fromPayload: () => actor,
    } as never,
    ...{ words: createWords('en'), databaseMadeAt: 0, applicationId: '1', retryPausesMs: [] },
    languages: { remember: (id: string, locale: string) => happened.push(`reads ${locale}: ${id}`) } as never,
    events: { emit: (name: string) => happened.push(name) } as never,
    audit: { recordRefusal: (entry: AuditEntry) => void audit.push(entry) } as never,
    answersRest: { patch: call('answers'), post: call('adds') } as never,
    log: { info: log('info'), warn: log('warns'), error: log('fails') },
    outbox: { owedTo: () => [] },
    asAppError: (error: unknown) => error,
    ...ports,
  });
  const kinds = [
    ...['isAutocomplete', 'isChatInputCommand', 'isUserContextMenuCommand', 'isModalSubmit', 'isMessageComponent'],
    ...['isCommand', 'isButton', 'isAnySelectMenu', 'isUserSelectMenu'],
  ];
  const handle = (is: readonly string[], more: object = {}) =>
    dispatch.handle({
      ...Object.fromEntries(kinds.map((kind) => [kind, () => is.includes(kind)])),
      ...{ user: { id: 'maya', username: 'm', displayName: 'Maya' }, guildId: '1', channelId: '5', locale: 'en' },
      ...{ commandName: 'look', token: 't', client: { user: { id: 'bot' } } },
      options: { getString: () => null, get: () => null, getFocused: () => ({ name: 'account', value: 'fi' }) },
      respond: (choices: readonly object[]) => Promise.resolve(happened.push(`offers ${choices.length}`)),
      deferReply: ({ flags }: { flags: unknown }) =>
        Promise.resolve(happened.push(flags === MessageFlags.Ephemeral ? 'waits' : 'waits in the open')),
      deferUpdate: () => Promise.resolve(happened.push('waits in place')),
      showModal: () => Promise.resolve(happened.push('opens a form')),
      ...more,
    } as never);
  const types = (deferReply?: () => Promise<never>) =>
    handle(['isChatInputCommand', 'isCommand'], deferReply && { deferReply });
  const typesInto = (respond?: () => Promise<never>) => handle(['isAutocomplete'], respond && { respond });
  const presses = (customId: string) =>
    handle(['isMessageComponent', 'isButton'], {
      customId,
      message: {
        ...{ id: '7', author: { id: 'bot' }, createdTimestamp: Date.now(), content: '', components: [] },
        flags: { has: () => false },
      },
    });
  /** What happened until all was answered, without who reads which language. */
  const all = async () => {
    await dispatch.stop();
    return happened.splice(0).filter((each) => !/^(reads|memberRead)/.test(each));
  };
  return { types, typesInto, presses, all, happened, audit, refused, dispatch };
}
const offering = (guard: Command['guard'], run: () => { name: string; value: string }[]) => ({
  choices: { account: { guard, run } },
});
const films = [{ name: 'Films', value: '1' }];
const broken = () => {
  throw new TypeError('secret');
};

test('whoever may not use an option is offered nothing in it, and a fault of ours is in the log alone', async () => {
  const typed = async (command: Partial<Command>, rank: Rank) => {
    const { typesInto, all } = dispatching(command, rank);
    typesInto();
    return all();
  };
  const accounts = offering(helpers, () => films);
  expect(await typed(accounts, 'helper')).toEqual(['offers 1', 'outcome done']);
  expect(await typed(accounts, 'member')).toEqual(['offers 0', 'outcome notAllowed']);
  expect(await typed(offering(everyone, broken), 'member')).toEqual([
    ...['fails no choices could be offered', 'offers 0', 'outcome broken'],
  ]);
  // They typed on meanwhile, and Discord takes no choices for what stood there before.
  const late = dispatching(accounts, 'helper');
  late.typesInto(() => Promise.reject(new Error('unknown interaction')));
  expect(await late.all()).toEqual(['fails an interaction could not be answered', 'outcome broken']);
});

test('a form opens for those whom it is for; others are told why not, and it is written down', async () => {
  const opens = (rank: Rank | undefined, run: () => never = () => ({}) as never) =>
    dispatching(
      {
        buttons: { deny: { acknowledge: 'modal', guard: admins, run } },
        modals: { deny: { acknowledge: 'private', guard: admins, run: () => ({}) } },
      },
      rank,
    );
  const pressed = async (by: ReturnType<typeof opens>) => {
    by.presses('look:deny:7');
    return by.all();
  };
  expect(await pressed(opens('admin'))).toEqual(['opens a form', 'outcome modal']);
  const helper = opens('helper');
  expect(await pressed(helper)).toEqual(['waits', expect.stringMatching(/^answers .*admins/), 'outcome adminsOnly']);
  expect(helper.audit).toMatchObject([{ act: 'look deny', outcome: 'adminsOnly', detail: '7' }]);
  // In direct messages nobody's roles are known: the form's own guard asks for them.
  expect(await pressed(opens(undefined))).toEqual(['opens a form', 'outcome modal']);
  expect(await pressed(opens('admin', broken))).toEqual([
    'fails an interaction could not be answered',
    'outcome broken',
  ]);
});

test('nothing is done for whom another bot answers already, or who typed too long ago to be answered', async () => {
  const done: string[] = [];
  const { types, all, audit } = dispatching({ run: () => ({ answer: answer([`${done.push('looked')}`]) }) }, 'admin');
  types(() => Promise.reject(new DiscordAPIError({ code: 10_062, message: 'no' }, 10_062, 404, 'POST', 'url', {})));
  const refused = 'warns Discord did not take the acknowledgement: nothing is done';
  expect([await all(), done, audit]).toEqual([[refused, 'outcome not acknowledged'], [], []]);
});

test('a refusal is written down with at most a hundred letters of what it was about; where it cannot be, it is answered all the same', async () => {
  const buttons: Command['buttons'] = { at: { acknowledge: 'private', guard: helpers, run: () => ({}) } };
  const told = ['waits', expect.stringMatching(/^answers .*helpers/), 'outcome notAllowed'];
  const { presses, all, audit } = dispatching({ buttons }, 'member');
  presses(`look:at:${'🎬'.repeat(101)}`);
  expect(await all()).toEqual(told);
  expect(audit).toMatchObject([{ actorId: 'maya', act: 'look at', detail: '🎬'.repeat(100), outcome: 'notAllowed' }]);
  const full = dispatching({ buttons }, 'member', { audit: { recordRefusal: broken } as never });
  full.presses('look:at:1');
  const [waits, ...rest] = told;
  expect(await full.all()).toEqual([waits, 'fails a refusal could not be put into the audit', ...rest]);
});

test('an error of another layer is told in its sentence, with its cause in the log; one of ours with a reference', async () => {
  const cause = new Error('ECONNREFUSED');
  const asAppError = () => new AppError('jellyfinUnreachable', undefined, { cause });
  const away = dispatching({ run: broken }, 'admin', { asAppError });
  away.types();
  const [waits, warned, told, outcome] = await away.all();
  expect([waits, warned, outcome]).toEqual(['waits', 'warns jellyfinUnreachable', 'outcome jellyfinUnreachable']);
  // An admin reads what to do about it.
  expect(told).toMatch(/JELLYFIN_URL/);
  const fault = dispatching({ run: broken }, 'admin');
  fault.types();
  const [, failed, said, end] = await fault.all();
  expect([failed, end]).toEqual(['fails a handler failed', 'outcome failed']);
  const reference = /`([0-9a-f]{8})`/.exec(said ?? '')?.[1] ?? 'none';
  expect(fault.audit).toMatchObject([{ act: 'look', outcome: `failed ${reference}` }]);
});

test('whom Discord does not know is refused, and neither their language nor that they read is noted', async () => {
  const owedTo = () => broken();
  const { types, happened, dispatch } = dispatching({ run: () => ({ answer: answer(['x']) }) }, undefined, {
    outbox: { owedTo },
  });
  types();
  await dispatch.stop();
  expect(happened).toEqual(['waits', expect.stringMatching(/^answers /), 'outcome notAllowed']);
  const known = dispatching({ guard: admins }, 'member');
  known.types();
  await known.dispatch.stop();
  // Refused they were there all the same, so their language is known.
  expect(known.happened.slice(0, 3)).toEqual(['waits', 'reads en: maya', 'memberRead']);
});

test('what somebody has still to hear stands before the next answer, two at a time, and is heard once that has arrived', async () => {
  const heard: string[] = [];
  const owed = ['one', 'two', 'three'].map((text): OwedReply => ({
    message: answer([text]),
    delivered: () => void heard.push(text),
  }));
  const run = () => ({ answer: answer(['now']), delivered: () => void heard.push('now') });
  const outbox = { owedTo: () => owed };
  const button = { acknowledge: 'private', guard: everyone, run } as const;
  const buttons: Command['buttons'] = { at: button, list: { ...button, hasPrelude: true } };
  const { types, presses, all } = dispatching({ run, buttons }, 'member', { outbox });
  types();
  expect([await all(), heard.splice(0)]).toEqual([
    ['waits', 'answers one | two | now', 'outcome done'],
    ['now', 'one', 'two'],
  ]);
  presses('look:at:1');
  // A bot that stops takes nothing more.
  expect([await all(), heard]).toEqual([[], []]);
  const plain = dispatching({ buttons }, 'member', { outbox });
  plain.presses('look:at:1');
  expect([await plain.all(), heard.splice(0)]).toEqual([['waits', 'answers now', 'outcome done'], ['now']]);
  const refused = dispatching({ run }, 'member', { outbox });
  refused.refused.push(new DiscordAPIError({ code: 50_035, message: 'no' }, 50_035, 400, 'PATCH', 'url', {}));
  refused.types();
  const shorter = ['waits', 'answers one | two | now', 'fails Discord did not take an answer', 'answers now'];
  expect([await refused.all(), heard.splice(0)]).toEqual([[...shorter, 'outcome done'], ['now']]);
  // A reply without an answer has no place for it, and a database that cannot be read costs nobody the answer.
  const silent = dispatching({ run: () => ({}) }, 'member', { outbox });
  silent.types();
  expect([await silent.all(), heard]).toEqual([['waits', 'outcome done'], []]);
  const unread = dispatching({ run }, 'member', { outbox: { owedTo: () => broken() } });
  unread.types();
  const failed = 'fails what somebody has still to hear could not be read';
  expect([await unread.all(), heard]).toEqual([['waits', failed, 'answers now', 'outcome done'], ['now']]);
});

test('what Discord refuses is sent no second time where nobody is owed anything; what was to be noted of it and cannot be is in the log', async () => {
  const answers = { answer: answer(['now']) };
  const refused = dispatching({ run: () => answers }, 'member');
  refused.refused.push(new DiscordAPIError({ code: 50_035, message: 'no' }, 50_035, 400, 'PATCH', 'url', {}));
  refused.types();
  expect(await refused.all()).toEqual([
    ...[
      'waits',
      'answers now',
      'fails Discord did not take an answer',
      expect.stringMatching(/^answers .*`[0-9a-f]{8}`/),
    ],
    'outcome done',
  ]);
  const delivered = () => Promise.reject(new Error('disk full'));
  const owed = [{ message: answer(['one']), delivered: () => undefined }];
  const noted = dispatching({ run: () => ({ ...answers, delivered }) }, 'member', { outbox: { owedTo: () => owed } });
  noted.types();
  expect((await noted.all()).slice(2)).toEqual(['fails an interaction could not be answered', 'outcome broken']);
});
