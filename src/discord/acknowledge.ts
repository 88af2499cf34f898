import { DiscordAPIError, MessageFlags } from 'discord.js';
import type { Log } from '../services/log.js';
import type { Answerable } from './plan.js';

/**
 * Tells Discord that an answer will come, before anything is asked of anybody: it waits three seconds.
 * False when Discord refuses (10062: too late or replayed; 40060: somebody else was first).
 */
export async function acknowledge(
  interaction: Answerable,
  kind: 'private' | 'update',
  forOneOnly: boolean,
  log: Log,
): Promise<boolean> {
  try {
    if (kind === 'update' && (interaction.isMessageComponent() || isFromMessage(interaction))) {
      await interaction.deferUpdate();
    } else {
      await interaction.deferReply(forOneOnly ? { flags: MessageFlags.Ephemeral } : {});
    }
    return true;
  } catch (error) {
    const code = error instanceof DiscordAPIError ? error.code : undefined;
    log.warn({ code, err: error }, 'Discord did not take the acknowledgement: nothing is done');
    return false;
  }
}

function isFromMessage(interaction: Answerable) {
  return interaction.isModalSubmit() && interaction.isFromMessage();
}
