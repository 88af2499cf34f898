import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import {
  ActionRowBuilder,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  ContainerBuilder,
  ContextMenuCommandBuilder,
  Events,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
} from 'discord.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type RunningBot, startBot } from './bot.js';
import {
  type Discord,
  type PermissionName,
  type Person,
  type RecordedRequest,
  startDiscord,
} from '../../../sandbox/discord/index.js';
import { call, errorsIn } from './call.js';

describe('a person', () => {
  let discord: Discord;

  let bot: RunningBot;

  let maya: Person;

  const COMMANDS = [
    new SlashCommandBuilder()
      .setName('link')
      .setDescription('Links')
      .setContexts(0)
      .addUserOption((option) => option.setName('member').setDescription('Who').setRequired(true))
      .addStringOption((option) => option.setName('user').setDescription('Account').setAutocomplete(true)),
    new ContextMenuCommandBuilder().setName('Jellyfin account').setType(ApplicationCommandType.User).setContexts(0),
  ];

  beforeEach(async () => {
    discord = await startDiscord();
    bot = await startBot(discord);
    await bot.register(COMMANDS);
    maya = discord.addPerson('Maya', { locale: 'de' });
  });

  afterEach(async () => {
    await bot.stop();
    await discord.close();
    expect(discord.mistakes).toEqual([]);
  });

  function whenAsked(handle: (interaction: Interaction) => Promise<unknown>): void {
    bot.client.on(Events.InteractionCreate, (interaction) => void handle(interaction).catch(bot.failed));
  }

  test('What a person types reaches the bot with all that Discord knows: member, roles, locale, and the person that was chosen', async () => {
    const admin = discord.roles['admin'] ?? '';
    const dad = discord.addPerson('Dad', { roles: [admin] });
    whenAsked(async (interaction) => {
      if (!interaction.isChatInputCommand() || !interaction.inCachedGuild()) return;
      const member = interaction.options.getMember('member');
      const words = [
        interaction.locale,
        interaction.context,
        interaction.member.roles.cache.has(admin),
        member?.user.globalName,
      ];
      await interaction.reply({ content: words.join(' '), flags: MessageFlags.Ephemeral });
    });
    const exchange = await dad.types('/link', { member: maya, user: 'x' });
    expect((await exchange.answer()).content).toBe('en-US 0 true Maya');
    await expect(dad.types('/link')).rejects.toThrow('"member" must be filled in');
  });

  test('Completion offers what the bot answers for the words typed so far', async () => {
    whenAsked(async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const focused = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${focused.name}: ${focused.value}`, value: 'id' }]);
    });
    expect(await maya.typesInto('/link', 'user', 'ma')).toEqual([{ name: 'user: ma', value: 'id' }]);
    await expect(maya.typesInto('/link', 'member', 'ma')).rejects.toThrow('does not complete itself');
  });

  test('The menu of a person carries that person', async () => {
    whenAsked(async (interaction) => {
      if (interaction.isUserContextMenuCommand()) await interaction.reply(`card of ${interaction.targetUser.id}`);
    });
    const dad = discord.addPerson('Dad');
    expect((await (await dad.usesMenu('Jellyfin account', maya)).answer()).content).toBe(`card of ${maya.id}`);
  });

  test('Selects take options by label and people as they are; a modal with labels is filled in by label', async () => {
    const options = new StringSelectMenuBuilder()
      .setCustomId('which')
      .setPlaceholder('Which account?')
      .addOptions({ label: 'Kids', value: '7' });
    const people = new UserSelectMenuBuilder().setCustomId('whose');
    const why = new TextInputBuilder().setCustomId('why').setStyle(TextInputStyle.Short);
    whenAsked(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        const rows = [options, people].map((each) => new ActionRowBuilder<typeof each>().addComponents(each as never));
        await interaction.reply({ content: 'choose', components: rows });
      } else if (interaction.isStringSelectMenu()) {
        const label = new LabelBuilder().setLabel('Reason').setTextInputComponent(why);
        await interaction.showModal(
          new ModalBuilder().setCustomId('m').setTitle(interaction.values.join()).addLabelComponents(label),
        );
      } else if (interaction.isModalSubmit()) {
        await interaction.reply(`because ${interaction.fields.getTextInputValue('why')}`);
      } else if (interaction.isUserSelectMenu()) {
        await interaction.reply(`whose: ${interaction.users.first()?.globalName}`);
      }
    });
    await maya.types('/link', { member: maya });
    expect((await (await maya.selects('Which account?', 'Kids')).modal()).title).toBe('7');
    await expect(maya.fillsIn({ Nothing: 'a' })).rejects.toThrow('must be filled in');
    expect((await (await maya.fillsIn({ Reason: 'why not' })).answer()).content).toBe('because why not');
    expect((await (await maya.selects('whose', maya)).answer()).content).toBe('whose: Maya');
  });

  test('A press of a button on a message that is gone reaches the bot, and waiting in vain says what is on the screen', async () => {
    whenAsked(async (interaction) => {
      if (interaction.isButton())
        await interaction.reply({ content: `no ${interaction.customId} any more`, flags: MessageFlags.Ephemeral });
    });
    const exchange = await maya.pressesRaw('unlock:approve:12');
    expect((await exchange.answer()).lines).toEqual(['no unlock:approve:12 any more', '(only you can see this)']);
    await expect(maya.presses('Approve', { within: 50 })).rejects.toThrow(
      /Maya sees no button "Approve"[^]*no unlock:approve:12 any more/,
    );
    await expect(maya.sees('never', { within: 50 })).rejects.toThrow('waited 50 ms');
  });

  test('In another server a person types there, and the interaction carries that server', async () => {
    const other = discord.addOtherGuild();
    const stranger = discord.addPerson('Stranger', { guild: other });
    whenAsked(async (interaction) => {
      if (interaction.isRepliable()) await interaction.reply(`${interaction.guildId}`);
    });
    expect((await (await stranger.types('/link', { member: stranger })).answer()).content).toBe(other.guildId);
  });
});

describe('a conversation', () => {
  let discord: Discord;

  let bot: RunningBot;

  beforeEach(async () => {
    discord = await startDiscord();
    bot = await startBot(discord);
  });

  afterEach(async () => {
    await bot.stop();
    await discord.close();
    expect(discord.mistakes).toEqual([]);
  });

  const ask = new SlashCommandBuilder().setName('ask').setDescription('Asks').setContexts(0, 1);

  const buttons = () =>
    new ActionRowBuilder<ButtonBuilder>().addComponents(
      new ButtonBuilder().setCustomId('yes').setLabel('Approve').setStyle(ButtonStyle.Success),
      new ButtonBuilder().setCustomId('no').setLabel('Deny').setStyle(ButtonStyle.Danger),
    );

  async function whenAsked(interaction: Interaction): Promise<void> {
    if (interaction.isChatInputCommand()) {
      await interaction.deferReply({ flags: interaction.inGuild() ? MessageFlags.Ephemeral : [] });
      const channel = await interaction.client.channels.fetch(discord.adminChannelId);
      if (!channel?.isSendable()) throw new Error('no channel');
      await channel.send({
        content: `${interaction.user.username} asks`,
        components: [buttons()],
        allowedMentions: { parse: [] },
      });
      const card = new ContainerBuilder().addTextDisplayComponents(new TextDisplayBuilder().setContent('Asked.'));
      await interaction.editReply({ components: [card], flags: MessageFlags.IsComponentsV2 });
    } else if (interaction.isButton() && interaction.customId === 'yes') {
      await interaction.deferUpdate();
      await interaction.editReply({ content: 'Approved', components: [] });
    } else if (interaction.isButton()) {
      const reason = new TextInputBuilder()
        .setCustomId('why')
        .setLabel('Reason')
        .setStyle(TextInputStyle.Short)
        .setRequired(false);
      await interaction.showModal(
        new ModalBuilder()
          .setCustomId('deny')
          .setTitle('Deny')
          .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(reason)),
      );
    } else if (interaction.isModalSubmit() && interaction.isFromMessage()) {
      await interaction.update({ content: `Denied: ${interaction.fields.getTextInputValue('why')}`, components: [] });
    }
  }

  test('A member asks privately, an admin approves on the card, and each sees what is theirs to see', async () => {
    const maya = discord.addPerson('Maya');
    const dad = discord.addPerson('Dad', { roles: [discord.roles['admin'] ?? ''] });
    await bot.register([ask]);
    bot.client.on(Events.InteractionCreate, (interaction) => void whenAsked(interaction).catch(bot.failed));

    const asked = await maya.types('/ask');
    expect(await asked.acknowledged).toBeLessThan(3000);
    const answer = await asked.answer();
    expect(answer.private).toBe(true);
    expect(answer.text).toContain('Asked.');
    expect(dad.reads({ in: discord.generalChannelId })).toEqual([]);

    const pressed = await dad.presses('Approve');
    expect((await pressed.answer()).lines).toEqual(['Approved']);
    expect(discord.messagesIn(discord.adminChannelId).map((message) => message.text)).toEqual(['Approved']);
    expect(() => maya.reads({ in: discord.adminChannelId })).toThrow('cannot see');
    expect(discord.answeredTwice()).toEqual([]);
    expect(discord.unanswered()).toEqual([]);
  });

  test('A command in direct messages is answered there, and a modal opened from a card updates that card', async () => {
    const dad = discord.addPerson('Dad', { roles: [discord.roles['admin'] ?? ''] });
    await bot.register([ask]);
    bot.client.on(Events.InteractionCreate, (interaction) => void whenAsked(interaction).catch(bot.failed));

    await (await dad.types('/ask', {}, { in: 'dm' })).answer();
    expect(dad.directMessages().map((message) => message.private)).toEqual([false]);
    const denied = await dad.presses('Deny');
    expect((await denied.modal()).title).toBe('Deny');
    const sent = await dad.fillsIn({ Reason: 'not today' });
    expect((await sent.answer()).text).toBe('Denied: not today');
  });
});

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

describe('pings', () => {
  let discord: Discord;

  let maya: Person;

  let dad: Person;

  beforeEach(async () => {
    discord = await startDiscord();
    maya = discord.addPerson('Maya');
    dad = discord.addPerson('Dad', { roles: [discord.roles['admin'] ?? ''] });
  });

  afterEach(() => discord.close());

  const send = (body: object) => call(discord, 'POST', `/channels/${discord.generalChannelId}/messages`, body);

  const lastPings = () => discord.messagesIn(discord.generalChannelId).at(-1)?.pings;

  const admin = () => discord.roles['admin'] ?? '';

  test('Without allowed_mentions everything that the text names is pinged, V2 text included, what stands in code not', async () => {
    await send({ content: `${maya.mention} <@&${admin()}> \`${dad.mention}\` @everyone` });
    expect(lastPings()).toEqual({ users: [maya.id], roles: [admin()], everyone: false });
    await send({ flags: 1 << 15, components: [{ type: 17, components: [{ type: 10, content: `${dad.mention}` }] }] });
    expect(lastPings()?.users).toEqual([dad.id]);
  });

  test('allowed_mentions narrows it: empty to nobody, a list to those listed who are also named', async () => {
    await send({ content: `${maya.mention} <@&${admin()}>`, allowed_mentions: { parse: [] } });
    expect(lastPings()).toEqual({ users: [], roles: [], everyone: false });
    await send({ content: `${maya.mention}`, allowed_mentions: { users: [maya.id, dad.id], roles: [admin()] } });
    expect(lastPings()).toEqual({ users: [maya.id], roles: [], everyone: false });
  });

  test('A role that cannot be mentioned is pinged only by a bot that may mention everyone', async () => {
    discord.setRoleMentionable(admin(), false);
    const body = { content: `<@&${admin()}> @everyone`, allowed_mentions: { parse: ['roles', 'everyone'] } };
    await send(body);
    expect(lastPings()).toEqual({ users: [], roles: [], everyone: false });
    discord.setBotOverwrite(discord.generalChannelId, { allow: ['MentionEveryone'] });
    await send(body);
    expect(lastPings()).toEqual({ users: [], roles: [admin()], everyone: true });
  });

  test('An edit pings nobody, and phones show the content of direct messages and pings only', async () => {
    const { body } = await send({ content: 'quiet' });
    await call(discord, 'PATCH', `/channels/${discord.generalChannelId}/messages/${String(body['id'])}`, {
      content: `<@&${admin()}>`,
    });
    expect(dad.notifications).toEqual([]);
    await send({ content: `<@&${admin()}> Maya asks` });
    expect(dad.notifications.map((each) => each.preview)).toEqual([`<@&${admin()}> Maya asks`]);
    expect(maya.notifications).toEqual([]);
    const dm = await call(discord, 'POST', '/users/@me/channels', { recipient_id: maya.id });
    const toMaya = (message: object) => call(discord, 'POST', `/channels/${String(dm.body['id'])}/messages`, message);
    await toMaya({ content: 'x'.repeat(300) });
    await toMaya({ flags: 1 << 15, components: [{ type: 10, content: 'unseen' }] });
    expect(maya.notifications.map((each) => each.preview.length)).toEqual([200, 0]);
  });

  test('One nonce makes one message as long as it is enforced', async () => {
    const first = await send({ content: 'one', nonce: 'request-7', enforce_nonce: true });
    const again = await send({ content: 'two', nonce: 'request-7', enforce_nonce: true });
    expect(again.body['id']).toBe(first.body['id']);
    expect(again.body['content']).toBe('one');
    await send({ content: 'three', nonce: 'request-7' });
    expect(discord.messagesIn(discord.generalChannelId).map((message) => message.content)).toEqual(['one', 'three']);
  });
});

