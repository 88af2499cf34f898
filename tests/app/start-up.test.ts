import { REST } from 'discord.js';
import { expect, test } from 'vitest';
import { startDiscord } from '../../sandbox/discord/index.js';
import type { StartRefused } from '../../src/app/start-refused.js';
import { StartUp } from '../../src/app/start-up.js';
import { loadConfig } from '../../src/config.js';
import { AppError } from '../../src/errors.js';
import { createWords } from '../../src/words.js';

/** A start that says what it found into `said`; Discord is at `api`. */
function starting(api = 'http://127.0.0.1:1', more: Record<string, string> = {}, token = 't') {
  const said: string[] = [];
  const at = (level: string) => (_fields: object, message: string) => void said.push(`${level} ${message}`);
  const env = {
    ...{ DISCORD_TOKEN: 't', DISCORD_GUILD_ID: '100000000000000001', DISCORD_ADMIN_ROLE_IDS: '100000000000000002' },
    ...{ DISCORD_ADMIN_CHANNEL_ID: '100000000000000003', JELLYFIN_URL: 'http://nas:8096', JELLYFIN_API_KEY: 'k' },
  };
  const startUp = new StartUp({
    config: loadConfig({ ...env, ...more }, () => '', String),
    words: createWords('en'),
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    rest: new REST({ api, retries: 0 }).setToken(token),
  });
  return { startUp, said };
}

const jellyfin = (answer: object | Error) => ({
  serverInfo: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never)),
});
const info = { name: 'house', version: '10.11.8' };

test('who starts the bot reads how Jellyfin is: by its clock, by a sentence, or that it is a fault of ours', async () => {
  const { startUp, said } = starting();
  await startUp.checkJellyfin(jellyfin(info));
  expect(said.splice(0)).toEqual(['info Jellyfin answers']);
  await startUp.checkJellyfin(jellyfin({ ...info, clockAheadMs: -20 * 60_000 }));
  expect(said.splice(0)[1]).toMatch(/^warn Jellyfin's clock and mine are 20 minutes apart/);
  await startUp.checkJellyfin(jellyfin(new AppError('jellyfinKeyRefused')));
  expect(said.splice(0)).toEqual([expect.stringMatching(/^warn .*JELLYFIN_API_KEY.* /)]);
  await startUp.checkJellyfin(jellyfin(new TypeError('odd')));
  expect(said.splice(0)).toEqual([expect.stringMatching(/^error /)]);
});

test('a household without JELLYFIN_SERVER_DIR is warned of nothing, and nobody looks for PINs there', () => {
  const none = starting();
  expect([none.startUp.lookAtServerDir(), none.said]).toEqual([false, []]);
  const wrong = starting(undefined, { JELLYFIN_SERVER_DIR: '/nowhere/at/all' });
  expect([wrong.startUp.lookAtServerDir(), wrong.said.length]).toEqual([false, 1]);
});

test('what keeps the bot from starting is said once, and warnings beside it; what is none does not keep it', async () => {
  const discord = await startDiscord();
  const { guildId, adminChannelId, roles } = discord;
  const silent = discord.addRole('silent', { mentionable: false });
  const looking = async (admins: string) => {
    const ids = { DISCORD_GUILD_ID: guildId, DISCORD_ADMIN_CHANNEL_ID: adminChannelId, DISCORD_ADMIN_ROLE_IDS: admins };
    const { startUp, said } = starting(discord.url, { ...ids, JELLYFIN_URL: 'http://127.0.0.1:1' }, discord.token);
    const problems = await startUp.lookAround().then(
      () => [],
      (error: StartRefused) => error.problems,
    );
    return { problems, said };
  };
  const gone = await looking(`${silent},100000000000000404`);
  // With Jellyfin's trouble beside it, so that both are put right in one go.
  expect(gone.problems).toEqual([
    ...[expect.stringContaining('no role 100000000000000404'), expect.stringContaining('http://127.0.0.1:1')],
  ]);
  expect(gone.said).toEqual([expect.stringMatching(/^warn The role silent cannot be pinged/)]);
  const well = await looking(`${roles['admin']},${silent}`);
  expect([well.problems, well.said.length]).toEqual([[], 1]);
  await discord.close();
});

test('a Discord that goes away while the commands are registered is told as that, and no reason is made up', async () => {
  const discord = await startDiscord();
  const { startUp } = starting(discord.url);
  const rest = new REST({ api: discord.url, retries: 0 }).setToken(discord.token);
  await discord.close();
  const { applicationId, guildId } = discord;
  const log = { info: () => undefined, warn: () => undefined };
  await expect(startUp.deploy({ rest, applicationId, guildId, commands: [], log })).rejects.toMatchObject({
    name: 'StartRefused',
    problems: [expect.stringMatching(/Discord does not answer \(ECONNREFUSED\)/)],
  });
});
