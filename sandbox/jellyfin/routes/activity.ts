import { failure, json, noContent, problem, type Answer } from '../http/answers.js';
import type { Call } from '../http/call.js';
import { route } from '../http/router.js';
import { capabilities, endDevice, endToken, sessionAnswer } from '../rules/sessions.js';
import { dbDateMs, toApiDate, toApiId, toDbDate } from '../store/formats.js';

const defaultPage = 100;

export const activityRoutes = [
  route('GET', '/System/ActivityLog/Entries', 'administrator', entries),
  route('GET', '/Sessions', 'signedIn', sessions),
  route('GET', '/Devices', 'administrator', devices),
  route('DELETE', '/Devices', 'administrator', signOut),
  route('GET', '/GetUtcTime', 'everyone', utcTime),
  route('POST', '/Sessions/Logout', 'signedIn', logout),
  route('GET', '/UserViews', 'signedIn', () => json({ Items: [], TotalRecordCount: 0, StartIndex: 0 })),
];

function entries({ world, query }: Call): Answer {
  const minDate = query.get('minDate');
  const hasUserId = query.get('hasUserId');
  return json(
    world.activity.page({
      startIndex: Number(query.get('startIndex') ?? 0),
      limit: Number(query.get('limit') ?? defaultPage),
      minDate: minDate && toStored(minDate),
      hasUserId: hasUserId === undefined ? undefined : hasUserId === 'true',
    }),
  );
}

/** A date of the API as the database writes it, with all its digits where it has them. */
function toStored(date: string): string {
  const inUtc = /^(\d{4}-\d\d-\d\d)T([\d:.]+)Z$/.exec(date);
  return inUtc ? `${inUtc[1]} ${inUtc[2]}` : toDbDate(new Date(date));
}

function sessions({ world, query }: Call): Answer {
  const seconds = Number(query.get('activeWithinSeconds') ?? Number.POSITIVE_INFINITY);
  const active = [...world.sessions.values()]
    .filter((session) => world.now().getTime() - dbDateMs(session.lastActivity) <= seconds * 1000)
    .sort((a, b) => b.lastActivity.localeCompare(a.lastActivity));
  return json(active.map((session) => sessionAnswer(world, session)));
}

/** All devices, whatever user is asked for. */
function devices({ world }: Call): Answer {
  const items = world.devices.all().map((device) => ({
    Name: device.name,
    Id: device.deviceId,
    LastUserName: world.users.byId(device.userId)?.name,
    AppName: device.app,
    AppVersion: device.appVersion,
    LastUserId: toApiId(device.userId),
    DateLastActivity: toApiDate(device.lastActivity),
    Capabilities: capabilities,
  }));
  return json({ Items: items, TotalRecordCount: items.length, StartIndex: 0 });
}

/** Signs out whoever is signed in on a device. 12 says 400 of one that is not there, earlier ones 404. */
function signOut({ world, query }: Call): Answer {
  const isKnown = endDevice(world, query.get('id') ?? '');
  return isKnown ? noContent : problem(world.traits.is12 ? 400 : 404);
}

function utcTime({ world }: Call): Answer {
  const now = world.now().toISOString().replace('Z', '0000Z');
  return json({ RequestReceptionTime: now, ResponseTransmissionTime: now });
}

/** Ends the session of the very token that asks; a key has none. */
function logout({ world, caller }: Call): Answer {
  const device = caller.kind === 'user' ? world.devices.byToken(caller.token) : undefined;
  if (!device) return failure(500);
  endToken(world, device);
  return noContent;
}
