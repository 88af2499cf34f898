import { COMPONENT, INTERACTION } from '../../sandbox/discord/constants.js';
import type { JsonObject } from '../../sandbox/discord/json.js';
import { Exchange } from '../../sandbox/discord/person/exchange.js';
import { oldMessage } from '../../sandbox/discord/person/old-message.js';
import { startInteraction } from '../../sandbox/discord/start-interaction.js';
import type { BotHousehold } from './bot.js';

export type Part = 'buttons' | 'selects' | 'modals';

interface Forged {
  /** What a select says was chosen; an account's id that nobody has unless given. */
  readonly values?: readonly string[];
  /** The one field of a modal. */
  readonly field?: { readonly id: string; readonly value: string };
}

/** Sends what only a forged client can: a press, a choice or a modal with any custom id and any value, in the server. */
export function forges(
  { discord }: Pick<BotHousehold, 'discord'>,
  person: { readonly id: string },
  part: Part,
  customId: string,
  { values = ['f'.repeat(32)], field = { id: 'reason', value: 'because' } }: Forged = {},
): Exchange {
  const { world } = discord;
  const channel = world.channels.get(discord.generalChannelId);
  if (!channel) throw new Error('no channel');
  const input = { type: COMPONENT.TextInput, id: 3, custom_id: field.id, value: field.value };
  const data: Record<Part, JsonObject> = {
    buttons: { component_type: COMPONENT.Button, id: 2, custom_id: customId },
    selects: { component_type: COMPONENT.StringSelect, id: 2, custom_id: customId, values: [...values] },
    modals: { custom_id: customId, components: [{ type: COMPONENT.ActionRow, id: 1, components: [input] }] },
  };
  const type = part === 'modals' ? INTERACTION.ModalSubmit : INTERACTION.Component;
  const source = oldMessage(world, channel, customId);
  const did = `${part} ${customId}`;
  const interaction = startInteraction(world, { type, did, userId: person.id, channel, data: data[part], source });
  return new Exchange(world, interaction, () => '');
}
