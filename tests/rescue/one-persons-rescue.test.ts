import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { PreWriteCheck } from '../../src/services/accounts/jellyfin-port.js';
import { Facts } from '../../src/services/rescue/ladder/attempt.js';
import type { RescueUi } from '../../src/services/rescue/ladder/ports.js';
import type { UnfinishedRepair } from '../../src/services/rescue/ladder/repair-port.js';
import type { RescueEnd } from '../../src/services/rescue/ladder/rescue.js';
import { RescueQuestion, type Pressed } from '../../src/services/rescue/rescue-question.js';
import { Rescues } from '../../src/services/rescue/rescues.js';
import type { RescueView } from '../../src/services/rescue/rescue-port.js';
import { opened } from '../db/opened.js';
import { fakeMessenger } from '../notices/fake-messenger.js';
import { anAccount } from '../support/an-account.js';

const stores = opened();
const boss = { id: anAccount().id, name: 'boss' };
const dad = { id: '1', rank: 'admin' } as never;
const gran = { id: '2', rank: 'admin' } as never;

/** What the ladder does in this test. */
let climb: (
  ui: RescueUi,
  permit: PreWriteCheck,
  plan: { rungs: { rung: string }[] },
  options: object,
) => Promise<Partial<RescueEnd>>;
let mayStill: AppError | undefined;
let mayFind: AppError | undefined;
let record: UnfinishedRepair | undefined;
let serverAnswers: boolean;
/** How long a question waits, what the clock says, whether Discord takes what is said, and whether a password was on its way. */
let answerWithinMs: number | undefined;
let now: number;
let isTold: boolean;
let isUnseen: boolean;
/** What happens while a repair is waited for. */
let meanwhile: () => void;
let did: string[];
let view: RescueView;
let discord: ReturnType<typeof fakeMessenger>;
let rescues: Rescues;

function begins() {
  const { messenger, kept, log } = discord;
  const named = (name: string) => (of: { accountName?: string } | string | undefined) => ({
    [name]: typeof of === 'object' ? of.accountName : of,
  });
  const messages = {
    card: (now: RescueView) => ({ card: (view = now).stage }),
    sentence: (name: string) => ({ sentence: name }),
    last: (_view: RescueView, end: RescueEnd, mayLeaveKey: boolean) => ({ last: end.code ?? end.outcome, mayLeaveKey }),
    cutShort: (_view: RescueView, found: object) => ({ cutShort: found }),
    ...{ leftStopped: named('leftStopped'), unreadableRecord: named('unreadable'), noRight: named('noRight') },
  };
  rescues = new Rescues({
    ...{ stores, kept, log, now: () => now, adminChannel: { id: 'admins' } },
    messenger: {
      ...messenger,
      send: async (...args: Parameters<typeof messenger.send>) => {
        await turn();
        if (!isTold) throw new Error('Discord is in trouble');
        return messenger.send(...args);
      },
    },
    jellyfin: {
      serverInfo: () => (serverAnswers ? Promise.resolve({}) : Promise.reject(new AppError('jellyfinUnreachable'))),
    },
    rescue: {
      ...{ messages, db: '/srv/jellyfin.db', editEveryMs: 0, answerWithinMs },
      wait: async () => {
        await turn();
        meanwhile();
      },
      repair: () => Promise.resolve({ unfinished: () => Promise.resolve(record) }),
      leavesKey: () => Promise.resolve(true),
    },
    unlocks: {
      openedByRescue: async () => {
        for (let more = 0; more < 5; more += 1) await turn();
        did.push('opened');
      },
    },
    rights: {
      find: () => (mayFind ? Promise.reject(mayFind) : Promise.resolve([boss])),
      assertMayStill: () => (mayStill ? Promise.reject(mayStill) : Promise.resolve()),
    },
    passwords: {
      handOver: () => Promise.resolve(void did.push('handed over')),
      settleCutShort: () => Promise.resolve(isUnseen),
    },
    ladder: () =>
      Promise.resolve({
        look: () => Promise.resolve({ rungs: [{ rung: 'api' }, { rung: 'db' }], unfinished: record }),
        run: async (plan: never, ui: RescueUi, options: object, permit: PreWriteCheck) => ({
          ...new Facts(),
          ...{ outcome: 'notYet', ...(await climb(ui, permit, plan, options)) },
        }),
      }),
  } as never);
}

