import { inviteLink, permissionNames } from '../../discord/preflight.js';
import { DiscordSide, NoAnswer, type Role, type Server, type TextChannel } from '../discord-side.js';
import type { Draft, Step, Surroundings } from '../draft.js';
import type { Choice } from '../ui.js';
import { splitList } from '../../config/readers.js';
import { only } from '../../errors.js';

/** The bot's token, which tells everything else about the application. */
export const askToken: Step = async (draft, { ui, t, before, discordUrl }) => {
  const kept = before.DISCORD_TOKEN;
  ui.say(t('setup.token.how'));
  await ui.secret({
    message: t(kept ? 'setup.token.askAgain' : 'setup.token.ask'),
    check: async (typed) => {
      const token = typed.replace(/^Bot\s+/i, '') || kept;
      if (!token) return t('setup.token.empty');
      if (!/^[\x21-\x7e]+$/.test(token)) return t('setup.token.refused');
      try {
        const discord = new DiscordSide(discordUrl, token);
        Object.assign(draft, { token, discord, application: await discord.application() });
      } catch (error) {
        const { why } = only(NoAnswer, error);
        return why === 'tokenRefused' ? t('setup.token.refused') : t('setup.discordAway', { why });
      }
    },
  });
  const { application } = draft;
  const owners = application.owners.map(({ name }) => name).join(', ');
  ui.good(t('setup.token.found', { name: application.name, id: application.id, owners }));
  return true;
};

/** The household's server: the bot is waited for until it is in one. */
export const askServer: Step = async (draft, around) => {
  const { ui, t, before } = around;
  const { discord, application } = draft;
  const servers = await fromDiscord(around, () => discord.servers());
  if (servers.length === 0) {
    draft.server = await invited(draft, around, []);
    return true;
  }
  const only = servers.length === 1 ? servers[0] : undefined;
  if (only) {
    draft.server = only;
    ui.good(t('setup.server.only', { name: only.name }));
    return false;
  }
  const known: Choice<Server | undefined>[] = servers.map((value) => ({ value, label: value.name }));
  const choices = [...known, { value: undefined, label: t('setup.server.other') }];
  const initial = servers.find(({ id }) => id === before.DISCORD_GUILD_ID);
  const picked = await ui.pick(t('setup.server.ask', { name: application.name }), choices, initial ?? servers[0]);
  draft.server = picked ?? (await invited(draft, around, servers));
  return true;
};

async function invited({ discord, application }: Draft, around: Surroundings, before: readonly Server[]) {
  const { ui, t, browse, qrCode } = around;
  const link = inviteLink(application.id);
  const isOpened = browse(link);
  ui.say(t(isOpened ? 'setup.server.opened' : 'setup.server.invite', { name: application.name }));
  ui.plain(link);
  const picture = isOpened ? undefined : qrCode(link);
  if (picture) ui.plain(picture);
  const found = await ui.waitFor(t('setup.server.wait', { name: application.name }), async () => {
    const servers = await discord.servers().catch(ignoreNoAnswer);
    return servers?.find(({ id }) => !before.some((each) => each.id === id));
  });
  ui.good(t('setup.server.joined', { name: found.name }));
  return found;
}

/** Who decides, and whether somebody hears of it. */
export const askAdminRoles: Step = async (draft, around) => {
  const { ui, t, before } = around;
  const { discord, server, application } = draft;
  let roles = await fromDiscord(around, () => discord.roles(server.id));
  if (roles.length === 0) {
    roles = await ui.waitFor(t('setup.roles.none'), async () => {
      const found = await discord.roles(server.id).catch(ignoreNoAnswer);
      return found?.length ? found : undefined;
    });
  }
  const earlier = splitList(before.DISCORD_ADMIN_ROLE_IDS);
  draft.adminRoleIds = await ui.pickMany(t('setup.roles.askAdmins'), roleChoices(roles, around), earlier, 1);
  const picked = roles.filter(({ id }) => draft.adminRoleIds.includes(id));
  for (const { name } of picked.filter(({ isMentionable }) => !isMentionable))
    ui.warn(t('setup.roles.silent', { name }));
  const owners = await fromDiscord(around, () =>
    Promise.all(application.owners.map(({ id }) => discord.membership(server.id, id))),
  );
  if (!owners.some(({ roleIds }) => roleIds.some((id) => draft.adminRoleIds.includes(id))))
    ui.warn(t('setup.roles.giveYourself', { names: picked.map(({ name }) => name).join(', ') }));
  return true;
};

