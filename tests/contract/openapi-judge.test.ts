import { beforeAll, describe, expect, test } from 'vitest';
import { type JudgedRequest, openApiJudge, type OpenApiJudge, sharedIsThere } from '../support/openapi-judge.js';

const channel = '/channels/1234567890123456789/messages';
const callback = '/interactions/1234567890123456789/aW50ZXJhY3Rpb246dG9rZW4/callback';
const commands = '/applications/1234567890123456789/commands';
const original = '/webhooks/1234567890123456789/aW50ZXJhY3Rpb246dG9rZW4/messages/@original';
const nobody = { parse: [], replied_user: false };

const approve = { type: 2, style: 3, label: 'Approve', custom_id: 'requests:approve:12', emoji: { name: '✅' } };
const row = {
  type: 1,
  components: [approve, { type: 2, style: 5, label: 'Jellyfin', url: 'https://jellyfin.example/web/' }],
};
const container = {
  type: 17,
  accent_color: 0x3366ff,
  components: [
    { type: 10, content: '**Maya** is locked' },
    { type: 14, divider: true, spacing: 1 },
    { type: 9, components: [{ type: 10, content: 'Section' }], accessory: approve },
    {
      type: 1,
      components: [{ type: 3, custom_id: 'link:pick:1', options: [{ label: 'Maya', value: 'a' }], min_values: 1 }],
    },
  ],
};
const input = { type: 4, custom_id: 'reason', style: 2, label: 'Reason', required: false, max_length: 300 };
const unlock = {
  type: 1,
  name: 'unlock',
  description: 'Unlock an account',
  description_localizations: { de: 'Konto entsperren', 'pt-BR': 'Desbloquear' },
  contexts: [0, 1],
  integration_types: [0],
  options: [{ type: 3, name: 'user', description: 'Whose', autocomplete: true }],
};

const right: Record<string, JudgedRequest> = {
  'an ordinary message with one embed, buttons, a nonce and one named role': {
    method: 'POST',
    path: channel,
    body: {
      content: 'Maya asks for an unlock.',
      embeds: [
        { title: 'Maya', description: 'locked', fields: [{ name: 'Tries', value: '3', inline: true }], color: 255 },
      ],
      components: [row],
      nonce: 'request-12-card',
      enforce_nonce: true,
      allowed_mentions: { parse: [], roles: ['1234567890123456789'] },
    },
  },
  'a message in Components V2': {
    method: 'POST',
    path: channel,
    body: { flags: 32768, components: [container], allowed_mentions: nobody },
  },
  'a deferred private answer': {
    method: 'POST',
    path: callback,
    query: { with_response: 'false' },
    body: { type: 5, data: { flags: 64 } },
  },
  'a deferred update': { method: 'POST', path: callback, body: { type: 6 } },
  'a modal': {
    method: 'POST',
    path: callback,
    body: {
      type: 9,
      data: { custom_id: 'requests:deny:12', title: 'Deny', components: [{ type: 1, components: [input] }] },
    },
  },
  choices: { method: 'POST', path: callback, body: { type: 8, data: { choices: [{ name: 'Maya', value: 'abc' }] } } },
  'no choices': { method: 'POST', path: callback, body: { type: 8, data: { choices: [] } } },
  'commands with translations': {
    method: 'PUT',
    path: commands,
    body: [unlock, { type: 2, name: 'Jellyfin account', contexts: [0] }],
  },
  'an edit of the deferred answer': {
    method: 'PATCH',
    path: original,
    body: { flags: 32768, components: [container], allowed_mentions: nobody },
  },
  'a private follow-up': {
    method: 'POST',
    path: original.replace('/messages/@original', ''),
    query: { wait: 'true' },
    body: { content: 'Somebody was first.', flags: 64, allowed_mentions: nobody },
  },
  'an edit of a card': {
    method: 'PATCH',
    path: `${channel}/1234567890123456780`,
    body: { components: [], allowed_mentions: nobody },
  },
  'opening direct messages': {
    method: 'POST',
    path: '/users/@me/channels',
    body: { recipient_id: '1234567890123456789' },
  },
  'reading a member': { method: 'GET', path: '/guilds/1234567890123456789/members/1234567890123456780' },
  'reading messages': { method: 'GET', path: channel, query: { limit: '50', after: '0' } },
  'reading commands': { method: 'GET', path: commands, query: { with_localizations: 'true' } },
  'reading the gateway': { method: 'GET', path: '/gateway/bot' },
};

