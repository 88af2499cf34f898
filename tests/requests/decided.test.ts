import { describe, expect, test } from 'vitest';
import requests from '../../src/commands/requests.js';
import { DiscordRequestMessages } from '../../src/commands/requests/request-messages.js';
import type { ComponentHandler } from '../../src/discord/command.js';
import type { OwnerNoticeFacts } from '../../src/services/requests/request-deps.js';
import type { Request } from '../../src/services/requests/request.js';
import { Requests } from '../../src/services/requests/requests.js';
import { createWords } from '../../src/words.js';

const t = createWords('en').in('en');
const [maya, dad] = ['100000000000000001', '100000000000000002'];

const request = (but: Partial<Request> = {}) =>
  ({
    ...{ id: 5, kind: 'unlock', state: 'done', memberId: maya, accountId: 'a', accountName: 'maya', decidedBy: dad },
    ...{ linksOnApproval: false, adminAccount: false, createdAt: 60_000, version: 3, origin: 'asked' },
    ...{ card: { channelId: '7', messageId: '77' }, ...but },
  }) as Request;

const read = (message: unknown) => JSON.stringify(message).replaceAll('\\n', '\n');

describe('whoever decides', () => {
  const context = { actor: { id: dad, rank: 'admin' }, t, id: '5', page: 3, values: ['a'] };

  test('reads on an older card, or in a list, how it ended; the card itself says so already', async () => {
    const services = { requests: { approve: () => Promise.resolve(request()), pending: () => [] } };
    const approve = requests(services as never).buttons?.approve as ComponentHandler;
    const pressed = async (messageId: string, onAnswer: boolean) =>
      approve.run({ ...context, messageId, onAnswer } as never);
    expect(await pressed('77', false)).toEqual({});
    expect(read((await pressed('66', false)).answer)).toContain('Done: maya is unlocked');
    const inList = await pressed('66', true);
    expect(inList.answer).toBeUndefined();
    expect(read(inList.update)).toMatch(new RegExp(`Done: maya is unlocked[^]*${t('requestCard.none')}`));
  });

  test('gives no reason where nothing is written but blanks', async () => {
    const given: unknown[] = [];
    const deny = (_id: number, _actor: object, why: object) => {
      given.push(why);
      return Promise.resolve(request({ state: 'denied' }));
    };
    const handler = requests({ requests: { deny } } as never).modals?.deny;
    for (const field of ['  ', ' not now '])
      await handler?.run({ ...context, messageId: '77', field: () => field, choice: () => 'none' } as never);
    expect(given).toEqual([
      { denyReason: undefined, reason: undefined },
      { denyReason: undefined, reason: 'not now' },
    ]);
  });

  test('is told that a request is not known any more', () => {
    const service = new Requests({ stores: { requests: { byId: () => undefined } } } as never);
    const handler = requests({ requests: service } as never).buttons?.details as ComponentHandler;
    expect(() => handler.run(context as never)).toThrow(expect.objectContaining({ code: 'requestGone' }));
  });
});

test.each<[Partial<Request>, Partial<OwnerNoticeFacts>, string[]]>([
  [{ kind: 'pass', pass: { restriction: 'remote', lasts: 'hour' } }, {}, ['is let in', `<@${dad}> opened it.`]],
  [{ kind: 'reset', state: 'failed' }, { mayBeSet: true }, ['may have a new password that nobody knows', 'You get a']],
  [{ kind: 'reset' }, {}, ['has a new password', "who owns an administrator's account", 'You get a new one']],
  [{ kind: 'reset', decidedBy: maya }, { isLinked: true }, ['whose account it is as well, made it', 'Ask <@']],
  [{ kind: 'reset' }, { isLinked: true }, [`as well, has got it from <@${dad}>`, 'Ask <@']],
  [{ kind: 'unlock', linksOnApproval: true }, {}, ['was unlocked', 'is now linked to the account as well', 'at once']],
  // What failed has changed nothing but the link.
  [{ kind: 'reset', state: 'failed', linksOnApproval: true }, {}, ['is now linked to', 'asked for it', 'at once']],
  [{ kind: 'link', origin: 'direct', linksOnApproval: true }, {}, [`<@${dad}> linked them.`]],
  [{ kind: 'link', origin: 'direct', linksOnApproval: true, decidedBy: maya }, {}, ['confirmed a code on a device']],
])('another owner reads of %j with %j', (but, facts, said) => {
  const messages = new DiscordRequestMessages({ sentencesFor: () => t } as never);
  const text = read(messages.ownerNotice('3', request(but), { isLinked: false, mayBeSet: false, ...facts }));
  for (const each of said) expect(text).toContain(each);
});
