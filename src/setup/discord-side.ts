import {
  ApplicationIntegrationType,
  ChannelType,
  DiscordAPIError,
  OAuth2Scopes,
  REST,
  Routes,
  type APIApplication,
  type APIGuild,
  type APIGuildMember,
  type APITextChannel,
  type APIUser,
} from 'discord.js';
import { accessTo, installSettings, type ChannelAccess, type GuildView } from '../discord/preflight.js';
import { whyUnreachable } from '../discord/why-unreachable.js';

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** The application behind a token. */
export interface Application {
  readonly id: string;
  readonly name: string;
  /** Its bot's user; the same but for old applications. */
  readonly botId: string;
  /** Whose it is: one person, or the members of a team. */
  readonly owners: readonly Person[];
  /** Whether it says what it is for. */
  readonly hasDescription: boolean;
  /** Whether the button "Add App" on its profile brings the bot along; a new application's brings its commands alone. */
  readonly hasInstallSettings: boolean;
  readonly hasPicture: boolean;
}

export interface Server {
  readonly id: string;
  readonly name: string;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly isMentionable: boolean;
  /** Undefined where Discord does not say. */
  readonly holders: number | undefined;
}

export interface TextChannel {
  readonly id: string;
  readonly name: string;
  readonly access: ChannelAccess;
}

/** Discord refused the token, or did not answer: a status, or the system's code. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(readonly why: string) {
    super(why);
  }
}

/** What a set-up reads from Discord and changes there; every method throws NoAnswer. */
export class DiscordSide {
  readonly rest: REST;

  constructor(apiUrl: string, token: string) {
    this.rest = new REST({ api: apiUrl, retries: 1, timeout: 10_000 }).setToken(token);
  }

  async application(): Promise<Application> {
    const found = await this.#get<APIApplication>(Routes.currentApplication());
    const owners = found.team ? found.team.members.map(({ user }) => user) : found.owner ? [found.owner] : [];
    return {
      id: found.id,
      name: found.name,
      botId: found.bot?.id ?? found.id,
      owners: owners.map(person),
      hasDescription: found.description !== '',
      hasInstallSettings: found.custom_install_url !== undefined || bringsTheBot(found),
      hasPicture: found.icon !== null && found.bot?.avatar !== null,
    };
  }

  async servers(): Promise<Server[]> {
    return (await this.#get<Server[]>(Routes.userGuilds())).map(({ id, name }) => ({ id, name }));
  }

  /** The roles that somebody may be given; not everybody's, and none that belongs to a bot or to boosting. */
  async roles(guildId: string): Promise<Role[]> {
    const [{ roles }, counts] = await Promise.all([
      this.#get<APIGuild>(Routes.guild(guildId)),
      this.#get<Record<string, number>>(`/guilds/${guildId}/roles/member-counts`).catch(() => undefined),
    ]);
    return roles
      .filter(({ id, managed }) => id !== guildId && !managed)
      .sort((a, b) => b.position - a.position)
      .map(({ id, name, mentionable }) => ({ id, name, isMentionable: mentionable, holders: counts?.[id] }));
  }

  /** The server's text channels in its own order, each with what the bot may do there. */
  async channels(guildId: string, botId: string): Promise<TextChannel[]> {
    const [{ roles }, member, channels] = await Promise.all([
      this.#get<APIGuild>(Routes.guild(guildId)),
      this.#get<APIGuildMember>(Routes.guildMember(guildId, botId)),
      this.#get<APITextChannel[]>(Routes.guildChannels(guildId)),
    ]);
    const view: GuildView = { guildId, roles, bot: { id: botId, roles: member.roles } };
    return channels
      .filter(({ type }) => type === ChannelType.GuildText)
      .sort((a, b) => a.position - b.position)
      .map((channel) => ({ id: channel.id, name: channel.name, access: accessTo(view, channel) }));
  }

  /** Whether somebody is in the server, and the roles that they hold there. */
  async membership(guildId: string, memberId: string): Promise<{ isMember: boolean; roleIds: readonly string[] }> {
    try {
      const { roles } = (await this.rest.get(Routes.guildMember(guildId, memberId))) as APIGuildMember;
      return { isMember: true, roleIds: roles };
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 404) return { isMember: false, roleIds: [] };
      throw noAnswer(error);
    }
  }

  /** Sends a message that pings nobody. */
  async post(channelId: string, content: string): Promise<void> {
    const body = { content, allowed_mentions: { parse: [] } };
    await this.#call(() => this.rest.post(Routes.channelMessages(channelId), { body }));
  }

  /**
   * Says on the bot's profile what it is for, and lets the button "Add App" there ask for exactly what it needs; what
   * somebody has set before stays.
   */
  async setProfile(description: string): Promise<void> {
    const before = await this.application();
    const { scopes, permissions } = installSettings();
    const install = { '0': { oauth2_install_params: { scopes, permissions: Number(permissions) } } };
    const body = {
      ...(before.hasDescription ? {} : { description }),
      ...(before.hasInstallSettings ? {} : { integration_types_config: install }),
    };
    if (Object.keys(body).length === 0) return;
    await this.#call(() => this.rest.patch(Routes.currentApplication(), { body }));
    const { hasDescription, hasInstallSettings } = await this.application();
    if (!hasDescription || !hasInstallSettings) throw new NoAnswer('notKept');
  }

  /** Shows this picture on the bot's profile and beside its messages. */
  async setPicture(png: Buffer): Promise<void> {
    const picture = `data:image/png;base64,${png.toString('base64')}`;
    await this.#call(() => this.rest.patch(Routes.currentApplication(), { body: { icon: picture } }));
    await this.#call(() => this.rest.patch(Routes.user(), { body: { avatar: picture } }));
    if (!(await this.application()).hasPicture) throw new NoAnswer('notKept');
  }

  async #get<T>(route: `/${string}`): Promise<T> {
    return (await this.#call(() => this.rest.get(route))) as T;
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw noAnswer(error);
    }
  }
}

function bringsTheBot({ install_params: old, integration_types_config: contexts }: APIApplication): boolean {
  const params = [old, contexts?.[ApplicationIntegrationType.GuildInstall]?.oauth2_install_params];
  return params.some((each) => each?.scopes.includes(OAuth2Scopes.Bot));
}

const person = ({ id, username, global_name: shown }: APIUser): Person => ({ id, name: shown ?? username });

function noAnswer(error: unknown): NoAnswer {
  const isRefused = error instanceof DiscordAPIError && error.status === 401;
  return new NoAnswer(isRefused ? 'tokenRefused' : whyUnreachable(error));
}