type Wrong = JudgedRequest & { readonly says: RegExp };
const wrong: Record<string, Wrong> = {
  'an unknown route': { method: 'POST', path: '/channels/1/letters', body: {}, says: /no POST \/channels\/1\/letters/ },
  'a method that the route does not have': { method: 'PUT', path: channel, body: {}, says: /no PUT/ },
  'content that is a number': {
    method: 'POST',
    path: channel,
    body: { content: 5 },
    says: /body\/content must be string/,
  },
  'a content of 4,001 characters': {
    method: 'POST',
    path: channel,
    body: { content: 'x'.repeat(4001) },
    says: /body\/content/,
  },
  'a misspelt field': {
    method: 'POST',
    path: channel,
    body: { content: 'x', enforceNonce: true },
    says: /enforceNonce/,
  },
  'a misspelt field deep inside': {
    method: 'POST',
    path: channel,
    body: { components: [{ type: 1, components: [{ ...approve, customId: 'x' }] }] },
    says: /components\/0\/components\/0 .*customId/,
  },
  'a button without a style': {
    method: 'POST',
    path: channel,
    body: { components: [{ type: 1, components: [{ type: 2, custom_id: 'x' }] }] },
    says: /'style'/,
  },
  'a label of 81 characters': {
    method: 'POST',
    path: channel,
    body: { components: [{ type: 1, components: [{ ...approve, label: 'x'.repeat(81) }] }] },
    says: /label must NOT have more than 80/,
  },
  'a component that does not exist': {
    method: 'POST',
    path: channel,
    body: { components: [{ type: 99 }] },
    says: /components\/0/,
  },
  'a nonce of 26 characters': {
    method: 'POST',
    path: channel,
    body: { content: 'x', nonce: 'x'.repeat(26) },
    says: /nonce/,
  },
  'mentions that do not exist': {
    method: 'POST',
    path: channel,
    body: { content: 'x', allowed_mentions: { parse: ['all'] } },
    says: /allowed_mentions\/parse\/0/,
  },
  'a modal without a title': {
    method: 'POST',
    path: callback,
    body: { type: 9, data: { custom_id: 'x', components: [{ type: 1, components: [input] }] } },
    says: /'title'/,
  },
  '26 choices': {
    method: 'POST',
    path: callback,
    body: { type: 8, data: { choices: Array.from({ length: 26 }, (_, at) => ({ name: `n${at}`, value: 'v' })) } },
    says: /choices must NOT have more than 25/,
  },
  'an answer of an unknown kind': { method: 'POST', path: callback, body: { type: 44 }, says: /type/ },
  'a command without a name': {
    method: 'PUT',
    path: commands,
    body: [{ ...unlock, name: undefined }],
    says: /body\/0 .*'name'/,
  },
  'an option without a description': {
    method: 'PUT',
    path: commands,
    body: [{ ...unlock, options: [{ type: 3, name: 'user' }] }],
    says: /'description'/,
  },
  'a translation that is too long': {
    method: 'PUT',
    path: commands,
    body: [{ ...unlock, description_localizations: { de: 'x'.repeat(101) } }],
    says: /description_localizations\/de/,
  },
  'a missing body': { method: 'POST', path: channel, says: /no body/ },
  'a body where none is wanted': { method: 'GET', path: '/gateway/bot', body: {}, says: /none is wanted/ },
  'an id that is none': { method: 'GET', path: '/channels/general/messages', says: /channel_id is "general"/ },
  'a limit over 100': { method: 'GET', path: channel, query: { limit: '101' }, says: /limit/ },
  'an unknown query parameter': { method: 'GET', path: channel, query: { limt: '5' }, says: /unknown limt/ },
};

(sharedIsThere ? describe : describe.skip)("Discord's own description", () => {
  let judge: OpenApiJudge | undefined;
  beforeAll(() => {
    judge = openApiJudge();
  });

  test.each(Object.entries(right))('allows %s', (_, request) => {
    expect(judge?.judge(request)).toEqual([]);
  });

  test.each(Object.entries(wrong))('refuses %s', (_, { says, ...request }) => {
    const body = request.body === undefined ? {} : { body: JSON.parse(JSON.stringify(request.body)) as unknown };
    expect(judge?.judge({ ...request, ...body }).join('\n')).toMatch(says);
  });
});

test('without the description there is no judge, and in CI that is an error', () => {
  expect(openApiJudge({}, '/nowhere/openapi.json')).toBeUndefined();
  expect(() => openApiJudge({ CI: 'true' }, '/nowhere/openapi.json')).toThrow(/in CI/);
});
