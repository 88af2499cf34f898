import { expect, test } from '@jest/globals';
import { REST, Routes } from 'discord.js';
import { startDiscord } from '../../sandbox/discord/index.js';
import { deployCommands } from '../../src/discord/deploy.js';
import { preflight } from '../../src/discord/preflight.js';
import { openApiJudge, sharedIsThere } from '../support/openapi-judge.js';

(sharedIsThere ? test : test.skip)('what the bot asks of Discord while it starts is in the description', async () => {
  const judge = openApiJudge();
  const discord = await startDiscord();
  const { applicationId, guildId } = discord;
  const rest = new REST({ api: discord.url, retries: 0 }).setToken(discord.token);
  const help = { name: 'help', description: 'What you can do', contexts: [0, 1], integration_types: [0] };
  try {
    await rest.put(Routes.applicationGuildCommands(applicationId, guildId), { body: [help] });
    const roles = { adminRoleIds: [], helperRoleIds: [], adminChannelId: discord.adminChannelId };
    await preflight({ rest, guildId, ...roles });
    const log = { info: () => undefined, warn: () => undefined };
    await deployCommands({ rest, applicationId, guildId, commands: [help], log });
    expect(discord.requests.length).toBeGreaterThan(8);
    expect(discord.requests.flatMap((request) => judge?.judge(request) ?? [])).toEqual([]);
  } finally {
    await discord.close();
  }
});
