import type { Json, JsonObject } from './json.js';

/** How a person's direct messages answer the bot: open, or refused with one of the two codes Discord uses. */
export type DirectMessages = 'open' | 50007 | 50278;

export interface User {
  id: string;
  username: string;
  bot: boolean;
  locale: string;
  directMessages: DirectMessages;
  /** Whether it has a picture. */
  hasAvatar?: boolean;
}

export interface Role {
  id: string;
  name: string;
  permissions: bigint;
  mentionable: boolean;
  position: number;
  /** Set for the role that Discord makes for a bot when it is invited. */
  botId?: string;
}

export interface Member {
  userId: string;
  nick?: string;
  roles: string[];
  joinedAt: string;
}

export interface Overwrite {
  id: string;
  kind: 'role' | 'member';
  allow: bigint;
  deny: bigint;
}

export interface Guild {
  id: string;
  name: string;
  ownerId: string;
  locale: string;
  roles: Map<string, Role>;
  members: Map<string, Member>;
}

export interface Channel {
  id: string;
  type: number;
  name: string;
  position: number;
  overwrites: Overwrite[];
  /** The channel of a thread, which has no overwrites of its own: those of its channel count. */
  parentId?: string;
  /** Absent for a direct message. */
  guildId?: string;
  /** The person at the other end of a direct message with the bot. */
  recipientId?: string;
}

/** A component of any type: what it may hold was checked when it came in. */
export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  label?: string;
  style?: number;
  url?: string;
  disabled?: boolean;
  content?: string;
  placeholder?: string;
  description?: string;
  value?: string;
  required?: boolean;
  min_values?: number;
  max_values?: number;
  emoji?: JsonObject;
  options?: { label: string; value: string; description?: string; default?: boolean }[];
  default_values?: { id: string; type: string }[];
  components?: Component[];
  component?: Component;
  accessory?: Component;
  items?: JsonObject[];
}

export interface Attachment {
  id: string;
  filename: string;
  description: string | null;
  contentType: string;
  bytes: Buffer;
}

/** Who was really notified by a message, after `allowed_mentions`, permissions and visibility were taken into account. */
export interface Pings {
  users: string[];
  roles: string[];
  everyone: boolean;
}

export interface Message {
  id: string;
  channelId: string;
  authorId: string;
  type: number;
  content: string;
  embeds: JsonObject[];
  components: Component[];
  attachments: Attachment[];
  flags: number;
  pings: Pings;
  createdAt: number;
  editedAt: number | null;
  pinned: boolean;
  nonce?: Json;
  /** The one person who can see it. */
  privateTo?: string;
  /** The interaction that this message answers. */
  interactionId?: string;
  repliesTo?: string;
}

export interface StoredCommand {
  id: string;
  version: string;
  guildId?: string;
  /** As Discord gives it back, full localisations included, ids left out. */
  body: JsonObject;
}
