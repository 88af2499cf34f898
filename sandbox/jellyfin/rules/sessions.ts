import type { ClientInfo, ServerDevice } from '../store/devices.js';
import { toApiDate, toApiId, toDbDate } from '../store/formats.js';
import { may, type ServerUser } from '../store/server-user.js';
import { permissionKinds, preferenceKinds } from './policy-fields.js';
import { stableId } from '../stable-id.js';
import type { ServerSession, World } from '../world.js';

/**
 * Opens a session and answers what a sign-in answers, but for the user. The server has one for each device and app: somebody
 * else's there becomes this account's, though their token goes on.
 */
export function openSession(world: World, user: ServerUser, client: ClientInfo, ip: string) {
  const overview = `IP address: ${ip}`;
  const known = world.devices.all().find((device) => device.userId === user.id && device.deviceId === client.deviceId);
  if (known) endSessionsOn(world, user, known);
  const token = world.devices.signIn(user.id, client, world.now());
  const session = { user, client, ip, lastActivity: toDbDate(world.now()) };
  world.sessions.set(sessionKey(client), session);
  world.activity.add('SessionStarted', `${user.name} is online from ${client.deviceName}`, user.id, overview);
  world.activity.add('AuthenticationSucceeded', `${user.name} successfully authenticated`, user.id, overview);
  return { SessionInfo: sessionAnswer(world, session), AccessToken: token, ServerId: world.settings.serverId };
}

/** Why an account gets no session on a device, whatever it proves who it is with; undefined where it gets one. */
export function sessionRefusal(world: World, user: ServerUser, client: ClientInfo): 'device' | 'sessions' | undefined {
  const listed = (user.preferences[preferenceKinds.EnabledDevices] ?? '').toLowerCase().split('|');
  const isFree = may(user, permissionKinds.EnableAllDevices) || may(user, permissionKinds.IsAdministrator);
  if (!isFree && !listed.includes(client.deviceId.toLowerCase())) return 'device';
  const most = user.maxActiveSessions;
  return most > 0 && sessionsOf(world, user) >= most ? 'sessions' : undefined;
}

/** How many sessions count against an account's limit; one of the very device that asks is among them. */
export function sessionsOf(world: World, user: ServerUser): number {
  return [...world.sessions.values()].filter((session) => session.user.id === user.id).length;
}

/** Signs all devices of a user out, but the one with this token. */
export function endSessions(world: World, user: ServerUser, exceptToken: string): void {
  for (const device of world.devices.revokeAll(user.id, exceptToken)) {
    endSessionsOn(world, user, device);
  }
}

/** Signs out everybody on one device; false when nobody is. */
export function endDevice(world: World, deviceId: string): boolean {
  const gone = world.devices.revokeDevice(deviceId);
  for (const device of gone) {
    const user = world.users.byId(device.userId);
    if (user) endSessionsOn(world, user, device);
  }
  return gone.length > 0;
}

/** Signs out one account on one device; others stay signed in there. */
export function endToken(world: World, device: ServerDevice): void {
  world.devices.revokeToken(device.token);
  const user = world.users.byId(device.userId);
  if (user) endSessionsOn(world, user, device);
}

function sessionKey({ app, deviceId }: ClientInfo): string {
  return `${app} ${deviceId}`;
}

/** A token that is dead ends all sessions on its device. */
function endSessionsOn(world: World, user: ServerUser, { deviceId, name: device }: ServerDevice): void {
  for (const [key, { client }] of world.sessions) if (client.deviceId === deviceId) world.sessions.delete(key);
  world.activity.add('SessionEnded', `${user.name} has disconnected from ${device}`, user.id, 'IP address: 127.0.0.1');
}

/** A session as `GET /Sessions` shows it. */
export function sessionAnswer(world: World, session: ServerSession): object {
  const { client } = session;
  return {
    PlayState: { CanSeek: false, IsPaused: false, IsMuted: false, RepeatMode: 'RepeatNone', PlaybackOrder: 'Default' },
    AdditionalUsers: [],
    Capabilities: capabilities,
    ...(session.ip === '' ? {} : { RemoteEndPoint: session.ip }),
    PlayableMediaTypes: [],
    Id: stableId(sessionKey(client)),
    UserId: toApiId(session.user.id),
    UserName: session.user.name,
    Client: client.app,
    LastActivityDate: toApiDate(session.lastActivity),
    LastPlaybackCheckIn: '0001-01-01T00:00:00.0000000Z',
    DeviceName: client.deviceName,
    DeviceId: client.deviceId,
    ApplicationVersion: client.appVersion,
    IsActive: true,
    SupportsMediaControl: false,
    SupportsRemoteControl: false,
    NowPlayingQueue: [],
    ...(world.traits.is12 ? {} : { NowPlayingQueueFullItems: [] }),
    HasCustomDeviceName: false,
    ServerId: world.settings.serverId,
    SupportedCommands: [],
  };
}

export const capabilities = {
  PlayableMediaTypes: [],
  SupportedCommands: [],
  SupportsMediaControl: false,
  SupportsPersistentIdentifier: true,
};
