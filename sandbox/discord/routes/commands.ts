import { normaliseCommand, withoutLocalizations } from '../commands-normalise.js';
import { refuse } from '../errors.js';
import { guildForBot } from '../find.js';
import { asObjects, type JsonObject } from '../json.js';
import type { StoredCommand } from '../model.js';
import { route, type Answer, type Call } from '../router.js';
import { checkBody } from '../rules/check.js';
import { command, commandSet } from '../rules/commands.js';
import type { World } from '../state.js';

interface CommandScope {
  world: World;
  guildId: string | undefined;
}

/** Where the commands of this call live: everywhere, or in one server. @throws ApiError 10002, 10004 */
function scopeOf({ world, request, param }: Call): CommandScope {
  if (param('application') !== world.applicationId) throw refuse('unknownApplication');
  const guildId = /\/guilds\/(\d+)\//.exec(`${request.path}/`)?.[1];
  return { world, guildId: guildId === undefined ? undefined : guildForBot(world, guildId).id };
}

function commandsAt({ world, guildId }: CommandScope): StoredCommand[] {
  return [...world.commands.values()].filter((each) => each.guildId === guildId);
}

function payload(world: World, stored: StoredCommand): JsonObject {
  return {
    id: stored.id,
    application_id: world.applicationId,
    version: stored.version,
    ...(stored.guildId === undefined ? {} : { guild_id: stored.guildId }),
    ...stored.body,
  };
}

/** Stores a command: the same name and type keep their id, and a changed one gets a new version. */
function store(scope: CommandScope, body: JsonObject): StoredCommand {
  const normal = normaliseCommand(body);
  const earlier = commandsAt(scope).find(
    (each) => each.body['name'] === normal['name'] && each.body['type'] === normal['type'],
  );
  const unchanged = earlier && JSON.stringify(earlier.body) === JSON.stringify(normal);
  if (unchanged) return earlier;
  const stored: StoredCommand = {
    id: earlier?.id ?? scope.world.snowflakes.next(),
    version: scope.world.snowflakes.next(),
    ...(scope.guildId === undefined ? {} : { guildId: scope.guildId }),
    body: normal,
  };
  scope.world.commands.set(stored.id, stored);
  return stored;
}

function find(call: Call, scope: CommandScope): StoredCommand {
  const found = commandsAt(scope).find((each) => each.id === call.param('command'));
  if (!found) throw refuse('unknownCommand');
  return found;
}

function list(call: Call): Answer {
  const all = commandsAt(scopeOf(call)).map((each) => payload(call.world, each));
  return { status: 200, body: call.query['with_localizations'] === 'true' ? all : all.map(withoutLocalizations) };
}

function replaceAll(call: Call): Answer {
  const scope = scopeOf(call);
  checkBody(commandSet, call.request.body);
  const kept = asObjects(call.request.body).map((body) => store(scope, body));
  for (const each of commandsAt(scope)) if (!kept.includes(each)) call.world.commands.delete(each.id);
  return { status: 200, body: kept.map((each) => payload(call.world, each)) };
}

function create(call: Call): Answer {
  const scope = scopeOf(call);
  checkBody(command(), call.body);
  const before = commandsAt(scope).length;
  const stored = store(scope, call.body);
  return { status: commandsAt(scope).length > before ? 201 : 200, body: payload(call.world, stored) };
}

function read(call: Call): Answer {
  return { status: 200, body: payload(call.world, find(call, scopeOf(call))) };
}

function change(call: Call): Answer {
  const stored = find(call, scopeOf(call));
  checkBody(command(true), { type: stored.body['type'], ...call.body });
  stored.body = normaliseCommand({ ...stored.body, ...call.body });
  stored.version = call.world.snowflakes.next();
  return { status: 200, body: payload(call.world, stored) };
}

function remove(call: Call): Answer {
  call.world.commands.delete(find(call, scopeOf(call)).id);
  return { status: 204 };
}

/** Commands of the application, everywhere and in one server. */
export const commandRoutes = [
  '/applications/:application/commands',
  '/applications/:application/guilds/:guild/commands',
].flatMap((path) => [
  route('GET', path, list),
  route('PUT', path, replaceAll),
  route('POST', path, create),
  route('GET', `${path}/:command`, read),
  route('PATCH', `${path}/:command`, change),
  route('DELETE', `${path}/:command`, remove),
]);
