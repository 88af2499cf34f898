import type { Message, MessageRef, Messenger } from './messenger-port.js';

export interface Sending {
  readonly key: string;
  /** Custom ids of which one stands on this message and on no other. */
  readonly findBy: readonly string[];
  /** Whether an earlier sending may have succeeded without the bot's knowing, as it was killed or cut off. */
  readonly mayBeSent: boolean;
}

/**
 * Sends a message, unless the channel has it already. Undefined when nobody can be reached there.
 * Throws an error of Discord's that passes.
 */
export async function sendOnce(
  messenger: Pick<Messenger, 'findOwn' | 'send'>,
  channelId: string,
  { key, findBy, mayBeSent }: Sending,
  draw: () => Message,
): Promise<MessageRef | undefined> {
  for (const customId of mayBeSent ? findBy : []) {
    const own = await messenger.findOwn(channelId, customId);
    if (own) return own.place;
  }
  return messenger.send(channelId, draw(), key);
}