beforeEach(() => {
  [mayStill, mayFind, record, serverAnswers, did] = [undefined, undefined, undefined, false, []];
  [answerWithinMs, now, isTold, isUnseen, meanwhile] = [undefined, 10_000, true, false, () => undefined];
  climb = () => Promise.resolve({});
  discord = fakeMessenger();
  begins();
});

const said = () => discord.since().filter((each) => !each.includes('"card"'));
const audit = () =>
  stores.db
    .prepare('SELECT act, outcome FROM audit ORDER BY id')
    .all()
    .map((row) => Object.values(row as object).join(' '));
const ended = () => stores.db.prepare('SELECT ended_at FROM rescues ORDER BY id').pluck().all();
const rows = () => stores.db.prepare('SELECT confirmed_at AS at, keeps_password AS keeps FROM rescues').all();

/** The number of the question that is on the card, once it is another one than this. */
async function question(last?: number): Promise<number> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (view.question && view.question.number !== last) return view.question.number;
    await new Promise(setImmediate);
  }
  throw new Error('nothing is asked');
}

/** Runs to the end, with these answers to its questions. */
async function ends(...answers: Pressed[]): Promise<string[]> {
  await rescues.start(dad, boss.id);
  let number: number | undefined;
  for (const answer of answers) await rescues.answer(view.id, (number = await question(number)), answer, dad);
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
  return said();
}

