import { refuse } from '../errors.js';
import { guildForBot, memberOf } from '../find.js';
import { channelPayload, guildPayload, memberPayload, rolePayload } from '../payloads/guild.js';
import { route, type Answer, type Call } from '../router.js';

function read({ world, param, query }: Call): Answer {
  const guild = guildForBot(world, param('guild'));
  const size = guild.members.size;
  const counts =
    query['with_counts'] === 'true' ? { approximate_member_count: size, approximate_presence_count: size } : {};
  return { status: 200, body: { ...guildPayload(guild), ...counts } };
}

function channels({ world, param }: Call): Answer {
  const guild = guildForBot(world, param('guild'));
  const own = [...world.channels.values()].filter((channel) => channel.guildId === guild.id);
  return { status: 200, body: own.map((channel) => channelPayload(world, channel)) };
}

function roles({ world, param }: Call): Answer {
  return { status: 200, body: [...guildForBot(world, param('guild')).roles.values()].map(rolePayload) };
}

function role({ world, param }: Call): Answer {
  const found = guildForBot(world, param('guild')).roles.get(param('role'));
  if (!found) throw refuse('unknownRole');
  return { status: 200, body: rolePayload(found) };
}

function member({ world, param }: Call): Answer {
  const guild = guildForBot(world, param('guild'));
  return { status: 200, body: memberPayload(world, memberOf(world, guild, param('user'))) };
}

/** Listing members, and searching among them over HTTP, needs a privileged intent, which this application has not been given. */
function list({ world, param }: Call): Answer {
  guildForBot(world, param('guild'));
  throw refuse('missingAccess');
}

function memberCounts({ world, param }: Call): Answer {
  const guild = guildForBot(world, param('guild'));
  const held = [...guild.members.values()].flatMap(({ roles: ids }) => ids);
  const own = [...guild.roles.keys()].filter((id) => id !== guild.id);
  const counts = own.map((id) => [id, held.filter((each) => each === id).length] as const);
  return { status: 200, body: Object.fromEntries(counts) };
}

/** Servers, their channels, roles and members. */
export const guildRoutes = [
  route('GET', '/guilds/:guild', read),
  route('GET', '/guilds/:guild/channels', channels),
  route('GET', '/guilds/:guild/roles', roles),
  route('GET', '/guilds/:guild/roles/member-counts', memberCounts),
  route('GET', '/guilds/:guild/roles/:role', role),
  route('GET', '/guilds/:guild/members', list),
  route('GET', '/guilds/:guild/members/search', list),
  route('GET', '/guilds/:guild/members/:user', member),
];
