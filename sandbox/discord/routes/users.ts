import { refuse } from '../errors.js';
import { channelPayload } from '../payloads/guild.js';
import { userPayload } from '../payloads/user.js';
import { route, type Answer, type Call } from '../router.js';
import { checkBody, image, shape, snowflake, text } from '../rules/check.js';

function me({ world }: Call): Answer {
  const bot = world.users.get(world.botUserId);
  if (!bot) throw refuse('unknownUser');
  return {
    status: 200,
    body: { ...userPayload(bot), verified: true, mfa_enabled: true, email: null, locale: 'en-US' },
  };
}

function change(call: Call): Answer {
  checkBody(shape({ username: text({ min: 2, max: 32 }), avatar: image }), call.body);
  const bot = call.world.users.get(call.world.botUserId);
  if (bot && typeof call.body['avatar'] === 'string') bot.hasAvatar = true;
  return me(call);
}

function read({ world, param }: Call): Answer {
  const user = world.users.get(param('user'));
  if (!user) throw refuse('unknownUser');
  return { status: 200, body: userPayload(user) };
}

function openDirectMessages({ world, body }: Call): Answer {
  checkBody(shape({ recipient_id: snowflake }, ['recipient_id']), body);
  const user = world.users.get(String(body['recipient_id']));
  if (!user) throw refuse('unknownUser');
  if (user.bot) throw refuse('cannotReach');
  return { status: 200, body: channelPayload(world, world.directMessagesWith(user.id)) };
}

function guilds({ world }: Call): Answer {
  const own = [...world.guilds.values()].filter((guild) => guild.members.has(world.botUserId));
  const body = own.map(({ id, name }) => ({
    id,
    name,
    icon: null,
    banner: null,
    owner: false,
    permissions: '0',
    features: [],
  }));
  return { status: 200, body };
}

/** Users, and the direct messages with them. */
export const userRoutes = [
  route('GET', '/users/@me', me),
  route('PATCH', '/users/@me', change),
  route('GET', '/users/@me/guilds', guilds),
  route('POST', '/users/@me/channels', openDirectMessages),
  route('GET', '/users/:user', read),
];
