import { userPayload } from '../payloads/user.js';
import { isObject, type JsonObject } from '../json.js';
import { route, type Answer, type Call } from '../router.js';
import { checkBody, image, integer, shape, text, type Rule } from '../rules/check.js';
import type { World } from '../state.js';

function application(world: World): JsonObject {
  const bot = world.users.get(world.botUserId);
  const owner = [...world.guilds.values()].map((guild) => world.users.get(guild.ownerId))[0];
  return {
    id: world.applicationId,
    name: bot?.username ?? '',
    icon: world.profile.hasIcon ? '0'.repeat(32) : null,
    description: world.profile.description,
    type: null,
    ...(bot ? { bot: userPayload(bot) } : {}),
    ...(owner ? { owner: userPayload(owner) } : {}),
    team: null,
    summary: '',
    bot_public: false,
    bot_require_code_grant: false,
    integration_types_config: shown(world.profile.install),
    verify_key: '0'.repeat(64),
    flags: 0,
    flags_new: '0',
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
    approximate_user_authorization_count: 0,
    hook: true,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
  };
}

/** Permissions are written as a number, and told as text. */
function shown(install: JsonObject): JsonObject {
  const text = JSON.stringify(install, (key, value: unknown) => (key === 'permissions' ? String(value) : value));
  return JSON.parse(text) as JsonObject;
}

const scopes: Rule = (value, path, problems) => {
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string'))
    problems.add(path, 'LIST_TYPE_CONVERT', 'Only lists of scopes may be used.');
};
const installSettings = shape({ scopes, permissions: integer(0, Number.MAX_SAFE_INTEGER) });
/** By where it is added: to a server, to a person. */
const contexts = shape({
  '0': shape({ oauth2_install_params: installSettings }),
  '1': shape({ oauth2_install_params: installSettings }),
});

const changeable = shape({ description: text({ max: 400 }), icon: image, integration_types_config: contexts });

function change({ world, body }: Call): Answer {
  checkBody(changeable, body);
  const { description, icon, integration_types_config: install } = body;
  if (typeof description === 'string') world.profile.description = description;
  if (isObject(install)) world.profile.install = install;
  if (typeof icon === 'string') world.profile.hasIcon = true;
  return { status: 200, body: application(world) };
}

/** What the application is, and its settings. */
export const applicationRoutes = [
  ...['/applications/@me', '/oauth2/applications/@me'].map((path) =>
    route('GET', path, ({ world }) => ({ status: 200, body: application(world) })),
  ),
  route('PATCH', '/applications/@me', change),
];
