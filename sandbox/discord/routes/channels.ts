import { channelForBot } from '../find.js';
import { channelPayload } from '../payloads/guild.js';
import { refuse } from '../errors.js';
import { route, type Answer, type Call } from '../router.js';

function read({ world, param }: Call): Answer {
  return { status: 200, body: channelPayload(world, channelForBot(world, param('channel'))) };
}

function attachment({ world, param }: Call): Answer {
  const found = world
    .messagesIn(param('channel'))
    .flatMap((message) => message.attachments)
    .find((each) => each.id === param('attachment'));
  if (!found) throw refuse('notFound');
  return { status: 200, raw: { contentType: found.contentType, bytes: found.bytes } };
}

/** Channels themselves, and the files in them. */
export const channelRoutes = [
  route('GET', '/channels/:channel', read),
  { ...route('GET', '/attachments/:channel/:attachment/:name', attachment), needsToken: false },
];
