import { FLAG } from '../constants.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { anything, integer, list, nullable, shape, snowflake, text, truth, url, type Rule } from './check.js';
import { allowedMentions } from './allowed-mentions.js';
import { messageComponents } from './components.js';
import { embeds } from './embeds.js';

const attachment = shape(
  {
    id: anything,
    filename: nullable(text({ min: 1, max: 1024 })),
    description: nullable(text({ max: 1024 })),
    title: nullable(text({ max: 1024 })),
    duration_secs: anything,
    waveform: anything,
    is_spoiler: nullable(truth),
  },
  ['id'],
);

const reference = shape({
  type: integer(0, 1),
  message_id: snowflake,
  channel_id: nullable(snowflake),
  guild_id: nullable(snowflake),
  fail_if_not_exists: nullable(truth),
});

const nonce: Rule = (value, path, problems) => {
  if (typeof value !== 'number' || !Number.isInteger(value)) text({ max: 25 })(value, path, problems);
};

/** What is being sent: decides which flags may be set and what the message was before. */
export interface MessageUse {
  /** Flags that may be among the ones sent. */
  flags: number;
  /** The flags of the message that is edited. */
  before?: number;
}

export const USE = {
  create: { flags: FLAG.SuppressEmbeds | FLAG.SuppressNotifications | FLAG.IsVoiceMessage | FLAG.IsComponentsV2 },
  answer: {
    flags:
      FLAG.SuppressEmbeds | FLAG.SuppressNotifications | FLAG.Ephemeral | FLAG.IsVoiceMessage | FLAG.IsComponentsV2,
  },
  defer: { flags: FLAG.Ephemeral },
} as const satisfies Record<string, MessageUse>;

/** The use for an edit of a message with these flags. */
export function editOf(before: number): MessageUse {
  // A bot that sends a message's flags back as they are changes nothing, so they are let through.
  return { flags: FLAG.SuppressEmbeds | FLAG.IsComponentsV2 | before, before };
}

const LEGACY_FIELDS = ['content', 'embeds', 'poll', 'sticker_ids'];

/** Whether a message will be one of Components V2 once this body has been applied. */
function willBeV2(body: JsonObject, use: MessageUse): boolean {
  const flags = typeof body['flags'] === 'number' ? body['flags'] : 0;
  return ((flags | (use.before ?? 0)) & FLAG.IsComponentsV2) !== 0;
}

/** A message's body, created or edited. */
export function messageBody(use: MessageUse): Rule {
  return (value, path, problems) => {
    const body: JsonObject = isObject(value) ? value : {};
    const v2 = willBeV2(body, use);
    shape({
      content: nullable(text({ max: 2000 })),
      embeds: nullable(embeds),
      components: nullable(messageComponents(v2)),
      allowed_mentions: nullable(allowedMentions),
      flags: nullable(flagsRule(use)),
      attachments: nullable(list(attachment, { max: 10 })),
      message_reference: nullable(reference),
      nonce: nullable(nonce),
      enforce_nonce: nullable(truth),
      tts: nullable(truth),
      sticker_ids: nullable(list(snowflake, { max: 3 })),
      poll: anything,
      username: nullable(text({ min: 1, max: 80 })),
      avatar_url: nullable(url),
      thread_name: nullable(text({ max: 100 })),
      applied_tags: nullable(list(snowflake, { max: 5 })),
    })(value, path, problems);
    if (!v2) return;
    for (const field of LEGACY_FIELDS) {
      if (isEmpty(body[field])) continue;
      problems.add(
        [...path, field],
        'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
        `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      );
    }
  };
}

function flagsRule(use: MessageUse): Rule {
  return (value, path, problems) => {
    integer(0, 2 ** 31 - 1)(value, path, problems);
    if (typeof value !== 'number') return;
    if ((value & ~use.flags) !== 0) {
      problems.add(path, 'BITFIELD_FLAGS_NOT_ALLOWED', `Flags ${value & ~use.flags} cannot be set here`);
    }
    const losesV2 = ((use.before ?? 0) & FLAG.IsComponentsV2) !== 0 && (value & FLAG.IsComponentsV2) === 0;
    if (losesV2)
      problems.add(
        path,
        'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG',
        'The flag IS_COMPONENTS_V2 cannot be removed from a message',
      );
  };
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
