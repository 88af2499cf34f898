import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ContainerBuilder,
  EmbedBuilder,
  MessageFlags,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  UserSelectMenuBuilder,
  type APIMessageTopLevelComponent,
  type MessageActionRowComponentBuilder,
  type RESTPatchAPIChannelMessageJSONBody,
} from 'discord.js';
import { customIds } from './custom-ids.js';

/** A message body for Discord's REST, without flags that dispatch decides (ephemeral) and with its mentions named. */
export type Answer = RESTPatchAPIChannelMessageJSONBody;

/** What may ping: nothing, unless named. */
export interface Pings {
  readonly roles?: readonly string[];
  readonly users?: readonly string[];
}

/** Colours that read on light and dark: what waits, what went well, what did not, what is over. */
export const colours = { waiting: 0xd9a441, good: 0x3ba55d, bad: 0xd83c3e, quiet: 0x747f8d } as const;

export interface Button {
  readonly id: string;
  readonly label: string;
  readonly style?: 'primary' | 'success' | 'danger' | 'secondary';
  readonly disabled?: boolean;
}

export interface Link {
  readonly url: string;
  readonly label: string;
}

export interface Select {
  readonly id: string;
  readonly placeholder: string;
  /** At most 25; labels and descriptions must be cut already. */
  readonly options: readonly { label: string; value: string; description?: string }[];
}

/** A select of the server's people; Discord fills it itself. */
export interface MemberSelect {
  readonly id: string;
  readonly memberPlaceholder: string;
  /** Who is chosen already. */
  readonly preset?: string | undefined;
}

type Row = readonly (Button | Link)[] | Select | MemberSelect;

const styles = {
  primary: ButtonStyle.Primary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
  secondary: ButtonStyle.Secondary,
} as const;

/** A paragraph, or a row of buttons or a select. */
export type Part = string | Row;

/** Answers to commands: Components V2; each part is a paragraph or a row of buttons, in one container. */
export function answer(parts: readonly Part[], colour?: number): Answer {
  const container = new ContainerBuilder();
  if (colour !== undefined) container.setAccentColor(colour);
  for (const part of parts) {
    if (typeof part === 'string') container.addTextDisplayComponents(new TextDisplayBuilder().setContent(part));
    else container.addActionRowComponents(row(part));
  }
  return { flags: MessageFlags.IsComponentsV2, components: [container.toJSON()], allowed_mentions: { parse: [] } };
}

/** The components of several answers in one, first things first. */
export function together(first: Answer, second: Answer): Answer {
  const said = customIds(first.components ?? []);
  return { ...second, components: [...(first.components ?? []), ...without(said, second.components ?? [])] };
}

/** What offers nothing but what is offered already goes: Discord takes no custom id twice in a message. */
function without(said: readonly string[], components: readonly APIMessageTopLevelComponent[]) {
  return components.filter((each) => {
    const offered = customIds([each]);
    return offered.length === 0 || offered.some((id) => !said.includes(id));
  });
}

export interface Details {
  readonly colour: number;
  readonly title?: string;
  readonly text?: string;
  readonly fields?: readonly { name: string; value: string; inline?: boolean }[];
}

/**
 * What people are told unasked: `content` is one plain sentence, all that a lock screen shows; details in one embed.
 * An ordinary message on purpose: one made of Components V2 has an empty push preview.
 */
export function notice(content: string, details: Details | undefined, rows: readonly Row[], pings: Pings = {}): Answer {
  return {
    content,
    embeds: details ? [embed(details)] : [],
    components: rows.filter((each) => !Array.isArray(each) || each.length > 0).map((each) => row(each).toJSON()),
    allowed_mentions: { parse: [], roles: [...(pings.roles ?? [])], users: [...(pings.users ?? [])] },
  };
}

function embed(details: Details) {
  const builder = new EmbedBuilder().setColor(details.colour);
  if (details.title) builder.setTitle(details.title);
  if (details.text) builder.setDescription(details.text);
  if (details.fields) builder.addFields([...details.fields]);
  return builder.toJSON();
}

function row(part: Row): ActionRowBuilder<MessageActionRowComponentBuilder> {
  const builder = new ActionRowBuilder<MessageActionRowComponentBuilder>();
  if ('placeholder' in part) {
    const select = new StringSelectMenuBuilder().setCustomId(part.id).setPlaceholder(part.placeholder);
    return builder.addComponents(select.addOptions([...part.options]));
  }
  if ('memberPlaceholder' in part) {
    const select = new UserSelectMenuBuilder().setCustomId(part.id).setPlaceholder(part.memberPlaceholder);
    return builder.addComponents(part.preset === undefined ? select : select.setDefaultUsers(part.preset));
  }
  return builder.addComponents(part.map(button));
}

function button(part: Button | Link): ButtonBuilder {
  const builder = new ButtonBuilder().setLabel(part.label);
  if ('url' in part) return builder.setStyle(ButtonStyle.Link).setURL(part.url);
  return builder
    .setCustomId(part.id)
    .setStyle(styles[part.style ?? 'secondary'])
    .setDisabled(part.disabled ?? false);
}
