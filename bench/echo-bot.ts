import { Client, ComponentType, Events, GatewayIntentBits, MessageFlags, type BaseInteraction } from 'discord.js';

/**
 * The least that a discord.js bot can do about an interaction: acknowledge it privately, then say something. The bot is
 * measured against this. Same client options as the bot's own, same node without flags; no log, no database.
 */
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  allowedMentions: { parse: [] },
  rest: { api: process.env['DISCORD_API_URL'] ?? '' },
});

async function echo(interaction: BaseInteraction): Promise<void> {
  if (!interaction.isChatInputCommand() && !interaction.isMessageComponent()) return;
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await interaction.editReply({
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.TextDisplay, content: `You are <@${interaction.user.id}>.` }],
  });
}

client.on(Events.InteractionCreate, (interaction) => void echo(interaction));
// The words that the bot's own log has for it: whoever starts either waits for the same line.
client.once(Events.ClientReady, () => void process.stdout.write('connected to Discord: ready\n'));
process.once('SIGTERM', () => void client.destroy());
await client.login(process.env['DISCORD_TOKEN']);
