import { normaliseCommand, withoutLocalizations } from '../commands-normalise.js';
import { refuse } from '../errors.js';
import { guildForBot } from '../find.js';
import { asObjects, type JsonObject } from '../json.js';
import type { StoredCommand } from '../model.js';
import { route, type Answer, type Call } from '../router.js';
import { checkBody } from '../rules/check.js';
import { command, commandSet } from '../rules/commands.js';
import type { World } from '../state.js';

interface Place {
  world: World;
  guildId: string | undefined;
}

/** Where the commands of this call live: everywhere, or in one server. @throws Refusal 10002, 10004 */
function placeOf({ world, request, param }: Call): Place {
  if (param('application') !== world.applicationId) throw refuse('unknownApplication');
  const guildId = /\/guilds\/(\d+)\//.exec(`${request.path}/`)?.[1];
  return { world, guildId: guildId === undefined ? undefined : guildForBot(world, guildId).id };
}

function commandsAt({ world, guildId }: Place): StoredCommand[] {
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
function store(place: Place, body: JsonObject): StoredCommand {
  const normal = normaliseCommand(body);
  const earlier = commandsAt(place).find(
    (each) => each.body['name'] === normal['name'] && each.body['type'] === normal['type'],
  );
  const unchanged = earlier && JSON.stringify(earlier.body) === JSON.stringify(normal);
  if (unchanged) return earlier;
  const stored: StoredCommand = {
    id: earlier?.id ?? place.world.snowflakes.next(),
    version: place.world.snowflakes.next(),
    ...(place.guildId === undefined ? {} : { guildId: place.guildId }),
    body: normal,
  };
  place.world.commands.set(stored.id, stored);
  return stored;
}

function find(call: Call, place: Place): StoredCommand {
  const found = commandsAt(place).find((each) => each.id === call.param('command'));
  if (!found) throw refuse('unknownCommand');
  return found;
}

function list(call: Call): Answer {
  const all = commandsAt(placeOf(call)).map((each) => payload(call.world, each));
  return { status: 200, body: call.query['with_localizations'] === 'true' ? all : all.map(withoutLocalizations) };
}

function replaceAll(call: Call): Answer {
  const place = placeOf(call);
  checkBody(commandSet, call.request.body);
  const kept = asObjects(call.request.body).map((body) => store(place, body));
  for (const each of commandsAt(place)) if (!kept.includes(each)) call.world.commands.delete(each.id);
  return { status: 200, body: kept.map((each) => payload(call.world, each)) };
}

function create(call: Call): Answer {
  const place = placeOf(call);
  checkBody(command(), call.body);
  const before = commandsAt(place).length;
  const stored = store(place, call.body);
  return { status: commandsAt(place).length > before ? 201 : 200, body: payload(call.world, stored) };
}

function read(call: Call): Answer {
  return { status: 200, body: payload(call.world, find(call, placeOf(call))) };
}

function change(call: Call): Answer {
  const stored = find(call, placeOf(call));
  checkBody(command(true), { type: stored.body['type'], ...call.body });
  stored.body = normaliseCommand({ ...stored.body, ...call.body });
  stored.version = call.world.snowflakes.next();
  return { status: 200, body: payload(call.world, stored) };
}

function remove(call: Call): Answer {
  call.world.commands.delete(find(call, placeOf(call)).id);
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
