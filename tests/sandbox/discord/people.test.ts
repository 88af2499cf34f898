import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
import { type RunningBot, startBot } from './bot.js';
import { type Discord, type Person, startDiscord } from '../../../sandbox/discord/index.js';

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