test('of two that are begun at the same moment one is, and the other hears that one is going on', async () => {
  climb = async (ui) => ({ code: (await ui.ask('plan')) ? 'tryAgain' : undefined });
  const both = await Promise.allSettled([rescues.start(dad, boss.id), rescues.start(gran, boss.id)]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(both[1]).toMatchObject({ reason: { code: 'rescueRunning' } });
  await expect(rescues.start(gran, boss.id)).rejects.toMatchObject({ code: 'rescueRunning' });
  await rescues.stop();
});

test('nothing is asked while the bot is being stopped', async () => {
  let asked: boolean | undefined;
  let goOn = () => undefined as void;
  climb = async (ui) => {
    await new Promise<void>((resolve) => (goOn = resolve));
    asked = await ui.ask('restart');
    return {};
  };
  await rescues.start(dad, boss.id);
  await new Promise(setImmediate);
  const stopped = rescues.stop();
  goOn();
  await stopped;
  expect([asked, view.question]).toEqual([false, undefined]);
});

test('no password is handed over while the bot is being stopped', async () => {
  let stopped: Promise<void> | undefined;
  climb = async (ui) => {
    stopped = rescues.stop();
    await ui.handOver(boss, () => Promise.resolve());
    return { outcome: 'backIn' };
  };
  expect(await ends()).toEqual([expect.stringContaining('{"last":"rescueStopping"')]);
  await stopped;
  expect(did).toEqual([]);
});

test('who begins anew has the plan before taken back, without a word', async () => {
  climb = async (ui) => ({ outcome: (await ui.ask('plan')) ? 'backIn' : 'cancelled' });
  await rescues.start(dad, boss.id);
  await question();
  await rescues.start(dad, boss.id);
  expect(audit()).toEqual(['rescue asked', 'rescue cancelled', 'rescue asked']);
  await rescues.answer(view.id, await question(), 'no', dad);
  await rescues.stop();
  expect(said()).toEqual([expect.stringContaining('{"last":"cancelled"')]);
  expect(ended()).toEqual([10_000, 10_000]);
});

test('of who cannot be reached nothing is begun', async () => {
  discord.answers.closed.push('dm 1');
  await expect(rescues.start(dad, boss.id)).rejects.toMatchObject({ code: 'rescueNeedsDm' });
  expect(audit()).toEqual([]);
  // The message did not come through, though there is a way to them.
  discord.kept.put = () => Promise.reject(new Error('Discord is in trouble'));
  discord.answers.closed.splice(0);
  await expect(rescues.start(dad, boss.id)).rejects.toMatchObject({ code: 'rescueNeedsDm' });
  expect([audit(), ended()]).toEqual([['rescue asked', 'rescue rescueNeedsDm'], [10_000]]);
  await rescues.resume();
  expect(said()).toEqual([]);
});

test('an end that could not be told is told at the next start', async () => {
  climb = () => Promise.resolve({ outcome: 'backIn' });
  isTold = false;
  await ends();
  expect(ended()).toEqual([null]);
  isTold = true;
  await rescues.resume();
  expect([said(), ended()]).toEqual([[expect.stringContaining('cutShort')], [10_000]]);
  expect(audit().at(-1)).toBe('rescue cutShort');
});

test('one message is kept up to date, but a question that comes later is a new one, which makes a sound', async () => {
  climb = async (ui) => {
    now += 40_000;
    await ui.ask('plan');
    now += 40_000;
    await ui.ask('restart');
    now += 61_000;
    await ui.ask('nextRung');
    return {};
  };
  await ends('yes', 'yes', 'yes');
  // Nobody had put the phone down before the third.
  expect(stores.rescues.byId(1)?.card?.messageId).toBe('2');
});

test('a bot that was stopped has shown how its rescue ended', async () => {
  climb = () => Promise.resolve({ outcome: 'backIn' });
  discord.messenger.edit = async () => {
    await turn();
    did.push('edited');
    return 'edited' as const;
  };
  await rescues.start(dad, boss.id);
  await rescues.stop();
  const shown = did.length;
  for (let more = 0; more < 10; more += 1) await turn();
  expect([view.stage, did.length]).toEqual(['over', shown]);
});

test('an answer counts once: a plan that was agreed to is not taken back in the same moment', async () => {
  let [number, anew] = [0, 0];
  const shown = {
    change: (change: Partial<RescueView>) => (number = change.question?.number ?? number),
    sendAnew: () => (anew += 1),
  };
  const asked = new RescueQuestion({ now: () => now, rescue: {} } as never, shown as never);
  now += 61_000;
  const answer = asked.ask('plan');
  // They have looked at nothing for a minute.
  expect(anew).toBe(1);
  asked.answered(number, 'yes');
  expect(asked.withdraw()).toBe(false);
  expect(() => asked.answered(number, 'no')).toThrow('rescueAnswered');
  expect(await answer).toBe('yes');
});

test('the password of another account of that name by now is handed to nobody', async () => {
  climb = async (ui) => {
    await ui.handOver({ id: 'f'.repeat(32), name: 'boss' }, () => Promise.resolve());
    return { outcome: 'backIn' };
  };
  expect(await ends()).toEqual([expect.stringContaining('{"last":"rescueNotYours"')]);
  expect(did).toEqual([]);
});

test('only an administrator’s account is changed from here', async () => {
  const refused: unknown[] = [];
  climb = async (_ui, permit) => {
    for (const isAdministrator of [true, false]) {
      try {
        await permit(anAccount({ isAdministrator }));
      } catch (error) {
        refused.push([isAdministrator, (error as AppError).code]);
      }
    }
    return {};
  };
  await ends();
  expect(refused).toEqual([[false, 'rescueOrdinary']]);
});

describe('a yes', () => {
  test('to the plan is written down, once; one to another question is not', async () => {
    const heard: boolean[] = [];
    let given: unknown;
    climb = async (ui, _permit, plan, options) => {
      given = [plan.rungs.length, options];
      heard.push(await ui.ask('restart'), await ui.ask('plan'), await ui.ask('plan'), await ui.ask('nextRung'));
      return {};
    };
    await ends('yes', 'yes', 'no');
    expect(given).toEqual([2, { administratorOnly: true, byHand: false }]);
    expect(view.plan?.rungs).toHaveLength(2);
    expect([heard, view.unanswered]).toEqual([[true, true, true, false], undefined]);
    expect(rows()).toEqual([{ at: 10_000, keeps: 0 }]);
    expect(audit()).toEqual(['rescue asked', 'rescue begun', 'rescue notYet']);
  });

  test('to another question agrees to nothing', async () => {
    climb = async (ui) => ({ outcome: (await ui.ask('restart')) ? 'cancelled' : 'notYet' });
    await ends('yes');
    expect(rows()).toEqual([{ at: null, keeps: 0 }]);
  });

  test.each<[Pressed, object[], boolean[]]>([
    ['yes', [{ at: 10_000, keeps: 1 }], [true, true]],
    ['newPassword', [{ at: 10_000, keeps: 0 }], [false, true]],
    ['no', [{ at: null, keeps: 0 }], [false, false]],
  ])('to the question whether the password is known is one to the plan: %s', async (answer, written, heard) => {
    const answers: boolean[] = [];
    climb = async (ui) => {
      answers.push(await ui.ask('knowsPassword'), await ui.ask('plan'));
      return {};
    };
    await ends(answer);
    expect([rows(), answers]).toEqual([written, heard]);
  });

  test('is not what nobody has said', async () => {
    let goOn = () => undefined as void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    climb = async (ui) => {
      const isAgreed = await ui.ask('plan');
      await held;
      return { outcome: isAgreed ? 'backIn' : 'cancelled' };
    };
    answerWithinMs = 1;
    begins();
    await rescues.start(dad, boss.id);
    const number = await question();
    while (view.question) await turn();
    // It came too late.
    await expect(rescues.answer(view.id, number, 'yes', dad)).rejects.toMatchObject({ code: 'rescueAnswered' });
    expect([rows(), view.unanswered]).toEqual([[{ at: null, keeps: 0 }], 'expired']);
    goOn();
    await rescues.stop();
    answerWithinMs = undefined;
    begins();
    await rescues.start(dad, boss.id);
    await question();
    await rescues.stop();
    expect([rows().at(-1), view.unanswered]).toEqual([{ at: null, keeps: 0 }, 'stopping']);
  });

  test('is nobody’s who may not rescue it any more; a no is still theirs', async () => {
    climb = async (ui) => ({ outcome: (await ui.ask('plan')) ? 'backIn' : 'cancelled' });
    await rescues.start(dad, boss.id);
    const number = await question();
    await expect(rescues.answer(view.id, number, 'yes', gran)).rejects.toMatchObject({ code: 'rescueNotYours' });
    mayFind = new AppError('adminsOnly');
    await expect(rescues.answer(view.id, number, 'yes', dad)).rejects.toMatchObject({ code: 'adminsOnly' });
    expect(rows()).toEqual([{ at: null, keeps: 0 }]);
    await rescues.answer(view.id, number, 'no', dad);
    await rescues.stop();
    expect(said()).toEqual([expect.stringContaining('{"last":"cancelled"')]);
    await expect(rescues.answer(view.id, number, 'no', dad)).rejects.toMatchObject({ code: 'rescueOver' });
  });
});

test.each<[AppError['code'], string[]]>([
  ['adminsOnly', ['{"noRight":"boss"}', '{"last":"adminsOnly"']],
  ['tryAgain', ['{"last":"tryAgain"']],
])('who may not have the password any more gets none, and the admins hear: %s', async (code, words) => {
  mayStill = new AppError(code);
  climb = async (ui) => {
    await ui.handOver(boss, () => Promise.resolve());
    return { outcome: 'backIn' };
  };
  expect(await ends()).toEqual(words.map((word) => expect.stringContaining(word) as string));
  expect(did).toEqual([]);
});

test.each<[Partial<RescueEnd>, string[]]>([
  [{ outcome: 'changed', keptPassword: true }, ['opened']],
  [{ outcome: 'changed' }, []],
  [{ outcome: 'notYet', keptPassword: true }, []],
])('that an account was only opened is told those who wait for it: %j', async (end, opened) => {
  climb = () => Promise.resolve(end);
  await rescues.start(dad, boss.id);
  await rescues.stop();
  expect(did).toEqual(opened);
  expect(audit().includes('unlock done')).toBe(opened.length > 0);
});

test('a step that failed is in the history, and stands in the place of its beginning', async () => {
  climb = (ui) => {
    ui.show({ rung: 'api', name: 'unlock', outcome: 'begun' });
    ui.show({ rung: 'api', name: 'unlock', outcome: 'failed', code: 'jellyfinTimeout' });
    for (const outcome of ['begun', 'done'] as const) ui.show({ rung: 'api', name: 'unlock', outcome });
    ui.show({ rung: 'db', name: 'unlock', outcome: 'begun' });
    ui.show({ rung: 'db', name: 'who', outcome: 'done' });
    return Promise.resolve({});
  };
  await ends();
  expect(view.steps.map(({ rung, name, outcome }) => `${rung} ${name} ${outcome}`)).toEqual([
    ...['api unlock failed', 'api unlock done', 'db unlock begun', 'db who done'],
  ]);
  expect(audit()).toEqual(['rescue asked', 'rescue step jellyfinTimeout', 'rescue notYet']);
});

describe('at the next start', () => {
  const left = (but: Partial<UnfinishedRepair> = {}): UnfinishedRepair => ({
    ...{ db: '/srv/jellyfin.db', account: boss, startedAt: 10_000 },
    ...{ stoppedByUs: true, mayBeChanged: true, atWork: false, ...but },
  });

  /** A rescue that a bot has left; `isAgreed`: its plan was agreed to. */
  function wasLeft(isAgreed: boolean) {
    const about = { actorId: '1', accountId: boss.id, accountName: 'boss', startedAt: 5000, channelId: 'dm 1' };
    const { id } = stores.rescues.begin(about);
    if (isAgreed) stores.rescues.confirmed(id, 6000, true);
  }

  async function starts(): Promise<string[]> {
    await rescues.resume();
    await rescues.stop();
    return said();
  }

  test('a plan that nobody agreed to is cut short, and no key is spoken of', async () => {
    wasLeft(false);
    expect(await starts()).toEqual([expect.stringContaining('{"cutShort":{"mayHaveSet":false,"mayLeaveKey":false}}')]);
  });

  test('a password on its way that nobody has seen is spoken of', async () => {
    wasLeft(false);
    isUnseen = true;
    expect(await starts()).toEqual([expect.stringContaining('{"cutShort":{"mayHaveSet":true')]);
  });

  test('a repair of the same account is not gone on with by a plan that nobody agreed to', async () => {
    wasLeft(false);
    record = left();
    expect(await starts()).toEqual([expect.stringContaining('cutShort'), expect.stringContaining('to admins: {}')]);
  });

  test('a rescue that has ended, and left the server stopped, is named', async () => {
    wasLeft(true);
    stores.rescues.end(1, 20_000);
    record = left();
    expect(await starts()).toEqual([expect.stringContaining('{"leftStopped":"boss"}')]);
  });

  test('a repair that has ended meanwhile leaves the other ways open', async () => {
    wasLeft(true);
    record = left({ atWork: true, account: { name: 'boss' } });
    let waits = 0;
    meanwhile = () => {
      waits += 1;
      record = undefined;
    };
    const ran: unknown[] = [];
    climb = (_ui, _permit, plan) => Promise.resolve({ outcome: ran.push(...plan.rungs) ? 'changed' : 'notYet' });
    expect(await starts()).toEqual([expect.anything(), expect.stringContaining('{"last":"changed"')]);
    expect([waits, ran]).toEqual([1, [{ rung: 'api' }, { rung: 'db' }]]);
  });

  test('one that was agreed to, without a repair, is cut short, and may have left a key', async () => {
    wasLeft(true);
    expect(await starts()).toEqual([expect.stringContaining('{"cutShort":{"mayHaveSet":false,"mayLeaveKey":true}}')]);
  });

  test('the repair that it agreed to is gone on with, in jellyfin.db alone, and the password stays', async () => {
    wasLeft(true);
    stores.rescues.setCard(1, '77');
    record = left();
    const ran: unknown[] = [];
    climb = async (ui, _permit, plan, options) => {
      ran.push(
        plan.rungs.map(({ rung }) => rung),
        options,
        await ui.ask('plan'),
      );
      return { outcome: 'changed' };
    };
    expect(await starts()).toEqual([
      expect.stringContaining('{"sentence":"carryOn"}'),
      'edited 77: {"sentence":"moved"}',
      expect.stringContaining('{"last":"changed","mayLeaveKey":true}'),
    ]);
    expect(ran).toEqual([['db'], { administratorOnly: true, byHand: false, keepPassword: true }, true]);
  });

  test('where a repair is at work for longer than it may be, nothing is begun beside it', async () => {
    wasLeft(true);
    record = left({ atWork: true });
    climb = () => Promise.reject(new Error('two at once'));
    expect(await starts()).toEqual([expect.anything(), expect.stringContaining('{"last":"tryAgain"')]);
  });

  test.each<[string, boolean, Partial<UnfinishedRepair>, string[]]>([
    ['of the command line', false, {}, ['{}']],
    ['of another account', true, { account: { id: 'f'.repeat(32), name: 'boss' } }, ['{}']],
    ['whose record cannot be read', false, { unreadable: { file: '/srv/record' } }, ['{"unreadable":"/srv/record"}']],
    ['that has stopped nothing', false, { stoppedByUs: false }, []],
    ['that is at work', false, { atWork: true }, []],
  ])('a server that is left stopped by a repair %s is told the admins', async (_, isLeft, but, told) => {
    if (isLeft) wasLeft(true);
    record = left(but);
    const words = (await starts()).filter((each) => each.includes('to admins'));
    expect(words).toEqual(told.map((each) => expect.stringContaining(each) as string));
  });

  test('a bot starts though the admins cannot be told', async () => {
    record = left();
    isTold = false;
    expect(await starts()).toEqual([]);
  });

  test('one that answers is not', async () => {
    record = left();
    serverAnswers = true;
    expect(await starts()).toEqual([]);
  });
});
