import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelSelectMenuBuilder,
  ChannelType,
  ComponentType,
  ContainerBuilder,
  EmbedBuilder,
  FileBuilder,
  MediaGalleryBuilder,
  MediaGalleryItemBuilder,
  MessageFlags,
  SeparatorBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  UserSelectMenuBuilder,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIContainerComponent,
  type APIMessageTopLevelComponent,
  type MessageActionRowComponentBuilder,
  type RESTPatchAPIChannelMessageJSONBody,
} from 'discord.js';
import type { Request } from '../services/requests/request.js';
import { escapeText, longestName } from './escape.js';
import { customIds } from './read-message.js';
import type { Translate } from '../words.js';

/** A message body for Discord's REST, without flags that dispatch decides (ephemeral) and with its mentions named. */
export type MessageBody = RESTPatchAPIChannelMessageJSONBody;

/** Who may be pinged; nobody unless named. */
interface Pings {
  readonly roles?: readonly string[];
  readonly users?: readonly string[];
}

/** Colours that read on light and dark: what waits for somebody, what is done, what is broken, what is over; none for information. */
export const colours = { waiting: 0xd9a441, good: 0x3ba55d, bad: 0xd83c3e, quiet: 0x747f8d } as const;

export interface Button {
  readonly id: string;
  readonly label: string;
  readonly style?: 'primary' | 'success' | 'danger' | 'secondary';
  readonly disabled?: boolean;
}

export interface LinkButton {
  readonly url: string;
  readonly label: string;
}

export interface Select {
  readonly id: string;
  readonly placeholder: string;
  /** At most 25; labels must be cut already. */
  readonly options: readonly { label: string; value: string }[];
}

/** A select of the server's members, which Discord fills. In direct messages it would be empty. */
interface MemberSelect {
  readonly id: string;
  readonly memberPlaceholder: string;
  /** The member who is preselected. */
  readonly preset?: string | undefined;
  /** Whether nobody may be chosen. */
  readonly optional?: boolean;
}

/** A select of the server's text channels. */
interface ChannelSelect {
  readonly id: string;
  readonly channelPlaceholder: string;
}

/** A file or a picture that is sent with the answer, by its name there. */
interface FilePart {
  readonly file: string;
}
interface PicturePart {
  readonly picture: string;
  /** A description for people who cannot see it. */
  readonly alt: string;
}

type Row = readonly (Button | LinkButton)[] | Select | MemberSelect | ChannelSelect;

const styles = {
  primary: ButtonStyle.Primary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
  secondary: ButtonStyle.Secondary,
} as const;

/** A line between two parts. */
export const rule = { rule: true } as const;

/** A paragraph, a row of buttons, a select, a file, a picture, or a line between two of them. */
export type Part = string | Row | FilePart | PicturePart | typeof rule;

/** Answers to commands: Components V2; each part is a paragraph or a row of buttons, in one container. */
export function answer(parts: readonly Part[], colour?: number): MessageBody {
  const container = new ContainerBuilder();
  if (colour !== undefined) container.setAccentColor(colour);
  for (const part of parts) {
    if (typeof part === 'string') container.addTextDisplayComponents(new TextDisplayBuilder().setContent(part));
    else if ('rule' in part) container.addSeparatorComponents(new SeparatorBuilder());
    else if ('file' in part) container.addFileComponents(new FileBuilder().setURL(`attachment://${part.file}`));
    else if ('picture' in part) container.addMediaGalleryComponents(gallery(part));
    else container.addActionRowComponents(row(part));
  }
  return { flags: MessageFlags.IsComponentsV2, components: [container.toJSON()], allowed_mentions: { parse: [] } };
}

/** A notice as an answer, with its buttons or without. */
export function asAnswer({ content, embeds, components }: MessageBody, hasButtons: boolean): MessageBody {
  const [details] = embeds ?? [];
  const body = answer([[content, details?.description].join('\n')], details?.color);
  const [container] = body.components as [APIContainerComponent];
  const rows = hasButtons ? (components as APIActionRowComponent<APIButtonComponent>[]) : [];
  return { ...body, components: [{ ...container, components: [...container.components, ...rows] }] };
}

function gallery({ picture, alt }: PicturePart): MediaGalleryBuilder {
  const item = new MediaGalleryItemBuilder().setURL(`attachment://${picture}`).setDescription(alt);
  return new MediaGalleryBuilder().addItems(item);
}

