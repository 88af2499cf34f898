import { userPayload } from '../payloads/user.js';
import { isObject, type JsonObject } from '../json.js';
import { route, type Answer, type Call } from '../router.js';
import { checkBody, integer, shape, type Rule } from '../rules/check.js';
import type { World } from '../state.js';

function application(world: World): JsonObject {
  const bot = world.users.get(world.botUserId);
  const owner = [...world.guilds.values()].map((guild) => world.users.get(guild.ownerId))[0];
  return {
    id: world.applicationId,
    name: bot?.username ?? '',
    icon: null,
    description: '',
    type: null,
    ...(bot ? { bot: userPayload(bot) } : {}),
    ...(owner ? { owner: userPayload(owner) } : {}),
    team: null,
    summary: '',
    bot_public: false,
    bot_require_code_grant: false,
    integration_types_config: { '0': {} },
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
    approximate_user_authorization_count: 0,
    hook: true,
    ...(isObject(world.installSettings) ? { install_params: shown(world.installSettings) } : {}),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
  };
}

/** Written as a number, it is told as text. */
const shown = (settings: JsonObject): JsonObject => ({ ...settings, permissions: String(settings['permissions']) });

const scopes: Rule = (value, path, problems) => {
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string'))
    problems.add(path, 'LIST_TYPE_CONVERT', 'Only lists of scopes may be used.');
};
const installSettings: Rule = (value, path, problems) => {
  if (!isObject(value)) return problems.add(path, 'DICT_TYPE_CONVERT', 'Only dictionaries may be used.');
  scopes(value['scopes'], [...path, 'scopes'], problems);
  integer(0, Number.MAX_SAFE_INTEGER)(value['permissions'], [...path, 'permissions'], problems);
};

function change({ world, body }: Call): Answer {
  checkBody(shape({ install_params: installSettings }), body);
  world.installSettings = body['install_params'] ?? null;
  return { status: 200, body: application(world) };
}

/** What the application is, and its settings. */
export const applicationRoutes = [
  ...['/applications/@me', '/oauth2/applications/@me'].map((path) =>
    route('GET', path, ({ world }) => ({ status: 200, body: application(world) })),
  ),
  route('PATCH', '/applications/@me', change),
];