/** Who helps with ordinary accounts; nobody is fine. */
export const askHelperRoles: Step = async (draft, around) => {
  const { ui, t, before } = around;
  const { discord, server } = draft;
  const roles = await fromDiscord(around, () => discord.roles(server.id));
  const left = roles.filter(({ id }) => !draft.adminRoleIds.includes(id));
  draft.helperRoleIds = [];
  if (left.length === 0) return false;
  const earlier = splitList(before.DISCORD_HELPER_ROLE_IDS);
  draft.helperRoleIds = await ui.pickMany(t('setup.roles.askHelpers'), roleChoices(left, around), earlier, 0);
  return true;
};

const roleChoices = (roles: readonly Role[], { t }: Surroundings): Choice<string>[] =>
  roles.map(({ id, name, holders }) => ({
    value: id,
    label: name,
    hint: holders === undefined ? undefined : t('setup.roles.holders', { count: holders }),
  }));

/** Where requests appear: a channel that the bot can work in, and that not everybody reads. */
export const askChannel: Step = async (draft, around) => {
  const { ui, t, before } = around;
  for (;;) {
    const channels = await channelsOf(draft, around);
    const choices = [...channels].sort((a, b) => rank(a) - rank(b)).map((value) => channelChoice(value, around));
    const initial = channels.find(({ id }) => id === before.DISCORD_ADMIN_CHANNEL_ID) ?? choices[0]?.value;
    const { id, name, access } = await ui.pick(t('setup.channel.ask'), choices, initial);
    if (access.isPublic && !(await ui.confirm(t('setup.channel.confirmPublic', { name }), false))) continue;
    draft.channelId = id;
    const { mayPin } = access.missing.length > 0 ? await opened(draft, around, { id, name, access }) : access;
    if (!mayPin) ui.warn(t('doctor.found.mayNotPin', { name }));
    return true;
  }
};

async function channelsOf({ discord, server, application }: Draft, around: Surroundings): Promise<TextChannel[]> {
  const { ui, t } = around;
  const found = await fromDiscord(around, () => discord.channels(server.id, application.botId));
  if (found.length > 0) return found;
  return ui.waitFor(t('setup.channel.none'), async () => {
    const channels = await discord.channels(server.id, application.botId).catch(ignoreNoAnswer);
    return channels?.length ? channels : undefined;
  });
}

/** No invitation opens a private channel: somebody has to. */
async function opened({ discord, server, application }: Draft, { ui, t }: Surroundings, channel: TextChannel) {
  const { name, access } = channel;
  let left = permissionNames(t, access.missing);
  ui.say(t('setup.channel.open', { name, bot: application.name, permissions: left }));
  const found = await ui.waitFor(t('setup.channel.wait', { name }), async () => {
    const channels = await discord.channels(server.id, application.botId).catch(ignoreNoAnswer);
    const now = channels?.find(({ id }) => id === channel.id)?.access;
    if (!now || now.missing.length === 0) return now;
    const names = permissionNames(t, now.missing);
    if (names !== left) ui.say(t('setup.channel.still', { permissions: names }));
    left = names;
    return undefined;
  });
  ui.good(t('setup.channel.opened', { name }));
  return found;
}

const rank = ({ access }: TextChannel): number => (access.isPublic ? 2 : access.missing.length > 0 ? 1 : 0);

function channelChoice(channel: TextChannel, { t }: Surroundings): Choice<TextChannel> {
  const hints = [t('setup.channel.private'), t('setup.channel.closed'), t('setup.channel.public')];
  return { value: channel, label: `#${channel.name}`, hint: hints[rank(channel)] };
}

/** Asks Discord until it answers, or the person has had enough of waiting. */
export async function fromDiscord<T>({ ui, t }: Surroundings, ask: () => Promise<T>): Promise<T> {
  try {
    return await ui.busy(ask);
  } catch (error) {
    ui.warn(t('setup.discordAway', { why: only(NoAnswer, error).why }));
    const found = await ui.waitFor(t('setup.waitingFor', { who: 'Discord' }), async () => {
      const value = await ask().catch(ignoreNoAnswer);
      return value === undefined ? undefined : { value };
    });
    return found.value;
  }
}

const ignoreNoAnswer = (error: unknown): undefined => void only(NoAnswer, error);
