import { COMPONENT } from '../constants.js';
import type { Channel, Message } from '../model.js';
import type { World } from '../state.js';

/** A message of the bot that is no longer there, with one button: what somebody still had on their screen. */
export function oldMessage(world: World, channel: Channel, customId: string): Message {
  return {
    id: world.snowflakes.next(),
    channelId: channel.id,
    authorId: world.botUserId,
    type: 0,
    content: 'An old message',
    embeds: [],
    components: [
      {
        type: COMPONENT.ActionRow,
        id: 1,
        components: [{ type: COMPONENT.Button, id: 2, custom_id: customId, style: 2, label: 'Old' }],
      },
    ],
    attachments: [],
    flags: 0,
    pings: { users: [], roles: [], everyone: false },
    createdAt: Date.now(),
    editedAt: null,
    pinned: false,
  };
}
