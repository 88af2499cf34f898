import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ContainerBuilder,
  Events,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  type Interaction,
} from 'discord.js';
import { startBot, type RunningBot } from './bot.js';
import { startDiscord, type Discord } from '../../../sandbox/discord/index.js';

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
