import { REST, Routes } from 'discord.js';
import type { Config } from '../../config.js';
import { isWarning, preflight } from '../../discord/preflight.js';
import { whyUnreachable } from '../../discord/why-unreachable.js';
import { DiscordSide } from '../../setup/discord-side.js';
import type { Translate } from '../../words.js';
import { findingsIn, type Finding } from './finding.js';

/** Looks at what the bot was given in Discord: token, server, roles, channel, and whether its commands are there. */
export async function lookAtDiscord({ discord }: Config, t: Translate): Promise<Finding[]> {
  const { ok, note, said } = findingsIn('discord', t);
  const rest = new REST({ api: discord.apiUrl, retries: 1, timeout: 10_000 }).setToken(discord.token.reveal());
  try {
    const { findings, ids } = await preflight({ rest, ...discord });
    const faults = findings.map(({ code, params }) => said(code, t(`preflight.${code}`, params)));
    if (!ids || findings.some(({ code }) => code === 'notInServer')) return faults;
    const side = new DiscordSide(discord.apiUrl, discord.token.reveal());
    const [application, channels, commands] = await Promise.all([
      side.application(),
      side.channels(discord.guildId, ids.botId),
      rest.get(Routes.applicationCommands(ids.applicationId)) as Promise<unknown[]>,
    ]);
    const channel = channels.find(({ id }) => id === discord.adminChannelId);
    const isFine = findings.every((each) => isWarning(each));
    return [
      ok('bot', { name: application.name, id: application.id }),
      ...faults,
      ...(isFine && channel ? [ok('channel', { name: channel.name })] : []),
      ...(channel && !channel.access.mayPin && isFine ? [note('mayNotPin', { name: channel.name })] : []),
      commands.length > 0 ? ok('commands', { count: commands.length }) : note('noCommands'),
    ];
  } catch (error) {
    return [said('unreachable', t('preflight.unreachable', { why: whyUnreachable(error) }))];
  }
}