/** Two answers in one message, the first above the second. */
export function together(first: MessageBody, second: MessageBody): MessageBody {
  const said = customIds(first.components ?? []);
  // Rows whose buttons are all there already are left out: Discord takes no custom id twice in a message.
  const others = (second.components ?? []).filter((each) => {
    const offered = customIds([each]);
    return offered.length === 0 || offered.some((id) => !said.includes(id));
  });
  return { ...second, components: [...(first.components ?? []), ...others] };
}

interface Details {
  readonly colour: number;
  readonly title?: string;
  readonly text?: string;
  readonly fields?: readonly { name: string; value: string }[];
}

/**
 * What people are told unasked: `content` is one plain sentence, all that a lock screen shows; details in one embed.
 * An ordinary message on purpose: one made of Components V2 has an empty push preview.
 */
export function notice(content: string, details?: Details, rows: readonly Row[] = [], pings: Pings = {}): MessageBody {
  return {
    content,
    embeds: details ? [embed(details)] : [],
    components: rows.filter((each) => !('length' in each) || each.length > 0).map((each) => row(each).toJSON()),
    allowed_mentions: { parse: [], roles: [...(pings.roles ?? [])], users: [...(pings.users ?? [])] },
  };
}

/**
 * Two notices about one account in one message: a lock screen shows the first one's sentence; the second one's text stands
 * below the first one's details. A button that both have is there once.
 */
export function bothNotices(first: MessageBody, second: MessageBody): MessageBody {
  const [one, other] = [first.embeds?.[0], second.embeds?.[0]];
  const text = [one?.description, second.content, other?.description].filter(Boolean).join('\n\n');
  const seen = new Set<string>();
  const rows = [first, second].flatMap((each) => each.components ?? []);
  const components = rows.flatMap((each): APIMessageTopLevelComponent[] => {
    if (each.type !== ComponentType.ActionRow) return [each];
    const left = each.components.filter((part) => {
      const does = 'custom_id' in part ? part.custom_id.split(':').slice(0, 2).join(':') : '';
      if (does !== '' && seen.has(does)) return false;
      seen.add(does);
      return true;
    });
    return left.length > 0 ? [{ ...each, components: left }] : [];
  });
  return { ...first, embeds: [{ color: colours.waiting, ...one, description: text }], components };
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
    if (part.optional) select.setMinValues(0);
    return builder.addComponents(part.preset === undefined ? select : select.setDefaultUsers(part.preset));
  }
  if ('channelPlaceholder' in part) {
    const select = new ChannelSelectMenuBuilder().setCustomId(part.id).setPlaceholder(part.channelPlaceholder);
    return builder.addComponents(select.setChannelTypes(ChannelType.GuildText, ChannelType.GuildAnnouncement));
  }
  return builder.addComponents(part.map(button));
}

function button(part: Button | LinkButton): ButtonBuilder {
  const builder = new ButtonBuilder().setLabel(part.label);
  if ('url' in part) return builder.setStyle(ButtonStyle.Link).setURL(part.url);
  return builder
    .setCustomId(part.id)
    .setStyle(styles[part.style ?? 'secondary'])
    .setDisabled(part.disabled ?? false);
}

/** Discord's timestamps count whole seconds since 1970. */
export function seconds(time: Date | number): number {
  return Math.floor(Number(time) / 1000);
}

/** A name for an actor's id: a member's mention, the bot, the command line, or a forgotten member's number. */
export function who(t: Translate, id: string): string {
  if (/^\d{17,20}$/.test(id)) return `<@${id}>`;
  if (id === 'latchkey') return t('history.latchkey');
  if (id === 'command line') return t('history.commandLine');
  return t('history.forgotten', { number: escapeText(id.replace(/^forgotten-/, '')) });
}

/** Links its presser by a code that they confirm themselves. */
export const proveButton = (t: Translate): Button => ({ id: 'link:prove:me', label: t('buttons.proveLink') });

/** Asks the admins to link its presser. */
export const askLinkButton = (t: Translate): Button => ({ id: 'link:ask:me', label: t('buttons.askLink') });

/** What a request is for, in a few words: "new password for maya". */
export function whatIsAsked(t: Translate, request: Pick<Request, 'kind' | 'accountName' | 'pass'>): string {
  const account = escapeText(request.accountName, longestName);
  return t(`kinds.${request.kind}`, { account, ...request.pass });
}
