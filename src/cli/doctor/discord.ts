import { REST, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { commandsFolder } from '../../installed.js';
import type { Config } from '../../config.js';
import { commandJson } from '../../discord/command-data.js';
import { lookAtCommands } from '../../discord/deploy.js';
import { loadCommands } from '../../discord/load-commands.js';
import { findingSentence, isWarning, preflight } from '../../discord/preflight.js';
import { whyUnreachable } from '../../discord/why-unreachable.js';
import { DiscordSide } from '../../setup/discord-side.js';
import { createWords, type Translate } from '../../words.js';
import { findingsIn, type Finding } from './finding.js';

/** Looks at what the bot was given in Discord: token, server, roles, channel, and whether its commands are there. */
export async function lookAtDiscord({ discord, locale }: Config, t: Translate): Promise<Finding[]> {
  const { ok, note, said } = findingsIn('discord', t);
  const rest = new REST({ api: discord.apiUrl, retries: 1, timeout: 10_000 }).setToken(discord.token.reveal());
  try {
    const { findings, ids } = await preflight({ rest, ...discord });
    const faults = findings.map((each) => said(each.code, findingSentence(t, each)));
    if (!ids || findings.some(({ code }) => code === 'notInServer')) return faults;
    const side = new DiscordSide(discord.apiUrl, discord.token.reveal());
    const [application, channels, commands] = await Promise.all([
      side.application(),
      side.channels(discord.guildId, ids.botId),
      lookAtCommands({ rest, applicationId: ids.applicationId, commands: await ownCommands(locale) }),
    ]);
    const channel = channels.find(({ id }) => id === discord.adminChannelId);
    const isFine = findings.every((each) => isWarning(each));
    return [
      ok('bot', { name: application.name, id: application.id }),
      ...faults,
      ...(isFine && channel ? [ok('channel', { name: channel.name })] : []),
      ...(channel && !channel.access.mayPin && isFine ? [note('mayNotPin', { name: channel.name })] : []),
      lookedAtCommands(commands, t),
    ];
  } catch (error) {
    return [said('unreachable', t('preflight.unreachable', { why: whyUnreachable(error) }))];
  }
}

/** What the bot of this version registers. */
async function ownCommands(locale: string): Promise<RESTPostAPIApplicationCommandsJSONBody[]> {
  const words = createWords(locale);
  // They are drawn only: nothing of them runs, so no service is asked for.
  const commands = (await loadCommands<object>(commandsFolder))({});
  return commands.map(({ data }) => commandJson(data, words));
}

function lookedAtCommands({ count, differing }: Awaited<ReturnType<typeof lookAtCommands>>, t: Translate): Finding {
  const { ok, note } = findingsIn('discord', t);
  if (count === 0) return note('noCommands');
  return differing.length === 0 ? ok('commands', { count }) : note('otherCommands', { names: differing.join(', ') });
}
