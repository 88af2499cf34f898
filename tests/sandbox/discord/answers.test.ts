import { describe, expect, test } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Discord, type RecordedRequest, startDiscord } from '../../../sandbox/discord/index.js';
import { call } from './call.js';

describe('answers', () => {
  const DESCRIPTION = '../shared/discord/openapi.json';

  interface Description {
    paths: Record<
      string,
      Record<string, { responses?: Record<string, { content?: { 'application/json'?: { schema: object } } }> }>
    >;
    components: object;
  }

  /** Finds what Discord's own description says about the answer to a request, and returns what is wrong with the answer. */
  function judgeOf(description: Description): (request: RecordedRequest) => string[] {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'discord', components: description.components });
    return (request) => {
      const parts = request.path.split('/');
      const path = Object.keys(description.paths)
        .filter((candidate) => {
          const pattern = candidate.split('/');
          return (
            pattern.length === parts.length &&
            pattern.every((part, index) => part.startsWith('{') || part === parts[index])
          );
        })
        .sort((one, other) => one.split('{').length - other.split('{').length)[0];
      const responses = description.paths[path ?? '']?.[request.method.toLowerCase()]?.responses;
      const schema = responses?.[String(request.status)]?.content?.['application/json']?.schema;
      if (!schema)
        return request.status === 204 && responses?.['204']
          ? []
          : [`no ${request.status} described for ${request.method} ${path}`];
      const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"discord#/components')) as object;
      const validate = ajv.compile(absolute);
      validate(JSON.parse(JSON.stringify(request.answer)));
      return (validate.errors ?? []).map(
        (error) => `${request.method} ${request.path}: ${error.instancePath} ${error.message}`,
      );
    };
  }

  const described = existsSync(DESCRIPTION) ? test : test.skip;

  described('What is answered looks as Discord describes it', async () => {
    const discord = await startDiscord();
    const judge = judgeOf(JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as Description);
    const problems: string[] = [];
    let judged = 0;
    discord.onRequest((request) => {
      judged += 1;
      problems.push(...judge(request));
    });
    await useEverything(discord);
    expect(problems).toEqual([]);
    expect(judged).toBeGreaterThan(25);
    await discord.close();
  });

  /** Calls each route once in a way that succeeds. */
  async function useEverything(discord: Discord): Promise<void> {
    const maya = discord.addPerson('Maya', { roles: [discord.roles['admin'] ?? ''] });
    const application = `/applications/${discord.applicationId}`;
    const guild = `/guilds/${discord.guildId}`;
    const channel = `/channels/${discord.generalChannelId}`;
    discord.setBotOverwrite(discord.generalChannelId, { allow: ['ManageMessages', 'PinMessages'] });
    const command = {
      name: 'ask',
      description: 'Asks',
      options: [{ type: 6, name: 'who', description: 'Who', required: true }],
    };
    for (const path of [
      '/gateway/bot',
      '/users/@me',
      '/applications/@me',
      '/oauth2/applications/@me',
      `/users/${maya.id}`,
    ]) {
      await call(discord, 'GET', path);
    }
    for (const path of [
      guild,
      `${guild}?with_counts=true`,
      `${guild}/channels`,
      `${guild}/roles`,
      `${guild}/roles/${discord.guildId}`,
    ]) {
      await call(discord, 'GET', path);
    }
    for (const path of [`${guild}/members/${maya.id}`, channel]) await call(discord, 'GET', path);
    await call(discord, 'POST', '/users/@me/channels', { recipient_id: maya.id });
    const [stored] = (await call(discord, 'PUT', `${application}/commands`, [command])).body as unknown as {
      id: string;
    }[];
    await call(discord, 'POST', `${application}/commands`, { name: 'Card', type: 2 });
    await call(discord, 'POST', `${application}/guilds/${discord.guildId}/commands`, {
      name: 'local',
      description: 'Local',
    });
    await call(discord, 'GET', `${application}/commands`);
    await call(discord, 'GET', `${application}/commands?with_localizations=true`);
    await call(discord, 'PATCH', `${application}/commands/${stored?.id}`, { description: 'Asks someone' });

    const row = {
      type: 1,
      components: [
        { type: 2, style: 1, label: 'Go', custom_id: 'go' },
        { type: 2, style: 5, label: 'Open', url: 'https://a.example' },
      ],
    };
    const pick = { type: 1, components: [{ type: 3, custom_id: 's', options: [{ label: 'a', value: 'a' }] }] };
    const people = { type: 1, components: [{ type: 5, custom_id: 'u' }] };
    const embed = {
      title: 'Title',
      description: 'Words',
      color: 1,
      fields: [{ name: 'a', value: 'b' }],
      footer: { text: 'f' },
    };
    const sent = await call(discord, 'POST', `${channel}/messages`, {
      content: 'Hi',
      embeds: [embed],
      components: [row, pick, people],
      nonce: 'n1',
      enforce_nonce: true,
    });
    const message = `${channel}/messages/${String(sent.body['id'])}`;
    await call(discord, 'GET', message);
    await call(discord, 'PATCH', message, { content: 'Hello' });
    await call(discord, 'PUT', `${channel}/messages/pins/${String(sent.body['id'])}`);
    await call(discord, 'GET', `${channel}/messages/pins`);
    await call(discord, 'DELETE', `${channel}/messages/pins/${String(sent.body['id'])}`);
    const container = { type: 17, accent_color: 5, components: [{ type: 10, content: 'Text' }, { type: 14 }, row] };
    const section = {
      type: 9,
      components: [{ type: 10, content: 'Section' }],
      accessory: { type: 2, style: 2, label: 'Press', custom_id: 'press' },
    };
    await call(discord, 'POST', `${channel}/messages`, { flags: 1 << 15, components: [container, section] });
    await call(discord, 'GET', `${channel}/messages?limit=10`);
    await call(discord, 'POST', `${channel}/typing`);

    const asked = await maya.types('/ask', { who: maya });
    const webhook = `/webhooks/${discord.applicationId}/${asked.interaction.token}`;
    await call(discord, 'POST', `/interactions/${asked.id}/${asked.interaction.token}/callback?with_response=true`, {
      type: 4,
      data: { content: 'Yes', flags: 64 },
    });
    await call(discord, 'PATCH', `${webhook}/messages/@original`, {
      flags: 1 << 15,
      content: null,
      components: [container],
    });
    await call(discord, 'GET', `${webhook}/messages/@original`);
    await call(discord, 'POST', `${webhook}?wait=true`, { content: 'More' });
    await call(discord, 'DELETE', `${webhook}/messages/@original`);
    const pressed = await maya.presses('Press');
    await call(discord, 'POST', `/interactions/${pressed.id}/${pressed.interaction.token}/callback`, { type: 6 });
    await call(discord, 'DELETE', message);
  }
});