describe('permissions', () => {
  let discord: Discord;

  beforeEach(async () => {
    discord = await startDiscord();
  });

  afterEach(() => discord.close());

  const send = (channelId: string, body: object = { content: 'hi' }) =>
    call(discord, 'POST', `/channels/${channelId}/messages`, body);

  const without = (name: PermissionName) => discord.setBotOverwrite(discord.generalChannelId, { deny: [name] });

  test('Sending is refused for each permission that the bot lacks, with the code that belongs to it', async () => {
    without('ViewChannel');
    expect((await send(discord.generalChannelId)).body.code).toBe(50001);
    without('SendMessages');
    expect((await send(discord.generalChannelId)).body.code).toBe(50013);
    without('EmbedLinks');
    expect((await send(discord.generalChannelId, { embeds: [{ title: 'a' }] })).body.code).toBe(50013);
    expect((await send(discord.generalChannelId)).status).toBe(200);
    without('ReadMessageHistory');
    expect((await call(discord, 'GET', `/channels/${discord.generalChannelId}/messages`)).body).toEqual([]);
    discord.deleteChannel(discord.generalChannelId);
    expect((await send(discord.generalChannelId)).body.code).toBe(10003);
    expect((await send(discord.addChannel('News', { type: 4 }))).body.code).toBe(50008);
  });

  test('Overwrites count in their order: everybody, then roles, then the member', async () => {
    const channel = discord.addChannel('quiet', { overwrites: { [discord.guildId]: { deny: ['SendMessages'] } } });
    expect((await send(channel)).body.code).toBe(50013);
    const role = discord.addRole('speaker');
    discord.setBotRoles([role]);
    discord.setOverwrite(channel, role, { allow: ['SendMessages'] });
    expect((await send(channel)).status).toBe(200);
    const muted = discord.addRole('muted');
    discord.setBotRoles([role, muted]);
    discord.setOverwrite(channel, muted, { deny: ['SendMessages'] });
    expect((await send(channel)).status).toBe(200);
    discord.setBotOverwrite(channel, { deny: ['SendMessages'] });
    expect((await send(channel)).body.code).toBe(50013);
  });

  test('A direct message is refused to somebody who closed theirs, with the code chosen, and to somebody who has left', async () => {
    const maya = discord.addPerson('Maya', { dmsClosed: true });
    const opened = await call(discord, 'POST', '/users/@me/channels', { recipient_id: maya.id });
    expect(opened.status).toBe(200);
    const channel = String(opened.body['id']);
    expect((await send(channel)).body.code).toBe(50007);
    maya.closesDms(50278);
    expect((await send(channel)).body.code).toBe(50278);
    maya.opensDms();
    expect((await send(channel)).status).toBe(200);
    maya.leaves();
    expect((await send(channel)).body.code).toBe(50278);
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}/members/${maya.id}`)).body.code).toBe(10007);
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}/members/123456789012345678`)).body.code).toBe(10013);
  });

  test('A bot that was thrown out no longer finds the server, and nobody is in two places', async () => {
    const other = discord.addOtherGuild();
    const stranger = discord.addPerson('Stranger', { guild: other });
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}/members/${stranger.id}`)).body.code).toBe(10007);
    discord.removeBotFromGuild();
    expect((await call(discord, 'GET', `/guilds/${discord.guildId}`)).body.code).toBe(10004);
    expect((await send(discord.generalChannelId)).body.code).toBe(50001);
  });

  test('Messages that are not there, not the bot’s own, or too old to edit are refused as such', async () => {
    const { body } = await send(discord.generalChannelId);
    const path = `/channels/${discord.generalChannelId}/messages/${String(body['id'])}`;
    const message = discord.world.findMessage(String(body['id']));
    if (!message) throw new Error('not stored');
    discord.refuseOldEdits(429);
    expect((await call(discord, 'PATCH', path, { content: 'a' })).status).toBe(200);
    discord.ageMessage(message.id, 3_700_000);
    const late = await call(discord, 'PATCH', path, { content: 'b' });
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([429, 30046, '1']);
    discord.refuseOldEdits(400);
    expect((await call(discord, 'PATCH', path, { content: 'b' })).body.code).toBe(30046);
    message.authorId = discord.addBot('Another');
    expect((await call(discord, 'PATCH', path, { content: 'b' })).body.code).toBe(50005);
    discord.deleteMessage(message.id);
    expect((await call(discord, 'PATCH', path, { content: 'b' })).body.code).toBe(10008);
  });

  test('Without the right token everything is 401, and an unknown route is put on record', async () => {
    const bare = await fetch(`${discord.url}/v10/users/@me`, { headers: { authorization: 'Bot wrong' } });
    expect(bare.status).toBe(401);
    expect((await call(discord, 'GET', '/guilds/1/emojis')).status).toBe(404);
    expect(discord.mistakes).toEqual(['No route for GET /guilds/1/emojis']);
  });
});

describe('commands', () => {
  let discord: Discord;

  beforeEach(async () => {
    discord = await startDiscord();
  });

  afterEach(() => discord.close());

  const words = (length: number) => 'x'.repeat(length);

  const commands = () => `/applications/${discord.applicationId}/commands`;

  const chat = (more: object = {}) => ({ name: 'ask', description: 'Asks', ...more });

  const option = (more: object = {}) => ({ type: 3, name: 'user', description: 'Who', ...more });

  const withOptions = (...options: object[]) => [chat({ options })];

  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));

  const REFUSED: [string, object[], string][] = [
    ['an upper-case name', [chat({ name: 'Ask' })], '0.name APPLICATION_COMMAND_INVALID_NAME'],
    ['a name with a blank', [chat({ name: 'ask me' })], '0.name STRING_TYPE_REGEX'],
    ['a name of 33 characters', [chat({ name: words(33) })], '0.name BASE_TYPE_BAD_LENGTH'],
    ['no description', [{ name: 'ask' }], '0.description BASE_TYPE_REQUIRED'],
    ['an empty description', [chat({ description: '' })], '0.description BASE_TYPE_BAD_LENGTH'],
    ['a description of 101', [chat({ description: words(101) })], '0.description BASE_TYPE_BAD_LENGTH'],
    ['an unknown field', [chat({ guards: [] })], '0.guards UNKNOWN_FIELD'],
    ['an unknown field of an option', withOptions(option({ default: 'a' })), '0.options.0.default UNKNOWN_FIELD'],
    [
      'an upper-case option',
      withOptions(option({ name: 'User' })),
      '0.options.0.name APPLICATION_COMMAND_INVALID_NAME',
    ],
    [
      'a required option after an optional one',
      withOptions(option(), option({ name: 'b', required: true })),
      '0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
    ],
    ['one option twice', withOptions(option(), option()), '0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_INVALID'],
    ['26 options', withOptions(...many(26, (n) => option({ name: `o${n}` }))), '0.options BASE_TYPE_MAX_LENGTH'],
    [
      '26 choices',
      withOptions(option({ choices: many(26, (n) => ({ name: `${n}`, value: `${n}` })) })),
      '0.options.0.choices BASE_TYPE_MAX_LENGTH',
    ],
    [
      'choices and autocomplete',
      withOptions(option({ autocomplete: true, choices: [{ name: 'a', value: 'b' }] })),
      '0.options.0.autocomplete APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_CHOICES',
    ],
    ['a context that does not exist', [chat({ contexts: [3] })], '0.contexts.0 BASE_TYPE_CHOICES'],
    [
      'a locale that does not exist',
      [chat({ name_localizations: { xx: 'a' } })],
      '0.name_localizations.xx ENUM_TYPE_COERCE',
    ],
    ['one name twice', [chat(), chat()], '1.name APPLICATION_COMMANDS_DUPLICATE_NAME'],
    ['101 commands', many(101, (n) => chat({ name: `c${n}` })), ' APPLICATION_COMMAND_TOO_MANY'],
    [
      'a menu with a description',
      [{ name: 'Card', type: 2, description: 'a' }],
      '0.description APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED',
    ],
  ];

  test.each(REFUSED)('A set of commands with %s is refused whole', async (_, body, error) => {
    await call(discord, 'PUT', commands(), [chat({ name: 'before' })]);
    const answer = await call(discord, 'PUT', commands(), body);
    expect(answer.body.code).toBe(50035);
    expect(errorsIn(answer.body.errors)).toContain(error.trim());
    expect(discord.commands.map((each) => each.body['name'])).toEqual(['before']);
  });

  test('Commands come back as Discord keeps them: defaults filled in, what is false in options left out, sets sorted', async () => {
    const sent = chat({
      contexts: [1, 0],
      name_localizations: { de: 'frag', 'en-GB': 'ask' },
      options: [option({ required: false, autocomplete: true, name_localizations: {} })],
    });
    const [stored] = (await call(discord, 'PUT', commands(), [sent])).body as unknown as object[];
    expect(stored).toEqual({
      id: expect.any(String),
      application_id: discord.applicationId,
      version: expect.any(String),
      type: 1,
      name: 'ask',
      name_localizations: { de: 'frag' },
      description: 'Asks',
      description_localizations: null,
      default_member_permissions: null,
      dm_permission: true,
      contexts: [0, 1],
      integration_types: [0],
      nsfw: false,
      options: [
        {
          type: 3,
          name: 'user',
          name_localizations: null,
          description: 'Who',
          description_localizations: null,
          autocomplete: true,
        },
      ],
    });
    const [plain] = (await call(discord, 'GET', commands())).body as unknown as object[];
    expect(plain).not.toHaveProperty('name_localizations');
    expect((await call(discord, 'GET', `${commands()}?with_localizations=true`)).body).toEqual([stored]);
  });

  test('A set put again keeps ids, gives changed commands a new version, and drops the others; a server has commands of its own', async () => {
    const own = `/applications/${discord.applicationId}/guilds/${discord.guildId}/commands`;
    const put = async (path: string, ...body: object[]) =>
      (await call(discord, 'PUT', path, body)).body as unknown as { id: string; version: string; guild_id?: string }[];
    const [ask, tell] = await put(commands(), chat(), chat({ name: 'tell' }));
    const [same, changed] = await put(commands(), chat(), chat({ name: 'tell', description: 'Tells' }));
    expect(same).toEqual(ask);
    expect(changed?.id).toBe(tell?.id);
    expect(changed?.version).not.toBe(tell?.version);
    expect((await put(own, chat()))[0]?.guild_id).toBe(discord.guildId);
    await put(commands());
    expect(discord.commands).toHaveLength(1);
    expect((await call(discord, 'DELETE', `${commands()}/${ask?.id}`)).body.code).toBe(10063);
    expect(await put(own)).toEqual([]);
  });
});
